"""Figures by day, and who wants the week's by mail

Revision: 0036, after 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "daily_figures",
        sa.Column("dimension", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.String(length=128), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("dimension", "day", "value", name=op.f("pk_daily_figures")),
    )
    op.add_column("agents", sa.Column("mail_weekly", sa.Boolean(), nullable=False, server_default=sa.false()))
