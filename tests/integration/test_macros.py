"""Macros: kept by whom they belong to, and run in one conversation step by step as by hand."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from connectors.contract import Address, Channel, InboundMessage
from helpdesk.audit import AuditLog
from helpdesk.canned_replies.reply import ReplyDraft
from helpdesk.canned_replies.reply_store import CannedReplies
from helpdesk.conversations import Conversations
from helpdesk.macros.macro_run import MacroRuns
from helpdesk.macros.macro_store import Macros
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.views.timeline import Timeline
from helpdesk.web.admin.macros.routes import macro_admin_routes
from helpdesk.web.desk.macros import macro_routes
from store.db import Database
from store.models import (
    AuditEntry,
    Contact,
    Conversation,
    Handoff,
    HeldAction,
    HeldKind,
    MacroRecord,
    Message,
    MessageKind,
    Role,
    Team,
    TeamMember,
    new_id,
    now,
)
from store.settings import Settings
from store.status import Status
from tests.conversation_driver import drive
from tests.integration.desk_client import DeskClient, desk_of, waiting
from tests.integration.staff import ORIGIN, House, StaffBrowser, agent_by_email, make_house, staff_routes

UNDO = Settings(undo_seconds=5, company="Lampenhaus", _env_file=None)


@pytest.fixture
def conversations(db: Database) -> Conversations:
    return Conversations(db, ChangeHints(), UNDO)


@pytest.fixture
def house(db: Database, conversations: Conversations) -> House:
    replies, macros = CannedReplies(db), Macros(db, AuditLog(db))
    zone = ZoneInfo("Europe/Berlin")
    return make_house(
        db,
        lambda pages, guard: [
            *staff_routes(db, pages, guard),
            *macro_admin_routes(macros=macros, replies=replies, pages=pages, zone=zone),
            *macro_routes(
                runs=MacroRuns(macros, replies, conversations),
                timeline=Timeline(db, time_zone="Europe/Berlin"),
                pages=pages,
            ),
        ],
    )


def step(kind: str, text: str = "", choice: str = "") -> dict[str, str]:
    return {"kind": kind, "text": text, "choice": choice}


def entered(*steps: dict[str, str], name: str = "Erledigt", scope: str = "everybody") -> dict[str, Any]:
    return {"name": name, "scope": scope, "steps": list(steps)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Mia's desk with a conversation of hers, as she sees it."""

    client: DeskClient
    db: Database
    conversation: str
    epoch: int

    async def enter(self, *steps: dict[str, str], name: str = "Erledigt") -> dict[str, Any]:
        """A macro of everybody's with what it would do here."""
        async with self.db.write() as session:
            row = MacroRecord(name=name, steps={"steps": list(steps)}, changed_by="Ada")
            session.add(row)
        return next(one for one in await self.preview() if one["name"] == name)

    async def preview(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.client.ask(f"conversations/{self.conversation}/macros"))["macros"]
        return found

    async def run(self, macro: dict[str, Any], **changes: Any) -> Any:
        seq = await self.last_seq()
        seen = {"run": new_id(), "revision": macro["revision"], "epoch": self.epoch, "seq": seq} | changes
        return await self.client.send(f"conversations/{self.conversation}/macros/{macro['id']}", seen)

    async def outcome(self, macro: dict[str, Any], **changes: Any) -> tuple[int, str | None]:
        """How many steps were taken, and the code of what stopped it."""
        answer = await self.run(macro, **changes)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        return body["done"], (body["refused"] or {}).get("code")

    async def last_seq(self) -> int:
        async with self.db.read() as session:
            return (await session.get_one(Conversation, self.conversation)).last_seq

    async def row(self) -> Conversation:
        async with self.db.read() as session:
            return await session.get_one(Conversation, self.conversation)

    async def held(self) -> list[tuple[HeldKind, str]]:
        async with self.db.read() as session:
            rows = await session.scalars(select(HeldAction).order_by(HeldAction.created_at, HeldAction.id))
            return [(one.kind, one.text) for one in rows]

    async def notes(self) -> list[str]:
        async with self.db.read() as session:
            return list(await session.scalars(select(Message.text).where(Message.kind == MessageKind.NOTE)))

    async def tags(self) -> list[str]:
        detail = await self.client.ask(f"conversations/{self.conversation}")
        return [tag["name"] for tag in detail["conversation"]["card"]["tags"]]


async def mia_of(desk: Desk) -> str:
    return (await agent_by_email(desk.db, "mia@example.org")).id


async def write(conversations: Conversations, text: str) -> None:
    address = Address(channel=Channel.WEBCHAT, account="main", chat_id="visitor-1")
    await drive(conversations).receive(
        InboundMessage(address=address, contact_id="visitor-1", external_id=text, text=text)
    )


@pytest.fixture
async def desk(house: House, conversations: Conversations, db: Database) -> Desk:
    client, one = await desk_of(house), await waiting(conversations, "Wo bleibt LH-2024-88317?")
    async with db.write() as session:
        conversation = await session.get_one(Conversation, one)
        (await session.get_one(Contact, conversation.contact_id)).name = "Eva Berg"
    return Desk(client=client, db=db, conversation=one, epoch=await client.accept(one))


async def test_every_step_is_taken_in_its_order_and_counted(desk: Desk) -> None:
    reply = await CannedReplies(desk.db).add(
        ReplyDraft(shortcut="weg", title="Unterwegs", texts={"de": "Guten Tag {name}, {number} kommt. {agent}"}),
        by="Ada",
    )
    await desk.client.send(f"conversations/{desk.conversation}/tags", {"name": "Offen"})
    macro = await desk.enter(
        step("answer", choice=reply),
        step("note", "{first_name} hat eine Antwort."),
        step("remove_tag", "offen"),
        step("remove_tag", "Gab es nie"),
        step("add_tag", "Versand"),
        step("resolve"),
    )
    words = "Guten Tag Eva Berg, LH-2024-88317 kommt. Mia"
    assert [one["problem"] for one in macro["steps"]] == [None] * 6
    assert (macro["steps"][0]["text"], macro["steps"][0]["is_undoable"]) == (words, True)
    assert (await desk.held(), await desk.tags()) == ([], ["Offen"])  # a preview changes nothing

    assert await desk.outcome(macro) == (6, None)
    assert await desk.held() == [(HeldKind.ANSWER, words), (HeldKind.RESOLUTION, "")]
    assert (await desk.notes(), await desk.tags()) == (["Eva hat eine Antwort."], ["Versand"])
    async with desk.db.read() as session:
        assert (await session.get_one(MacroRecord, macro["id"])).uses == 1
    assert (await CannedReplies(desk.db).load_shared(reply)).uses == 1


@pytest.mark.sqlite_only
async def test_a_run_that_is_tried_again_sends_and_notes_nothing_twice(desk: Desk) -> None:
    macro = await desk.enter(step("answer", "Danke!"), step("note", "Bedankt."), step("add_tag", "Lob"))
    again = {"run": new_id()}
    assert await desk.outcome(macro, **again) == (3, None)
    assert await desk.outcome(macro, **again) == (3, None)
    assert (await desk.held(), await desk.notes()) == ([(HeldKind.ANSWER, "Danke!")], ["Bedankt."])


@pytest.mark.sqlite_only
async def test_it_stops_where_a_step_is_refused_and_says_which_were_taken(desk: Desk) -> None:
    macro = await desk.enter(step("add_tag", "Wartet"), step("snooze", choice="hours"))
    assert [bool(one["problem"]) for one in macro["steps"]] == [False, True]
    body = (await desk.run(macro)).json()
    assert (body["done"], body["refused"]["code"]) == (1, "snooze_waiting")
    assert body["conversation"]["card"]["id"] == desk.conversation
    assert (await desk.tags(), (await desk.row()).snoozed_until) == (["Wartet"], None)


@pytest.mark.parametrize(
    ("kind", "text"), [("answer", "Alles Gute!"), ("resolve", ""), ("snooze", "")], ids=["answer", "resolve", "snooze"]
)
async def test_a_line_that_the_agent_has_not_read_is_read_first(
    desk: Desk, conversations: Conversations, kind: str, text: str
) -> None:
    await drive(conversations).answer(desk.conversation, await mia_of(desk), desk.epoch, "Kommt morgen.", "a1")
    choice = "hours" if kind == "snooze" else ""
    macro, seen = await desk.enter(step("add_tag", "Neu"), step(kind, text, choice)), await desk.last_seq()
    await write(conversations, "Halt, die Lampe ist kaputt!")
    done, code = await desk.outcome(macro, seq=seen)
    assert done == 1
    assert code in {"new_line", "snooze_waiting"}
    assert await desk.held() == []
    assert (await desk.row()).status is Status.ASSIGNED


@pytest.mark.sqlite_only
async def test_text_is_handed_to_the_agents_own_field_and_not_sent(desk: Desk) -> None:
    macro = await desk.enter(step("insert", "Guten Tag {name},"), step("add_tag", "Begonnen"))
    answer = (await desk.run(macro)).json()
    assert (answer["done"], answer["insert"]) == (2, "Guten Tag Eva Berg,")
    assert await desk.held() == []


async def test_putting_off_sends_what_is_held_before(desk: Desk) -> None:
    macro = await desk.enter(step("answer", "Ich frage nach."), step("snooze", choice="tomorrow"))
    assert [one["is_undoable"] for one in macro["steps"]] == [False, False]
    assert await desk.outcome(macro) == (2, None)
    assert await desk.held() == []
    until = (await desk.row()).snoozed_until
    assert until is not None
    assert until.astimezone(ZoneInfo("Europe/Berlin")).hour == 9
    async with desk.db.read() as session:
        assert await session.scalar(select(Message.id).where(Message.text == "Ich frage nach.")) is not None


async def test_it_is_handed_to_a_team_or_offered_to_a_colleague(desk: Desk, house: House) -> None:
    await desk_of(house, "Tom")
    tom = (await agent_by_email(desk.db, "tom@example.org")).id
    async with desk.db.write() as session:
        team = Team(name="Versand")
        session.add(team)
    offer = await desk.enter(step("agent", choice=tom), name="An Tom")
    assert [(one["name"], one["is_away"]) for one in offer["steps"]] == [("Tom", True)]
    assert await desk.outcome(offer) == (1, None)
    async with desk.db.read() as session:
        assert await session.scalar(select(Handoff.offered_to)) == tom
    assert (await desk.row()).status is Status.ASSIGNED

    hand = await desk.enter(step("note", "Bitte übernehmen"), step("team", choice=team.id), name="An den Versand")
    assert await desk.outcome(hand) == (2, None)
    async with desk.db.read() as session:
        assert await session.scalar(select(Handoff.team_id)) == team.id
    assert (await desk.row()).status is Status.QUEUED
    assert await desk.outcome(hand) == (0, "macro_overtaken")


@pytest.mark.sqlite_only
async def test_who_has_no_answer_is_closed_with_a_reason_only(desk: Desk) -> None:
    bare = await desk.enter(step("resolve"), name="Zu")
    assert await desk.outcome(bare) == (0, "macro_unanswered")
    reasoned = await desk.enter(step("resolve", choice="spam"), name="Spam")
    assert await desk.outcome(reasoned) == (1, None)
    assert await desk.held() == [(HeldKind.RESOLUTION, "Ohne Antwort abgeschlossen: Spam oder ein Versehen")]


async def test_nothing_runs_on_what_the_agent_did_not_see(desk: Desk, conversations: Conversations) -> None:
    macro = await desk.enter(step("add_tag", "x"))
    refused = await desk.run(macro, revision=macro["revision"] + 1)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "macro_changed")
    assert await desk.outcome(macro, epoch=desk.epoch - 1) == (0, "macro_overtaken")
    await drive(conversations).release(desk.conversation, await mia_of(desk))
    assert await desk.outcome(macro) == (0, "macro_overtaken")
    assert await desk.tags() == []
    async with desk.db.read() as session:
        assert (await session.get_one(MacroRecord, macro["id"])).uses == 0


@pytest.mark.sqlite_only
async def test_in_a_colleagues_conversation_one_tags_and_notes_but_answers_nothing(desk: Desk, house: House) -> None:
    tom = await desk_of(house, "Tom")
    macro = await desk.enter(step("add_tag", "x"), step("note", "Gesehen"), step("answer", "Hallo"))
    others = Desk(client=tom, db=desk.db, conversation=desk.conversation, epoch=desk.epoch)
    assert await others.outcome(macro) == (2, "macro_not_mine")
    assert (await desk.held(), await desk.notes()) == ([], ["Gesehen"])


async def test_an_admin_keeps_those_of_everybody_and_changes_are_in_the_audit_log(
    house: House, admin: StaffBrowser, db: Database
) -> None:
    made = await admin.post("/admin/api/macros/new", json=entered(step("note", "Geheim"), step("resolve")))
    assert made.status_code == 201, made.text
    macro = made.json()["id"]
    again = await admin.post("/admin/api/macros/new", json=entered(step("note", "x"), name="ERLEDIGT"))
    assert (again.status_code, again.json()["error"]["code"]) == (422, "macro_name_taken")
    page = (await admin.get("/admin/macros")).text
    assert "Erledigt" in page
    assert "Geheim" in (await admin.get(f"/admin/macros/{macro}")).text
    change = entered(step("note", "Anders"), name="Neu") | {"revision": 1}
    assert (await admin.post(f"/admin/api/macros/{macro}/save", json=change)).status_code == 200
    late = await admin.post(f"/admin/api/macros/{macro}/save", json=change)
    assert (late.status_code, late.json()["error"]["code"]) == (409, "macro_changed")
    assert (await admin.post(f"/admin/api/macros/{macro}/remove")).status_code == 200
    assert (await admin.get(f"/admin/macros/{macro}")).status_code == 404
    async with db.read() as session:
        rows = await session.scalars(select(AuditEntry).where(AuditEntry.action.like("macros.%")))
        entries = [(one.action, one.actor_name, one.subject, one.after) for one in rows]
    assert entries == [
        ("macros.new", "Ada", macro, {"steps": "note resolve", "for": "everybody"}),
        ("macros.save", "Ada", macro, {"steps": "note", "for": "everybody"}),
        ("macros.remove", "Ada", macro, {"steps": "note", "for": "everybody"}),
    ]


@pytest.mark.sqlite_only
async def test_agents_keep_their_own_and_nobody_elses(house: House, admin: StaffBrowser, db: Database) -> None:
    mia, tom = await desk_of(house), await desk_of(house, "Tom")

    async def send(desk: DeskClient, path: str, body: object = None) -> int:
        headers = {"accept": "application/json", "x-csrf-token": desk.csrf, "origin": ORIGIN}
        answer = await desk.browser.post(f"/admin/api/macros/{path}", json=body or {}, headers=headers)
        return answer.status_code

    shared = (await admin.post("/admin/api/macros/new", json=entered(step("note", "x"), name="Alle"))).json()["id"]
    assert await send(mia, "new", entered(step("note", "x"))) == 403
    assert await send(mia, "new", entered(step("note", "x"), scope="me")) == 201
    assert {one["name"] for one in (await mia.ask("macros"))["macros"]} == {"Alle", "Erledigt"}
    assert [one["name"] for one in (await tom.ask("macros"))["macros"]] == ["Alle"]
    async with db.read() as session:
        own = await session.scalar(select(MacroRecord.id).where(MacroRecord.owner != ""))
    assert "Alle" not in (await mia.browser.get("/admin/macros")).text
    assert (await admin.get(f"/admin/macros/{own}")).status_code == 404
    change = entered(step("note", "y"), scope="me") | {"revision": 1}
    for desk, macro, status in ((tom, own, 404), (mia, shared, 404), (mia, own, 200)):
        assert await send(desk, f"{macro}/save", change) == status
    assert await send(tom, f"{own}/remove") == 404
    assert await send(mia, f"{own}/save", entered(step("note", "y")) | {"revision": 2}) == 403
    assert await send(mia, f"{own}/remove") == 200


@pytest.mark.sqlite_only
@pytest.mark.parametrize("role", [Role.READER, Role.EDITOR])
async def test_who_answers_nobody_has_no_macros(house: House, role: Role) -> None:
    browser = await house.signed_in(role, "rita@example.org", "Rita")
    assert (await browser.get("/admin/macros")).status_code == 403
    assert (await browser.get("/desk/api/macros", headers={"accept": "application/json"})).status_code == 403


@pytest.mark.sqlite_only
async def test_a_teams_macros_are_its_members(desk: Desk, house: House) -> None:
    async with desk.db.write() as session:
        versand, technik = Team(name="Versand"), Team(name="Technik")
        session.add_all([versand, technik])
    mia = (await agent_by_email(desk.db, "mia@example.org")).id
    async with desk.db.write() as session:
        session.add(TeamMember(team_id=versand.id, agent_id=mia))
    for name, team in (("Paket", versand.id), ("Kabel", technik.id)):
        async with desk.db.write() as session:
            steps = {"steps": [step("note", "x")]}
            session.add(MacroRecord(name=name, steps=steps, team_id=team, changed_by="Ada", used_at=now()))
    assert [(one["name"], one["team"]) for one in await desk.preview()] == [("Paket", "Versand")]
    async with desk.db.read() as session:
        foreign = await session.scalar(select(MacroRecord.id).where(MacroRecord.name == "Kabel"))
    assert (await desk.run({"id": foreign, "revision": 1})).status_code == 404
