"""Events of conversations, and the webhooks that are told of them

Revision: 0015, after 0014
"""

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_time = store.models.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "conversation_events",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_at", _time, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_conversation_events")),
        sa.UniqueConstraint("id", name=op.f("uq_conversation_events_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_conversation_events_conversation_id"), "conversation_events", ["conversation_id"])
    op.create_index(op.f("ix_conversation_events_created_at"), "conversation_events", ["created_at"])
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("with_text", sa.Boolean(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", _time),
        sa.Column("paused_until", _time),
        sa.Column("problem", sa.String(length=40), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.Column("changed_at", _time, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
        sa.UniqueConstraint("name", name=op.f("uq_webhooks_name")),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("webhook_id", sa.String(length=32), nullable=False),
        sa.Column("event_number", sa.Integer(), nullable=False),
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
        sa.Column("answer_code", sa.Integer()),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("created_at", _time, nullable=False),
        sa.Column("ended_at", _time),
        sa.ForeignKeyConstraint(
            ["event_number"], ["conversation_events.number"], name=op.f("fk_webhook_deliveries_event_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
    )
    op.create_index(op.f("ix_webhook_deliveries_webhook_id"), "webhook_deliveries", ["webhook_id"])
    op.create_index(op.f("ix_webhook_deliveries_event_number"), "webhook_deliveries", ["event_number"])
    op.create_index("ix_webhook_deliveries_due", "webhook_deliveries", ["status", "due_at"])
