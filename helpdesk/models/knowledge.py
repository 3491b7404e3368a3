"""The articles, and what is remembered about them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.models.base import Base, now
from helpdesk.models.states import ArticleState


class Article(Base):
    """One answer of the knowledge base. Variants hold what customers see; `draft` what an admin is still writing.

    `revision` is the knowledge base's revision of the last change that customers can see; every instance loads what
    is newer than the revision that it has.
    """

    __tablename__ = "articles"
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    category: Mapped[str | None] = mapped_column(String(128), index=True)
    state: Mapped[ArticleState] = mapped_column(default=ArticleState.DRAFT)
    draft: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
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
    phrasings: Mapped[list[Any]] = mapped_column(default=list)
    answer: Mapped[str] = mapped_column(Text)


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
