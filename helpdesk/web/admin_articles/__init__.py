"""The admin pages of the knowledge base: find, edit, compare, publish, bring in and take out."""

from starlette.routing import BaseRoute

from helpdesk.db import Database
from helpdesk.web.admin_articles.editing import Editing
from helpdesk.web.admin_articles.history import History
from helpdesk.web.admin_articles.importing import Importing
from helpdesk.web.admin_articles.listing import Listing
from helpdesk.web.admin_articles.moving import Moving
from helpdesk.web.pages import Pages
from knowledge.library import Library

__all__ = ["article_routes"]


def article_routes(*, db: Database, library: Library, pages: Pages, formality: str = "sie") -> list[BaseRoute]:
    """The doors of these pages. `formality` is how German customers are addressed: "sie" or "du"."""
    parts = (
        Listing(db, pages),
        Editing(db, library, pages, formality),
        Moving(db),
        History(db, pages),
        Importing(db, pages),
    )
    return [door for part in parts for door in part.routes()]
