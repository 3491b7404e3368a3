"""Whatever a contact writes or presses, in whatever state their conversation is, they are met with a fitting word."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from connectors.contract import ASK_PERSON, START, Attachment, AttachmentKind, Author, InboundMessage, Tap
from helpdesk.app import AppComponents
from helpdesk.conversations.promises.register import NewPromise
from helpdesk.conversations.waiting.handoff_requests import CALL, CANCEL_HANDOFF, CORRECT, MAIL
from store.models import Contact, Conversation, Handoff, Message, Promise, now
from store.status import Status
from tests.conversation_driver import PromiseDriver, drive
from tests.harness import conversation_of, eventually, hire, inbound_message, log_of
from tests.waiting_contact import asked, chooses, handoff_of


async def hears(parts: AppComponents, inbound: InboundMessage) -> Message:
    """The first thing that the contact reads after `inbound`; there has to be something."""
    received = await parts.inbox.receive(inbound)

    async def first() -> Message | None:
        log = await log_of(parts, received.conversation_id)
        return next((line for line in log if line.seq > received.seq and _is_read(line)), None)

    found = await eventually(first, f"a word on {inbound.text!r}")
    assert found is not None
    return found


def _is_read(line: Message) -> bool:
    activity = line.facts.activity
    is_shown = activity.shown if activity else line.kind == "outgoing"
    return is_shown and line.author in {Author.BOT, Author.SYSTEM}


async def resolved(parts: AppComponents) -> str:
    """A conversation that an agent has answered and closed, with the question of how it was."""
    mia = await hire(parts, "Mia")
    conversation_id = await asked(parts)
    await drive(parts.conversations).accept(conversation_id, mia)
    epoch = (await conversation_of(parts, conversation_id)).epoch
    await drive(parts.conversations).answer(conversation_id, mia, epoch, "Es kommt morgen.", "a1")
    await drive(parts.conversations).resolve(conversation_id, mia)
    return conversation_id


def ways(line: Message) -> list[str]:
    return [choice.payload for choice in line.choices]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hallo", "an 1. Stelle"),
        ("guten abend zusammen", "an 1. Stelle"),
        ("meldet sich hier eigentlich niemand?", "an 1. Stelle"),
        ("das dauert ja ewig", "an 1. Stelle"),
        ("ich will jetzt endlich mit einem menschen reden", "an 1. Stelle"),
        ("😡😡", "an 1. Stelle"),
        ("👍", "behält"),
        ("ok ich warte", "behält"),
        ("bist du ein mensch?", "kein Mensch"),
        ("hat sich erledigt", "zurückziehen"),
        ("nevermind, sorted it myself", "withdraw"),
        ("die rechnungsnummer ist 2024-1187", "dazugelegt"),
        ("4711", "dazugelegt"),
    ],
)
async def test_what_a_waiting_contact_says_is_met_for_what_it_is(parts: AppComponents, text: str, said: str) -> None:
    await hire(parts, "Mia")
    conversation_id = await asked(parts)
    heard = await hears(parts, inbound_message(text))

    assert said in heard.text
    assert ways(heard)[-1] == CANCEL_HANDOFF
    assert (await conversation_of(parts, conversation_id)).status == Status.QUEUED


async def test_what_was_added_twice_in_a_row_is_not_met_with_the_same_words(parts: AppComponents) -> None:
    await hire(parts, "Mia")
    await asked(parts)
    first = await hears(parts, inbound_message("Der Bezug ist auch zerrissen."))
    second = await hears(parts, inbound_message("Und eine Schraube fehlt."))

    assert first.text != second.text
    assert "Anliegen" in second.text


async def test_what_is_dangerous_moves_a_waiting_request_up_and_is_met_with_care(parts: AppComponents) -> None:
    await hire(parts, "Mia")
    conversation_id = await asked(parts)
    heard = await hears(parts, inbound_message("Ich will nicht mehr leben."))

    assert "TelefonSeelsorge" in heard.text
    assert "dazugelegt" not in heard.text
    assert (await handoff_of(parts, conversation_id)).urgency == 2


@pytest.mark.parametrize(
    "text", ["Die Lampe ist mir auf den Kopf gefallen und ich blute.", "My son fell off the chair and broke his arm."]
)
async def test_harm_that_is_told_while_waiting_moves_the_request_up(parts: AppComponents, text: str) -> None:
    await hire(parts, "Mia")
    conversation_id = await asked(parts)
    heard = await hears(parts, inbound_message(text))

    assert "112" in heard.text
    assert (await handoff_of(parts, conversation_id)).urgency == 2


@pytest.mark.parametrize("text", ["hallo??", "danke", "ida@example.org", "wie lange dauert das noch?"])
async def test_what_is_no_request_is_not_passed_on_as_one(parts: AppComponents, text: str) -> None:
    conversation_id = await asked(parts)
    await chooses(parts, conversation_id, CORRECT)
    heard = await hears(parts, inbound_message(text))

    assert "So gebe ich es weiter" not in heard.text
    assert (await handoff_of(parts, conversation_id)).correction is None


async def test_a_question_with_a_number_in_it_is_no_failed_address(parts: AppComponents) -> None:
    conversation_id = await asked(parts)
    await chooses(parts, conversation_id, MAIL)
    heard = await hears(parts, inbound_message("kostet der versand nach 10115 berlin extra?"))

    assert "E-Mail-Adresse" not in heard.text.split("\n")[0]
    assert (await handoff_of(parts, conversation_id)).awaits == "nothing"


async def test_every_word_to_a_waiting_contact_carries_the_ways_out(parts: AppComponents) -> None:
    conversation_id = await asked(parts)
    for payload in (CORRECT, MAIL, CALL):
        await chooses(parts, conversation_id, payload)
        last = (await log_of(parts, conversation_id))[-1]
        assert CANCEL_HANDOFF in ways(last)
        assert payload not in ways(last)
    heard = await hears(parts, inbound_message("12345"))
    assert CANCEL_HANDOFF in ways(heard)
    heard = await hears(parts, replace(inbound_message("/language"), payload="/speak_en"))
    assert CANCEL_HANDOFF in ways(heard)


async def test_a_time_in_words_instead_of_a_window_gets_a_call_promised(parts: AppComponents) -> None:
    conversation_id = await asked(parts)
    async with parts.db.write() as session:
        await session.execute(update(Handoff).values(awaits="window"))
        await session.execute(update(Contact).values(phone="+49 30 1234567"))
    heard = await hears(parts, inbound_message("am liebsten morgen vormittag"))

    assert "+49 30 1234567" in heard.text
    async with parts.db.read() as session:
        kinds = await session.scalars(
            select(Promise.kind).where(Promise.withdrawn_at.is_(None), Promise.conversation_id == conversation_id)
        )
        assert list(kinds) == ["callback"]


async def test_an_old_button_while_waiting_or_with_an_agent_is_not_silent(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    conversation_id = await asked(parts)
    waiting = await hears(parts, replace(inbound_message("Mit einem Menschen sprechen"), payload=ASK_PERSON))
    assert "an 1. Stelle" in waiting.text
    begun = await hears(parts, replace(inbound_message("/start"), payload=START))
    assert "an 1. Stelle" in begun.text

    await drive(parts.conversations).accept(conversation_id, mia)
    for payload in (ASK_PERSON, START):
        with_agent = await hears(parts, replace(inbound_message("x"), payload=payload))
        assert "Mia hat dieses Gespräch" in with_agent.text


async def test_files_while_waiting_are_added_once(parts: AppComponents) -> None:
    await hire(parts, "Mia")
    conversation_id = await asked(parts)
    photo = Attachment(kind=AttachmentKind.PHOTO, external_id="p1")
    heard = await hears(parts, replace(inbound_message(), attachments=(photo,)))

    assert "dazugelegt" in heard.text
    assert CANCEL_HANDOFF in ways(heard)
    assert (await conversation_of(parts, conversation_id)).status == Status.QUEUED


async def test_what_was_written_right_before_cancelling_is_answered_by_the_bot(parts: AppComponents) -> None:
    conversation_id = await asked(parts)
    received = await parts.inbox.receive(inbound_message("und was kostet eigentlich"))  # the bot still waits for more
    await chooses(parts, conversation_id, CANCEL_HANDOFF)

    async def is_answered() -> bool:
        return any(
            "was kostet eigentlich" in line.text
            for line in await log_of(parts, conversation_id)
            if line.author == "bot"
        )

    await eventually(is_answered, "the bot's answer")
    assert (await conversation_of(parts, conversation_id)).answered_seq >= received.seq


async def test_an_address_left_outside_the_queue_is_not_said_to_wait_there(parts: AppComponents) -> None:
    received = await parts.inbox.receive(inbound_message("Hallo, wo ist mein Paket?"))
    await drive(parts.conversations).leave_email(received.conversation_id, "ida@example.org")

    told = next(line for line in await log_of(parts, received.conversation_id) if "ida@example.org" in line.text)
    assert "Warteschlange" not in told.text


async def test_an_agent_who_answered_and_passed_on_is_no_broken_promise(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    conversation_id = await asked(parts)
    await drive(parts.conversations).accept(conversation_id, mia)
    epoch = (await conversation_of(parts, conversation_id)).epoch
    await drive(parts.conversations).answer(conversation_id, mia, epoch, "Ich frage die Kollegin.", "a1")
    await drive(parts.conversations).transfer(conversation_id, mia, None)
    await parts.watchdog.look()

    told = [line.text for line in await log_of(parts, conversation_id) if _is_read(line)][-1]
    assert "Mia musste das Gespräch abgeben" in told
    assert "versprochen" not in told
    assert "Stelle" in told or "spätestens" in told


async def test_only_a_time_that_was_told_is_called_a_promise_when_it_is_broken(parts: AppComponents) -> None:
    await hire(parts, "Mia")
    conversation_id = await asked(parts)
    async with parts.db.write() as session:
        await session.execute(update(Promise).values(due_at=now() - timedelta(minutes=1)))
    await parts.watchdog.look()

    told = (await log_of(parts, conversation_id))[-1].text
    assert "dauert länger" in told
    assert "versprochen" not in told


async def test_a_call_that_was_not_made_is_not_called_an_answer(parts: AppComponents) -> None:
    conversation_id = await asked(parts)
    async with parts.db.write() as session:
        await session.execute(update(Promise).values(due_at=now() - timedelta(minutes=1), kind="callback"))
    await parts.watchdog.look()

    assert "einen Anruf versprochen" in (await log_of(parts, conversation_id))[-1].text


async def test_whoever_an_agent_lets_wait_hears_whether_their_line_was_read(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    conversation_id = await asked(parts)
    await drive(parts.conversations).accept(conversation_id, mia)
    received = await parts.inbox.receive(inbound_message("Und der Bezug ist zerrissen."))
    assert await parts.watchdog.look() == 0
    async with parts.db.write() as session:
        await session.execute(update(Message).values(created_at=now() - timedelta(minutes=11)))

    assert await parts.watchdog.look() == 1
    assert "Mia hat Ihre letzte Nachricht noch nicht geöffnet" in (await log_of(parts, conversation_id))[-1].text
    assert await parts.watchdog.look() == 0

    async with parts.db.write() as session:
        await session.execute(update(Conversation).values(agent_seen_seq=received.seq, answered_seq=received.seq - 1))
        await session.execute(update(Message).where(Message.event == "reading_told").values(seq=0))
    await parts.watchdog.look()
    assert "gelesen" in (await log_of(parts, conversation_id))[-1].text


async def test_who_asks_when_is_told_again_what_an_agent_has_promised(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    conversation_id = await asked(parts)
    await drive(parts.conversations).accept(conversation_id, mia)
    await PromiseDriver(parts.conversations).make(
        conversation_id, mia, NewPromise(text="Ersatz schicken", due_at=now() + timedelta(hours=2), shown=True)
    )
    await drive(parts.conversations).return_to_bot(conversation_id, mia)
    heard = await hears(parts, inbound_message("wann meldet ihr euch denn?"))

    assert "Ersatz schicken" in heard.text
    assert heard.author == "system"


@pytest.mark.parametrize(
    "text", ["Nicht wirklich", "nein, der tisch wackelt immer noch", "nope", "👎", "geht so", "non"]
)
async def test_who_was_not_helped_waits_for_a_person_again(parts: AppComponents, text: str) -> None:
    conversation_id = await resolved(parts)
    heard = await hears(parts, inbound_message(text))

    assert "Offenheit" in heard.text or "offen" in heard.text.lower()
    assert (await conversation_of(parts, conversation_id)).status == Status.QUEUED
    handoff = await handoff_of(parts, conversation_id)
    assert [trigger.kind for trigger in handoff.triggers] == ["rated_bad"]
    assert handoff.preferred_agent is not None
    later = await hears(parts, inbound_message("Die Schrauben fehlen noch immer."))
    assert "dazugelegt" in later.text


async def test_the_button_for_a_bad_rating_leads_to_a_person_too_and_keeps_the_rating(parts: AppComponents) -> None:
    conversation_id = await resolved(parts)
    await chooses(parts, conversation_id, "/rated_bad")

    assert (await conversation_of(parts, conversation_id)).status == Status.QUEUED
    async with parts.db.read() as session:
        assert await session.scalar(select(Handoff.helped).order_by(Handoff.asked_at).limit(1)) is False


@pytest.mark.parametrize("text", ["ja", "Ja, danke!", "super", "👍", "danke schön", "yes, thanks"])
async def test_a_good_word_after_closing_leaves_it_closed(parts: AppComponents, text: str) -> None:
    conversation_id = await resolved(parts)
    await hears(parts, inbound_message(text))

    assert (await conversation_of(parts, conversation_id)).status == Status.RESOLVED


@pytest.mark.parametrize(
    "text", ["Wo ist mein anderes Paket?", "ja aber wann kommt es?", "Nächste Frage: habt ihr Lampen?"]
)
async def test_anything_else_after_closing_is_a_new_matter(parts: AppComponents, text: str) -> None:
    conversation_id = await resolved(parts)
    heard = await hears(parts, inbound_message(text))

    assert heard.author in {"bot", "system"}
    assert (await conversation_of(parts, conversation_id)).status != Status.RESOLVED


async def test_a_way_out_that_is_over_swallows_nothing_that_was_written_before(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    conversation_id = await asked(parts)
    offered = next(line for line in await log_of(parts, conversation_id) if line.choices)
    await drive(parts.conversations).accept(conversation_id, mia)
    received = await parts.inbox.receive(inbound_message("Der Bezug ist zerrissen."))
    await parts.inbox.receive(inbound_message(tap=Tap(seq=offered.seq, choice=0)))

    assert (await conversation_of(parts, conversation_id)).answered_seq < received.seq


async def test_whoever_goes_on_in_another_language_while_waiting_is_answered_in_it(parts: AppComponents) -> None:
    await hire(parts, "Mia")
    conversation_id = await asked(parts)
    heard = await hears(
        parts, inbound_message("The cover of the chair is torn as well and I would like to have a new one.")
    )

    assert "I have added that to your request" in heard.text
    assert (await conversation_of(parts, conversation_id)).language == "en"
    stays = await hears(parts, inbound_message("ok"))
    assert "You're welcome" in stays.text


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_request_that_is_closed_without_an_answer_is_told_so_and_owes_none(
    parts: AppComponents, accepted: bool
) -> None:
    mia = await hire(parts, "Mia")
    conversation_id = await asked(parts)
    if accepted:
        await drive(parts.conversations).accept(conversation_id, mia)
    await drive(parts.conversations).resolve(conversation_id, mia)

    told = [line.text for line in await log_of(parts, conversation_id) if _is_read(line)][-1]
    assert "Mia hat Ihr Anliegen ohne Antwort geschlossen" in told
    async with parts.db.read() as session:
        assert None not in list(await session.scalars(select(Promise.withdrawn_at)))
