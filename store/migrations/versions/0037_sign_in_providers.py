"""Providers that staff sign in with, who they are there, and which one vouched for a session

Revision: 0037, after 0041
"""

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0037"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    time = store.models.UtcDateTime(timezone=True)
    op.create_table(
        "sign_in_providers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.Column("changed_at", time, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_providers")),
        sa.UniqueConstraint("name", name=op.f("uq_sign_in_providers_name")),
    )
    op.create_table(
        "agent_identities",
        sa.Column("provider_id", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", time, nullable=False),
        sa.Column("last_used_at", time, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_agent_identities_agent_id_agents")),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["sign_in_providers.id"],
            name=op.f("fk_agent_identities_provider_id_sign_in_providers"),
        ),
        sa.PrimaryKeyConstraint("provider_id", "subject", name=op.f("pk_agent_identities")),
    )
    op.create_index(op.f("ix_agent_identities_agent_id"), "agent_identities", ["agent_id"])
    op.add_column("agent_sessions", sa.Column("provider_id", sa.String(length=32), nullable=True))
