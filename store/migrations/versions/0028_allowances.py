"""What agents may offer, and which hints on their drafts they don't want

Revision: 0028, after 0027
"""

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("agents", sa.Column("coach_off", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "allowances",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("topic", sa.String(length=128), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.Column("changed_at", store.models.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allowances")),
    )
