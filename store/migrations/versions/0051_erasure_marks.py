"""Which contacts were erased, for backups that are put back

Revision: 0051, after 0050
"""

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_time = store.models.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "erasure_marks",
        sa.Column("contact_id", sa.String(length=32), nullable=False),
        sa.Column("erased_at", _time, nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_erasure_marks")),
    )
    op.create_index(op.f("ix_erasure_marks_erased_at"), "erasure_marks", ["erased_at"])
