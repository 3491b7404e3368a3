"""Mails that were put aside

Revision: 0018, after 0017
"""

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "aside_mails",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=128), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("sender", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", store.models.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aside_mails")),
        sa.UniqueConstraint("account", "external_id", name=op.f("uq_aside_mails_account_external_id")),
    )
    op.create_index(op.f("ix_aside_mails_sender"), "aside_mails", ["sender"])
    op.create_index(op.f("ix_aside_mails_conversation_id"), "aside_mails", ["conversation_id"])
    op.create_index(op.f("ix_aside_mails_created_at"), "aside_mails", ["created_at"])
