"""Mails that go out, and who wants none

Revision: 0014, after 0013
"""

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "mails",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=True),
        sa.Column("agent_id", sa.String(length=32), nullable=True),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("message_id", sa.String(length=250), nullable=True),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.Column("first_seq", sa.Integer(), nullable=True),
        sa.Column("last_seq", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("doubts", sa.Integer(), nullable=False),
        sa.Column("due_at", store.models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("lease_until", store.models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("created_at", store.models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("sent_at", store.models.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_mails_agent_id")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_mails_conversation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
    )
    op.create_index("ix_mails_due", "mails", ["status", "due_at"])
    op.create_index(op.f("ix_mails_agent_id"), "mails", ["agent_id"])
    op.create_index(op.f("ix_mails_conversation_id"), "mails", ["conversation_id"])
    op.create_index(op.f("ix_mails_message_id"), "mails", ["message_id"])
    op.add_column("contacts", sa.Column("mail_refusal", sa.String(length=16), nullable=True))
    op.add_column("agents", sa.Column("mail_digest", sa.String(length=16), nullable=False, server_default="off"))
    op.add_column("agents", sa.Column("mail_promises", sa.Boolean(), nullable=False, server_default=sa.false()))
