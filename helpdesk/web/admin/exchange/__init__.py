"""Admin pages for what comes in and goes out as a file: articles, conversations, figures."""

from starlette.routing import BaseRoute

from helpdesk.web.admin.exchange.downloads import DownloadRoutes
from helpdesk.web.admin.exchange.import_run import ImportRuns
from helpdesk.web.admin.exchange.imports import ImportRoutes
from helpdesk.web.shared.pages import Pages
from knowledge.search.library import Library
from store.db import Database

__all__ = ["exchange_routes"]


def exchange_routes(*, db: Database, library: Library, pages: Pages) -> list[BaseRoute]:
    """The routes of these pages."""
    imports = ImportRoutes(db, library, pages, ImportRuns(db, library))
    return [*imports.routes(), *DownloadRoutes(db, pages).routes()]
