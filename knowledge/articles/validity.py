"""From when until when customers see an article."""

from datetime import datetime

from knowledge.articles.content import Content
from store.models import Article


def is_within(valid_from: datetime | None, valid_until: datetime | None, at: datetime) -> bool:
    """Whether customers see it then: from the first edge on, and no more from the second."""
    return (valid_from is None or valid_from <= at) and (valid_until is None or at < valid_until)


def next_edge(valid_from: datetime | None, valid_until: datetime | None, at: datetime) -> datetime | None:
    """When this changes next."""
    return min((edge for edge in (valid_from, valid_until) if edge and edge > at), default=None)


def set_window(article: Article, content: Content, at: datetime) -> None:
    """Give the article the window of `content`."""
    article.valid_from, article.valid_until = content.valid_from, content.valid_until
    update_visibility(article, at)


def update_visibility(article: Article, at: datetime) -> None:
    """Note whether customers see the article at that time, and when to look again."""
    article.in_window = is_within(article.valid_from, article.valid_until, at)
    article.next_edge_at = next_edge(article.valid_from, article.valid_until, at)
