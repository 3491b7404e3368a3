"""Whether customers were helped, by agent, team, article and channel

Revision: 0017, after 0016
"""

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward. What was said of persons so far was kept with the request for one."""
    time = store.models.UtcDateTime(timezone=True)
    op.create_table(
        "ratings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=True),
        sa.Column("team_id", sa.String(length=32), nullable=True),
        sa.Column("article", sa.String(length=128), nullable=True),
        sa.Column("asked_seq", sa.Integer(), nullable=False),
        sa.Column("asked_at", time, nullable=False),
        sa.Column("helped", sa.Boolean(), nullable=True),
        sa.Column("rated_seq", sa.Integer(), nullable=True),
        sa.Column("rated_at", time, nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_ratings_conversation_id_conversations")
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_ratings_agent_id_agents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratings")),
    )
    op.create_index(op.f("ix_ratings_conversation_id"), "ratings", ["conversation_id"])
    op.create_index("ix_ratings_rated_at", "ratings", ["rated_at"])
    op.execute(
        "INSERT INTO ratings (id, conversation_id, channel, agent_id, team_id, article, asked_seq, asked_at,"
        " helped, rated_seq, rated_at)"
        " SELECT handoffs.id, handoffs.conversation_id, conversations.channel, handoffs.accepted_by,"
        " handoffs.team_id, conversations.last_article, COALESCE(handoffs.ended_seq, handoffs.asked_seq),"
        " handoffs.ended_at, handoffs.helped, NULL, handoffs.ended_at"
        " FROM handoffs JOIN conversations ON conversations.id = handoffs.conversation_id"
        " WHERE handoffs.helped IS NOT NULL AND handoffs.ended_at IS NOT NULL"
    )
