"""Who was named in which note, and who is blocked

Revision: 0038, after 0039
"""

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0038"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "mentions",
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("created_at", store.models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_mentions_agent_id_agents")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_mentions_conversation_id_conversations")
        ),
        sa.PrimaryKeyConstraint("agent_id", "conversation_id", "seq", name=op.f("pk_mentions")),
    )
    op.create_index(op.f("ix_mentions_conversation_id"), "mentions", ["conversation_id"])
    op.add_column("contacts", sa.Column("blocked_at", store.models.UtcDateTime(timezone=True), nullable=True))
    op.add_column("contacts", sa.Column("blocked_by", sa.String(length=200), nullable=True))
    op.add_column("contacts", sa.Column("blocked_reason", sa.String(length=300), nullable=True))
    op.add_column("contacts", sa.Column("block_told_at", store.models.UtcDateTime(timezone=True), nullable=True))
    op.add_column("conversations", sa.Column("is_blocked", sa.Boolean(), nullable=False, server_default=sa.false()))
