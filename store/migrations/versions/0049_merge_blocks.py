"""Whom a merge of contacts has blocked

Revision: 0049, after 0043
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("contact_merges", sa.Column("blocked", sa.JSON(), nullable=False, server_default="[]"))
