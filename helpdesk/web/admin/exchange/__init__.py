"""Admin pages for what comes in and goes out as a file: articles, conversations, figures."""

from starlette.routing import BaseRoute

from helpdesk.web.admin.exchange.downloads import DownloadRoutes
from helpdesk.web.shared.pages import Pages
from store.db import Database

__all__ = ["exchange_routes"]


def exchange_routes(*, db: Database, pages: Pages) -> list[BaseRoute]:
    """The routes of these pages."""
    return DownloadRoutes(db, pages).routes()
