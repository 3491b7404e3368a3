"""Files that are part of an agent's draft

Revision: 0050, after 0049
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("stored_files", sa.Column("draft_of", sa.String(length=32), nullable=True))
    op.create_index(op.f("ix_stored_files_draft_of"), "stored_files", ["draft_of"])
