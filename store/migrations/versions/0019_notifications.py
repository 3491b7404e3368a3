"""Push messages for agents

Revision: 0019, after 0018
"""

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_time = store.models.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "push_devices",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("session_hash", sa.String(length=64), nullable=False),
        sa.Column("endpoint_hash", sa.String(length=64), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("p256dh", sa.String(length=120), nullable=False),
        sa.Column("auth", sa.String(length=40), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.Column("created_at", _time, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_push_devices_agent_id")),
        sa.ForeignKeyConstraint(
            ["session_hash"],
            ["agent_sessions.token_hash"],
            name=op.f("fk_push_devices_session_hash"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_devices")),
        sa.UniqueConstraint("endpoint_hash", name=op.f("uq_push_devices_endpoint_hash")),
    )
    op.create_index(op.f("ix_push_devices_agent_id"), "push_devices", ["agent_id"])
    op.create_index(op.f("ix_push_devices_session_hash"), "push_devices", ["session_hash"])
    op.create_table(
        "notification_wishes",
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("unwanted", sa.JSON(), nullable=False),
        sa.Column("quiet_from", sa.String(length=5), nullable=False),
        sa.Column("quiet_until", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_notification_wishes_agent_id")),
        sa.PrimaryKeyConstraint("agent_id", name=op.f("pk_notification_wishes")),
    )
    op.create_table(
        "notifications",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "pending", "sending", "sent", "unknown", "failed", name="deliverystatus", native_enum=False, length=16
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", _time, nullable=False),
        sa.Column("lease_owner", sa.String(length=64)),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("created_at", _time, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_notifications_agent_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_notifications_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
    )
    op.create_index(op.f("ix_notifications_agent_id"), "notifications", ["agent_id"])
    op.create_index(op.f("ix_notifications_conversation_id"), "notifications", ["conversation_id"])
    op.create_index("ix_notifications_due", "notifications", ["status", "due_at"])
