"""Sign-ins know the key that they were signed with

Revision: 0020, after 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("identity_tokens", sa.Column("key_id", sa.String(length=16), nullable=False, server_default=""))
