"""Receipts of erasures, privacy notices, and on SQLite no contact's number twice

Revision: 0029, after 0028
"""

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_NUMBERS = (
    "DROP TRIGGER contact_numbers",
    "INSERT INTO meta (key, value) SELECT 'contact_number', coalesce(max(number), 0) FROM contacts",
    "CREATE TRIGGER contact_numbers AFTER INSERT ON contacts BEGIN "
    "UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'contact_number'; "
    "UPDATE contacts SET number = (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'contact_number') "
    "WHERE id = NEW.id; END",
)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "erasures",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("contact_id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("asked_at", store.models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", store.models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("decided_at", store.models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_index(op.f("ix_erasures_contact_id"), "erasures", ["contact_id"])
    op.create_index(op.f("ix_erasures_asked_at"), "erasures", ["asked_at"])
    op.create_table(
        "privacy_notices",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.Column("changed_at", store.models.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", "language", name=op.f("pk_privacy_notices")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for statement in _NUMBERS:
            op.execute(sa.text(statement))
