"""The language that a contact writes and that isn't offered

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("conversations", sa.Column("foreign_language", sa.String(length=8), nullable=True))


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("conversations") as conversations:
        conversations.drop_column("foreign_language")
