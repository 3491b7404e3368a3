"""The articles, and what is remembered about them."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base, now
from store.models.json_value import JsonDocument
from store.models.states import ArticleEvent, ArticleState


class Article(Base):
    """One answer of the knowledge base. Variants hold what customers see; `draft` what an admin is still writing.

    `state` is what customers see of it; `draft_state` how far the draft is, `draft` or `review`, `None` without one.
    `in_window` says whether the time is within `valid_from` and `valid_until`: the calendar turns it over at
    `next_edge_at`, so that all instances agree, whatever their clocks say. `owner` is a colleague's e-mail address.
    `ask_again_after` is after how many days customers whom it has helped are asked whether the matter is settled.

    `revision` is the knowledge base's revision of the last change that customers can see; every instance loads what
    is newer than the revision that it has.
    """

    __tablename__ = "articles"
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    category: Mapped[str | None] = mapped_column(String(128), index=True)
    state: Mapped[ArticleState] = mapped_column(default=ArticleState.DRAFT)
    draft: Mapped[JsonDocument | None] = mapped_column(JSON(none_as_null=True))
    draft_state: Mapped[ArticleState | None]
    valid_from: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    in_window: Mapped[bool] = mapped_column(default=True)
    next_edge_at: Mapped[datetime | None] = mapped_column(index=True)
    owner: Mapped[str | None] = mapped_column(String(320))
    review_on: Mapped[date | None]
    ask_again_after: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=0, index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    changed_by: Mapped[str | None] = mapped_column(String(200))


class Variant(Base):
    """An article's published wording in one language."""

    __tablename__ = "variants"
    article_key: Mapped[str] = mapped_column(ForeignKey("articles.key", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    question: Mapped[str] = mapped_column(Text)
    phrasings: Mapped[tuple[str, ...]] = mapped_column(default=())
    answer: Mapped[str] = mapped_column(Text)


class ArticleVersion(Base):
    """An article as it was after one change, and whose change it was. `number` is the article's version then.

    `content`, like a draft, is read by `read_content` and written by `ArticleContent.as_json`.
    """

    __tablename__ = "article_versions"
    article_key: Mapped[str] = mapped_column(ForeignKey("articles.key", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[ArticleEvent]
    state: Mapped[ArticleState]
    content: Mapped[JsonDocument]
    author: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(default=now)
    comment: Mapped[str | None] = mapped_column(Text)


class ArticleEditor(Base):
    """Somebody who has an article open, and when their page last said so; the key may be one that is yet to be made."""

    __tablename__ = "article_editors"
    article_key: Mapped[str] = mapped_column(String(128), primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(default=now)


class KnowledgeRevision(Base):
    """One row: the number that rises with every change of what customers can see."""

    __tablename__ = "knowledge_revision"
    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    revision: Mapped[int] = mapped_column(default=0)


class Embedding(Base):
    """The vector of a phrasing, by the hash of its text, so that nothing is embedded twice."""

    __tablename__ = "embeddings"
    text_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    model: Mapped[str] = mapped_column(String(64), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class HelpJudgement(Base):
    """How often readers of an article's help page said on a day (UTC) that it helped, or didn't; never who said so."""

    __tablename__ = "help_judgements"
    article: Mapped[str] = mapped_column(String(128), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    helpful: Mapped[bool] = mapped_column(primary_key=True)
    times: Mapped[int]
