"""Tags: given on the desk, filtered by, counted, brought together, and gone with their conversation."""

from typing import Any

import pytest

from helpdesk.conversations import Conversations
from helpdesk.conversations.tags import load_tag_figures
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.privacy.erasure import erase
from helpdesk.privacy.export import export_contact
from helpdesk.web.admin.tags.routes import tag_admin_routes
from store.db import Database
from store.models import Conversation, Role, now
from store.settings import Settings
from tests.integration.desk_client import desk_of, waiting
from tests.integration.staff import House, StaffBrowser, make_house, staff_routes


@pytest.fixture
def house(db: Database) -> House:
    return make_house(db, lambda pages, guard: [*staff_routes(db, pages, guard), *tag_admin_routes(db=db, pages=pages)])


@pytest.fixture
def conversations(db: Database) -> Conversations:
    return Conversations(db, ChangeHints(), Settings(_env_file=None))


def names(tags: list[dict[str, Any]]) -> list[str]:
    return [str(tag["name"]) for tag in tags]


async def test_tags_are_given_found_counted_joined_and_erased(
    house: House, admin: StaffBrowser, db: Database, conversations: Conversations
) -> None:
    desk = await desk_of(house)
    one, two = await waiting(conversations), await waiting(conversations, chat_id="visitor-2")

    async def give(conversation_id: str, name: str) -> list[dict[str, Any]]:
        answer = await desk.send(f"conversations/{conversation_id}/tags", {"name": name})
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["tags"]
        return found

    assert names(await give(one, " #Rückfrage ")) == ["Rückfrage"]
    assert names(await give(one, "rueck-frage")) == ["Rückfrage"]
    assert names(await give(one, "Bruch")) == ["Bruch", "Rückfrage"]
    assert names(await give(two, "Glas kaputt")) == ["Glas kaputt"]
    assert (await desk.send(f"conversations/{one}/tags", {"name": "#!"})).json()["error"]["code"] == "tag_name"

    bruch, rueckfrage = (await desk.ask(f"conversations/{one}"))["conversation"]["card"]["tags"]
    [listed] = (await desk.ask(f"conversations?view=open&tag={bruch['id']}"))["conversations"]
    assert (listed["id"], names(listed["tags"])) == (one, ["Bruch", "Rückfrage"])
    assert {"id": bruch["id"], "name": "Bruch"} in (await desk.ask("filters"))["tag"]
    removed = await desk.send(f"conversations/{one}/tags/{rueckfrage['id']}/remove")
    assert names(removed.json()["tags"]) == ["Bruch"]

    [glass] = [one.mark for one in await load_tag_figures(db, now()) if one.mark.name == "Glas kaputt"]
    await give(two, "Bruch")
    joined = await admin.post(f"/admin/api/tags/{glass.id}/save", json={"name": "bruch", "color": "danger"})
    assert joined.status_code == 200
    figures = await load_tag_figures(db, now())
    assert [(tag.mark.name, tag.mark.color, tag.count, tag.open) for tag in figures] == [
        ("bruch", "danger", 2, 2),
        ("Rückfrage", "accent", 0, 0),
    ]
    assert f"/desk?tag={bruch['id']}" in (await admin.get("/admin/tags")).text

    async with db.write() as session:
        contact = (await session.get_one(Conversation, one)).contact_id
    assert (await export_contact(db, contact))["conversations"][0]["tags"] == ["bruch"]
    async with db.write() as session:
        await erase(session, [one])
    assert [tag.count for tag in await load_tag_figures(db, now())] == [1, 0]
    assert (await admin.post(f"/admin/api/tags/{bruch['id']}/remove")).status_code == 200
    assert names((await desk.ask("tags"))["tags"]) == ["Rückfrage"]


@pytest.mark.sqlite_only
async def test_who_only_reads_gives_no_tags(house: House, conversations: Conversations) -> None:
    one = await waiting(conversations)
    reader = await house.signed_in(Role.READER, "rita@example.org", "Rita")
    token = await reader.csrf(house.db)
    answer = await reader.post(
        f"/desk/api/conversations/{one}/tags",
        json={"name": "x"},
        headers={"x-csrf-token": token, "origin": "http://helpdesk.test", "accept": "application/json"},
    )
    assert answer.status_code == 403
