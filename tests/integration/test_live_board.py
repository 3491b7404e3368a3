"""The supervisor's page: all queues and agents at once, taking over, assigning, whispering, the day's load."""

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect
from sqlalchemy import select, update

from helpdesk.accounts.agents import add_agent
from helpdesk.conversations import Conversations
from helpdesk.queue.staffing import StaffingCounter, quarter_of
from helpdesk.views.live_board import LiveBoards, load_hours
from store.db import Database
from store.models import Agent, Conversation, Handoff, Message, MessageKind, Promise, Role, Team, now
from tests.conversation_driver import drive
from tests.integration.desk_client import DeskClient, desk_of, heard, opened, waiting
from tests.integration.staff import PASSWORD, House, StaffBrowser, agent_by_email, served
from tests.integration.staff_windows import check, window
from tests.statements import sent_to

if TYPE_CHECKING:
    from playwright.async_api import Browser

MAX_STATEMENTS = 9  # of one look, the beginning of its transaction included


async def be_here(db: Database) -> None:
    async with db.write() as session:
        await session.execute(update(Agent).values(last_seen_at=now()))


def desk_of_admin(house: House, admin: StaffBrowser) -> DeskClient:
    return DeskClient(house, admin, admin.headers["x-csrf-token"])


async def test_the_board_has_everybody_and_costs_the_same_for_all_who_look(
    house: House, admin: StaffBrowser, conversations: Conversations
) -> None:
    mia = await desk_of(house, "Mia")
    await be_here(house.db)
    waits = await waiting(conversations, chat_id="v1")
    has = await waiting(conversations, chat_id="v2")
    async with house.db.write() as session:
        session.add(Team(id="t1", name="Versand"))
        await session.flush()
        for handoff in await session.scalars(select(Handoff)):
            handoff.team_id, handoff.asked_at = "t1", now() - timedelta(minutes=10)
    await mia.accept(has)
    async with house.db.write() as session:
        await session.execute(update(Promise).values(due_at=now() - timedelta(minutes=1)))
    desk = desk_of_admin(house, admin)
    board = await desk.ask("live")
    assert [card["id"] for card in board["waiting"]] == [waits]
    (row,) = [agent for agent in board["agents"] if agent["name"] == "Mia"]
    assert row["presence"] == "online"
    assert [one["card"]["id"] for one in row["conversations"]] == [has]
    assert row["conversations"][0]["unanswered_since"] is not None
    (ada,) = [agent for agent in board["agents"] if agent["name"] == "Ada"]
    assert ada["presence"] == "looking"
    team = board["teams"][0]
    assert (team["name"], team["waiting"], team["online"], team["accepted"]) == ("Versand", 1, 1, 1)
    assert 590 < team["wait_median_seconds"] < 700
    assert board["overdue"]
    boards = LiveBoards(house.db, time_zone="Europe/Berlin")
    with sent_to(house.db) as sent:
        await asyncio.gather(*(boards.look(ada["id"]) for _ in range(5)))
    assert 0 < sent.total() <= MAX_STATEMENTS, sent.most_common()


async def test_agents_do_not_see_the_board(house: House, conversations: Conversations) -> None:
    mia, conversation_id = await desk_of(house), await waiting(conversations)
    assert (await mia.browser.get("/desk/live")).status_code == 403
    assert (await mia.send(f"conversations/{conversation_id}/take-over")).status_code == 403
    assert "/desk/live" not in (await mia.browser.get("/desk")).text


async def test_taking_over_assigning_and_whispering(
    house: House, admin: StaffBrowser, conversations: Conversations
) -> None:
    ada, mia = desk_of_admin(house, admin), await desk_of(house, "Mia")
    await be_here(house.db)
    conversation_id = await waiting(conversations)
    mias = (await agent_by_email(house.db, "mia@example.org")).id
    answer = await ada.send(f"conversations/{conversation_id}/whisper", {"text": "Psst", "client_id": "w0000001"})
    assert answer.status_code == 409, "nobody is there to be whispered to"
    assert (await ada.send(f"conversations/{conversation_id}/assign", {})).status_code == 422
    assigned = await ada.send(f"conversations/{conversation_id}/assign", {"to": mias})
    assert assigned.status_code == 200, assigned.text
    (offered,) = (await mia.ask("conversations"))["offers"]
    assert (offered["id"], offered["offered_because"]) == (conversation_id, ["assigned"])
    await mia.accept(conversation_id)
    async with served(house, "ws") as address, opened(address, mia) as socket:
        text = {"text": "Biete einen Gutschein an.", "client_id": "w0000002"}
        whispered = await ada.send(f"conversations/{conversation_id}/whisper", text)
        assert whispered.status_code == 201, whispered.text
        assert await heard(socket, type="whisper") == {"type": "whisper", "id": conversation_id, "name": "Ada"}
    line = (await mia.ask(f"conversations/{conversation_id}"))["lines"][-1]
    assert (line["kind"], line["whisper"], line["name"]) == ("note", True, "Ada")
    async with house.db.read() as session:
        note = (await session.scalars(select(Message).where(Message.kind == MessageKind.NOTE))).one()
        assert not await session.scalar(select(Message.id).where(Message.text == note.text, Message.kind != note.kind))
    taken = await ada.send(f"conversations/{conversation_id}/take-over")
    assert taken.status_code == 200, taken.text
    async with house.db.read() as session:
        conversation = await session.get_one(Conversation, conversation_id)
        assert conversation.agent_id != mias
        told = await session.scalar(select(Message.text).order_by(Message.seq.desc()).limit(1))
    assert told is not None
    assert "Ada" in told
    again = await ada.send(f"conversations/{conversation_id}/take-over")
    assert again.status_code == 200, "whoever has it already changes nothing"


@pytest.mark.sqlite_only
async def test_the_load_of_the_day_is_held_against_who_was_there(house: House, conversations: Conversations) -> None:
    zone = ZoneInfo("Europe/Berlin")
    await add_agent(house.db, "mia@example.org", "Mia", Role.AGENT)
    await be_here(house.db)
    counter, at = StaffingCounter(house.db), quarter_of(now())
    for _ in range(2):
        await counter.count(at)
    await waiting(conversations)
    async with house.db.read() as session:
        hours = await load_hours(session, now(), zone)
        later = await load_hours(session, now() + timedelta(days=7), zone)
    this_hour = at.astimezone(zone).hour
    assert len(hours) == 24
    assert hours[this_hour].online_today == 1
    assert sum(hour.came_today for hour in hours) == 1
    assert sum(hour.came_usually for hour in later) == 1 / 4
    assert later[this_hour].online_usually == 1
    await counter.count(at + timedelta(days=61))
    async with house.db.read() as session:
        assert (await load_hours(session, now(), zone))[this_hour].online_today is None, "counts have an end date"


@pytest.mark.browser
@pytest.mark.sqlite_only
async def test_a_supervisor_watches_whispers_and_takes_over_in_the_browser(
    house: House, conversations: Conversations, browser: "Browser"
) -> None:
    await add_agent(house.db, "ada@example.org", "Ada", Role.ADMIN, password=PASSWORD)
    mia = await add_agent(house.db, "mia@example.org", "Mia", Role.AGENT, password=PASSWORD)
    has = await waiting(conversations, chat_id="v1")
    await waiting(conversations, chat_id="v2")
    await drive(conversations).accept(has, mia.id)
    async with (
        served(house) as address,
        window(browser, address, "mia@example.org") as mias,
        window(browser, address, "ada@example.org") as adas,
    ):
        await mias.goto(f"/desk?conversation={has}")
        await mias.wait_for_selector("#line-2")
        await expect(adas.locator("#only-looking")).to_be_visible()
        await adas.goto(f"/desk?conversation={has}")
        await expect(mias.locator("#here")).to_contain_text("Ada sieht sich das an")
        await expect(adas.locator("#here")).to_contain_text("Mia sieht sich das an")
        await mias.locator("#text").press_sequentially("Ich sehe nach")
        await expect(adas.locator("#here")).to_contain_text("Mia schreibt eine Antwort")
        await adas.get_by_role("link", name="Live").click()
        await expect(mias.locator("#here")).to_be_hidden()
        await expect(adas.locator("#waiting li")).to_have_count(1)
        await expect(adas.locator("#agents")).to_contain_text("Mia")
        await check(adas)
        await adas.locator("#agents [data-act=whisper]").click()
        await adas.keyboard.type("Biete einen Gutschein an.")
        await adas.locator("#whisper-form button").click()
        await expect(mias.locator("#whisper")).to_contain_text("Ada hat einen Hinweis")
        await expect(mias.locator("#lines .note")).to_contain_text("Gutschein")
        await check(mias)
        await adas.locator("#agents [data-act=take-over]").click()
        await expect(adas.locator("#said")).to_contain_text("jetzt bei Ihnen")
        await adas.set_viewport_size({"width": 390, "height": 844})
        assert await adas.evaluate("document.documentElement.scrollWidth") <= 390
        await check(adas)
