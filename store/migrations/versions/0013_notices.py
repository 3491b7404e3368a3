"""Known disturbances, and which conversations were told of them

Revision: 0013, after 0012
"""

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    time = store.models.UtcDateTime(timezone=True)
    op.create_table(
        "notices",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("starts_at", time, nullable=False),
        sa.Column("ends_at", time, nullable=True),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.Column("changed_at", time, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_table(
        "notice_tellings",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("notice_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("told_at", time, nullable=False),
        sa.Column("asked_at", time, nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_notice_tellings_conversation_id_conversations")
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_tellings_notice_id_notices")),
        sa.PrimaryKeyConstraint("conversation_id", "notice_id", name=op.f("pk_notice_tellings")),
    )
    op.create_index(op.f("ix_notice_tellings_notice_id"), "notice_tellings", ["notice_id"])
