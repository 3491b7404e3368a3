"""What is set in the browser about the installation, and how far setting it up is

Revision: 0041, after 0036
"""

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0041"
down_revision = "0036"
branch_labels = None
depends_on = None

_time = store.models.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Forward. Where somebody works already, setting up is over."""
    installation = op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("company", sa.String(length=80), nullable=False),
        sa.Column("bot_name", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("foreign_language", sa.String(length=8), nullable=False),
        sa.Column("formality", sa.String(length=8), nullable=False),
        sa.Column("accent", sa.String(length=8), nullable=False),
        sa.Column("saved_at", _time),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.Column("ended_at", _time),
        sa.Column("created_at", _time, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    if op.get_bind().scalar(sa.select(sa.func.count()).select_from(sa.table("agents"))):
        unchosen = dict.fromkeys(("company", "bot_name", "language", "foreign_language", "formality", "accent"), "")
        at = store.models.now()
        op.bulk_insert(installation, [unchosen | {"id": 1, "skipped": [], "ended_at": at, "created_at": at}])
