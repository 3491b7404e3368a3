"""What a private team has, looked for in every way out: whoever may not read it doesn't learn of it."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import select, update
from starlette.applications import Starlette
from starlette.routing import Route

from connectors.contract import Channel
from helpdesk.accounts.keys import make_key
from helpdesk.accounts.roles import has_capability
from helpdesk.app import AppComponents
from helpdesk.conversations import Conversations
from helpdesk.conversations.promises.register import NewPromise
from helpdesk.conversations.visibility import is_visible_to
from helpdesk.delivery.staff_letters import StaffLetters
from helpdesk.events.event_kinds import EventKind
from helpdesk.notifications.devices import add_device
from helpdesk.web.api.keys import Scope
from helpdesk.web.shared.access import Guard, capability_of
from helpdesk.webhooks.webhook_store import WebhookForm
from store.models import (
    Agent,
    Contact,
    Conversation,
    DeliveryStatus,
    DigestInterval,
    Handoff,
    MailDelivery,
    MailKind,
    Notification,
    Promise,
    Rating,
    Role,
    StaffAlert,
    StaffAlertRule,
    Team,
    TeamMember,
    now,
)
from store.tokens import token_hash
from store.triggers import Trigger, TriggerKind
from tests.conversation_driver import PromiseDriver, drive
from tests.fakes.push_service import push_service
from tests.harness import inbound_message
from tests.integration.desk_client import desk_of, heard, opened, waiting
from tests.integration.staff import ORIGIN, House, served
from tests.integration.whole_app import whole_app

NAME, WISH = "Gudrun Geheimrat", "vertraulicher Fall"
ASKED = (Trigger(kind=TriggerKind.ASKED, turns=(), text=WISH),)
SCOPES = tuple(scope for scope in Scope if scope is not Scope.PRIVACY)
KEPT_FROM = ("Jo", "Sue")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A private team with Mia in it, and what it has; Jo and the supervisor Sue aren't members."""

    app: Starlette
    parts: AppComponents
    agents: dict[str, str]
    assigned: str
    queued: str

    @property
    def secrets(self) -> tuple[str, ...]:
        """What tells of a private conversation."""
        return (self.assigned, self.queued, NAME, WISH)

    async def browser(self, name: str) -> httpx.AsyncClient:
        guard: Guard = self.app.state.guard
        token = await guard.sessions.start(self.agents[name])
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app, client=("198.51.100.7", 4711)),
            base_url=ORIGIN,
            cookies={guard.cookies.name("agent"): token},
        )

    async def program(self, name: str | None) -> httpx.AsyncClient:
        agent = self.agents[name] if name else None
        key = await make_key(self.parts.db, f"key of {name}", SCOPES, agent_id=agent)
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app),
            base_url=ORIGIN,
            headers={"authorization": f"Bearer {key}"},
        )


@pytest.fixture
async def scene(database_url: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with whole_app(tmp_path, database_url) as app:
        yield await furnish(app, app.state.parts)


async def furnish(app: Starlette, parts: AppComponents) -> Scene:
    roles = {"Mia": Role.AGENT, "Jo": Role.AGENT, "Sue": Role.SUPERVISOR, "Ada": Role.ADMIN}
    rows = {name: Agent(email=f"{name}@x.org", name=name, role=role, password_hash="x") for name, role in roles.items()}
    async with parts.db.write() as session:
        session.add_all([*rows.values(), Team(id="board", name="Vorstand", private=True)])
        await session.flush()
        agents = {name: row.id for name, row in rows.items()}
        session.add(TeamMember(team_id="board", agent_id=agents["Mia"]))
    await make_key(parts.db, "listener", ["events"])  # events are recorded only where a key may read them
    assigned, queued = await passed_on(parts, "v1"), await passed_on(parts, "v2")
    desk, promises = drive(parts.conversations), PromiseDriver(parts.conversations)
    await desk.accept(assigned, agents["Mia"])
    await promises.make(assigned, agents["Jo"], NewPromise(text=WISH, due_at=now() + timedelta(hours=1)))
    async with parts.db.write() as session:
        await session.execute(update(Promise).values(due_at=now() - timedelta(minutes=5), reminded_at=now()))
        await session.execute(update(Promise).values(broken_at=now()))
        await session.execute(update(Contact).values(name=NAME))
        await session.execute(update(Handoff).values(team_id="board", asked_at=now() - timedelta(minutes=9)))
        session.add(
            Rating(
                conversation_id=assigned,
                channel=Channel.WEBCHAT,
                agent_id=agents["Mia"],
                team_id="board",
                asked_seq=1,
                helped=False,
                rated_at=now(),
            )
        )
    return Scene(app=app, parts=parts, agents=agents, assigned=assigned, queued=queued)


async def passed_on(parts: AppComponents, name: str) -> str:
    """A conversation that waits for a person."""
    desk = drive(parts.conversations)
    conversation_id = (await desk.receive(inbound_message(WISH, name=name))).conversation_id
    await desk.request_handoff(conversation_id, ASKED)
    return conversation_id


def pages_of(scene: Scene, role: Role) -> list[str]:
    """Every address that somebody in this role may get, about a private conversation where one is named."""
    found = []
    for item in scene.app.routes:
        capability = capability_of(item)
        if (
            isinstance(item, Route)
            and capability
            and "GET" in (item.methods or ())
            and has_capability(role, capability)
        ):
            found.append(re.sub(r"\{[^}]*\}", scene.assigned, item.path))
    return [*found, *(f"/desk/api/conversations?view={view}&count=1" for view in ("queue", "open", "all"))]


async def told(browser: httpx.AsyncClient, addresses: list[str], secrets: tuple[str, ...]) -> set[str]:
    """The addresses whose answer says something of a private conversation that wasn't asked with."""
    found = set()
    for address in addresses:
        answer = await browser.get(address)
        assert answer.status_code < 500, (address, answer.text)
        text = answer.text
        if answer.status_code == 200 and any(secret in text for secret in secrets):
            found.add(address)
    return found


async def test_no_page_list_board_or_figure_tells_of_it(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    tried = 0
    for name in KEPT_FROM:
        role = Role.SUPERVISOR if name == "Sue" else Role.AGENT
        async with await scene.browser(name) as browser:
            pages = pages_of(scene, role)
            tried += len(pages)
            assert await told(browser, pages, scene.secrets) == set()
            lists = (await browser.get("/desk/api/conversations?view=all&count=1")).json()
            assert lists["count"] == 0
            assert set(lists["counts"].values()) == {0}
    async with await scene.browser("Mia") as browser:
        found = await told(browser, pages_of(scene, Role.AGENT), scene.secrets)
    assert {f"/desk/api/conversations/{scene.assigned}", "/desk/api/conversations?view=queue&count=1"} <= found
    async with await scene.browser("Ada") as browser:
        found = await told(
            browser, ["/desk/api/live", "/admin/ratings", f"{ORIGIN}/desk/api/conversations"], scene.secrets
        )
    assert {"/desk/api/live", "/admin/ratings"} <= found
    with capsys.disabled():
        print(f"\n{tried} addresses asked for what a private team has")  # noqa: T201


async def api_addresses(scene: Scene) -> list[str]:
    """Every address of the interface for programs that can be got."""
    async with await scene.program(None) as program:
        described = (await program.get("/api/v1/openapi.json")).json()
    paths = [path for path, item in described["paths"].items() if "get" in item]
    found = [re.sub(r"\{[^}]*\}", scene.assigned, path) for path in paths]
    asked = [f"/contacts?conversation={scene.assigned}", *(f"/conversations?view={view}" for view in ("all", "queue"))]
    return [f"/api/v1{path}" for path in (*found, *asked)]


async def test_no_key_of_somebody_elses_reads_it(scene: Scene) -> None:
    addresses = await api_addresses(scene)
    for name in (None, "Jo", "Sue"):
        async with await scene.program(name) as program:
            assert await told(program, addresses, scene.secrets) == set(), name
    async with await scene.program("Mia") as program:
        found = await told(program, addresses, scene.secrets)
    assert {f"/api/v1/conversations/{scene.assigned}", "/api/v1/events", "/api/v1/analytics/ratings"} <= found
    assert f"/api/v1/contacts?conversation={scene.assigned}" in found


async def test_another_conversation_of_the_same_person_does_not_lead_there(scene: Scene) -> None:
    other = (await drive(scene.parts.conversations).receive(inbound_message("Hallo", name="v3"))).conversation_id
    async with scene.parts.db.write() as session:
        await session.execute(update(Contact).values(name="Gudrun"))
        contact = await session.scalar(select(Conversation.contact_id).where(Conversation.id == scene.assigned))
        await session.execute(update(Conversation).where(Conversation.id == other).values(contact_id=contact))
    for name, expected in ((None, set()), ("Jo", set()), ("Mia", {f"/api/v1/conversations/{other}"})):
        async with await scene.program(name) as program:
            assert await told(program, [f"/api/v1/conversations/{other}"], scene.secrets) == expected, name


async def test_no_webhook_is_told_of_it(scene: Scene) -> None:
    parts, desk = scene.parts, drive(scene.parts.conversations)
    store = parts.webhooks.webhooks
    form = WebhookForm(name="crm", address="https://crm.example/hook", kinds=tuple(EventKind), with_text=True)
    webhook, _ = await store.add(form, "Ada")
    await store.switch(webhook, is_on=True, by="Ada")
    everybodys = await passed_on(parts, "v3")
    async with parts.db.write() as session:
        await session.execute(update(Handoff).where(Handoff.conversation_id == everybodys).values(team_id=None))
    for conversation in (scene.queued, everybodys):
        await desk.accept(conversation, scene.agents["Mia"])
    told = b"".join(call.body for call in await parts.webhooks.claim(50)).decode()
    assert "conversation.accepted" in told
    assert everybodys in told
    assert all(secret not in told for secret in (scene.queued, scene.assigned, NAME))
    passed_over = [line for line in await store.load_deliveries(webhook) if line.reason == "private_team"]
    assert {(line.conversation_id, line.status) for line in passed_over} == {(scene.queued, DeliveryStatus.FAILED)}


async def test_no_push_alert_or_mail_tells_of_it(scene: Scene) -> None:
    parts, agents = scene.parts, scene.agents
    async with push_service() as service:
        for name in ("Jo", "Mia"):
            token = await scene.app.state.guard.sessions.start(agents[name])
            device = service.browser(name).subscription
            await add_device(parts.db, agents[name], token_hash(token), device, "Firefox")
        await drive(parts.conversations).note(scene.assigned, agents["Ada"], "@Jo und @Mia, wisst ihr mehr?", "n1")
        jobs = await parts.push.claim(10)
    assert [job.message.content["tag"] for job in jobs] == [f"mention-{scene.assigned}"]
    async with parts.db.write() as session:
        ends = dict(list(await session.execute(select(Notification.agent_id, Notification.reason))))
        reasons = ("waits", "nobody", "promise")
        values: dict[str, Any] = {"channel": Channel.TELEGRAM, "account": "bot", "chat_id": "-1", "reasons": reasons}
        session.add(StaffAlertRule(id=1, minutes=5, is_on=True, with_text=True, **values))
    assert ends[agents["Jo"]] == "private"

    assert await parts.alerts.look()
    assert await parts.alerts.claim(10) == []
    counts = {name: await parts.timeline.counts(agents[name]) for name in ("Jo", "Mia")}
    assert (set(counts["Jo"].values()), counts["Mia"]["queue"]) == ({0}, 1)
    zone = ZoneInfo(parts.settings.time_zone)
    letters = StaffLetters(timeline=parts.timeline, origin=ORIGIN, sender_name=lambda: "Staffel", zone=zone)
    assert await digest(letters, parts, agents["Jo"]) is None
    assert await digest(letters, parts, agents["Mia"]) is not None


async def digest(letters: StaffLetters, parts: AppComponents, agent_id: str) -> object:
    async with parts.db.write() as session:
        (await session.get_one(Agent, agent_id)).mail_digest = DigestInterval.DAILY
        return await letters.compose(session, MailDelivery(kind=MailKind.DIGEST, agent_id=agent_id), now())


async def test_an_alert_on_its_way_ends_when_the_team_has_become_private(scene: Scene) -> None:
    async with scene.parts.db.write() as session:
        await session.execute(update(Team).values(private=False))
        values: dict[str, Any] = {"channel": Channel.TELEGRAM, "account": "bot", "chat_id": "-1", "reasons": ("waits",)}
        session.add(StaffAlertRule(id=1, minutes=5, is_on=True, **values))
    await scene.parts.alerts.look()
    async with scene.parts.db.write() as session:
        await session.execute(update(Team).values(private=True))
    assert await scene.parts.alerts.claim(10) == []
    async with scene.parts.db.read() as session:
        assert set(await session.scalars(select(StaffAlert.status))) == {DeliveryStatus.FAILED}


async def test_whom_it_is_offered_to_reads_it_as_long_as_it_is(scene: Scene) -> None:
    async def visible() -> set[str]:
        async with scene.parts.db.read() as session:
            return set(await session.scalars(select(Conversation.id).where(is_visible_to(scene.agents["Jo"]))))

    assert await visible() == set()
    async with scene.parts.db.write() as session:
        offer = {"offered_to": scene.agents["Jo"], "offered_until": now() + timedelta(minutes=1)}
        await session.execute(update(Handoff).where(Handoff.conversation_id == scene.queued).values(offer))
    assert await visible() == {scene.queued}
    async with scene.parts.db.write() as session:
        await session.execute(update(Handoff).values(offered_until=now()))
    assert await visible() == set()


@pytest.mark.sqlite_only
async def test_an_open_desk_hears_nothing_of_it(house: House, conversations: Conversations) -> None:
    mia, jo = await desk_of(house, "Mia"), await desk_of(house, "Jo")
    private, public = await waiting(conversations, chat_id="v1"), await waiting(conversations, chat_id="v2")
    async with house.db.write() as session:
        session.add(Team(id="board", name="Vorstand", private=True))
        await session.flush()
        member = await session.scalar(select(Agent.id).where(Agent.name == "Mia"))
        session.add(TeamMember(team_id="board", agent_id=str(member)))
        moved = update(Handoff).where(Handoff.conversation_id == private)
        await session.execute(moved.values(team_id="board"))
    live = conversations.live
    acts: list[Callable[[str], Awaitable[Any] | None]] = [
        lambda one: live.changed(one, 7),
        lambda one: live.typing(one, author="contact", name=NAME, on=True),
        lambda one: live.visited(one, agent_id="ada", name="Ada", doing="answer"),
    ]
    async with served(house) as address:
        socket_address = address.replace("http:", "ws:")
        async with opened(socket_address, mia) as hers, opened(socket_address, jo) as his:
            for act in acts:
                act(private)
                act(public)
            for kind in ("conversation", "typing", "here"):
                assert (await heard(hers, type=kind))["id"] == private
                assert (await heard(hers, type=kind))["id"] == public
                assert (await heard(his, type=kind))["id"] == public
