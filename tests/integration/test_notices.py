"""Known disturbances in conversations: told before they are asked, once, and answered first where they are asked."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from connectors.contract import START, Address, Channel, InboundMessage, Introduction
from helpdesk.app import AppComponents
from helpdesk.conversations.bot_reply import HandoffRequest
from helpdesk.conversations.waiting.handoff_requests import request_handoff
from helpdesk.notices.notice import Notice
from helpdesk.notices.notice_figures import QUIET_FOR, count_told, load_told
from helpdesk.notices.notice_store import NoticeStore, NoticeView
from helpdesk.privacy.erasure import erase_contact
from helpdesk.texts import Say, say
from store.models import Conversation, NoticeTelling, now
from store.status import Status
from store.triggers import Trigger, TriggerKind
from tests.conversation_driver import drive
from tests.fakes.bot import FakeBot
from tests.harness import (
    conversation_of,
    eventually,
    hire,
    inbound_message,
    run_helpdesk,
    said_by,
    settings_for,
    wait_for_answers,
)
from tests.sample_articles import fill
from tests.statements import counting, listen

STRIKE = "Wegen eines Streiks kommen Pakete später an."
ANSWER = "Das zeigt die Sendungsverfolgung."
ABOVE = say(Say.NOTICE_ABOVE, "de", "sie")


def answering(turn: dict[str, Any]) -> list[dict[str, Any]]:
    if "Paket" in turn["text"]:
        return [{"text": ANSWER, "custom": {"article": "parcel", "lead": None, "related": []}}]
    return [{"text": "Gern."}]


@pytest.fixture
def bot() -> FakeBot:
    return FakeBot(answering=answering)


@pytest.fixture
async def parts(tmp_path: Path, database_url: str, bot: FakeBot) -> AsyncIterator[AppComponents]:
    listen()
    async with run_helpdesk(settings_for(tmp_path, database_url), bot) as running:
        await fill(running)
        yield running


def strike(**changes: Any) -> Notice:
    values: dict[str, Any] = {
        "name": "Streik",
        "texts": {"de": STRIKE, "en": "Parcels are late: a strike."},
        "categories": ("delivery",),
        "words": ("Paketdienst",),
        "starts_at": now() - timedelta(minutes=1),
    }
    return Notice(**(values | changes))


async def switch_on(parts: AppComponents, **changes: Any) -> NoticeView:
    return await parts.notices.store.add(strike(**changes), is_on=True, by="Ada")


async def ask(parts: AppComponents, text: str, name: str = "mara") -> str:
    return str((await parts.inbox.receive(inbound_message(text, name=name))).conversation_id)


async def tellings(parts: AppComponents) -> list[NoticeTelling]:
    async with parts.db.read() as session:
        return list(await session.scalars(select(NoticeTelling)))


async def told_count(parts: AppComponents, conversation_id: str) -> int:
    return sum(text.count(STRIKE) for text in await said_by(parts, conversation_id, "bot"))


async def test_the_greeting_tells_it_and_the_conversation_hears_it_once(parts: AppComponents) -> None:
    await switch_on(parts)

    conversation = await ask(parts, "Hallo")
    await wait_for_answers(parts, conversation, 1)
    await ask(parts, "Wo bleibt mein Paket?")
    answers = await wait_for_answers(parts, conversation, 3)

    greeting = (await said_by(parts, conversation, "bot"))[0]
    assert greeting.endswith(f"\n\n{STRIKE}")
    assert answers == ["Gern.", ABOVE, ANSWER]
    assert await told_count(parts, conversation) == 1


async def test_who_asks_about_it_hears_it_before_the_article_when_it_became_known_meanwhile(
    parts: AppComponents,
) -> None:
    conversation = await ask(parts, "Hallo")
    await wait_for_answers(parts, conversation, 1)
    await switch_on(parts)

    await ask(parts, "Wo bleibt mein Paket?")
    first = await wait_for_answers(parts, conversation, 3)
    await ask(parts, "Wo bleibt mein Paket?")
    then = await wait_for_answers(parts, conversation, 4)

    assert first == ["Gern.", STRIKE, ANSWER]
    assert then == [*first, ANSWER]
    [telling] = await tellings(parts)
    assert telling.asked_at is not None


async def test_a_question_about_something_else_is_answered_as_ever(parts: AppComponents) -> None:
    conversation = await ask(parts, "Hallo")
    await wait_for_answers(parts, conversation, 1)
    await switch_on(parts)

    await ask(parts, "Wie schicke ich etwas zurück?")

    assert await wait_for_answers(parts, conversation, 2) == ["Gern.", "Gern."]
    assert await tellings(parts) == []


async def test_where_no_article_answers_it_stands_alone_with_the_way_to_a_person(
    tmp_path: Path, database_url: str, bot: FakeBot
) -> None:
    async with run_helpdesk(settings_for(tmp_path, database_url), bot) as parts:
        conversation = await ask(parts, "Hallo")
        await wait_for_answers(parts, conversation, 1)
        await switch_on(parts, categories=(), words=("Drachenflug",))

        await ask(parts, "Fällt der Drachenflug aus?")

        offer = say(Say.OFFER_PERSON, "de", "sie")
        assert await wait_for_answers(parts, conversation, 3) == ["Gern.", STRIKE, offer]


async def test_it_is_told_from_its_beginning_to_its_end_by_itself(parts: AppComponents) -> None:
    await switch_on(parts, name="später", starts_at=now() + timedelta(hours=1))
    await switch_on(parts, name="vorbei", starts_at=now() - timedelta(hours=2), ends_at=now() - timedelta(hours=1))

    conversation = await ask(parts, "Hallo")

    assert await told_count(parts, conversation) == 0
    parts.notices._clock = lambda: now() + timedelta(hours=2)
    assert [view.notice.name for view in await parts.notices.look()] == ["später"]


async def test_switching_off_holds_at_once(parts: AppComponents) -> None:
    view = await switch_on(parts)
    await ask(parts, "Hallo", "mara")
    await parts.notices.store.switch(view.id, is_on=False, by="Ada")

    assert await told_count(parts, await ask(parts, "Hallo", "jon")) == 0


async def test_a_contact_is_told_in_the_language_of_the_conversation(parts: AppComponents) -> None:
    await switch_on(parts)
    address = Address(channel=Channel.TELEGRAM, account="1", chat_id="7")
    english = Introduction(language="en")

    async with parts.conversations.open_at(address, "7", english) as c:
        assert c.conversation.language == "en"

    assert "a strike" in (await said_by(parts, c.conversation.id, "bot"))[0]


@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.SLACK])
async def test_every_channel_tells_it_with_its_first_message(parts: AppComponents, channel: Channel) -> None:
    await switch_on(parts)
    message = InboundMessage(
        address=Address(channel=channel, account="1", chat_id="7"),
        contact_id="7",
        external_id="1",
        text="/start",
        payload=START,
        introduction=Introduction(language="de"),
    )

    receipt = await parts.inbox.receive(message)

    assert await told_count(parts, str(receipt.conversation_id)) == 1


async def test_who_comes_back_to_a_closed_conversation_hears_it_first(parts: AppComponents) -> None:
    conversation = await ask(parts, "Hallo")
    await wait_for_answers(parts, conversation, 1)
    async with parts.db.write() as session:
        await session.execute(update(Conversation).values(status=Status.RESOLVED))
    await switch_on(parts)

    await ask(parts, "Wie schicke ich etwas zurück?")

    assert await wait_for_answers(parts, conversation, 3) == ["Gern.", STRIKE, "Gern."]


async def test_who_comes_back_after_hours_hears_it_first(parts: AppComponents) -> None:
    conversation = await ask(parts, "Hallo")
    await wait_for_answers(parts, conversation, 1)
    async with parts.db.write() as session:
        await session.execute(update(Conversation).values(changed_at=now() - timedelta(hours=9)))
    await switch_on(parts)

    await ask(parts, "Noch etwas")

    assert await wait_for_answers(parts, conversation, 3) == ["Gern.", STRIKE, "Gern."]


async def test_who_waits_for_a_person_about_it_hears_of_it_meanwhile_and_others_do_not(parts: AppComponents) -> None:
    await hire(parts, "Mia")
    waiting = [await ask(parts, text, name) for name, text in (("mara", "Wo bleibt mein Paket?"), ("jon", "Hallo"))]
    for conversation, topic in zip(waiting, ("delivery", None), strict=True):
        await wait_for_answers(parts, conversation, 1)
        async with parts.conversations.open(conversation) as c:
            trigger = Trigger(kind=TriggerKind.ASKED, turns=())
            await request_handoff(c, HandoffRequest(triggers=(trigger,), topic=topic))

    await switch_on(parts)
    await parts.progress.look()
    await parts.progress.look()

    assert [await told_count(parts, conversation) for conversation in waiting] == [1, 0]


async def test_two_instances_tell_who_waits_once(parts: AppComponents, tmp_path: Path, database_url: str) -> None:
    await hire(parts, "Mia")
    conversation = await ask(parts, "Wo bleibt mein Paket?")
    await wait_for_answers(parts, conversation, 1)
    await drive(parts.conversations).request_handoff(conversation, [Trigger(kind=TriggerKind.ASKED, turns=())])
    async with run_helpdesk(settings_for(tmp_path / "other", database_url), FakeBot()) as other:
        await switch_on(parts, words=("Paket",), categories=())

        async def is_told() -> bool:
            await parts.progress.look()
            await other.progress.look()
            return await told_count(parts, conversation) > 0

        await eventually(is_told, "the notice")
        await other.progress.look()

    assert await told_count(parts, conversation) == 1


async def test_spared_is_who_asked_was_told_and_ended_without_a_person(parts: AppComponents) -> None:
    view = await switch_on(parts)
    spared = await ask(parts, "Wo bleibt mein Paket?", "mara")
    needed = await ask(parts, "Wo bleibt mein Paket?", "jon")
    silent = await ask(parts, "Hallo", "kim")
    for conversation in (spared, needed, silent):
        await wait_for_answers(parts, conversation, 1)
    await hire(parts, "Mia")
    await drive(parts.conversations).request_handoff(needed, [Trigger(kind=TriggerKind.ASKED, turns=())])

    later = now() + QUIET_FOR + timedelta(minutes=1)
    told = await load_told(parts.db, since=now() - timedelta(days=1), at=later)
    figures = count_told(told)[view.id]

    assert (figures.told, figures.asked, figures.spared) == (3, 2, 1)
    assert [one.conversation_id for one in told if one.spared] == [spared]
    assert not any(one.spared for one in await load_told(parts.db, since=now() - timedelta(days=1), at=now()))


async def test_a_turn_without_a_notice_costs_no_statement_more(parts: AppComponents) -> None:
    conversation = await ask(parts, "Hallo")
    await wait_for_answers(parts, conversation, 1)
    with counting() as count:
        await ask(parts, "Wo bleibt mein Paket?")
        await wait_for_answers(parts, conversation, 2)

    assert not [origin for origin in count.origins if "notice" in origin or "disturbance" in origin]


async def test_the_desk_sees_what_was_told(parts: AppComponents) -> None:
    await switch_on(parts)
    conversation = await ask(parts, "Wo bleibt mein Paket?")
    await wait_for_answers(parts, conversation, 2)

    [told] = (await parts.timeline.conversation(conversation)).notices

    assert (told.name, told.seq, told.asked) == ("Streik", 1, True)


async def test_a_contact_who_is_erased_takes_it_along_and_a_notice_can_be_removed(parts: AppComponents) -> None:
    view = await switch_on(parts)
    conversation = await conversation_of(parts, await ask(parts, "Hallo"))
    await ask(parts, "Hallo", "jon")
    await erase_contact(parts.db, conversation.contact_id)
    assert [one.conversation_id for one in await tellings(parts)] != [conversation.id]

    await parts.notices.store.remove(view.id)

    assert await tellings(parts) == []
    assert await NoticeStore(parts.db).list_all() == []


def mail(text: str, number: int) -> InboundMessage:
    return InboundMessage(
        address=Address(channel=Channel.EMAIL, account="help@example.org", chat_id="mara@example.org"),
        contact_id="mara@example.org",
        external_id=f"<{number}@example.org>",
        text=text,
        introduction=Introduction(language="de"),
    )


async def test_a_mail_is_answered_with_it_once_whatever_the_mail_asks(parts: AppComponents) -> None:
    view = await switch_on(parts)
    mia = await hire(parts, "Mia")

    async def answers(conversation: str, count: int) -> list[str]:
        async def look() -> list[str]:
            found = await said_by(parts, conversation, "bot")
            return found if len(found) >= count else []

        return await eventually(look, f"{count} mails")

    conversation = str((await parts.inbox.receive(mail("Wie schicke ich etwas zurück?", 1))).conversation_id)
    [first] = await answers(conversation, 1)
    assert first.startswith(STRIKE)
    assert [(one.notice_id, one.asked_at) for one in await tellings(parts)] == [(view.id, None)]

    driver = drive(parts.conversations)
    epoch = (await driver.accept(conversation, mia)).epoch
    await driver.answer(conversation, mia, epoch, "Gern.", "a1")
    await driver.resolve(conversation, mia)
    await parts.inbox.receive(mail("Wo bleibt mein Paket?", 2))
    assert STRIKE not in (await answers(conversation, 2))[-1]
