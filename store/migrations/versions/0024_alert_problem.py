"""Why an alert into the staff's chat did not arrive

Revision: 0024, after 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("staff_alerts", sa.Column("problem", sa.String(length=300), nullable=True))
