"""The campaign whose link brought a contact

Revision: 0008, after 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("contacts", sa.Column("campaign", sa.String(64), nullable=True))
