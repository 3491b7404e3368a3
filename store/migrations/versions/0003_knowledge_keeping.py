"""Versions of articles, their window, owner and review, and who has one open

Revision: 0003, after 0002
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

import store.models

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_STATES = ("draft", "review", "published", "archived")
_EVENTS = ("save", "submit", "return", "publish", "discard", "archive", "restore", "reopen", "rollback", "import")
_NOBODY = "Staffel"

_ARTICLES = sa.table(
    "articles",
    sa.column("key", sa.String),
    sa.column("category", sa.String),
    sa.column("state", sa.String),
    sa.column("draft", sa.JSON),
    sa.column("draft_state", sa.String),
    sa.column("version", sa.Integer),
    sa.column("changed_at", store.models.UtcDateTime()),
    sa.column("changed_by", sa.String),
)
_VARIANTS = sa.table(
    "variants",
    *(sa.column(name, sa.String) for name in ("article_key", "language", "question", "answer")),
    sa.column("phrasings", sa.JSON),
)


def upgrade() -> None:
    """Forward."""
    _add_columns()
    _add_tables()
    _keep_what_is_there()


def _add_columns() -> None:
    time, states = store.models.UtcDateTime(timezone=True), sa.Enum(*_STATES, native_enum=False, length=16)
    op.add_column("articles", sa.Column("draft_state", states, nullable=True))
    op.add_column("articles", sa.Column("valid_from", time, nullable=True))
    op.add_column("articles", sa.Column("valid_until", time, nullable=True))
    op.add_column("articles", sa.Column("in_window", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("articles", sa.Column("next_edge_at", time, nullable=True))
    op.add_column("articles", sa.Column("owner", sa.String(length=320), nullable=True))
    op.add_column("articles", sa.Column("review_on", sa.Date(), nullable=True))
    op.create_index(op.f("ix_articles_next_edge_at"), "articles", ["next_edge_at"])


def _add_tables() -> None:
    op.create_table(
        "article_versions",
        sa.Column("article_key", sa.String(length=128), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("event", sa.Enum(*_EVENTS, native_enum=False, length=16), nullable=False),
        sa.Column("state", sa.Enum(*_STATES, native_enum=False, length=16), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("at", store.models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_key"], ["articles.key"], name=op.f("fk_article_versions_article_key"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_key", "number", name=op.f("pk_article_versions")),
    )
    op.create_table(
        "article_editors",
        sa.Column("article_key", sa.String(length=128), nullable=False),
        sa.Column("agent_id", sa.String(length=32), nullable=False),
        sa.Column("seen_at", store.models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_article_editors_agent_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_key", "agent_id", name=op.f("pk_article_editors")),
    )


def _keep_what_is_there() -> None:
    """The first version of every article that there is, so that it can be gone back to."""
    connection = op.get_bind()
    articles = connection.execute(sa.select(_ARTICLES).order_by(_ARTICLES.c.key)).mappings().all()
    for start in range(0, len(articles), 500):
        some = articles[start : start + 500]
        said = _said(connection, [article["key"] for article in some])
        rows = [row for article in some for row in _versions(dict(article), said.get(article["key"], {}))]
        if rows:
            connection.execute(_INSERT, rows)
    connection.execute(_ARTICLES.update().where(_ARTICLES.c.draft.is_not(None)).values(draft_state="draft"))


_INSERT = sa.text(
    "INSERT INTO article_versions (article_key, number, event, state, content, author, at) "
    "VALUES (:article_key, :number, :event, :state, :content, :author, :at)"
).bindparams(sa.bindparam("content", type_=sa.JSON), sa.bindparam("at", type_=store.models.UtcDateTime()))


def _said(connection: sa.Connection, keys: list[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in connection.execute(sa.select(_VARIANTS).where(_VARIANTS.c.article_key.in_(keys))).mappings():
        wording = {name: row[name] for name in ("question", "phrasings", "answer")}
        found.setdefault(row["article_key"], {})[row["language"]] = wording
    return found


def _versions(article: Mapping[str, Any], variants: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What customers see, under the number before the draft's; then the draft."""
    draft = article["draft"]
    if variants:
        content = {"variants": variants} | ({"category": article["category"]} if article["category"] else {})
        state = "archived" if article["state"] == "archived" else "published"
        yield _row(article, article["version"] - bool(draft), "publish", state, content)
    if draft:
        yield _row(article, article["version"], "save", "draft", draft)


def _row(article: Mapping[str, Any], number: int, event: str, state: str, content: Any) -> dict[str, Any]:
    at: datetime = article["changed_at"]
    return {
        "article_key": article["key"],
        "number": number,
        "event": event,
        "state": state,
        "content": content,
        "author": article["changed_by"] or _NOBODY,
        "at": at,
    }
