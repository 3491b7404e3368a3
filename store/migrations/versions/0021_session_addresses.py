"""Sessions know the network that they began in

Revision: 0021, after 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("agent_sessions", sa.Column("address", sa.String(length=40), nullable=False, server_default=""))
