"""The admin pages of the knowledge base: find, edit, compare, publish."""

from starlette.routing import BaseRoute

from helpdesk.web.admin.articles.article_list import ArticleListRoutes
from helpdesk.web.admin.articles.editor import ArticleEditorRoutes
from helpdesk.web.admin.articles.history import ArticleHistoryRoutes
from helpdesk.web.admin.articles.lifecycle import ArticleLifecycleRoutes
from helpdesk.web.shared.pages import Pages
from knowledge.search.library import Library
from store.db import Database

__all__ = ["article_routes"]


def article_routes(*, db: Database, library: Library, pages: Pages) -> list[BaseRoute]:
    """The doors of these pages."""
    parts = (
        ArticleListRoutes(db, pages),
        ArticleEditorRoutes(db, library, pages),
        ArticleLifecycleRoutes(db),
        ArticleHistoryRoutes(db, pages),
    )
    return [door for part in parts for door in part.routes()]
