"""Follow-ups by the desk's API: looked at, planned, changed and called off, and refused where they must be."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk.conversations import Conversations
from helpdesk.observability.change_hints import ChangeHints
from store.db import Database
from store.models import FollowUp, now
from store.settings import Settings
from tests.integration.desk_client import DeskClient, desk_of, waiting
from tests.integration.staff import House, make_house, staff_routes

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def house(db: Database) -> House:
    return make_house(db, lambda pages, guard: [*staff_routes(db, pages, guard)])


@pytest.fixture
def conversations(db: Database) -> Conversations:
    return Conversations(db, ChangeHints(), Settings(_env_file=None))


def in_days(days: int) -> str:
    return (now().date() + timedelta(days=days)).isoformat()


async def refused(desk: DeskClient, path: str, body: object = None) -> int:
    """The status of what must not work, with a sentence for the agent."""
    answer = await desk.send(path, body)
    assert answer.json()["error"]["message"]
    return answer.status_code


async def test_an_agent_looks_plans_changes_and_calls_off(
    house: House, db: Database, conversations: Conversations
) -> None:
    desk = await desk_of(house)
    one = await waiting(conversations)
    await desk.accept(one)
    path = f"conversations/{one}/follow-up"

    outlook = await desk.ask(f"{path}/outlook?day={in_days(4)}")
    assert outlook["question"]
    assert outlook["reach"]["way"] == "chat_only"
    planned = await desk.send(path, {"day": in_days(4), "text": "Ist das Paket da?"})
    assert planned.status_code == 201, planned.text
    assert planned.json()["state"] == "planned"
    async with db.read() as session:
        assert await session.scalar(select(FollowUp.text)) == "Ist das Paket da?"
    changed = await desk.send(path, {"day": in_days(9), "text": ""})
    assert changed.json()["due_at"] > planned.json()["due_at"]
    ended = await desk.send(f"{path}/call-off")
    assert ended.json()["state"] == "called_off"
    assert await refused(desk, f"{path}/call-off") in {404, 409}


async def test_what_is_no_day_and_whose_conversation_it_is_not_are_refused(
    house: House, db: Database, conversations: Conversations
) -> None:
    mia, ben = await desk_of(house), await desk_of(house, "Ben")
    one = await waiting(conversations)
    await mia.accept(one)
    path = f"conversations/{one}/follow-up"

    for day in (in_days(-1), in_days(400)):
        assert await refused(mia, path, {"day": day}) == 422
    assert await refused(mia, path, {"day": "morgen"}) == 422
    assert await refused(mia, path, {"day": in_days(4), "text": "x" * 2_000}) == 422
    assert await refused(mia, path, {"day": in_days(4), "until": in_days(5)}) == 422
    assert await refused(ben, path, {"day": in_days(4)}) in {403, 409}
    assert await refused(mia, "conversations/unknown/follow-up", {"day": in_days(4)}) == 404
    async with db.read() as session:
        assert await session.scalar(select(FollowUp.id)) is None
