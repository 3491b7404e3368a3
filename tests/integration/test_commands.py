"""What customers can ask of Staffel itself on every channel: language, being forgotten, another channel, a rating."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from connectors.contract import (
    CHOOSE_LANGUAGE,
    CONNECT,
    FORGET,
    START,
    Address,
    Attachment,
    AttachmentKind,
    Channel,
    InboundMessage,
    Tap,
    message_mark,
)
from helpdesk.app import AppComponents
from store.errors import NotFound
from store.models import AttachmentRecord, ChannelAccount, Contact, Conversation, Handoff, now
from store.status import Status
from tests.conversation_driver import drive
from tests.fakes.bot import FakeBot
from tests.fakes.channel import FakeChannel
from tests.harness import conversation_of, eventually, hire, log_of, run_helpdesk, said_by, settings_for, visitor


@pytest.fixture
async def parts(tmp_path: Path, database_url: str, bot: FakeBot) -> AsyncIterator[AppComponents]:
    async with run_helpdesk(settings_for(tmp_path, database_url), bot) as started:
        started.connectors[Channel.TELEGRAM] = FakeChannel(files={"file-1": b"\x89PNG picture"})
        yield started


def command(payload: str, *, name: str = "ida", id_: str = "c", channel: Channel = Channel.WEBCHAT) -> InboundMessage:
    address = visitor(name) if channel == Channel.WEBCHAT else Address(channel=channel, account="bot", chat_id=name)
    return InboundMessage(
        address=address, contact_id=name, external_id=f"{name}:{id_}:{payload}", text=payload, payload=payload
    )


def tap(name: str, seq: int, choice: int) -> InboundMessage:
    return InboundMessage(
        address=visitor(name),
        contact_id=name,
        external_id=f"{name}:tap:{seq}:{choice}",
        tap=Tap(seq=seq, choice=choice),
    )


async def test_another_language_is_offered_and_kept(parts: AppComponents, bot: FakeBot) -> None:
    received = await parts.inbox.receive(command(CHOOSE_LANGUAGE))
    offer = (await log_of(parts, received.conversation_id))[-1]
    assert [button.title for button in offer.choices] == ["Deutsch", "English", "Français"]

    await parts.inbox.receive(tap("ida", offer.seq, 1))

    assert (await conversation_of(parts, received.conversation_id)).language == "en"
    assert (await log_of(parts, received.conversation_id))[-1].text == "All right, in English from now on."
    assert bot.turns == []


async def test_a_command_between_two_messages_leaves_both_to_the_bot(parts: AppComponents, bot: FakeBot) -> None:
    def written(text: str, id_: str) -> InboundMessage:
        return InboundMessage(address=visitor("ida"), contact_id="ida", external_id=f"ida:{id_}", text=text)

    received = await parts.inbox.receive(written("Where is", "1"))
    await parts.inbox.receive(command(CHOOSE_LANGUAGE))
    await parts.inbox.receive(written("my parcel?", "2"))

    async def answered() -> bool:
        return any("my parcel?" in text for text in await said_by(parts, received.conversation_id, "bot"))

    await eventually(answered, "the answer")
    assert " ".join(str(turn["text"]) for turn in bot.turns).split() == ["Where", "is", "my", "parcel?"]


async def test_start_is_answered_with_one_greeting_and_later_with_another(parts: AppComponents) -> None:
    received = await parts.inbox.receive(command(START))
    assert len(await log_of(parts, received.conversation_id)) == 2
    await parts.inbox.receive(command(START, id_="again"))

    texts = [message.text for message in await log_of(parts, received.conversation_id) if message.author != "contact"]
    assert len(texts) == 2
    assert "kein Mensch" in texts[0]
    assert texts[0] == texts[1]


async def test_whoever_wants_to_be_forgotten_is_asked_once_more_and_then_gone(parts: AppComponents) -> None:
    received = await parts.inbox.receive(command(FORGET))
    sure = (await log_of(parts, received.conversation_id))[-1]
    await parts.inbox.receive(tap("ida", sure.seq, 0))
    assert await parts.retention.forget_due() == 0  # first the confirmation goes out
    async with parts.db.write() as session:
        await session.execute(update(Contact).values(forget_at=now() - timedelta(seconds=1)))

    assert await parts.retention.forget_due() == 1
    async with parts.db.read() as session:
        assert await session.scalar(select(func.count()).select_from(Conversation)) == 0
        assert await session.scalar(select(func.count()).select_from(Contact)) == 0


async def test_whoever_stays_is_told_so(parts: AppComponents) -> None:
    received = await parts.inbox.receive(command(FORGET))
    sure = (await log_of(parts, received.conversation_id))[-1]
    await parts.inbox.receive(tap("ida", sure.seq, 1))

    async with parts.db.read() as session:
        assert await session.scalar(select(Contact.forget_at)) is None


async def connect_telegram(parts: AppComponents) -> None:
    async with parts.db.write() as session:
        session.add(
            ChannelAccount(
                channel=Channel.TELEGRAM, account="bot", name="Shop", secrets="", settings={"username": "shop_bot"}
            )
        )


async def link_from_webchat(parts: AppComponents) -> str:
    """The token of a link that a customer of the web chat has asked for."""
    received = await parts.inbox.receive(command(CONNECT))
    text = (await log_of(parts, received.conversation_id))[-1].text
    assert "https://t.me/shop_bot?start=" in text
    return text.rpartition("start=")[2].rstrip(")")


def start_with(token: str, name: str = "42", id_: str = "1") -> InboundMessage:
    address = Address(channel=Channel.TELEGRAM, account="bot", chat_id=name)
    return InboundMessage(
        address=address, contact_id=name, external_id=f"{name}:{id_}", text="/start", payload=START, link=token
    )


async def test_a_link_brings_two_channels_together_once(parts: AppComponents) -> None:
    await connect_telegram(parts)
    token = await link_from_webchat(parts)
    telegram = await parts.inbox.receive(start_with(token))
    stranger = await parts.inbox.receive(start_with(token, name="43"))

    assert (await log_of(parts, telegram.conversation_id))[-2].text.startswith("Verbunden.")
    assert "gilt nicht mehr" in (await log_of(parts, stranger.conversation_id))[-1].text
    async with parts.db.read() as session:
        persons = {contact.external_id: contact.person for contact in await session.scalars(select(Contact))}
    assert persons["ida"] == persons["42"] is not None
    assert persons["43"] is None


async def test_being_forgotten_reaches_the_connected_channels(parts: AppComponents) -> None:
    await connect_telegram(parts)
    await parts.inbox.receive(start_with(await link_from_webchat(parts)))
    received = await parts.inbox.receive(command(FORGET))
    sure = (await log_of(parts, received.conversation_id))[-1]
    await parts.inbox.receive(tap("ida", sure.seq, 0))

    async with parts.db.read() as session:
        wishes = list(await session.scalars(select(Contact.forget_at)))
    assert len(wishes) == 2
    assert None not in wishes


async def test_the_way_on_is_not_offered_where_there_is_none(parts: AppComponents) -> None:
    received = await parts.inbox.receive(command(CONNECT))

    assert "Einen anderen Weg gibt es hier gerade nicht" in (await log_of(parts, received.conversation_id))[-1].text


async def test_after_a_person_has_helped_one_question_is_asked_and_its_answer_counts(parts: AppComponents) -> None:
    received = await parts.inbox.receive(command("/ask_person"))
    mia = await hire(parts, "Mia")
    await drive(parts.conversations).accept(received.conversation_id, mia)
    epoch = (await conversation_of(parts, received.conversation_id)).epoch
    await drive(parts.conversations).answer(received.conversation_id, mia, epoch, "Es kommt morgen.", "a1")
    await drive(parts.conversations).resolve(received.conversation_id, mia)
    question = (await log_of(parts, received.conversation_id))[-1]
    assert question.text == "Konnten wir Ihnen helfen?"

    await parts.inbox.receive(tap("ida", question.seq, 0))

    assert (await conversation_of(parts, received.conversation_id)).status == Status.RESOLVED
    async with parts.db.read() as session:
        assert await session.scalar(select(Handoff.helped)) is True


def photo(text: str = "") -> InboundMessage:
    address = Address(channel=Channel.TELEGRAM, account="bot", chat_id="42")
    picture = Attachment(
        kind=AttachmentKind.PHOTO, external_id="file-1", name="../../broken.png", media_type="image/png", size=12
    )
    return InboundMessage(address=address, contact_id="42", external_id="42:7", text=text, attachments=(picture,))


async def test_a_picture_is_kept_for_the_agent_and_the_bot_says_that_it_cannot_see_it(
    parts: AppComponents, bot: FakeBot
) -> None:
    received = await parts.inbox.receive(photo())

    async def fetched() -> str | None:
        async with parts.db.read() as session:
            return await session.scalar(select(AttachmentRecord.id).where(AttachmentRecord.file_key.is_not(None)))

    there = await eventually(fetched, "the file")
    file = await parts.attached.open(there or "", received.conversation_id, notes=True)
    assert b"".join([piece async for piece in file.pieces]) == b"\x89PNG picture"
    assert (file.name, file.media_type) == ("broken.png", "application/octet-stream")  # it is no picture

    async def said() -> bool:
        return "Bilder und Dateien kann ich selbst nicht" in (await log_of(parts, received.conversation_id))[-1].text

    await eventually(said, "an honest word")
    assert bot.turns == []


async def test_the_words_beside_a_picture_are_answered(parts: AppComponents, bot: FakeBot) -> None:
    received = await parts.inbox.receive(photo("Is this broken?"))

    async def answered() -> bool:
        return bool((await said_by(parts, received.conversation_id, "bot"))[1:])

    await eventually(answered, "the answer")
    assert bot.turns[0]["text"] == "Is this broken?"


async def test_a_file_that_does_not_come_is_given_up_with_a_reason(parts: AppComponents) -> None:
    channel = parts.connectors[Channel.TELEGRAM]
    assert isinstance(channel, FakeChannel)
    channel.files = {"file-1": bytes(21 * 1024 * 1024)}
    await parts.inbox.receive(photo())

    async def given_up() -> str | None:
        async with parts.db.read() as session:
            return await session.scalar(select(AttachmentRecord.reason))

    assert await eventually(given_up, "the end of the try") == "The file is larger than 20 MB."


async def test_f53_what_comes_far_too_late_goes_to_a_person_and_not_to_the_bot(
    parts: AppComponents, bot: FakeBot
) -> None:
    late = InboundMessage(
        address=visitor("ida"), contact_id="ida", external_id="ida:late", text="Where is it?", held="too_old"
    )
    received = await parts.inbox.receive(late)

    assert (await conversation_of(parts, received.conversation_id)).status == Status.QUEUED
    async with parts.db.read() as session:
        [trigger] = await session.scalar(select(Handoff.triggers)) or []
    assert trigger.kind == "late"
    assert bot.turns == []


async def test_a_button_of_a_forgotten_conversation_does_nothing_in_the_next(parts: AppComponents) -> None:
    received = await parts.inbox.receive(command(FORGET))
    sure = (await log_of(parts, received.conversation_id))[-1]
    old = Tap(seq=sure.seq, choice=0, mark="00000000")
    with pytest.raises(NotFound):
        await parts.inbox.receive(replace(tap("ida", sure.seq, 0), tap=old))
    right = Tap(seq=sure.seq, choice=1, mark=message_mark(sure.id))
    await parts.inbox.receive(replace(tap("ida", sure.seq, 1), tap=right))

    assert "es bleibt alles" in (await log_of(parts, received.conversation_id))[-1].text
