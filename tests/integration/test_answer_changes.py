"""Answers that are corrected or taken back after they were sent, on every channel that lets one do so."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from connectors.contract import Address, Author, Channel, DeliveryUnclear, InboundMessage, OutboundMessage, RetryLater
from helpdesk.app import AppComponents
from helpdesk.conversations import Conversations
from helpdesk.conversations.answers.answer_changes import correct_answer, take_back_answer
from helpdesk.conversations.answers.given_answers import is_answered_by_person, is_waiting_for_answer
from helpdesk.conversations.log.transcript_file import load_transcript_file
from helpdesk.privacy.export import export_contact
from store.errors import Conflict, Invalid, NotAllowed, NotFound
from store.models import (
    AuditEntry,
    Conversation,
    Delivery,
    DeliveryStatus,
    HeldAction,
    HeldKind,
    Message,
    Promise,
    PromiseKind,
    now,
)
from tests.chat_client import ChatClient
from tests.conversation_driver import drive
from tests.fakes.bot import FakeBot
from tests.fakes.channel import FakeChannel
from tests.fakes.slack.rules import texts_of
from tests.harness import conversation_of, eventually, hire, log_of, run_helpdesk, settings_for, visitor
from tests.integration.desk_client import desk_of, waiting
from tests.integration.slack_rooms import conversations as slack_conversations
from tests.integration.slack_rooms import office
from tests.integration.staff import House
from tests.integration.telegram_desk import telegram_desk
from tests.integration.webchat_server import served

WRONG, RIGHT = "Ihr Paket kommt am Montag.", "Ihr Paket kommt am Dienstag."


@pytest.fixture
def channel() -> FakeChannel:
    return FakeChannel()


@pytest.fixture
async def parts(tmp_path: Path, sqlite_url: str, bot: FakeBot, channel: FakeChannel) -> AsyncIterator[AppComponents]:
    async with run_helpdesk(settings_for(tmp_path, sqlite_url), bot) as started:
        started.connectors[Channel.TELEGRAM] = channel
        yield started


async def answered(parts: AppComponents, address: Address, text: str = WRONG) -> tuple[str, str, int]:
    """The conversation, its agent, and the line of the agent's answer."""
    mia = await hire(parts, "Mia")
    received = await parts.inbox.receive(
        InboundMessage(address=address, contact_id=address.chat_id, external_id="1", text="Wo ist es?")
    )
    desk = drive(parts.conversations)
    taken = await desk.accept(received.conversation_id, mia)
    line = await desk.answer(received.conversation_id, mia, taken.epoch, text, "c1")
    return received.conversation_id, mia, line.seq


def on_telegram() -> Address:
    return Address(channel=Channel.TELEGRAM, account="bot", chat_id="ida")


async def correct(parts: AppComponents, conversation: str, agent: str, seq: int, text: str = RIGHT) -> None:
    async with parts.conversations.open(conversation) as c:
        await correct_answer(c, agent, seq, text)


async def take_back(parts: AppComponents, conversation: str, agent: str, seq: int, *, keeps: bool = True) -> None:
    async with parts.conversations.open(conversation) as c:
        await take_back_answer(c, agent, seq, keeps_words=keeps)


async def line_of(parts: AppComponents, conversation: str, seq: int) -> Message:
    return next(line for line in await log_of(parts, conversation) if line.seq == seq)


async def is_true(found: object) -> bool:
    return bool(found)


async def all_sent(parts: AppComponents, conversation: str) -> list[Delivery]:
    async def over() -> list[Delivery]:
        async with parts.db.read() as session:
            found = await session.scalars(
                select(Delivery).where(Delivery.conversation_id == conversation).order_by(Delivery.id)
            )
            deliveries = list(found)
        ended = {DeliveryStatus.SENT, DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN}
        return deliveries if all(each.status in ended for each in deliveries) else []

    return await eventually(over, "every delivery to end")


async def test_a_correction_reaches_the_customer_and_stays_on_record(
    parts: AppComponents, channel: FakeChannel
) -> None:
    conversation, mia, seq = await answered(parts, on_telegram())
    sent = (await all_sent(parts, conversation))[-1]
    await correct(parts, conversation, mia, seq)
    await correct(parts, conversation, mia, seq)
    await all_sent(parts, conversation)

    assert channel.changed == [(sent.external_id, RIGHT)]
    line = await line_of(parts, conversation, seq)
    told = [each for each in await log_of(parts, conversation) if each.event == "answer_corrected"]
    assert line.text == RIGHT
    assert [edit.before for edit in line.facts.edits or ()] == [WRONG]
    assert [(each.author_name, each.facts.activity and each.facts.activity.of) for each in told] == [("Mia", seq)]
    assert line.facts.edits
    assert line.facts.edits[0].edit_id == str(told[0].seq)


async def test_an_answer_taken_back_leaves_no_words_but_for_colleagues(
    parts: AppComponents, channel: FakeChannel
) -> None:
    conversation, mia, seq = await answered(parts, on_telegram())
    sent = (await all_sent(parts, conversation))[-1]
    await take_back(parts, conversation, mia, seq)
    await all_sent(parts, conversation)

    line = await line_of(parts, conversation, seq)
    assert channel.changed == [(sent.external_id, "")]
    assert (line.text, line.facts.withdrawn) == ("", True)
    assert [edit.before for edit in line.facts.edits or ()] == [WRONG]
    async with parts.db.read() as session:
        found = await session.get_one(Conversation, conversation)
        file = await load_transcript_file(session, found, "Europe/Berlin")
        words = await session.scalar(select(Message.search_text).where(Message.id == line.id))
    assert WRONG not in file.as_text()
    assert "montag" not in (words or "")
    assert found.answered_seq < seq
    with pytest.raises(Conflict):
        await correct(parts, conversation, mia, seq)


async def test_what_was_nobodys_business_is_kept_nowhere(parts: AppComponents) -> None:
    conversation, mia, seq = await answered(parts, on_telegram(), "Frau Beispiel wohnt in der Seestraße 4711.")
    await all_sent(parts, conversation)
    await correct(parts, conversation, mia, seq, "Frau Beispiel, Seestraße 4711, ist eine andere Kundin.")
    await take_back(parts, conversation, mia, seq, keeps=False)

    async with parts.db.read() as session:
        contact = await session.scalar(select(Conversation.contact_id).where(Conversation.id == conversation))
        assert contact
    exported = str(await export_contact(parts.db, contact))
    assert "Seestraße" not in exported
    assert (await line_of(parts, conversation, seq)).facts.edits == ()


async def test_what_has_not_left_yet_leaves_as_it_stands_now_or_not_at_all(
    parts: AppComponents, channel: FakeChannel
) -> None:
    conversation, mia, _ = await answered(parts, on_telegram())
    await all_sent(parts, conversation)
    epoch = (await conversation_of(parts, conversation)).epoch
    tried: list[str] = []

    def ask_for_patience(message: OutboundMessage) -> None:
        if not tried:
            tried.append(message.text)
            raise RetryLater(0.5)

    channel.before = ask_for_patience
    driver = drive(parts.conversations)
    first = await driver.answer(conversation, mia, epoch, "Erste falsche Antwort", "c2")
    second = await driver.answer(conversation, mia, epoch, "Zweite falsche Antwort", "c3")
    await eventually(lambda: is_true(tried), "the first try")
    await take_back(parts, conversation, mia, second.seq)
    await correct(parts, conversation, mia, first.seq, "Erste richtige Antwort")
    await all_sent(parts, conversation)

    assert "Erste richtige Antwort" in channel.texts()
    assert not [text for text in channel.texts() if "falsche" in text]
    assert channel.changed == []


async def test_a_change_of_which_nobody_knows_the_end_is_tried_once_more(
    parts: AppComponents, channel: FakeChannel
) -> None:
    conversation, mia, seq = await answered(parts, on_telegram())
    await all_sent(parts, conversation)

    def break_off(message: OutboundMessage) -> None:
        raise DeliveryUnclear("the line broke")

    channel.after = break_off
    await correct(parts, conversation, mia, seq)
    found = await all_sent(parts, conversation)

    assert found[-1].status == DeliveryStatus.UNKNOWN
    assert len(channel.changed) == 2


async def test_who_may_change_what_and_how_long(parts: AppComponents) -> None:
    conversation, mia, seq = await answered(parts, on_telegram())
    ben = await hire(parts, "Ben")
    await all_sent(parts, conversation)
    with pytest.raises(NotAllowed):
        await correct(parts, conversation, ben, seq)
    with pytest.raises(NotFound):
        await correct(parts, conversation, mia, 1)
    with pytest.raises(Invalid):
        await correct(parts, conversation, mia, seq, "  ")
    with pytest.raises(Invalid):
        await correct(parts, conversation, mia, seq, "x" * 3_600)
    async with parts.db.write() as session:
        await session.execute(update(Delivery).values(sent_at=now() - timedelta(hours=49)))
    with pytest.raises(Conflict) as refusal:
        await take_back(parts, conversation, mia, seq)
    assert refusal.value.code == "answer_old"
    assert (await line_of(parts, conversation, seq)).text == WRONG


async def test_a_mail_stays_as_it_was_sent(parts: AppComponents) -> None:
    address = Address(channel=Channel.EMAIL, account="post", chat_id="ida@example.org", thread="t1")
    conversation, mia, seq = await answered(parts, address)
    with pytest.raises(Conflict) as refusal:
        await correct(parts, conversation, mia, seq)
    assert refusal.value.code == "answer_final"
    lines = await parts.timeline.lines(conversation, agent_id=mia)
    assert [line.changeable for line in lines if line.seq == seq] == [False]


async def test_a_late_repeat_of_the_answer_changes_nothing(parts: AppComponents) -> None:
    conversation, mia, seq = await answered(parts, visitor())
    await correct(parts, conversation, mia, seq)
    epoch = (await conversation_of(parts, conversation)).epoch
    again = await drive(parts.conversations).answer(conversation, mia, epoch, WRONG, "c1")
    assert (again.seq, again.text) == (seq, RIGHT)


async def test_telegram_shows_the_new_words_and_deletes_what_is_taken_back(tmp_path: Path, sqlite_url: str) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        ida, mia = desk.fake.person("Ida"), await hire(desk.parts, "Mia")
        ida.writes("Wo ist mein Paket?")
        await desk.sent(ida.id, 2)
        conversation = (await desk.conversations())[0].id
        driver = drive(desk.parts.conversations)
        taken = await driver.accept(conversation, mia)
        long = "Ein langer Satz über das Paket. " * 200
        first = await driver.answer(conversation, mia, taken.epoch, long, "c1")
        second = await driver.answer(conversation, mia, taken.epoch, WRONG, "c2")
        await desk.answered(ida, WRONG)
        await desk.settled()
        before = len(desk.fake.state.sent_to(ida.id))
        await correct(desk.parts, conversation, mia, first.seq, "Kurz und **richtig**.")
        await correct(desk.parts, conversation, mia, second.seq, RIGHT)
        await take_back(desk.parts, conversation, mia, second.seq)
        await desk.settled()

        sent = desk.fake.state.sent_to(ida.id)
        corrected = next(one for one in sent if "richtig" in one.text)
        assert corrected.text == "Mia:\nKurz und richtig."
        assert corrected.marked("bold") == ["Mia:", "richtig"]
        assert len(sent) == before - 2
        assert not await desk.deliveries("failed")


async def test_slack_shows_the_new_words_as_edited_and_deletes_what_is_taken_back(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with office(tmp_path, sqlite_url) as (parts, fake):
        mia, person = await hire(parts, "Mia"), fake.state.person()
        await fake.write(person, "Wo ist mein Paket?")
        await fake.posts(person.dm, 2)
        conversation = (await slack_conversations(parts))[0].id
        driver = drive(parts.conversations)
        taken = await driver.accept(conversation, mia)
        first = await driver.answer(conversation, mia, taken.epoch, WRONG, "c1")
        second = await driver.answer(conversation, mia, taken.epoch, "Noch etwas.", "c2")
        await all_sent(parts, conversation)
        before = len(fake.state.posts)
        await correct(parts, conversation, mia, first.seq)
        await take_back(parts, conversation, mia, second.seq)
        found = await all_sent(parts, conversation)

        assert {each.status for each in found} == {DeliveryStatus.SENT}
        corrected = next(post for post in fake.state.posts if RIGHT in post.text)
        assert texts_of(corrected.blocks)[-1] == "bearbeitet"
        assert len(fake.state.posts) == before - 1


async def test_the_web_chat_is_told_at_once_and_whoever_comes_back_too(tmp_path: Path, sqlite_url: str) -> None:
    async with served(tmp_path, sqlite_url) as (parts, address):
        mia = await hire(parts, "Mia")
        async with ChatClient(f"ws://{address}/webchat/ws", f"http://{address}") as customer:
            await customer.until(lambda it: it.is_ready, "the welcome")
            conversation = customer.state["conversation"]
            driver = drive(parts.conversations)
            taken = await driver.accept(conversation, mia)
            line = await driver.answer(conversation, mia, taken.epoch, WRONG, "c1")
            await customer.until(lambda it: WRONG in it.texts("agent"), "the answer")
            await correct(parts, conversation, mia, line.seq)
            await customer.until(lambda it: any("change" in each for each in it.lines), "the correction")
            change = next(each["change"] for each in customer.lines if "change" in each)
            assert change == {"seq": line.seq, "state": "edited", "text": RIGHT, "html": f"<p>{RIGHT}</p>\n"}
            await take_back(parts, conversation, mia, line.seq)
        lines = await parts.visitors.lines(conversation, after=0, limit=100)
        taken_back = next(each for each in lines if each.seq == line.seq)
        assert (taken_back.text, taken_back.state) == ("", "taken_back")
        assert [each.change.state for each in lines if each.change] == ["taken_back", "taken_back"]


async def test_on_the_desk_the_routes_change_and_the_audit_log_says_what_is_gone(
    house: House, conversations: Conversations
) -> None:
    desk = await desk_of(house)
    conversation = await waiting(conversations)
    epoch = await desk.accept(conversation)
    body = {"text": WRONG, "client_id": "c1", "epoch": epoch}
    seq = (await desk.send(f"conversations/{conversation}/messages", body)).json()["seq"]
    place = f"conversations/{conversation}/lines/{seq}"
    assert (await desk.send(f"{place}/correct", {"text": RIGHT})).status_code == 204
    detail = await desk.ask(f"conversations/{conversation}")
    line = next(each for each in detail["lines"] if each["seq"] == seq)
    assert (line["text"], line["edited"], line["before"], line["changeable"]) == (RIGHT, True, [WRONG], True)
    assert (await desk.send(f"{place}/take-back", {"keeps_words": False})).status_code == 204
    async with house.db.read() as session:
        entered = await session.scalars(select(AuditEntry.subject).where(AuditEntry.action.like("%erase_words")))
        assert list(entered) == [f"{conversation}:{seq}"]
        assert await session.scalar(select(func.count()).where(Message.author == Author.AGENT, Message.text != "")) == 0


async def test_who_has_only_an_answer_that_was_taken_back_has_none(parts: AppComponents) -> None:
    """What was promised about an answer stands again, and a resolution that is still held is given up."""
    conversation, mia, seq = await answered(parts, on_telegram())
    async with parts.db.write() as session:
        line = await session.scalar(select(Message).where(Message.conversation_id == conversation, Message.seq == seq))
        assert line
        due = now() + timedelta(hours=1)
        kept = {"kind": PromiseKind.ANSWER, "text": "Antwort", "due_at": due, "kept_at": line.created_at}
        session.add(Promise(conversation_id=conversation, **kept))
        held = {"agent_id": mia, "kind": HeldKind.RESOLUTION, "client_id": "r", "text": "", "epoch": 1}
        session.add(HeldAction(conversation_id=conversation, read_seq=seq, due_at=due, **held))
    async with parts.conversations.open(conversation) as c:
        assert (await is_answered_by_person(c), await is_waiting_for_answer(c)) == (True, False)
    await take_back(parts, conversation, mia, seq)
    async with parts.conversations.open(conversation) as c:
        assert (await is_answered_by_person(c), await is_waiting_for_answer(c)) == (False, True)
    async with parts.db.read() as session:
        assert (await session.scalars(select(Promise.kept_at))).all() == [None]
        assert (await session.scalars(select(HeldAction.id))).all() == []
    assert [each.event for each in await log_of(parts, conversation)][-2:] == [
        "resolution_dropped",
        "answer_taken_back",
    ]


async def test_where_another_answer_stands_nothing_is_reopened(parts: AppComponents) -> None:
    conversation, mia, seq = await answered(parts, on_telegram())
    async with parts.conversations.open(conversation) as c:
        epoch = c.conversation.epoch
    await drive(parts.conversations).answer(conversation, mia, epoch, "Es kommt am Mittwoch.", "c2")
    async with parts.db.write() as session:
        kept = {"kind": PromiseKind.ANSWER, "text": "Antwort", "due_at": now(), "kept_at": now()}
        session.add(Promise(conversation_id=conversation, **kept))
        (await session.get_one(Conversation, conversation)).snoozed_until = until = now() + timedelta(days=1)
    await take_back(parts, conversation, mia, seq)
    async with parts.db.read() as session:
        assert await session.scalar(select(Promise.kept_at)) is not None
        assert (await session.get_one(Conversation, conversation)).snoozed_until == until
