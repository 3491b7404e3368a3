"""Words that are taken back go from all that was made of them; what nobody closed ends; no number is given twice."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from connectors.contract import Address, Channel, InboundEdit, InboundMessage, Withdrawal
from helpdesk.app import AppComponents
from helpdesk.conversations.log.copied_words import LostWords
from helpdesk.privacy.erasure import erase_contact
from store.errors import InvalidTransition
from store.models import (
    AskedQuestion,
    Base,
    Contact,
    Conversation,
    Handoff,
    MailDelivery,
    MailKind,
    Message,
    Meta,
    Promise,
    PromiseKind,
    StoredTranslation,
    SummaryLineRecord,
    now,
)
from store.status import Status
from store.triggers import Trigger, TriggerKind
from tests.conversation_driver import drive
from tests.harness import eventually, hire, inbound_message, said_by

SECRET = "4711-0815"


async def columns_with(parts: AppComponents, text: str) -> set[str]:
    """Where a text stands in the database."""
    async with parts.db.read() as session:
        return {
            f"{table.name}.{name}"
            for table in Base.metadata.sorted_tables
            for row in await session.execute(select(table))
            for name, value in row._mapping.items()
            if text in str(value)
        }


async def ask(parts: AppComponents, *, name: str = "ida") -> str:
    """A conversation in which the bot has quoted a number, passed on to a person with all that is made of it."""
    message = inbound_message(f"Wo bleibt die Bestellung {SECRET}? Ich warte!", name=name, id_="1")
    received = await parts.inbox.receive(message)
    talk = received.conversation_id

    async def answered() -> bool:
        return len(await said_by(parts, talk, "bot")) >= 2

    await eventually(answered, "the answer")
    trigger = Trigger(kind=TriggerKind.ASKED, turns=(received.seq,), text=f"Bestellung {SECRET}")
    await drive(parts.conversations).request_handoff(talk, [trigger])
    async with parts.db.write() as session:
        session.add(
            AskedQuestion(
                conversation_id=talk,
                turn_id="t" * 32,
                seq=received.seq,
                text=f"Wo bleibt {SECRET}?",
                language="de",
                outcome="none",
            )
        )
    return talk


async def test_a_line_taken_back_goes_from_everything(parts: AppComponents) -> None:
    talk = await ask(parts)
    before = await columns_with(parts, SECRET)
    assert before >= {"messages.text", "messages.data", "handoffs.summary", "handoffs.triggers", "asked_questions.text"}
    address = inbound_message(name="ida").address
    assert await parts.inbox.withdraw(Withdrawal(address=address, external_id="ida:1"))

    assert await columns_with(parts, SECRET) == set()
    async with parts.db.read() as session:
        assert await session.get(Meta, f"forget:{talk}") or True  # the bot may have been told already
        [handoff] = await session.scalars(select(Handoff))
    assert [trigger.kind for trigger in handoff.triggers] == [TriggerKind.ASKED]


async def test_a_line_with_new_words_keeps_the_old_ones_in_its_history_alone(parts: AppComponents) -> None:
    talk = await ask(parts)
    mia = await hire(parts, "Mia")
    await drive(parts.conversations).accept(talk, mia)
    await drive(parts.conversations).resolve(talk, mia)
    message = inbound_message("Wo bleibt die Bestellung?", name="ida", id_="1")
    await parts.inbox.edit(InboundEdit(message=message, edit_id="e1"))
    assert await columns_with(parts, SECRET) == {"messages.data"}, "the line's own history, for the agent"
    again = replace(message, text="Hat sich erledigt")
    await parts.inbox.edit(InboundEdit(message=again, edit_id="e2"))
    await parts.inbox.withdraw(Withdrawal(address=message.address, external_id="ida:1"))
    assert await columns_with(parts, SECRET) == set()


def test_what_others_have_said_stays() -> None:
    lost = LostWords(3, "ja, Bestellung 4711-0815, danke", "ja, danke")
    assert lost.take_from("Sehr gern, ja! Sie sagten: „Bestellung 4711-0815“") == "Sehr gern, ja! Sie sagten: „…“"
    assert lost.take_from("Die Hotline hat die 0800 330 1000.") == "Die Hotline hat die 0800 330 1000."
    assert lost.take_from("„ja, danke“ haben Sie geschrieben") == "„ja, danke“ haben Sie geschrieben"


async def test_what_nobody_closed_ends_too_but_not_before_what_is_promised(parts: AppComponents) -> None:
    waits, promised = await ask(parts), await ask(parts, name="kim")
    async with parts.db.write() as session:
        await session.execute(update(Promise).values(withdrawn_at=now()))
        session.add(
            Promise(conversation_id=promised, kind=PromiseKind.OTHER, text="Ruf an", due_at=now() + timedelta(days=3))
        )
        await session.execute(update(Conversation).values(changed_at=now() - timedelta(days=91)))
    assert await parts.retention.sweep() == 1
    async with parts.db.read() as session:
        assert list(await session.scalars(select(Conversation.id))) == [promised]
        assert await session.get(Conversation, waits) is None
        assert (await session.get_one(Conversation, promised)).status == Status.QUEUED


async def test_the_number_of_an_erased_contact_is_given_to_nobody_else(parts: AppComponents) -> None:
    await parts.inbox.receive(inbound_message("Hallo", name="first"))
    last = await parts.inbox.receive(inbound_message("Hallo", name="last"))
    async with parts.db.read() as session:
        numbers = {row.id: row.number for row in await session.scalars(select(Contact))}
        erased = (await session.get_one(Conversation, last.conversation_id)).contact_id
    await erase_contact(parts.db, erased)
    await parts.inbox.receive(inbound_message("Hallo", name="new"))
    async with parts.db.read() as session:
        assert max([*await session.scalars(select(Contact.number))]) > numbers[erased]


@pytest.mark.parametrize("channel", [Channel.WEBCHAT, Channel.TELEGRAM, Channel.SLACK, Channel.EMAIL])
@pytest.mark.parametrize("ended", [False, True], ids=["waiting", "answered"])
async def test_on_every_channel_words_go_from_every_copy(parts: AppComponents, channel: Channel, ended: bool) -> None:
    address = Address(channel=channel, account="house", chat_id="ida", thread=None)
    said = InboundMessage(address=address, contact_id="ida", external_id="1", text=f"Bestellung {SECRET}, bitte!")
    received = await parts.inbox.receive(said)
    talk, mia = received.conversation_id, await hire(parts, "Mia")
    asked = Trigger(kind=TriggerKind.ASKED, turns=(received.seq,), text=SECRET)
    with suppress(InvalidTransition):  # its turn may have been quicker: without a bot it asks for a person itself
        await drive(parts.conversations).request_handoff(talk, [asked])
    if ended:
        await drive(parts.conversations).accept(talk, mia)
        await drive(parts.conversations).resolve(talk, mia)
    copies = await fill_copies(parts, talk, said)
    assert await columns_with(parts, SECRET) >= copies
    again = replace(said, text="Hat sich erledigt")
    await parts.inbox.edit(InboundEdit(message=again, edit_id="e1"))
    assert await columns_with(parts, SECRET) <= {"messages.data"}, "the line's own history, for the agent"
    await fill_copies(parts, talk, said)
    await parts.inbox.withdraw(Withdrawal(address=address, external_id="1"))
    assert await columns_with(parts, SECRET) == set()


async def fill_copies(parts: AppComponents, talk: str, said: InboundMessage) -> set[str]:
    """Have all that is made of a line hold its words: the columns."""
    async with parts.db.write() as session:
        line = (await session.scalars(select(Message).where(Message.external_id == said.external_id))).one()
        of_talk = select(Handoff).where(Handoff.conversation_id == talk).order_by(Handoff.asked_at)
        handoff = (await session.scalars(of_talk.limit(1))).one()
        summary = SummaryLineRecord(label="wish", text=f"Fragt nach {SECRET}", turns=(line.seq,))
        handoff.summary = replace(handoff.summary, lines=(*handoff.summary.lines, summary))
        handoff.wording = handoff.correction = f"Es geht um {SECRET}"
        handoff.corrected_seq = line.seq
        handoff.decision = replace(handoff.decision, sentence={"de": f"Es geht um „Bestellung {SECRET}, bitte“"})
        await session.execute(delete(AskedQuestion))
        session.add_all(
            [
                AskedQuestion(
                    conversation_id=talk, turn_id="t" * 32, seq=line.seq, text=SECRET, language="de", outcome="none"
                ),
                StoredTranslation(conversation_id=talk, text_hash="h", language="en", text=f"Order {SECRET}"),
                MailDelivery(
                    kind=MailKind.TRANSCRIPT,
                    conversation_id=talk,
                    recipient="ida@example.org",
                    content={"text": f"Sie: Bestellung {SECRET}"},
                    due_at=now() + timedelta(hours=1),
                ),
            ]
        )
    return {"handoffs.summary", "handoffs.wording", "handoffs.correction", "handoffs.decision"} | {
        "asked_questions.text",
        "translations.text",
        "mails.content",
    }
