"""Drafts of agents, and what is held until it can't be undone any more

Revision: 0026, after 0025
"""

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    time = store.models.UtcDateTime(timezone=True)
    op.create_table(
        "agent_drafts",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("returned", sa.String(length=32), nullable=True),
        sa.Column("changed_at", time, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_agent_drafts_conversation_id")
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_agent_drafts_agent_id")),
        sa.PrimaryKeyConstraint("conversation_id", "agent_id", "mode", name=op.f("pk_agent_drafts")),
    )
    op.create_index(op.f("ix_agent_drafts_changed_at"), "agent_drafts", ["changed_at"])
    op.create_table(
        "held_actions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("read_seq", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("due_at", time, nullable=False),
        sa.Column("created_at", time, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_held_actions_conversation_id")
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_held_actions_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_actions")),
        sa.UniqueConstraint(
            "conversation_id", "agent_id", "client_id", name=op.f("uq_held_actions_conversation_id_agent_id_client_id")
        ),
    )
    op.create_index(op.f("ix_held_actions_conversation_id"), "held_actions", ["conversation_id"])
    op.create_index("ix_held_actions_due", "held_actions", ["due_at"])
