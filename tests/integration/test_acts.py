"""One act is one act: an album, a change of mind, words in pieces, a link from outside; each has one answer."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from connectors.contract import (
    START,
    Address,
    Attachment,
    AttachmentKind,
    Channel,
    InboundEdit,
    InboundMessage,
    Withdrawal,
)
from helpdesk.app import AppComponents
from helpdesk.privacy.erasure import erase_contact
from helpdesk.privacy.export import export_contact
from store.models import Contact, Turn, TurnStatus
from store.status import Status
from tests.conversation_driver import drive
from tests.fakes.bot import FakeBot
from tests.harness import conversation_of, eventually, hire, inbound_message, log_of, said_by, wait_for_answers
from tests.integration.slack_rooms import office
from tests.integration.telegram_desk import TelegramDesk, telegram_desk
from tests.waiting_contact import asked, handoff_of

PHOTO = [{"file_id": "p", "file_unique_id": "u", "width": 90, "height": 60, "file_size": 3}]


def edited(message: InboundMessage, text: str, edit_id: str = "e1") -> InboundEdit:
    return InboundEdit(message=replace(message, text=text), edit_id=edit_id)


async def is_quiet(parts: AppComponents) -> bool:
    """Whether no turn is open any more."""
    async with parts.db.read() as session:
        turns = select(Turn.id).where(Turn.status.in_([TurnStatus.PENDING, TurnStatus.RUNNING]))
        return await session.scalar(turns.limit(1)) is None


async def said_on(desk: TelegramDesk, person_id: int, after: int) -> list[str]:
    """What was said to somebody on Telegram after their first `after` messages, once nothing is on its way."""
    await desk.fake.updates.quiet()
    await eventually(lambda: is_quiet(desk.parts), "all turns to end")
    await desk.settled()
    return [sent.text for sent in desk.fake.state.sent_to(person_id)][after:]


async def test_an_album_with_one_caption_has_one_answer(tmp_path: Path, sqlite_url: str) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        ida = desk.fake.person()
        ida.writes(photo=PHOTO, media_group_id="77", caption="Ist das ein Riss?")
        ida.writes(photo=PHOTO, media_group_id="77")
        ida.writes(photo=PHOTO, media_group_id="77")
        await desk.answered(ida, "Riss")

        assert await said_on(desk, ida.id, 1) == ["You said: Ist das ein Riss?"]
        assert [turn["text"] for turn in desk.bot.turns] == ["Ist das ein Riss?"]


async def test_an_album_whose_caption_comes_last_has_one_answer(tmp_path: Path, sqlite_url: str) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        ida = desk.fake.person()
        ida.writes(photo=PHOTO, media_group_id="77")
        ida.writes(photo=PHOTO, media_group_id="77")
        ida.writes(photo=PHOTO, media_group_id="77", caption="Ist das ein Riss?")
        await desk.answered(ida, "Riss")

        assert await said_on(desk, ida.id, 1) == ["You said: Ist das ein Riss?"]


async def test_an_album_without_words_is_acknowledged_once(tmp_path: Path, sqlite_url: str) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        ida = desk.fake.person()
        for _ in range(4):
            ida.writes(photo=PHOTO, media_group_id="78")
        await desk.answered(ida, "Bilder und Dateien")

        (said,) = await said_on(desk, ida.id, 1)
        assert "Bilder und Dateien" in said
        assert desk.bot.turns == []


async def test_a_late_file_of_an_answered_album_is_part_of_it(parts: AppComponents) -> None:
    photo = Attachment(kind=AttachmentKind.PHOTO, external_id="p1")
    first = replace(inbound_message("Ist das ein Riss?"), attachments=(photo,), album="77")
    received = await parts.inbox.receive(first)
    await wait_for_answers(parts, received.conversation_id, 1)
    await parts.inbox.receive(replace(inbound_message(), attachments=(photo,), album="77"))
    await eventually(lambda: is_quiet(parts), "all turns to end")

    assert (await log_of(parts, received.conversation_id))[-1].author == "contact"


async def test_pieces_on_telegram_and_slack_are_one_message(tmp_path: Path, sqlite_url: str) -> None:
    pieces = ("hallo", "ich hab mal ne frage", "wegen", "meinem paket")
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        ida = desk.fake.person()
        for piece in pieces:
            ida.writes(piece)
            await desk.fake.updates.quiet()
        await desk.answered(ida, "paket")
        assert [turn["text"] for turn in desk.bot.turns] == ["\n".join(pieces)]


async def test_pieces_on_slack_are_one_message(tmp_path: Path, sqlite_url: str) -> None:
    pieces = ("hallo", "ich hab mal ne frage", "wegen", "meinem paket")
    bot = FakeBot()
    async with office(tmp_path, sqlite_url, bot=bot) as (_, fake):
        ida = fake.state.person()
        for piece in pieces:
            await fake.write(ida, piece)

        async def is_asked() -> bool:
            return bool(bot.turns)

        await eventually(is_asked, "the bot to be asked")
        assert [turn["text"] for turn in bot.turns] == ["\n".join(pieces)]


async def test_new_words_on_slack_are_answered_anew(tmp_path: Path, sqlite_url: str) -> None:
    bot = FakeBot()
    async with office(tmp_path, sqlite_url, bot=bot) as (_, fake):
        ida = fake.state.person()
        event = await fake.write(ida, "Wo ist mein Paket?")

        async def asked() -> list[str]:
            return [turn["text"] for turn in bot.turns]

        await eventually(asked, "the bot to be asked")
        await fake.edit(event, "Wo ist mein Brief?")

        async def asked_again() -> bool:
            return await asked() == ["Wo ist mein Paket?", "Wo ist mein Brief?"]

        await eventually(asked_again, "the bot to be asked again")


async def test_new_words_after_the_answer_are_answered_anew(parts: AppComponents, bot: FakeBot) -> None:
    message = inbound_message("Where is my parcel?", id_="1")
    received = await parts.inbox.receive(message)
    await wait_for_answers(parts, received.conversation_id, 1)
    await parts.inbox.edit(edited(message, "Where is my letter?"))

    answers = await wait_for_answers(parts, received.conversation_id, 2)
    assert answers == ["You said: …", "You said: Where is my letter?"], "what was changed is quoted by nobody"
    assert (await conversation_of(parts, received.conversation_id)).answered_seq >= received.seq


async def test_an_older_line_in_new_words_is_answered_alone(parts: AppComponents, bot: FakeBot) -> None:
    message = inbound_message("Where is my parcel?", id_="1")
    received = await parts.inbox.receive(message)
    await wait_for_answers(parts, received.conversation_id, 1)
    later = await parts.inbox.receive(inbound_message("Do you have lamps?", id_="2"))
    await wait_for_answers(parts, received.conversation_id, 2)
    await parts.inbox.edit(edited(message, "Where is my letter?"))

    assert (await wait_for_answers(parts, received.conversation_id, 3))[-1] == "You said: Where is my letter?"
    assert (await conversation_of(parts, received.conversation_id)).answered_seq >= later.seq
    await eventually(lambda: is_quiet(parts), "all turns to end")
    assert len(bot.turns) == 3


async def test_an_older_line_that_changes_while_the_bot_thinks_of_a_newer_one_is_answered_next(
    parts: AppComponents, bot: FakeBot
) -> None:
    message = inbound_message("Where is my parcel?", id_="1")
    received = await parts.inbox.receive(message)
    await wait_for_answers(parts, received.conversation_id, 1)
    bot.wait = asyncio.Event()
    await parts.inbox.receive(inbound_message("Do you have lamps?", id_="2"))

    async def is_thinking() -> bool:
        return len(bot.turns) == 2

    await eventually(is_thinking, "the bot to be asked")
    await parts.inbox.edit(edited(message, "Where is my letter?"))
    bot.wait.set()

    answers = await wait_for_answers(parts, received.conversation_id, 3)
    assert answers[1:] == ["You said: Do you have lamps?", "You said: Where is my letter?"]


async def test_an_edit_that_changes_no_word_changes_no_answer(parts: AppComponents, bot: FakeBot) -> None:
    message = inbound_message("where is my parcel", id_="1")
    received = await parts.inbox.receive(message)
    await wait_for_answers(parts, received.conversation_id, 1)
    await parts.inbox.edit(edited(message, "Where is my parcel?!"))
    await eventually(lambda: is_quiet(parts), "all turns to end")

    assert len(bot.turns) == 1


async def test_new_words_with_the_same_answer_are_told_that_it_still_holds(parts: AppComponents, bot: FakeBot) -> None:
    bot.answering = lambda turn: [{"text": "Der Versand kostet 4,90 Euro."}]
    message = inbound_message("Was kostet der Fersand?", id_="1")
    received = await parts.inbox.receive(message)
    await wait_for_answers(parts, received.conversation_id, 1)
    await parts.inbox.edit(edited(message, "Was kostet der Versand?"))

    answers = await wait_for_answers(parts, received.conversation_id, 2)
    assert "gilt weiterhin" in answers[-1]


async def test_what_an_agent_owns_is_not_answered_by_the_bot_and_the_agent_sees_the_change(
    parts: AppComponents, bot: FakeBot
) -> None:
    mia = await hire(parts, "Mia")
    message = inbound_message("Wo ist mein Paket 4711?", id_="1")
    received = await parts.inbox.receive(message)
    await wait_for_answers(parts, received.conversation_id, 1)
    await drive(parts.conversations).accept(received.conversation_id, mia)
    await parts.inbox.edit(edited(message, "Wo ist mein Paket 4712?"))
    await eventually(lambda: is_quiet(parts), "all turns to end")

    assert len(bot.turns) == 1
    lines = await parts.timeline.lines(received.conversation_id)
    assert [line.before for line in lines if line.seq == received.seq] == [("Wo ist mein Paket 4711?",)]
    assert "4712" in json.dumps((await handoff_of(parts, received.conversation_id)).summary.as_json())


async def test_a_waiting_contacts_change_is_taken_over_into_the_request(parts: AppComponents) -> None:
    await hire(parts, "Mia")
    conversation_id = await asked(parts)
    message = inbound_message("Mein Paket 4711 ist seit drei Wochen nicht da.", id_="1")
    await parts.inbox.edit(edited(message, "Mein Paket 4712 ist seit drei Wochen nicht da."))

    async def is_told() -> bool:
        return "Änderung" in (await log_of(parts, conversation_id))[-1].text

    await eventually(is_told, "a word on the change")
    handoff = await handoff_of(parts, conversation_id)
    assert "4712" in handoff.wording
    assert "4711" not in json.dumps(handoff.summary.as_json())


async def test_an_address_that_is_put_right_by_an_edit_is_kept(parts: AppComponents) -> None:
    conversation_id = await asked(parts)
    async with parts.conversations.open(conversation_id) as c:
        handoff = await c.load_live_handoff()
        assert handoff is not None
        handoff.awaits = handoff.awaits.EMAIL
    message = inbound_message("ida@example", id_="2")
    await parts.inbox.receive(message)
    await parts.inbox.edit(edited(message, "ida@example.org"))

    async with parts.db.read() as session:
        assert await session.scalar(select(Contact.email)) == "ida@example.org"


async def test_new_words_after_closing_open_the_conversation_again(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    message = inbound_message("Wo ist mein Paket?", id_="1")
    received = await parts.inbox.receive(message)
    await wait_for_answers(parts, received.conversation_id, 1)
    await drive(parts.conversations).resolve(received.conversation_id, mia)
    await parts.inbox.edit(edited(message, "Wo ist mein Brief?"))

    await wait_for_answers(parts, received.conversation_id, 2)
    assert (await conversation_of(parts, received.conversation_id)).status == Status.BOT


async def test_a_deleted_line_is_gone_from_what_is_passed_on(parts: AppComponents) -> None:
    conversation_id = await asked(parts)
    message = inbound_message(id_="1")
    assert await parts.inbox.withdraw(Withdrawal(address=message.address, external_id=message.external_id))
    handoff = await handoff_of(parts, conversation_id)
    assert "4711" not in handoff.wording + json.dumps(handoff.summary.as_json())


async def test_a_campaigns_link_begins_a_conversation_and_is_noted_with_the_contact(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with telegram_desk(tmp_path, sqlite_url) as desk:
        ida = desk.fake.person()
        ida.writes("/start campaign7")
        (greeting,) = await desk.sent(ida.id, 1)
        assert "digitaler Assistent" in greeting.text
        assert await said_on(desk, ida.id, 1) == []

        (conversation,) = await desk.conversations()
        detail = await desk.parts.timeline.conversation(conversation.id)
        assert detail.contact_campaign == "campaign7"
        exported = await export_contact(desk.parts.db, conversation.contact_id)
        assert exported["contact"]["campaign"] == "campaign7"
        await erase_contact(desk.parts.db, conversation.contact_id)
        async with desk.parts.db.read() as session:
            assert await session.scalar(select(Contact.campaign)) is None


async def test_a_campaigns_link_in_the_middle_of_a_conversation_disturbs_nobody(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    conversation_id = await asked(parts)
    start = replace(inbound_message("/start sale"), payload=START, link="sale")
    await parts.inbox.receive(start)
    assert "an 1. Stelle" in (await log_of(parts, conversation_id))[-1].text

    await drive(parts.conversations).accept(conversation_id, mia)
    await parts.inbox.receive(replace(inbound_message("/start sale2"), payload=START, link="sale2"))
    assert "Mia hat dieses Gespräch" in (await log_of(parts, conversation_id))[-1].text


async def test_only_a_link_of_ours_can_have_expired(parts: AppComponents) -> None:
    address = Address(channel=Channel.TELEGRAM, account="bot", chat_id="42")
    stale = InboundMessage(
        address=address, contact_id="42", external_id="42:1", text="/start x", payload=START, link="staffel-" + "x" * 32
    )
    received = await parts.inbox.receive(stale)

    assert "Link" in (await said_by(parts, received.conversation_id, "system"))[-1]


async def test_a_piece_that_came_while_the_bot_was_thinking_has_no_second_answer(
    parts: AppComponents, bot: FakeBot
) -> None:
    bot.wait, bot.answering = asyncio.Event(), the_same_article
    first = await parts.inbox.receive(inbound_message("Wo ist mein Paket?"))
    await eventually(lambda: _has_asked(bot, 1), "the bot's first turn")
    await parts.inbox.receive(inbound_message("das vom Montag?"))
    bot.wait.set()
    await eventually(lambda: _has_asked(bot, 2), "the second turn")
    await eventually(lambda: is_quiet(parts), "both turns to end")
    assert (await said_by(parts, first.conversation_id, "bot")).count("Im Konto.") == 1

    await parts.inbox.receive(inbound_message("Wo war das?"))
    await eventually(lambda: _has_asked(bot, 3), "the third turn")
    await eventually(lambda: is_quiet(parts), "it to end")
    assert (await said_by(parts, first.conversation_id, "bot")).count("Im Konto.") == 2


def the_same_article(turn: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"text": "Im Konto.", "custom": {"article": "delivery"}}]


async def _has_asked(bot: FakeBot, count: int) -> bool:
    return len(bot.turns) >= count
