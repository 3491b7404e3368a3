"""A helpdesk with only the doors for staff, and browsers that walk through them."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import httpx
import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount

from helpdesk.accounts.agents import add_agent, find_agent
from helpdesk.accounts.sessions import FactorPolicy, Sessions
from helpdesk.allowances.allowance_store import AllowanceStore
from helpdesk.conversations import Conversations
from helpdesk.conversations.inbound_priority import InboundPriority
from helpdesk.files.attached_files import AttachedFiles
from helpdesk.files.file_store import make_file_store
from helpdesk.handoff.mood import judge_moods
from helpdesk.insights.gaps import Gaps
from helpdesk.insights.replay import DraftReplay
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.rule_admin.rule_trial import RuleTrial
from helpdesk.second_factor.passkeys import Passkeys
from helpdesk.second_factor.second_factors import SecondFactors
from helpdesk.single_sign_on.providers import ProviderStore
from helpdesk.turns.rasa_client import RasaClient
from helpdesk.views.draft_coach import DraftCoach
from helpdesk.views.live_board import LiveBoards
from helpdesk.views.timeline import Timeline
from helpdesk.web.account.code_page import CodePage
from helpdesk.web.account.own_account import own_account_routes
from helpdesk.web.account.passkey_sign_in import passkey_sign_in_routes
from helpdesk.web.account.passkey_support import PasskeySupport
from helpdesk.web.account.passkeys import passkey_routes
from helpdesk.web.account.routes import account_routes
from helpdesk.web.account.second_factor import second_factor_routes
from helpdesk.web.account.sign_in_page import SignInPage
from helpdesk.web.admin.agents.routes import admin_routes
from helpdesk.web.admin.allowances.routes import allowance_admin_routes
from helpdesk.web.admin.articles import article_routes
from helpdesk.web.admin.exchange import exchange_routes
from helpdesk.web.admin.gaps.routes import gap_routes
from helpdesk.web.admin.handoff.routes import handoff_routes
from helpdesk.web.admin.learning.routes import learning_routes
from helpdesk.web.admin.replay.routes import replay_routes
from helpdesk.web.admin.sites.routes import site_routes
from helpdesk.web.admin.teams.routes import team_routes
from helpdesk.web.desk.allowances import allowance_routes
from helpdesk.web.desk.coach import coach_routes
from helpdesk.web.desk.routes import desk_routes
from helpdesk.web.internal.health import Health
from helpdesk.web.live.routes import live_routes
from helpdesk.web.shared.access import Access, Guard, declare
from helpdesk.web.shared.cookies import Cookies
from helpdesk.web.shared.errors import UnexpectedErrorHandler, exception_handlers
from helpdesk.web.shared.pages import FeatureFiles, Pages, make_pages
from helpdesk.web.shared.security import MAX_BODY, SecurityHeaders, TrustedProxies
from knowledge.search.library import Library
from knowledge.search.vector_cache import CachedEmbedder
from store.db import Database
from store.models import Agent, Role
from store.settings import Settings
from tests.fakes.bot_transport import answering
from tests.fakes.embedder import LetterCounts
from tests.services import free_port

ORIGIN = "http://helpdesk.test"
SECRET = "b" * 40
PASSWORD = "lampe wiese turnschuh"
HOUSE_SETTINGS = Settings(bot_name="Lampi", company="Lampenhaus", _env_file=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """An app for staff and what it is made of."""

    app: Starlette
    db: Database
    guard: Guard
    pages: Pages

    def browser(self, address: str = "198.51.100.7", **headers: str) -> "StaffBrowser":
        """A new browser without any cookie."""
        transport = httpx.ASGITransport(app=self.app, client=(address, 4711))
        return StaffBrowser(transport=transport, base_url=ORIGIN, headers={"accept": "text/html", **headers})

    async def signed_in(
        self, role: Role = Role.AGENT, email: str = "mia@example.org", name: str = "Mia"
    ) -> "StaffBrowser":
        """The browser of a new agent who has just signed in."""
        await add_agent(self.db, email, name, role, password=PASSWORD)
        browser = self.browser()
        response = await browser.sign_in(email)
        assert response.status_code == 303, response.text
        return browser


class StaffBrowser(httpx.AsyncClient):
    """Keeps cookies and fills in forms with the token that the page carries, as a browser does."""

    async def fill(self, page: str, *, to: str | None = None, **fields: str) -> httpx.Response:
        """Open `page` and send its form."""
        shown = await self.get(page)
        found = re.search(r'name="csrf" value="([^"]*)"', shown.text)
        assert found, shown.text
        body = {"csrf": found.group(1), **fields}
        return await self.post(to or page, data=body, headers={"origin": ORIGIN})

    async def sign_in(self, email: str, password: str = PASSWORD, **fields: str) -> httpx.Response:
        """Send the sign-in form."""
        return await self.fill("/signin", email=email, password=password, **fields)

    async def csrf(self, db: Database) -> str:
        """The token that pages of this session carry."""
        token = next(cookie.value for cookie in self.cookies.jar if cookie.name.endswith("staffel_agent"))
        signed_in = await Sessions(db).find(token)
        assert signed_in
        return signed_in.csrf_token


def staff_routes(
    db: Database,
    pages: Pages,
    guard: Guard,
    *,
    live: ChangeHints | None = None,
    undo_seconds: float = 0,
    translates: bool = False,
    passwords: bool = True,
) -> list[BaseRoute]:
    """The doors of desk and admin pages, with a knowledge base that hasn't been loaded and a bot that isn't there."""
    settings = Settings(
        public_url=ORIGIN,
        bot_secret=SecretStr(SECRET),
        rasa_url="http://127.0.0.1:1",
        undo_seconds=undo_seconds,
        _env_file=None,
    )
    live, recent = live or ChangeHints(), CachedEmbedder(LetterCounts())
    library = Library(db, recent)
    rasa = RasaClient(settings.rasa_url, SECRET, transport=answering(lambda request: httpx.Response(503)))
    return [
        *desk_routes(
            db=db,
            conversations=Conversations(db, live, settings),
            timeline=Timeline(db, time_zone=settings.time_zone),
            files=make_file_store(db, ""),
            attached=AttachedFiles(db, make_file_store(db, "")),
            live=live,
            sessions=guard.sessions,
            pages=pages,
            translates=translates,
        ),
        *coach_routes(DraftCoach(db, library, InboundPriority())),
        *allowance_routes(AllowanceStore(db)),
        *allowance_admin_routes(store=AllowanceStore(db), pages=pages),
        *live_routes(
            conversations=Conversations(db, live, settings),
            boards=LiveBoards(db, time_zone="Europe/Berlin"),
            live=live,
            pages=pages,
        ),
        *admin_routes(
            db=db,
            live=live,
            health=Health(db, rasa, library, settings, lambda: 0),
            pages=pages,
            origin=ORIGIN,
            zone=ZoneInfo("Europe/Berlin"),
            passwords=passwords,
        ),
        *team_routes(db=db, live=live, pages=pages),
        *handoff_routes(db=db, hindsight=RuleTrial(db, judge_moods), recent=recent, pages=pages),
        *article_routes(db=db, library=library, pages=pages),
        *learning_routes(db=db, library=library, pages=pages, replay=DraftReplay(db, library)),
        *site_routes(db=db, library=library, pages=pages, zone=ZoneInfo("Europe/Berlin")),
        *exchange_routes(db=db, library=library, pages=pages),
        *gap_routes(db=db, library=library, gaps=Gaps(db, library, recent), pages=pages),
        *replay_routes(db=db, library=library, recent=recent, pages=pages),
        *declare([Mount("/static", FeatureFiles())], Access.PUBLIC),
    ]


def make_house(
    db: Database,
    more: Callable[[Pages, Guard], list[BaseRoute]] | None = None,
    *,
    origin: str = ORIGIN,
    proxies: tuple[str, ...] = (),
    policy: FactorPolicy = FactorPolicy.OFF,
    passwords: bool = True,
    providers: ProviderStore | None = None,
    public_url: str = "",
) -> House:
    """The doors for signing in, and `more`."""
    cookies = Cookies(https=origin.startswith("https:"), secret_key="k" * 32)
    guard = Guard(db=db, sessions=Sessions(db, policy=policy), cookies=cookies, origin=origin, bot_secret=SECRET)
    pages, factors = make_pages(cookies, lambda: HOUSE_SETTINGS), SecondFactors(db, "k" * 32)
    passkeys = PasskeySupport(store=Passkeys(db), pages=pages, public_url=public_url)
    code_page = CodePage(pages=pages, factors=factors, passkeys=passkeys)
    page = SignInPage(pages=pages, cookies=cookies, passwords=passwords, providers=providers, passkeys=passkeys)
    zone = ZoneInfo("Europe/Berlin")
    app = Starlette(
        routes=[
            *account_routes(db, guard, pages, page=page),
            *own_account_routes(db=db, pages=pages, zone=zone, factors=factors, passkeys=passkeys.store),
            *second_factor_routes(factors=factors, guard=guard, pages=pages, code_page=code_page, passkeys=passkeys),
            *passkey_sign_in_routes(passkeys=passkeys, guard=guard, page=page, code_page=code_page),
            *passkey_routes(
                passkeys=passkeys, factors=factors, guard=guard, pages=pages, zone=zone, passwords=passwords
            ),
            *(more(pages, guard) if more else []),
        ],
        middleware=[
            Middleware(TrustedProxies, proxies=proxies),
            Middleware(SecurityHeaders, https=origin.startswith("https:")),
            Middleware(UnexpectedErrorHandler, pages=pages),
        ],
        exception_handlers=dict(exception_handlers(pages)),
        max_body_size=MAX_BODY,
    )
    app.state.guard = guard
    return House(app=app, db=db, guard=guard, pages=pages)


@asynccontextmanager
async def served(house: House, scheme: str = "http", port: int | None = None) -> AsyncIterator[str]:
    """The house on a real port, any if none is named; yields its address."""
    port = port or free_port()
    config = uvicorn.Config(
        house.app, host="127.0.0.1", port=port, log_config=None, lifespan="off", ws="websockets-sansio"
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(60):
        while not server.started:
            await asyncio.sleep(0.01)
    try:
        yield f"{scheme}://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


async def agent_by_email(db: Database, email: str) -> Agent:
    """The agent's row."""
    return await find_agent(db, email)
