"""A desk that staff sign in to by a provider, the people it knows, and its rules."""

from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from helpdesk.accounts.sessions import FactorPolicy
from helpdesk.audit import AuditLog
from helpdesk.schedule.teams import TeamForm
from helpdesk.schedule.teams import save as save_team
from helpdesk.single_sign_on.admission import StaffAdmission
from helpdesk.single_sign_on.definition import ProviderDefinition
from helpdesk.single_sign_on.group_rules import parse_rules
from helpdesk.single_sign_on.provider_client import ProviderClient
from helpdesk.single_sign_on.providers import ProviderStore
from helpdesk.web.account.sign_in_page import SignInPage
from helpdesk.web.account.single_sign_on import single_sign_on_routes
from helpdesk.web.admin.providers.routes import provider_routes
from helpdesk.web.shared.access import Guard
from helpdesk.web.shared.pages import Pages
from store.db import Database
from store.models import AuditEntry, SignInProvider
from tests.integration.staff import ORIGIN, House, StaffBrowser, make_house, staff_routes
from tests.oidc_directory import CLIENT, SECRET, Directory

ID = "d" * 32
FACTOR = "/account/second-factor"
BACK = f"{ORIGIN}/signin/with/{ID}/back"
RULES = "support = agent: Orders\nleads = supervisor\nit = admin"
PEOPLE: dict[str, dict[str, Any]] = {
    "mia": {"email": "Mia@Example.org", "email_verified": True, "name": "Mia Berg", "groups": ["support", "leads"]},
    "ada": {"email": "ada@example.org", "email_verified": True, "name": "Ada", "groups": ["it"], "amr": ["pwd", "otp"]},
    "eve": {"email": "mia@example.org", "email_verified": False, "name": "Eve", "groups": ["it"]},
    "zoe": {"email": "mia@example.org", "email_verified": True, "name": "Zoe", "groups": ["support"]},
    "tom": {"email": "tom@shop.example", "name": "Tom", "groups": ["support"]},
    "out": {"email": "out@example.org", "email_verified": True, "name": "Out", "groups": ["canteen"]},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A helpdesk that knows the provider."""

    house: House
    directory: Directory
    providers: ProviderStore

    async def begin(self, browser: StaffBrowser, wanted: str = "/desk") -> str:
        """Click the button; where the browser is sent."""
        response = await browser.get(f"/signin/with/{ID}?next={wanted}")
        assert response.status_code == 303, response.text
        return str(response.headers["location"])

    async def come(
        self, login: str, browser: StaffBrowser | None = None, wanted: str = "/desk"
    ) -> tuple[StaffBrowser, Any]:
        """Sign in as somebody there; the browser and the answer to its coming back."""
        browser = browser or self.house.browser()
        back = await self.directory.sign_in(await self.begin(browser, wanted), login)
        return browser, await browser.get(back.removeprefix(ORIGIN))

    async def signed_in(self, login: str) -> StaffBrowser:
        browser, answer = await self.come(login)
        assert answer.status_code == 303, answer.text
        return browser

    async def redefine(self, **changes: Any) -> None:
        view = await self.providers.load(ID)
        await self.providers.change(ID, replace(view.definition, **changes), None, "Test")

    async def entries(self, action: str) -> list[AuditEntry]:
        async with self.house.db.read() as session:
            found = select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.number)
            return list(await session.scalars(found))


async def make_desk(
    db: Database,
    directory: Directory,
    *,
    policy: FactorPolicy = FactorPolicy.OFF,
    passwords: bool = True,
    own_hosts: tuple[str, ...] | None = None,
    origin: str = ORIGIN,
) -> Desk:
    providers = ProviderStore(db, "k" * 32)
    client = ProviderClient((directory.host,) if own_hosts is None else own_hosts)

    def routes(pages: Pages, guard: Guard) -> Any:
        page = SignInPage(pages=pages, cookies=guard.cookies, providers=providers, passwords=passwords)
        admission = StaffAdmission(db=db, audit=AuditLog(db))
        return [
            *single_sign_on_routes(
                providers=providers, client=client, admission=admission, guard=guard, page=page, origin=origin
            ),
            *staff_routes(db, pages, guard, passwords=passwords),
            *provider_routes(
                providers=providers,
                client=client,
                pages=pages,
                zone=ZoneInfo("Europe/Berlin"),
                origin=ORIGIN,
                passwords=passwords,
            ),
        ]

    house = make_house(db, routes, origin=origin, policy=policy, passwords=passwords, providers=providers)
    await save_team(db, TeamForm(name="Orders"), by="Test")
    definition = ProviderDefinition(
        name="Directory", issuer=directory.issuer, client_id=CLIENT, rules=parse_rules(RULES)
    )
    made = await providers.add(definition, SECRET, "Test")
    async with db.write() as session:
        await session.execute(update(SignInProvider).where(SignInProvider.id == made).values(id=ID, is_on=True))
    return Desk(house=house, directory=directory, providers=providers)
