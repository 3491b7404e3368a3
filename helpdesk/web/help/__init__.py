"""The help centre: every published article as a public page, so that a question may be answered before it is asked."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute

from helpdesk.channels.help_links import HelpLinks
from helpdesk.channels.privacy_notices import PrivacyNotices
from helpdesk.web.help.centre import HelpCentre
from helpdesk.web.help.seo import robots
from helpdesk.web.shared.access import Access, Guard, route
from helpdesk.web.shared.pages import Pages
from knowledge.search.library import Library


def help_routes(
    *,
    privacy_notices: PrivacyNotices,
    library: Library,
    links: HelpLinks,
    guard: Guard,
    pages: Pages,
) -> list[BaseRoute]:
    """The doors of this module; without a help centre only the one that says so to search engines."""

    async def show_robots(request: Request) -> Response:
        return PlainTextResponse(robots(links.origin, help_centre=links.is_on))

    always = route("/robots.txt", show_robots, access=Access.PUBLIC)
    if not links.is_on:
        return [always]
    centre = HelpCentre(privacy_notices, library, links, guard.cookies, pages)
    return [
        always,
        route("/sitemap.xml", centre.show_sitemap, access=Access.PUBLIC),
        route("/help", centre.show_door, access=Access.PUBLIC),
        route("/help/{language}", centre.show_start, access=Access.PUBLIC),
        route("/help/{language}/search", centre.show_search, access=Access.PUBLIC),
        route("/help/{language}/topic/{topic}", centre.show_topic, access=Access.PUBLIC),
        route("/help/{language}/{slug}", centre.show_article, access=Access.PUBLIC),
        route("/help/{language}/{slug}", centre.judge, access=Access.PUBLIC, methods=["POST"]),
    ]
