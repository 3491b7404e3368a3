"""Web sites that articles are read from

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_STATES = ("idle", "pending", "reading")
_READING = sa.text("status = 'reading'")


def upgrade() -> None:
    """Forward."""
    _create_sites()
    _create_pages()
    _create_sources()


def _create_sites() -> None:
    time = store.models.UtcDateTime(timezone=True)
    op.create_table(
        "sites",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("host", sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("status", sa.Enum(*_STATES, native_enum=False, length=16), nullable=False),
        sa.Column("due_at", time, nullable=True),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("asked_by", sa.String(length=200), nullable=True),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("nightly", "publishes")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("pages_read", "pages_known", "questions_found")),
        sa.Column("read_at", time, nullable=True),
        sa.Column("problem", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("report", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("added_by", sa.String(length=200), nullable=False),
        sa.Column("added_at", time, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
    )
    op.create_index("ix_sites_due", "sites", ["status", "due_at"])
    op.create_index(
        "uq_sites_reading", "sites", ["host"], unique=True, sqlite_where=_READING, postgresql_where=_READING
    )


def _create_pages() -> None:
    op.create_table(
        "site_pages",
        sa.Column("site_id", sa.String(length=32), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("etag", sa.String(length=500), nullable=False),
        sa.Column("last_modified", sa.String(length=100), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("articles", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_site_pages_site_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", "url", name=op.f("pk_site_pages")),
    )


def _create_sources() -> None:
    op.create_table(
        "article_sources",
        sa.Column("article_key", sa.String(length=128), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("site_id", sa.String(length=32), nullable=True),
        sa.Column("read_at", store.models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_key"], ["articles.key"], name=op.f("fk_article_sources_article_key"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_article_sources_site_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("article_key", name=op.f("pk_article_sources")),
    )
    op.create_index(op.f("ix_article_sources_site_id"), "article_sources", ["site_id"])
