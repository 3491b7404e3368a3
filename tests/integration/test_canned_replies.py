"""Canned replies: entered by admins, brought in as a table, inserted and kept by agents, and never sent half filled."""

import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.contract import FaqEntry
from helpdesk.canned_replies.reply_store import CannedReplies
from helpdesk.conversations import Conversations
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.web.admin.replies.routes import canned_reply_routes
from helpdesk.web.desk.writing_aids import writing_routes
from store.db import Database
from store.models import Agent, Contact, Conversation, Role, Team, TeamMember
from store.settings import Settings
from tests.integration.desk_client import DeskClient, desk_of, waiting
from tests.integration.staff import ORIGIN, House, StaffBrowser, agent_by_email, make_house, staff_routes


class Shelf:
    """A knowledge base with one article, in the language that is asked for."""

    async def search(self, text: str, language: str, *, limit: int = 5) -> list[FaqEntry]:
        return [FaqEntry(article="parcel", question=f"{text}?", answer=f"Antwort ({language})", link="https://h/1")]


@pytest.fixture
def house(db: Database) -> House:
    replies = CannedReplies(db)
    return make_house(
        db,
        lambda pages, guard: [
            *staff_routes(db, pages, guard),
            *canned_reply_routes(replies=replies, pages=pages, zone=ZoneInfo("Europe/Berlin")),
            *writing_routes(replies=replies, faq=Shelf(), pages=pages),
        ],
    )


@pytest.fixture
def conversations(db: Database) -> Conversations:
    return Conversations(db, ChangeHints(), Settings(_env_file=None))


def entered(**changes: Any) -> dict[str, Any]:
    texts = {"de": "Guten Tag {name}, {agent} hier.", "de@informal": "Hallo {first_name}!", "en": "", "fr": ""}
    return {"shortcut": "/Gruss", "title": "Gruß", "texts": texts, "team": ""} | changes


async def named(db: Database, conversation_id: str, name: str | None, **changes: Any) -> None:
    async with db.write() as session:
        conversation = await session.get_one(Conversation, conversation_id)
        for key, value in changes.items():
            setattr(conversation, key, value)
        (await session.get_one(Contact, conversation.contact_id)).name = name


async def offered(desk: DeskClient, conversation_id: str, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await desk.ask(f"conversations/{conversation_id}/replies?q={query}"))["replies"]
    return found


async def join(db: Database, team: str, agent: Agent) -> str:
    async with db.write() as session:
        row = Team(name=team)
        session.add(row)
        await session.flush()
        session.add(TeamMember(team_id=row.id, agent_id=agent.id))
        return row.id


@pytest.mark.sqlite_only
async def test_an_admin_enters_one_and_agents_get_it_filled_in(
    house: House, admin: StaffBrowser, db: Database, conversations: Conversations
) -> None:
    made = await admin.post("/admin/api/replies/new", json=entered())
    assert made.status_code == 201
    assert (await admin.post("/admin/api/replies/new", json=entered())).json()["error"][
        "code"
    ] == "reply_shortcut_taken"
    page = (await admin.get("/admin/replies?q=gruß")).text
    assert "<code>/gruss</code>" in page
    assert "Deutsch (du)" in page

    desk, one = await desk_of(house), await waiting(conversations, "Bestellung LH-2024-88317, wo bleibt sie?")
    await named(db, one, "Eva Berg")
    [reply] = await offered(desk, one, "grus")
    assert (reply["text"], reply["gaps"], reply["other"]) == ("Guten Tag Eva Berg, Mia hier.", [], None)
    await named(db, one, None, formality="du")
    [reply] = await offered(desk, one)
    assert (reply["text"], reply["gaps"]) == ("Hallo ⟨Vorname⟩!", ["Vorname"])
    await named(db, one, None, language="en")
    assert (await offered(desk, one))[0]["other"] == "Deutsch (Sie)"

    refused = await desk.send(
        f"conversations/{one}/messages",
        {"text": "Hallo ⟨Vorname⟩!", "client_id": "x", "epoch": await desk.accept(one)},
    )
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "reply_gap")
    assert "⟨Vorname⟩" in refused.json()["error"]["message"]

    assert (await desk.send(f"replies/{reply['id']}/use")).status_code == 204
    view = await CannedReplies(db).load_shared(made.json()["id"])
    assert (view.uses, view.changed_by) == (1, "Ada")
    changed = entered(title="Anrede", texts={"fr": "Bonjour {name}"})
    assert (await admin.post(f"/admin/api/replies/{view.id}/save", json=changed)).status_code == 200
    assert "Anrede" in (await admin.get(f"/admin/replies/{view.id}")).text
    assert (await admin.post(f"/admin/api/replies/{view.id}/remove")).status_code == 200
    assert await offered(desk, one) == []


async def test_an_agent_keeps_what_is_written_for_oneself_or_a_team(
    house: House, db: Database, conversations: Conversations
) -> None:
    mia, tom = await desk_of(house), await desk_of(house, "Tom")
    one = await waiting(conversations, "Bestellung LH-2024-88317")
    await named(db, one, "Eva Berg")
    team = await join(db, "Versand", await agent_by_email(db, "mia@example.org"))
    other = await join(db, "Technik", await agent_by_email(db, "tom@example.org"))

    async def keep(desk: DeskClient, shortcut: str, scope: str) -> int:
        text = "Liebe Eva Berg, LH-2024-88317 ist unterwegs. Mia, Lampenhaus"
        body = {"shortcut": shortcut, "title": "Unterwegs", "text": text, "scope": scope}
        return (await desk.send(f"conversations/{one}/replies", body)).status_code

    assert await mia.ask("replies/scopes") == {"teams": [{"id": team, "name": "Versand"}], "everybody": False}
    assert [await keep(mia, "weg", scope) for scope in ("me", team, other, "everybody")] == [201, 201, 403, 403]
    assert await keep(mia, "weg", "me") == 422
    mine = await offered(mia, one)
    assert [(reply["is_own"], reply["team"]) for reply in mine] == [(True, None), (False, "Versand")]
    assert await offered(tom, one) == []
    [shown] = await CannedReplies(db).list_shared()
    assert shown.draft.texts == {"de": "Liebe {name}, {number} ist unterwegs. {agent}, {company}"}

    own = next(reply["id"] for reply in mine if reply["is_own"])
    shared = next(reply["id"] for reply in mine if not reply["is_own"])
    assert (await tom.send(f"replies/{own}/drop")).status_code == 404
    assert (await mia.send(f"replies/{shared}/drop")).status_code == 404
    assert (await mia.send(f"replies/{own}/drop")).status_code == 204


@pytest.mark.sqlite_only
async def test_articles_are_found_in_the_conversations_language(
    house: House, db: Database, conversations: Conversations
) -> None:
    desk, one = await desk_of(house), await waiting(conversations)
    await named(db, one, None, language="en")
    found = await desk.ask(f"conversations/{one}/articles?q=Paket")
    assert found["articles"] == [{"key": "parcel", "title": "Paket?", "answer": "Antwort (en)", "link": "https://h/1"}]
    assert (await desk.ask(f"conversations/{one}/articles?q=%20"))["articles"] == []


@pytest.mark.sqlite_only
async def test_a_table_is_taken_along_and_brought_in_whole_or_not_at_all(admin: StaffBrowser, db: Database) -> None:
    await admin.post("/admin/api/replies/new", json=entered())
    table = await admin.get("/admin/replies/export")
    assert re.search(r"canned-replies-.*\.csv", table.headers["content-disposition"])
    replies = CannedReplies(db)

    async def bring(content: str) -> Any:
        headers = {"content-type": "text/csv", "x-csrf-token": await admin.csrf(db), "origin": ORIGIN}
        return (await admin.post("/admin/api/replies/import", content=content.encode(), headers=headers)).json()

    more = table.text.replace("Gruß", "Begrüßung") + '"neu";"Neu";"";"Neuer Text";"";"";"";"0"\n'
    assert await bring(more) == {"added": 1, "changed": 1, "problems": []}
    assert [view.draft.title for view in await replies.list_shared()] == ["Begrüßung", "Neu"]
    refused = await bring("shortcut,title,de\nneuer,Neuer,Text\nx y,X,Text\n")
    assert [problem["row"] for problem in refused["problems"]] == [3]
    assert "Leerzeichen" in refused["problems"][0]["reason"]
    assert len(await replies.list_shared()) == 2


@pytest.mark.sqlite_only
async def test_agents_enter_nothing_on_the_admins_pages(house: House) -> None:
    browser = await house.signed_in(Role.AGENT)
    assert (await browser.get("/admin/replies")).status_code == 403
    keeper = await house.signed_in(Role.SUPERVISOR, "sam@example.org", "Sam")
    assert (await keeper.get("/admin/replies")).status_code == 200
