"""Follow-ups: contacts who are asked on a later day whether their matter is settled

Revision: 0031, after 0030
"""

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    time = store.models.UtcDateTime(timezone=True)
    op.add_column("conversations", sa.Column("follow_up", sa.String(length=16), nullable=True))
    op.add_column("contacts", sa.Column("no_follow_ups", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("articles", sa.Column("ask_again_after", sa.Integer(), nullable=True))
    op.create_table(
        "follow_ups",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=True),
        sa.Column("article", sa.String(length=128), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=True),
        sa.Column("due_at", time, nullable=False),
        sa.Column("asked_seq", sa.Integer(), nullable=True),
        sa.Column("asked_at", time, nullable=True),
        sa.Column("answered_seq", sa.Integer(), nullable=True),
        sa.Column("settled", sa.Boolean(), nullable=True),
        sa.Column("ended_at", time, nullable=True),
        sa.Column("created_at", time, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_follow_ups_conversation_id_conversations")
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_follow_ups_agent_id_agents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
    )
    op.create_index(op.f("ix_follow_ups_conversation_id"), "follow_ups", ["conversation_id"])
    op.create_index(op.f("ix_follow_ups_agent_id"), "follow_ups", ["agent_id"])
    op.create_index("ix_follow_ups_due", "follow_ups", ["state", "due_at"])
    live = sa.text("state IN ('planned', 'asked')")
    op.create_index(
        "uq_follow_ups_live",
        "follow_ups",
        ["conversation_id"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )
