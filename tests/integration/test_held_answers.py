"""Answers and resolutions that can be undone, drafts on the server, transfers that are accepted: without a browser."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from helpdesk.conversations import Conversations
from helpdesk.conversations.answers.agent_drafts import load_drafts
from helpdesk.delivery.held_actions import HeldActionQueue
from helpdesk.observability.change_hints import ChangeHints
from helpdesk.privacy.erasure import erase_contact
from helpdesk.privacy.export import export_contact
from helpdesk.queue.watchdog import Watchdog
from store.db import Database
from store.models import AgentDraft, Conversation, Handoff, HeldAction, Message, MessageKind, now
from store.settings import Settings
from store.status import Status
from tests.conversation_driver import drive
from tests.harness import inbound_message
from tests.integration.desk_client import DeskClient, desk_of, waiting
from tests.integration.staff import House, agent_by_email, make_house, staff_routes
from tests.statements import counting, listen

SECONDS = 5.0
SETTINGS = Settings(_env_file=None, undo_seconds=SECONDS)


@pytest.fixture
def conversations(db: Database, live: ChangeHints) -> Conversations:
    return Conversations(db, live, SETTINGS)


@pytest.fixture
def house(db: Database, live: ChangeHints) -> House:
    listen()
    return make_house(db, lambda pages, guard: staff_routes(db, pages, guard, live=live, undo_seconds=SECONDS))


async def write(desk: DeskClient, conversation: str, epoch: int, text: str, draft: str) -> Any:
    body = {"text": text, "client_id": draft, "epoch": epoch}
    return await desk.send(f"conversations/{conversation}/messages", body)


async def keep(desk: DeskClient, conversation: str, text: str, draft: str, mode: str = "answer") -> Any:
    return await desk.send(f"conversations/{conversation}/draft", {"mode": mode, "draft": draft, "text": text})


async def pass_time(conversations: Conversations) -> int:
    """Let every second in which something can be undone be over; how many things were due."""
    async with conversations.db.write() as session:
        await session.execute(update(HeldAction).values(due_at=now() - timedelta(seconds=1)))
    queue = HeldActionQueue(conversations)
    due = await queue.claim(10)
    for item in due:
        await queue.work(item)
    return len(due)


async def lines(conversations: Conversations, conversation: str, kind: MessageKind) -> list[str]:
    async with conversations.db.read() as session:
        query = select(Message.text).where(Message.conversation_id == conversation, Message.kind == kind)
        return list(await session.scalars(query.order_by(Message.seq)))


async def state_of(conversations: Conversations, conversation: str) -> Conversation:
    async with conversations.db.read() as session:
        return await session.get_one(Conversation, conversation)


async def test_an_answer_waits_unseen_and_goes_out_once(house: House, conversations: Conversations) -> None:
    mia, conversation = await desk_of(house), await waiting(conversations)
    epoch = await mia.accept(conversation)
    before = (await state_of(conversations, conversation)).last_seq
    await keep(mia, conversation, "Eins", "d1")
    held = await write(mia, conversation, epoch, "Eins", "d1")
    assert held.status_code == 202
    again = await write(mia, conversation, epoch, "Eins", "d1")  # the same draft from another window
    assert again.json() == held.json()
    other = await write(mia, conversation, epoch, "Eins, anders", "d1")
    assert other.json()["error"]["code"] == "sent_elsewhere"
    assert (await write(mia, conversation, epoch, "Zwei", "d2")).status_code == 202

    work = await mia.ask(f"conversations/{conversation}/work")
    assert [each["text"] for each in work["held"]] == ["Eins", "Zwei"]
    assert work["drafts"] == []
    detail = await mia.ask(f"conversations/{conversation}")
    assert detail["conversation"]["last_seq"] == before
    assert "Eins" not in (await mia.ask(f"conversations/{conversation}/summary"))["text"]
    # a window that saves late brings nothing back that is on its way
    assert (await keep(mia, conversation, "Eins", "d1")).json()["error"]["code"] == "draft_sent"

    await drive(conversations).receive(inbound_message("Noch etwas", name="other"))
    assert await pass_time(conversations) == 2
    assert await lines(conversations, conversation, MessageKind.OUTGOING) == [
        *(await lines(conversations, conversation, MessageKind.OUTGOING))[:-2],
        "Eins",
        "Zwei",
    ]
    assert await pass_time(conversations) == 0
    assert (await keep(mia, conversation, "Eins", "d1")).json()["error"]["code"] == "draft_sent"
    assert (await write(mia, conversation, epoch, "Eins", "d1")).status_code == 201
    late = await mia.send(f"conversations/{conversation}/undo", {"held": held.json()["held"]})
    assert late.json()["error"]["code"] == "too_late"


async def test_what_is_taken_back_is_a_draft_again(house: House, conversations: Conversations) -> None:
    mia, conversation = await desk_of(house), await waiting(conversations)
    epoch = await mia.accept(conversation)
    with counting() as count:
        held = (await write(mia, conversation, epoch, "Zu früh", "d1")).json()["held"]
    assert count.statements <= 8, count.table()
    with counting() as count:
        await keep(mia, conversation, "schon", "d2")
    assert count.statements <= 6, count.table()
    await keep(mia, conversation, "schon weiter", "d2")
    back = (await mia.send(f"conversations/{conversation}/undo", {"held": held})).json()
    assert back["held"] == []
    (draft,) = back["drafts"]
    assert draft["text"] == "Zu früh\n\nschon weiter"
    assert draft["id"] not in {"d1", "d2"}
    assert await pass_time(conversations) == 0
    assert (await write(mia, conversation, epoch, draft["text"], draft["id"])).status_code == 202


async def test_a_line_that_comes_while_an_answer_is_held_stays_unanswered(
    house: House, conversations: Conversations
) -> None:
    mia, conversation = await desk_of(house), await waiting(conversations)
    epoch = await mia.accept(conversation)
    await write(mia, conversation, epoch, "Antwort", "d1")
    address = (await state_of(conversations, conversation)).address
    inbound = inbound_message("Und noch eine Frage")
    received = await drive(conversations).receive(
        type(inbound)(address=address, contact_id="visitor-1", external_id="later", text=inbound.text)
    )
    await pass_time(conversations)
    assert (await state_of(conversations, conversation)).answered_seq == received.seq - 1


async def test_an_answer_that_can_not_go_out_any_more_comes_back(house: House, conversations: Conversations) -> None:
    mia, conversation = await desk_of(house), await waiting(conversations)
    epoch = await mia.accept(conversation)
    body = {"text": "Mit Bild", "client_id": "d0", "epoch": epoch, "files": ["0" * 32]}
    await mia.send(f"conversations/{conversation}/messages", body)
    assert (await mia.ask(f"conversations/{conversation}/work"))["held"][0]["files"] == [{"id": "0" * 32, "name": ""}]
    await pass_time(conversations)
    (draft,) = (await mia.ask(f"conversations/{conversation}/work"))["drafts"]
    assert (draft["text"], draft["returned"]) == ("Mit Bild", "file_gone")
    assert (await keep(mia, conversation, "Weiter", "d9")).json()["error"]["code"] == "draft_changed"
    assert (await keep(mia, conversation, "", draft["id"])).status_code == 200
    await write(mia, conversation, epoch, "Zu spät", "d1")
    me = (await agent_by_email(house.db, "mia@example.org")).id
    async with house.db.write() as session:
        await session.execute(update(Conversation).values(epoch=epoch + 1))
    await pass_time(conversations)
    async with house.db.read() as session:
        (draft,) = await load_drafts(session, conversation, me)
    assert (draft.text, draft.returned) == ("Zu spät", "stale_epoch")
    assert await lines(conversations, conversation, MessageKind.NOTE) == []


async def test_a_resolution_can_be_taken_back_and_gives_way_to_the_customer(
    house: House, conversations: Conversations
) -> None:
    mia, conversation = await desk_of(house), await waiting(conversations)
    epoch = await mia.accept(conversation)
    await write(mia, conversation, epoch, "Ist erledigt.", "d1")
    shown = (await mia.send(f"conversations/{conversation}/resolve", {"reason": "Spam"})).json()
    assert shown["conversation"]["card"]["status"] == Status.ASSIGNED
    held = (await mia.ask(f"conversations/{conversation}/work"))["held"]
    assert [each["kind"] for each in held] == ["answer", "resolution"]
    await mia.send(f"conversations/{conversation}/undo", {"held": held[1]["id"]})
    await pass_time(conversations)
    assert (await state_of(conversations, conversation)).status == Status.ASSIGNED

    seq = (await state_of(conversations, conversation)).last_seq
    await mia.send(f"conversations/{conversation}/resolve", {"seq": seq})
    inbound = inbound_message("Halt!")
    address = (await state_of(conversations, conversation)).address
    await drive(conversations).receive(
        type(inbound)(address=address, contact_id="visitor-1", external_id="stop", text="Halt!")
    )
    await pass_time(conversations)
    stays = await state_of(conversations, conversation)
    assert stays.status == Status.ASSIGNED

    seq = stays.last_seq
    await mia.send(f"conversations/{conversation}/resolve", {"seq": seq, "reason": "Anderswo geklärt"})
    await pass_time(conversations)
    assert (await state_of(conversations, conversation)).status == Status.RESOLVED
    assert await lines(conversations, conversation, MessageKind.NOTE) == ["Anderswo geklärt"]


@pytest.mark.parametrize("is_undone", [True, False], ids=["undone", "refused"])
async def test_nobody_is_closed_without_the_answer_that_they_were_closed_with(
    house: House, conversations: Conversations, *, is_undone: bool
) -> None:
    mia, conversation = await desk_of(house), await waiting(conversations)
    body = {"text": "Bitte sehr.", "client_id": "d1", "epoch": await mia.accept(conversation)}
    answer = await mia.send(f"conversations/{conversation}/messages", body | {"files": [] if is_undone else ["0" * 32]})
    await mia.send(f"conversations/{conversation}/resolve", {})
    if is_undone:
        left = await mia.send(f"conversations/{conversation}/undo", {"held": answer.json()["held"]})
        assert left.json()["held"] == []
    await pass_time(conversations)
    assert (await state_of(conversations, conversation)).status == Status.ASSIGNED
    work = await mia.ask(f"conversations/{conversation}/work")
    assert ([draft["text"] for draft in work["drafts"]], work["held"]) == (["Bitte sehr."], [])


async def test_nobody_is_named_before_they_have_accepted(house: House, conversations: Conversations) -> None:
    mia, jo, conversation = await desk_of(house), await desk_of(house, "Jo"), await waiting(conversations)
    jos = (await agent_by_email(house.db, "jo@example.org")).id
    epoch = await mia.accept(conversation)
    await write(mia, conversation, epoch, "Ich gebe Sie weiter.", "d1")

    async def offer() -> None:
        found = (await mia.send(f"conversations/{conversation}/transfer", {"to": jos})).json()["conversation"]["card"]
        assert (found["agent_name"], found["offered_name"]) == ("Mia", "Jo")

    await offer()
    assert "Jo" not in " ".join(await shown_activities(conversations, conversation))
    assert [card["id"] for card in (await jo.ask("conversations"))["offers"]] == [conversation]
    assert (await mia.send(f"conversations/{conversation}/recall")).status_code == 204
    assert (await jo.ask("conversations"))["offers"] == []
    assert (await jo.send(f"conversations/{conversation}/accept")).status_code == 409
    assert (await mia.send(f"conversations/{conversation}/recall")).status_code == 409

    await offer()
    assert (await jo.send(f"conversations/{conversation}/decline")).status_code == 200
    assert (await state_of(conversations, conversation)).epoch == epoch

    await offer()
    async with house.db.write() as session:
        await session.execute(update(Handoff).values(offered_until=now() - timedelta(seconds=1)))
    assert (await jo.send(f"conversations/{conversation}/accept")).status_code == 409
    assert await Watchdog(conversations).look() == 1
    assert await Watchdog(conversations).look() == 0

    await offer()
    await jo.accept(conversation)
    mine = await state_of(conversations, conversation)
    assert (mine.agent_id, mine.epoch) == (jos, epoch + 1)
    assert (await lines(conversations, conversation, MessageKind.OUTGOING))[-1] == "Ich gebe Sie weiter."
    told = await shown_activities(conversations, conversation)
    assert "Jo ist jetzt für Sie da" in told[-1]
    assert "Jo" not in " ".join(told[:-1])


async def shown_activities(conversations: Conversations, conversation: str) -> list[str]:
    """What the customer has read of what happened."""
    async with conversations.db.read() as session:
        found = await session.scalars(
            select(Message)
            .where(Message.conversation_id == conversation, Message.kind == MessageKind.ACTIVITY)
            .order_by(Message.seq)
        )
        return [line.text for line in found if line.facts.activity and line.facts.activity.shown]


async def test_drafts_are_in_the_export_and_go_with_the_customer(house: House, conversations: Conversations) -> None:
    mia, conversation = await desk_of(house), await waiting(conversations)
    epoch = await mia.accept(conversation)
    assert (await keep(mia, conversation, "Halb", "d1")).json() == {"revision": 1}
    assert (await keep(mia, conversation, "Halb fertig", "d1")).json() == {"revision": 2}
    assert (await keep(mia, conversation, "Vorsicht, ruft oft an", "n1", "note")).json() == {"revision": 1}
    await write(mia, conversation, epoch, "Gesendet", "d0")
    contact = (await state_of(conversations, conversation)).contact_id
    exported = (await export_contact(house.db, contact))["conversations"][0]
    drafts = [*exported["agent_drafts"], *exported["held_actions"]]
    assert {each["text"] for each in drafts} == {"Halb fertig", "Vorsicht, ruft oft an", "Gesendet"}
    assert (await keep(mia, conversation, " ", "n1", "note")).json() == {"revision": 0}

    await erase_contact(house.db, contact)
    async with house.db.read() as session:
        for table in (AgentDraft, HeldAction):
            assert await session.scalar(select(func.count()).select_from(table)) == 0
    assert await pass_time(conversations) == 0
    assert (await keep(mia, conversation, "Zu spät", "d1")).status_code == 404
