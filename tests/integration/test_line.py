"""The one line for every message: stored once, answered once, by whoever holds the baton."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from httpx import ConnectError
from sqlalchemy import func, select
from starlette.responses import JSONResponse, PlainTextResponse, Response

from connectors.contract import ASK_PERSON, Tap
from helpdesk.app import AppComponents
from helpdesk.conversations.waiting.handoff_requests import CANCEL_HANDOFF
from store.errors import Conflict, Invalid, InvalidTransition, MessageMismatch, StaleEpoch
from store.models import Contact, Delivery, DeliveryStatus, Feedback, Handoff, Message, MessageKind, Turn, TurnStatus
from store.status import Status
from store.triggers import Trigger, TriggerKind
from tests.conversation_driver import drive
from tests.fakes.bot import FakeBot
from tests.harness import (
    conversation_of,
    eventually,
    hire,
    inbound_message,
    log_of,
    run_helpdesk,
    said_by,
    settings_for,
    wait_for_answers,
)


async def test_a_message_is_stored_and_answered(parts: AppComponents) -> None:
    received = await parts.inbox.receive(inbound_message("Where is my parcel?"))

    assert await wait_for_answers(parts, received.conversation_id, 1) == ["You said: Where is my parcel?"]


async def test_the_bot_says_at_first_contact_that_it_is_a_bot(parts: AppComponents) -> None:
    received = await parts.inbox.receive(inbound_message("Hallo"))

    first = (await log_of(parts, received.conversation_id))[0]
    assert (first.seq, first.author) == (1, "bot")
    assert "kein Mensch" in first.text


async def test_seq_has_no_gaps(parts: AppComponents) -> None:
    received = await parts.inbox.receive(inbound_message("One?"))
    await wait_for_answers(parts, received.conversation_id, 1)
    await asyncio.gather(*(parts.inbox.receive(inbound_message(f"Question {n}?")) for n in range(8)))
    await wait_for_answers(parts, received.conversation_id, 2)

    seqs = [message.seq for message in await log_of(parts, received.conversation_id)]
    assert seqs == list(range(1, len(seqs) + 1))


async def test_a_second_copy_is_ignored(parts: AppComponents, bot: FakeBot) -> None:
    copies = [inbound_message("Where is my parcel?", id_="same") for _ in range(5)]
    receipts = await asyncio.gather(*(parts.inbox.receive(copy) for copy in copies))
    await wait_for_answers(parts, receipts[0].conversation_id, 1)

    assert len({receipt.seq for receipt in receipts}) == 1
    assert sum(not receipt.repeated for receipt in receipts) == 1
    assert await said_by(parts, receipts[0].conversation_id, "contact") == ["Where is my parcel?"]


async def test_f68_the_same_id_with_other_words_is_refused_and_the_first_stands(parts: AppComponents) -> None:
    received = await parts.inbox.receive(inbound_message("first", id_="same"))
    with pytest.raises(MessageMismatch):
        await parts.inbox.receive(inbound_message("second", id_="same"))

    assert await said_by(parts, received.conversation_id, "contact") == ["first"]


async def test_two_first_messages_at_once_open_one_conversation(parts: AppComponents) -> None:
    receipts = await asyncio.gather(*(parts.inbox.receive(inbound_message(f"hello {n}")) for n in range(6)))

    assert len({receipt.conversation_id for receipt in receipts}) == 1
    async with parts.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(Contact)) == 1


async def test_short_messages_in_a_row_are_one_turn(parts: AppComponents, bot: FakeBot) -> None:
    received = await parts.inbox.receive(inbound_message("hallo"))
    for text in ("ich hab", "ne frage"):
        await parts.inbox.receive(inbound_message(text))
    await wait_for_answers(parts, received.conversation_id, 1)

    assert [turn["text"] for turn in bot.turns] == ["hallo\nich hab\nne frage"]


async def test_f38_what_comes_while_the_bot_thinks_is_the_next_turn(parts: AppComponents, bot: FakeBot) -> None:
    bot.wait = asyncio.Event()
    received = await parts.inbox.receive(inbound_message("First question?"))
    await eventually(lambda: _true(bool(bot.turns)), "the bot to be asked")
    await parts.inbox.receive(inbound_message("Second question?"))
    bot.wait.set()

    answers = await wait_for_answers(parts, received.conversation_id, 2)
    assert answers == ["You said: First question?", "You said: Second question?"]


async def test_an_empty_and_a_too_long_message_are_refused(parts: AppComponents) -> None:
    with pytest.raises(Invalid):
        await parts.inbox.receive(inbound_message("   \x00 "))
    with pytest.raises(Invalid, match="4001"):
        await parts.inbox.receive(inbound_message("x" * 4001))


@pytest.mark.parametrize(
    "broken",
    [
        lambda: JSONResponse([]),
        lambda: PlainTextResponse("<html>", 502),
        lambda: JSONResponse({"turn_id": "another", "status": "ok", "messages": [{"text": "x"}]}),
        lambda: PlainTextResponse("x" * 300_000),
        lambda: JSONResponse({"status": "error"}),
    ],
)
async def test_f34_a_broken_bot_means_an_honest_sentence_and_a_person(
    parts: AppComponents, bot: FakeBot, broken: object
) -> None:
    bot.broken = broken  # type: ignore[assignment]
    received = await parts.inbox.receive(inbound_message("Wo ist mein Paket?"))

    answers = await wait_for_answers(parts, received.conversation_id, 1)
    assert "nicht verloren" in answers[0]
    assert (await conversation_of(parts, received.conversation_id)).status == Status.QUEUED


async def test_f32_a_bot_that_refuses_is_left_in_peace_after_five_failures(parts: AppComponents, bot: FakeBot) -> None:
    def refuse() -> Response:
        raise ConnectError("refused")

    bot.broken = refuse
    for number in range(7):
        received = await parts.inbox.receive(inbound_message("Wo ist mein Paket?", name=f"visitor {number}"))
        assert "nicht verloren" in (await wait_for_answers(parts, received.conversation_id, 1))[0]
        assert (await conversation_of(parts, received.conversation_id)).status == Status.QUEUED
    assert len(bot.turns) == 5


async def test_f33_a_bot_that_thinks_too_long_is_not_waited_for(
    tmp_path: Path, database_url: str, bot: FakeBot
) -> None:
    bot.wait = asyncio.Event()
    async with run_helpdesk(settings_for(tmp_path, database_url, turn_deadline=2.0), bot) as parts:
        received = await parts.inbox.receive(inbound_message("Wo ist mein Paket?"))

        await wait_for_answers(parts, received.conversation_id, 1)
        bot.wait.set()
        assert (await conversation_of(parts, received.conversation_id)).status == Status.QUEUED


async def test_f40_f84_what_the_bot_says_after_a_person_took_over_is_withheld(
    parts: AppComponents, bot: FakeBot
) -> None:
    mia = await hire(parts, "Mia")
    bot.wait = asyncio.Event()
    received = await parts.inbox.receive(inbound_message("Wo ist mein Paket?"))
    await eventually(lambda: _true(bool(bot.turns)), "the bot to be asked")
    await drive(parts.conversations).accept(received.conversation_id, mia)
    bot.wait.set()

    async def withheld() -> list[Message]:
        return [line for line in await log_of(parts, received.conversation_id) if line.facts.withheld]

    note = (await eventually(withheld, "the withheld answer"))[0]
    assert note.kind == MessageKind.NOTE
    outgoing = [line for line in await log_of(parts, received.conversation_id) if line.kind == MessageKind.OUTGOING]
    assert len(outgoing) == 1  # the greeting


async def test_a_wish_of_the_bot_for_a_person_queues_the_conversation_with_its_story(
    parts: AppComponents, bot: FakeBot
) -> None:
    bot.answering = lambda turn: [{"text": "Gern.", "custom": {"handoff": {"kind": "asked", "text": turn["text"]}}}]
    received = await parts.inbox.receive(inbound_message("ich will mit einem menschen sprechen"))
    await wait_for_answers(parts, received.conversation_id, 1)

    conversation = await conversation_of(parts, received.conversation_id)
    assert conversation.status == Status.QUEUED
    async with parts.db.read() as session:
        handoff = await session.scalar(select(Handoff).where(Handoff.conversation_id == conversation.id))
    assert handoff is not None
    words = "ich will mit einem menschen sprechen"
    assert handoff.triggers == (Trigger(kind=TriggerKind.ASKED, turns=(received.seq,), text=words),)


async def test_the_button_for_a_person_works_without_the_bot(parts: AppComponents, bot: FakeBot) -> None:
    bot.answering = lambda turn: [{"text": "Hm?", "choices": [{"title": "Mensch", "payload": ASK_PERSON}]}]
    received = await parts.inbox.receive(inbound_message("Wo ist mein Paket?"))
    await wait_for_answers(parts, received.conversation_id, 1)
    offer = (await log_of(parts, received.conversation_id))[-1]
    asked = len(bot.turns)
    await parts.inbox.receive(inbound_message(tap=Tap(seq=offer.seq, choice=0)))

    assert (await conversation_of(parts, received.conversation_id)).status == Status.QUEUED
    assert len(bot.turns) == asked


async def test_a_button_works_once(parts: AppComponents, bot: FakeBot) -> None:
    bot.answering = lambda turn: [{"text": "Hm?", "choices": [{"title": "Ja", "payload": "/feedback_helpful"}]}]
    received = await parts.inbox.receive(inbound_message("Wo ist mein Paket?"))
    await wait_for_answers(parts, received.conversation_id, 1)
    offer = (await log_of(parts, received.conversation_id))[-1]
    await parts.inbox.receive(inbound_message(tap=Tap(seq=offer.seq, choice=0), id_="tap"))
    again = await parts.inbox.receive(inbound_message(tap=Tap(seq=offer.seq, choice=0), id_="tap"))

    assert again.repeated
    with pytest.raises(Conflict):
        await parts.inbox.receive(inbound_message(tap=Tap(seq=offer.seq, choice=0), id_="another"))


async def test_feedback_is_kept_with_the_answer_it_is_about(parts: AppComponents, bot: FakeBot) -> None:
    bot.answering = lambda turn: [
        {"text": "Gern geschehen.", "custom": {"feedback": {"article": "returns", "helpful": True}}}
    ]
    received = await parts.inbox.receive(inbound_message("ja, das war es."))
    await wait_for_answers(parts, received.conversation_id, 1)

    async with parts.db.read() as session:
        feedback = await session.scalar(select(Feedback))
    assert feedback is not None
    assert (feedback.article, feedback.helpful) == ("returns", True)


async def queued(parts: AppComponents) -> str:
    """A conversation that waits for a person."""
    received = await parts.inbox.receive(inbound_message("Wo ist mein Paket?"))
    await wait_for_answers(parts, received.conversation_id, 1)
    await drive(parts.conversations).request_handoff(received.conversation_id, [])
    return received.conversation_id


async def test_f81_only_one_agent_can_accept(parts: AppComponents) -> None:
    conversation_id = await queued(parts)
    agents = [await hire(parts, name) for name in ("Mia", "Jonas", "Ida")]
    outcomes = await asyncio.gather(
        *(drive(parts.conversations).accept(conversation_id, agent) for agent in agents), return_exceptions=True
    )

    refused = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert len(refused) == 2
    owner = (await conversation_of(parts, conversation_id)).agent_id
    assert owner in agents
    assert all(error.details["owner"] for error in refused)


async def test_the_bot_is_silent_while_an_agent_owns_the_conversation(parts: AppComponents, bot: FakeBot) -> None:
    conversation_id = await queued(parts)
    mia = await hire(parts, "Mia")
    conversation = await drive(parts.conversations).accept(conversation_id, mia)
    asked = len(bot.turns)
    await parts.inbox.receive(inbound_message("Sind Sie da?"))
    await drive(parts.conversations).answer(conversation_id, mia, conversation.epoch, "Ja, ich bin **da**.", "c1")

    assert len(bot.turns) == asked
    assert (await said_by(parts, conversation_id, "agent")) == ["Ja, ich bin **da**."]


async def test_an_agents_answer_is_stored_once(parts: AppComponents) -> None:
    conversation_id = await queued(parts)
    mia = await hire(parts, "Mia")
    epoch = (await drive(parts.conversations).accept(conversation_id, mia)).epoch
    first = await drive(parts.conversations).answer(conversation_id, mia, epoch, "Hallo!", "c1")
    second = await drive(parts.conversations).answer(conversation_id, mia, epoch, "Hallo!", "c1")

    assert first.id == second.id


async def test_f83_a_former_owner_can_not_answer(parts: AppComponents) -> None:
    conversation_id = await queued(parts)
    mia, jonas = await hire(parts, "Mia"), await hire(parts, "Jonas")
    epoch = (await drive(parts.conversations).accept(conversation_id, mia)).epoch
    await drive(parts.conversations).transfer(conversation_id, mia, jonas)

    with pytest.raises(StaleEpoch):
        await drive(parts.conversations).answer(conversation_id, mia, epoch, "Noch da?", "c1")


async def test_after_resolving_the_bot_answers_the_next_message(parts: AppComponents) -> None:
    conversation_id = await queued(parts)
    mia = await hire(parts, "Mia")
    await drive(parts.conversations).accept(conversation_id, mia)
    await drive(parts.conversations).resolve(conversation_id, mia)
    await parts.inbox.receive(inbound_message("Noch eine Frage?"))

    answers = await wait_for_answers(parts, conversation_id, 2)
    assert answers[-1] == "You said: Noch eine Frage?"
    assert (await conversation_of(parts, conversation_id)).status == Status.BOT


async def test_after_returning_to_the_bot_only_new_messages_are_answered(parts: AppComponents, bot: FakeBot) -> None:
    conversation_id = await queued(parts)
    mia = await hire(parts, "Mia")
    await drive(parts.conversations).accept(conversation_id, mia)
    read = await parts.inbox.receive(inbound_message("an Mia gerichtet."))
    await drive(parts.conversations).return_to_bot(conversation_id, mia, read_seq=read.seq)
    await parts.inbox.receive(inbound_message("an den Bot gerichtet."))

    assert (await wait_for_answers(parts, conversation_id, 2))[-1] == "You said: an den Bot gerichtet."


async def test_an_impossible_step_is_refused_with_the_possible_ones(parts: AppComponents) -> None:
    conversation_id = await queued(parts)
    with pytest.raises(InvalidTransition, match=r"possible: .*accept"):
        await drive(parts.conversations).request_handoff(conversation_id, [])


async def test_the_customer_can_go_back_to_the_bot_while_waiting(parts: AppComponents) -> None:
    conversation_id = await queued(parts)
    offer = (await log_of(parts, conversation_id))[-1]
    back = [choice.payload for choice in offer.choices].index(CANCEL_HANDOFF)
    await parts.inbox.receive(inbound_message(tap=Tap(seq=offer.seq, choice=back)))

    assert (await conversation_of(parts, conversation_id)).status == Status.BOT


async def test_an_address_left_behind_reaches_the_agent(parts: AppComponents) -> None:
    conversation_id = await queued(parts)
    await drive(parts.conversations).leave_email(conversation_id, " ida@example.org ")
    with pytest.raises(Invalid):
        await drive(parts.conversations).leave_email(conversation_id, "ida at example")

    detail = await parts.timeline.conversation(conversation_id)
    assert detail.contact_email == "ida@example.org"
    assert {"label": "contact", "text": "ida@example.org", "turns": [], "outcome": None} in detail.summary["lines"]


async def test_every_outgoing_message_reaches_its_end(parts: AppComponents) -> None:
    await queued(parts)

    async def unfinished() -> bool:
        async with parts.db.read() as session:
            left = await session.scalar(select(func.count()).where(Delivery.status != DeliveryStatus.STORED))
        return left == 0

    await eventually(unfinished, "all deliveries to be sent")


async def test_f3_a_turn_whose_worker_vanished_is_taken_over(tmp_path: Path, database_url: str) -> None:
    bot = FakeBot()
    settings = settings_for(tmp_path, database_url, lease=0.3)
    async with run_helpdesk(settings, bot) as parts:
        received = await parts.inbox.receive(inbound_message("Where is it?"))
        await wait_for_answers(parts, received.conversation_id, 1)
        async with parts.db.write() as session:
            turn = await session.scalar(select(Turn))
            assert turn is not None
            session.add(
                Turn(
                    conversation_id=turn.conversation_id,
                    status=TurnStatus.RUNNING,
                    epoch=turn.epoch,
                    first_seq=turn.first_seq,
                    last_seq=turn.last_seq,
                    due_at=turn.due_at,
                    lease_owner="somebody else",
                    lease_until=turn.due_at,
                    attempts=1,
                )
            )
        assert len(await wait_for_answers(parts, received.conversation_id, 2)) == 2


async def _true(value: bool) -> bool:
    return value


async def test_f99_a_name_that_cannot_be_stored_costs_no_message_and_such_an_id_is_refused(
    parts: AppComponents,
) -> None:
    odd = replace(inbound_message("Hallo", name="ida"), contact_name="Ida \x00\ud800")
    received = await parts.inbox.receive(odd)
    assert [line.text for line in await log_of(parts, received.conversation_id) if line.author == "contact"] == [
        "Hallo"
    ]

    with pytest.raises(Invalid):
        await parts.inbox.receive(replace(inbound_message("Hallo"), external_id="web:\ud800"))
