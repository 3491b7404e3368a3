"""Alerts into a chat of the staff's

Revision: 0022, after 0021
"""

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_time = store.models.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "staff_alert_rules",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("account", sa.String(length=128), nullable=False),
        sa.Column("chat_id", sa.String(length=128), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("with_text", sa.Boolean(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_alert_rules")),
    )
    op.create_table(
        "staff_alerts",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("about", sa.String(length=48), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", _time, nullable=False),
        sa.Column("lease_owner", sa.String(length=64)),
        sa.Column("created_at", _time, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_staff_alerts_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_alerts")),
        sa.UniqueConstraint("about", name=op.f("uq_staff_alerts_about")),
    )
    op.create_index(op.f("ix_staff_alerts_conversation_id"), "staff_alerts", ["conversation_id"])
    op.create_index("ix_staff_alerts_due", "staff_alerts", ["status", "due_at"])
