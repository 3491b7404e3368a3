"""Browsers that an agent has removed from their devices

Revision: 0039, after 0037
"""

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0039"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "removed_push_devices",
        sa.Column("endpoint_hash", sa.String(length=64), nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("removed_at", store.models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_removed_push_devices_agent_id_agents")),
        sa.PrimaryKeyConstraint("endpoint_hash", name=op.f("pk_removed_push_devices")),
    )
    op.create_index(op.f("ix_removed_push_devices_agent_id"), "removed_push_devices", ["agent_id"])


def downgrade() -> None:
    """Back."""
    op.drop_table("removed_push_devices")
