"""Conversations that are put off until a time

Revision: 0030, after 0029
"""

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    time = store.models.UtcDateTime(timezone=True)
    op.add_column("conversations", sa.Column("snoozed_until", time, nullable=True))
    snoozed = sa.text("snoozed_until IS NOT NULL")
    op.create_index(
        "ix_conversations_snoozed_until",
        "conversations",
        ["snoozed_until"],
        sqlite_where=snoozed,
        postgresql_where=snoozed,
    )
