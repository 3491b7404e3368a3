"""Who is here: who looks at a conversation and writes in it, and whether an agent is there at all."""

import asyncio
import json
from datetime import timedelta

import pytest
from websockets.exceptions import ConnectionClosed

from helpdesk.accounts.agents import add_agent
from helpdesk.accounts.invitations import first_admin_link
from helpdesk.conversations import ONLINE_FOR, Conversations
from helpdesk.observability.change_hints import AgentVisit, ChangeHints, Typing, topic_of
from helpdesk.web.desk import socket as desk_socket
from store.models import Agent, Availability, Role, now
from tests.harness import eventually
from tests.integration.desk_client import desk_of, heard, opened, waiting
from tests.integration.staff import House, agent_by_email, served
from tests.statements import sent_to

pytestmark = pytest.mark.sqlite_only


async def test_colleagues_see_who_looks_and_who_writes_without_a_statement(
    house: House, conversations: Conversations
) -> None:
    mia, jo = await desk_of(house, "Mia"), await desk_of(house, "Jo")
    conversation_id = await waiting(conversations)
    async with served(house, "ws") as address, opened(address, mia) as mias, opened(address, jo) as jos:
        await asyncio.sleep(0)
        with sent_to(house.db) as sent:
            for doing in ("look", "note"):
                await mias.send(json.dumps({"type": "here", "id": conversation_id, "doing": doing}))
                frame = await heard(jos, type="here", doing=doing)
                assert (frame["id"], frame["name"]) == (conversation_id, "Mia")
        assert not [statement for statement in sent if "conversations" in statement]
        await jos.send(json.dumps({"type": "here", "id": conversation_id, "doing": "answer"}))
        assert (await heard(mias, type="here"))["name"] == "Jo", "one isn't told of oneself"
        await mias.close()
        assert (await heard(jos, type="here", doing="gone"))["name"] == "Mia"


@pytest.mark.parametrize(
    "frame", [{"id": "x", "doing": "steal"}, {"id": 7, "doing": "look"}, {"id": "x" * 65, "doing": "look"}]
)
async def test_a_page_that_says_odd_things_of_itself_is_closed(house: House, frame: dict[str, object]) -> None:
    desk = await desk_of(house)
    async with served(house, "ws") as address, opened(address, desk) as socket:
        await socket.send(json.dumps({"type": "here", **frame}))
        with pytest.raises(ConnectionClosed) as ended:
            await asyncio.wait_for(heard(socket, type="never"), 5)
    assert ended.value.rcvd is not None
    assert ended.value.rcvd.code == 4400


async def test_customers_hear_nothing_of_who_looks(live: ChangeHints) -> None:
    async with live.subscribe(topic_of("c1")) as customers:
        live.visited("c1", agent_id="a", name="Mia", doing="note")
        live.typing("c1", author="agent", name="Mia", on=True)
        assert isinstance(await customers.next(), Typing)


async def test_visits_of_two_agents_are_told_apart(live: ChangeHints) -> None:
    async with live.subscribe("desk") as screen:
        live.visited("c1", agent_id="a", name="Mia", doing="look")
        live.visited("c1", agent_id="b", name="Jo", doing="look")
        live.visited("c1", agent_id="a", name="Mia", doing="note")
        found = [await screen.next(), await screen.next()]
    assert [(hint.name, hint.doing) for hint in found if isinstance(hint, AgentVisit)] == [
        ("Jo", "look"),
        ("Mia", "note"),
    ]


async def test_a_computer_that_was_closed_without_a_word_is_gone(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its connection stands: only answers of the page make an agent present."""
    monkeypatch.setattr(desk_socket, "PRESENT_EVERY", 0.1)
    monkeypatch.setattr(desk_socket, "SILENT_FOR", 0.5)
    assert ONLINE_FOR.total_seconds() > desk_socket.PRESENT_EVERY + desk_socket.SILENT_FOR
    desk = await desk_of(house)

    async def seen_at() -> Agent:
        return await agent_by_email(house.db, "mia@example.org")

    async with served(house, "ws") as address, opened(address, desk) as socket:
        first = (await seen_at()).last_seen_at
        for _ in range(2):
            await heard(socket, type="ask")
            await socket.send(json.dumps({"type": "present"}))
        await heard(socket, type="ask")
        last = (await seen_at()).last_seen_at
        assert first is None or (last is not None and last > first)
        with pytest.raises(ConnectionClosed):
            await asyncio.wait_for(heard(socket, type="never"), 20)
    assert (await seen_at()).last_seen_at == last, "a page that doesn't answer makes nobody present"


async def test_nobody_is_shown_as_writing_who_has_given_it_away(
    house: House, conversations: Conversations, live: ChangeHints
) -> None:
    mia, jo = await desk_of(house, "Mia"), await desk_of(house, "Jo")
    conversation_id = await waiting(conversations)
    await mia.accept(conversation_id)
    assert (await jo.send(f"conversations/{conversation_id}/typing", {"on": True})).status_code == 403
    async with live.subscribe(topic_of(conversation_id)) as customer:
        await mia.send(f"conversations/{conversation_id}/typing", {"on": True})
        await mia.send(f"conversations/{conversation_id}/release")
        last: Typing | None = None
        while last is None or last.on:
            hint = await asyncio.wait_for(customer.next(), 5)
            last = hint if isinstance(hint, Typing) and hint.author == "agent" else last


async def test_who_looks_after_the_installation_takes_no_conversation_until_they_say_so(
    house: House, conversations: Conversations
) -> None:
    await first_admin_link(house.db, "http://helpdesk.test")
    ada = await add_agent(house.db, "ada@example.org", "Ada", Role.ADMIN)
    assert ada.availability == Availability.LOOKING
    async with house.db.write() as session:
        agent = await session.get_one(Agent, ada.id)
        agent.last_seen_at = now() + timedelta(minutes=1)
    desk = await desk_of(house)
    assert (await desk.ask("conversations"))["agents_online"] == 0
    (seen,) = (await desk.ask("agents"))["agents"]
    assert seen["availability"] == "looking"
    page = (await desk.browser.get("/desk")).text
    assert 'value="looking"' not in page, "an agent is away, or is not"

    async def is_counted() -> bool:
        return bool((await desk.ask("conversations"))["agents_online"])

    async with house.db.write() as session:
        (await session.get_one(Agent, ada.id)).availability = Availability.ONLINE
    await eventually(is_counted, "the admin takes conversations")
