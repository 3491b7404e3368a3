"""Web sites that articles are read from, what their pages said last, and the page that an article is of."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, new_id, now
from store.models.json_value import JsonDocument
from store.models.states import SiteStatus

#: Of one host, one site is read at a time: the unique index holds that, whatever instances do.
_READING = text("status = 'reading'")


class Site(Base):
    """A site that is read: by an admin's wish (`asked_by`), and each night if it is `nightly`.

    `due_at` is when it is to be read, while it is being read the end of the lease. `publishes`: what has changed at
    night is published at once instead of kept as drafts. `read_at` is when it was last read to its end, `problem` why
    it wasn't since, `report` what came of it; both are read and written in `knowledge.sites`.
    """

    __tablename__ = "sites"
    __table_args__ = (
        Index("ix_sites_due", "status", "due_at"),
        Index("uq_sites_reading", "host", unique=True, sqlite_where=_READING, postgresql_where=_READING),
    )
    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    address: Mapped[str] = mapped_column(Text)
    host: Mapped[str] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(String(8))
    status: Mapped[SiteStatus] = mapped_column(default=SiteStatus.PENDING)
    due_at: Mapped[datetime | None] = mapped_column(default=now)
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    asked_by: Mapped[str | None] = mapped_column(String(200))
    nightly: Mapped[bool] = mapped_column(default=False)
    publishes: Mapped[bool] = mapped_column(default=False)
    pages_read: Mapped[int] = mapped_column(default=0)
    pages_known: Mapped[int] = mapped_column(default=0)
    questions_found: Mapped[int] = mapped_column(default=0)
    read_at: Mapped[datetime | None]
    problem: Mapped[JsonDocument | None] = mapped_column(JSON(none_as_null=True))
    report: Mapped[JsonDocument | None] = mapped_column(JSON(none_as_null=True))
    added_by: Mapped[str] = mapped_column(String(200))
    added_at: Mapped[datetime] = mapped_column(default=now)


class SitePageRecord(Base):
    """A page of a site as it was read last; `etag` and `last_modified` are what the site said its version was."""

    __tablename__ = "site_pages"
    site_id: Mapped[str] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    url: Mapped[str] = mapped_column(String(2000), primary_key=True)
    etag: Mapped[str] = mapped_column(String(500), default="")
    last_modified: Mapped[str] = mapped_column(String(100), default="")
    links: Mapped[tuple[str, ...]] = mapped_column(default=())
    articles: Mapped[JsonDocument] = mapped_column(JSON)


class ArticleSource(Base):
    """The web page that an article's text was taken from, and when; `site_id` while that site is still known."""

    __tablename__ = "article_sources"
    article_key: Mapped[str] = mapped_column(ForeignKey("articles.key", ondelete="CASCADE"), primary_key=True)
    url: Mapped[str] = mapped_column(String(2000))
    site_id: Mapped[str | None] = mapped_column(ForeignKey("sites.id", ondelete="SET NULL"), index=True)
    read_at: Mapped[datetime] = mapped_column(default=now)
