"""Why an offer went to this agent

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("handoffs", sa.Column("offered_because", sa.JSON(), nullable=False, server_default="[]"))
