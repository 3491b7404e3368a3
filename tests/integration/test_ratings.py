"""How it was: asked once on every channel, kept by who helped, and a task for a person where it was bad."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from connectors.contract import Address, Channel, InboundMessage, Tap
from helpdesk.app import AppComponents
from helpdesk.insights.ratings import RatingGroup, count_by, load_names, load_ratings, load_words
from helpdesk.privacy.erasure import erase_contact
from helpdesk.privacy.export import export_contact
from helpdesk.texts import Say, say
from store.models import Contact, Message, Rating, now
from store.status import Status
from tests.conversation_driver import drive
from tests.harness import conversation_of, hire, log_of
from tests.waiting_contact import handoff_of

QUESTION = say(Say.HOW_WAS_IT, "de", "sie")
GOOD, BAD = 0, 1
CHANNELS = [Channel.WEBCHAT, Channel.TELEGRAM, Channel.SLACK]


def message(text: str = "", *, channel: Channel = Channel.TELEGRAM, id_: str, tap: Tap | None = None) -> InboundMessage:
    address = Address(channel=channel, account="bot", chat_id="42")
    return InboundMessage(address=address, contact_id="42", external_id=id_, text=text, tap=tap)


async def help_once(
    parts: AppComponents, mia: str, *, text: str = "Mein Tisch wackelt.", channel: Channel = Channel.TELEGRAM
) -> str:
    """A conversation that Mia has answered and closed."""
    id_ = str((await parts.inbox.receive(message(text, channel=channel, id_=f"{channel}{now()}"))).conversation_id)
    driver = drive(parts.conversations)
    epoch = (await driver.accept(id_, mia)).epoch
    await driver.answer(id_, mia, epoch, "Ziehen Sie die Schrauben nach.", str(now()))
    await driver.resolve(id_, mia)
    return id_


async def questions(parts: AppComponents, conversation_id: str) -> list[Message]:
    return [line for line in await log_of(parts, conversation_id) if line.text == QUESTION]


async def tap(parts: AppComponents, question: Message, choice: int, channel: Channel = Channel.TELEGRAM) -> None:
    await parts.inbox.receive(message(channel=channel, id_=f"tap{choice}", tap=Tap(seq=question.seq, choice=choice)))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_every_channel_asks_once_and_keeps_who_helped(parts: AppComponents, channel: Channel) -> None:
    mia = await hire(parts, "Mia")
    id_ = await help_once(parts, mia, channel=channel)
    [question] = await questions(parts, id_)

    await tap(parts, question, BAD, channel)

    [rating] = await load_ratings(parts.db, now() - timedelta(days=1))
    assert (rating.helped, rating.agent, rating.channel) == (False, mia, str(channel))
    assert (await conversation_of(parts, id_)).status == Status.QUEUED
    assert [trigger.kind for trigger in (await handoff_of(parts, id_)).triggers] == ["rated_bad"]
    assert (await parts.timeline.conversation(id_)).helped is False


async def test_who_was_asked_is_not_asked_again(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    id_ = await help_once(parts, mia)
    await help_once(parts, mia, text="Und der Stuhl auch.")

    assert len(await questions(parts, id_)) == 1


async def test_a_later_answer_takes_the_place_of_the_first_and_the_task_goes(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    id_ = await help_once(parts, mia)
    [question] = await questions(parts, id_)
    await tap(parts, question, BAD)
    await tap(parts, question, GOOD)

    assert [one.helped for one in await load_ratings(parts.db, now() - timedelta(days=1))] == [True]
    assert (await conversation_of(parts, id_)).status == Status.BOT


async def test_an_answer_after_the_window_changes_nothing_but_still_gets_a_person(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    id_ = await help_once(parts, mia)
    [question] = await questions(parts, id_)
    await tap(parts, question, GOOD)
    async with parts.db.write() as session:
        await session.execute(update(Rating).values(asked_at=now() - timedelta(days=8)))
    await tap(parts, question, BAD)

    assert [one.helped for one in await load_ratings(parts.db, now() - timedelta(days=1))] == [True]
    assert (await conversation_of(parts, id_)).status == Status.QUEUED


async def test_nobody_is_asked_after_abuse_or_who_is_to_be_erased(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    rude = await help_once(parts, mia, text="Du dumme Schlampe, fick dich, du Hurensohn!")
    assert await questions(parts, rude) == []

    async with parts.db.write() as session:
        await session.execute(update(Contact).values(forget_at=now() + timedelta(minutes=5)))
    assert await questions(parts, await help_once(parts, mia, text="Mein Tisch wackelt noch.")) == []


async def test_the_words_beside_a_rating_are_shown_without_personal_data(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    id_ = await help_once(parts, mia)
    [question] = await questions(parts, id_)
    await tap(parts, question, BAD)
    await parts.inbox.receive(message("Die Schraube fehlt, ida@example.org", id_="w"))

    words = await load_words(parts.db, await load_ratings(parts.db, now() - timedelta(days=1)))

    assert words[id_].startswith("Die Schraube fehlt")
    assert "ida@example.org" not in words[id_]


async def test_each_figure_leads_to_its_ratings(parts: AppComponents) -> None:
    mia, jo = await hire(parts, "Mia"), await hire(parts, "Jo")
    for agent, channel, choice in ((mia, Channel.TELEGRAM, BAD), (jo, Channel.SLACK, GOOD)):
        [question] = await questions(parts, await help_once(parts, agent, channel=channel))
        await tap(parts, question, choice, channel)
    since = now() - timedelta(days=1)
    counts = count_by(await load_ratings(parts.db, since), RatingGroup.AGENT, await load_names(parts.db))

    assert [(one.name, one.good, one.bad) for one in counts] == [("Mia", 0, 1), ("Jo", 1, 0)]
    for value, helped, expected in ((mia, False, 1), (mia, True, 0), (jo, True, 1)):
        found = await load_ratings(parts.db, since, group=RatingGroup.AGENT, value=value, helped=helped)
        assert len(found) == expected
    assert len(await load_ratings(parts.db, since, group=RatingGroup.CHANNEL, value="slack")) == 1


async def test_a_rating_is_exported_with_the_contact_and_erased_with_them(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    id_ = await help_once(parts, mia)
    [question] = await questions(parts, id_)
    await tap(parts, question, GOOD)
    contact = (await conversation_of(parts, id_)).contact_id

    [conversation] = (await export_contact(parts.db, contact))["conversations"]
    assert conversation["ratings"][0]["helped"] is True
    await erase_contact(parts.db, contact)
    async with parts.db.read() as session:
        assert (await session.scalars(select(Rating))).all() == []
