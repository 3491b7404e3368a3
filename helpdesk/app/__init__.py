"""The one place where everything is put together."""

from starlette.applications import Starlette
from starlette.middleware import Middleware

from helpdesk.accounts.sessions import FactorPolicy, Sessions
from helpdesk.app.background import lifespan
from helpdesk.app.components import AppComponents, build_components
from helpdesk.app.routes import all_routes
from helpdesk.turns.bot_transport import BotTransport
from helpdesk.web.shared.access import Guard
from helpdesk.web.shared.admission import RequestAdmission
from helpdesk.web.shared.cookies import Cookies
from helpdesk.web.shared.errors import UnexpectedErrorHandler, exception_handlers
from helpdesk.web.shared.pages import make_pages
from helpdesk.web.shared.security import MAX_BODY, SecurityHeaders, TrustedProxies
from knowledge.search.embedder import Embedder, ThreeModels
from store import failpoints
from store.settings import Settings

__all__ = ["AppComponents", "create_app"]


def create_app(
    settings: Settings, *, embedder: Embedder | None = None, rasa_transport: BotTransport | None = None
) -> Starlette:
    """The whole of helpdesk. Nothing is connected before the app starts."""
    failpoints.arm(settings.failpoints)
    parts = build_components(settings, embedder or ThreeModels(settings.home), rasa_transport)
    https = settings.origin.startswith("https://")
    cookies = Cookies(https=https, secret_key=settings.secret_key.get_secret_value())
    pages = make_pages(cookies, lambda: parts.profile.settings)
    guard = Guard(
        db=parts.db,
        sessions=Sessions(parts.db, policy=FactorPolicy(settings.second_factor)),
        cookies=cookies,
        origin=settings.origin,
        bot_secret=settings.bot_secret.get_secret_value(),
        audit=parts.audit,
    )
    app = Starlette(
        routes=all_routes(parts, guard, pages),
        middleware=[
            Middleware(TrustedProxies, proxies=settings.trusted_proxies),
            Middleware(SecurityHeaders, https=https),
            Middleware(UnexpectedErrorHandler, pages=pages),
            Middleware(RequestAdmission, pages=pages),
        ],
        exception_handlers=dict(exception_handlers(pages)),
        lifespan=lifespan,
        max_body_size=MAX_BODY,
    )
    app.state.parts, app.state.guard = parts, guard
    return app
