"""Translations of what was said

Revision: 0035, after 0034
"""

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "translations",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", store.models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_translations_conversation_id_conversations")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "text_hash", "language", name=op.f("pk_translations")),
    )
