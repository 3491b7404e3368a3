"""How many agents are online, quarter by quarter

Revision: 0032, after 0031
"""

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "staffing_samples",
        sa.Column("at", store.models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("online", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("at", name=op.f("pk_staffing_samples")),
    )
