"""The rules of the handoff at work in live turns: what goes to a person, what doesn't, and what the customer reads."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select, update

from connectors.contract import ASK_PERSON
from helpdesk.app import AppComponents
from helpdesk.handoff.summary import Label
from helpdesk.texts import Say, say
from helpdesk.turns.handoff_check import HandoffCheck
from helpdesk.views.timeline import DeskView
from store.errors import Unavailable
from store.models import Contact, Conversation, Handoff, Message, MessageKind
from store.status import Status
from tests.conversation_driver import drive
from tests.fakes.bot import FakeBot
from tests.harness import conversation_of, eventually, hire, inbound_message, log_of

pytestmark = pytest.mark.sqlite_only


def no_answer(turn: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"text": "Dazu habe ich keine Antwort."}]


@pytest.fixture
def bot() -> FakeBot:
    return FakeBot(answering=no_answer)


async def says(parts: AppComponents, text: str) -> str:
    """The contact writes, and the turn is over; returns the conversation's id."""
    received = await parts.inbox.receive(inbound_message(text))

    async def is_done() -> bool:
        one = await conversation_of(parts, received.conversation_id)
        return one.answered_seq >= received.seq or one.status != Status.BOT

    await eventually(is_done, "the end of the turn")
    return received.conversation_id


async def handoff_in(parts: AppComponents, conversation_id: str) -> Handoff | None:
    async with parts.db.read() as session:
        return await session.scalar(
            select(Handoff).where(Handoff.conversation_id == conversation_id).order_by(Handoff.asked_at.desc()).limit(1)
        )


async def bot_said(parts: AppComponents, conversation_id: str) -> str:
    said = [
        line
        for line in await log_of(parts, conversation_id)
        if line.author == "bot" and line.kind == MessageKind.OUTGOING
    ]
    return said[-1].text


@pytest.mark.parametrize(
    "text", ["Ich will mit einem Menschen sprechen!", "kein Bot bitte", "can I talk to a real person?"]
)
async def test_a_wish_for_a_person_in_words_is_followed_at_once_with_its_evidence(
    parts: AppComponents, text: str
) -> None:
    conversation_id = await says(parts, text)

    assert (await conversation_of(parts, conversation_id)).status == Status.QUEUED
    handoff = await handoff_in(parts, conversation_id)
    assert handoff is not None
    assert handoff.triggers[0].kind == "asked"
    assert handoff.triggers[0].text in text
    assert handoff.decision.sentence["de"]
    assert handoff.decision.sentence["en"]


async def test_what_is_passed_on_is_the_matter_and_not_the_wish(parts: AppComponents) -> None:
    await says(parts, "Mein Paket 4711 ist seit Wochen verschollen.")
    conversation_id = await says(parts, "Kann mich jemand anrufen?")

    handoff = await handoff_in(parts, conversation_id)
    assert handoff is not None
    assert handoff.wording == "„Mein Paket 4711 ist seit Wochen verschollen.“"


async def test_a_wish_and_its_matter_in_one_sentence_are_both_heard(parts: AppComponents) -> None:
    conversation_id = await says(parts, "Ich will mit einem Menschen sprechen, die Schublade klemmt")

    handoff = await handoff_in(parts, conversation_id)
    assert handoff is not None
    assert handoff.wording == "„die Schublade klemmt“"
    assert handoff.summary.line(Label.REQUEST) == handoff.wording


async def test_whoever_only_asked_for_a_person_is_asked_once_what_it_is_about(parts: AppComponents) -> None:
    conversation_id = await says(parts, "Einen Menschen bitte")
    asked = [line.text for line in await log_of(parts, conversation_id) if "Worum geht es?" in line.text]
    for text in ("hallo", "Die Rückwand vom Schrank fehlt"):
        await parts.inbox.receive(inbound_message(text))

    handoff = await handoff_in(parts, conversation_id)
    assert len(asked) == 1
    assert handoff is not None
    assert handoff.correction == "Die Rückwand vom Schrank fehlt"
    assert "Die Rückwand vom Schrank fehlt" in handoff.summary.line(Label.REQUEST)


def a_wish(turn: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"text": "Ich gebe weiter.", "custom": {"handoff": {"kind": "asked", "text": turn["text"]}}}]


async def test_a_bot_that_reads_a_wish_into_a_no_is_overruled(parts: AppComponents, bot: FakeBot) -> None:
    bot.answering = a_wish
    conversation_id = await says(parts, "Ich brauche nur das Datenblatt, mich muss niemand anrufen.")

    assert (await conversation_of(parts, conversation_id)).status == Status.BOT
    assert "Ich gebe weiter" not in await bot_said(parts, conversation_id)


async def test_a_calm_report_of_an_injury_reaches_a_person_with_the_right_words(parts: AppComponents) -> None:
    conversation_id = await says(parts, "Meine Nichte hat sich an der Klappe zwei Finger gequetscht, sie sind blau.")

    handoff = await handoff_in(parts, conversation_id)
    assert handoff is not None
    assert handoff.urgency == 2
    assert say(Say.SAFETY, "de", "sie") in await bot_said(parts, conversation_id)


async def test_a_death_in_the_family_is_met_with_condolence_and_a_person(parts: AppComponents) -> None:
    conversation_id = await says(parts, "Mein Schwager ist im Juni verstorben, sein Konto soll geschlossen werden.")

    assert (await conversation_of(parts, conversation_id)).status == Status.QUEUED
    assert say(Say.CONDOLENCE, "de", "sie") in await bot_said(parts, conversation_id)


@pytest.mark.parametrize(
    ("question", "wish"),
    [
        ("parcel not here yet, ordered last monday", "that did not help, can I talk to a real person please"),
        ("Mein Paket ist noch nicht da.", "Das hat nicht geholfen, kann ich bitte mit einem Menschen sprechen?"),
    ],
)
async def test_a_polite_wish_is_not_called_an_outburst(parts: AppComponents, question: str, wish: str) -> None:
    await says(parts, question)
    conversation_id = await says(parts, wish)

    handoff = await handoff_in(parts, conversation_id)
    assert handoff is not None
    assert {trigger.kind for trigger in handoff.triggers} == {"asked"}
    language = (await conversation_of(parts, conversation_id)).language
    said = [line.text for line in await log_of(parts, conversation_id) if line.author == "bot"]
    assert say(Say.HANDING_OVER, language, "sie") in said


async def test_the_desk_s_list_has_the_contact_s_own_words_whatever_the_reader_s_language(parts: AppComponents) -> None:
    await says(parts, "my parcel 4711 has been lost for weeks")
    await says(parts, "can I talk to a real person?")

    (card,) = await parts.timeline.overview(DeskView.QUEUE, "nobody")
    assert card.request == "“my parcel 4711 has been lost for weeks”"


@pytest.mark.parametrize("text", ["Bist du ein Mensch?", "Arbeiten bei euch auch Menschen?"])
async def test_a_question_about_people_is_no_wish(parts: AppComponents, text: str) -> None:
    conversation_id = await says(parts, text)

    assert (await conversation_of(parts, conversation_id)).status == Status.BOT


async def test_a_legal_threat_goes_to_a_person_soon_and_is_not_answered_by_the_bot(parts: AppComponents) -> None:
    conversation_id = await says(parts, "Wenn das nicht geklärt wird, schalte ich meinen Anwalt ein.")

    handoff = await handoff_in(parts, conversation_id)
    assert handoff is not None
    assert handoff.triggers[0].kind == "sensitive"
    assert handoff.urgency == 1
    assert "Fall für einen Menschen" in await bot_said(parts, conversation_id)


async def test_whoever_is_in_despair_reads_where_help_is_first(parts: AppComponents) -> None:
    conversation_id = await says(parts, "Ich kann nicht mehr, ich will mich umbringen.")

    assert (await bot_said(parts, conversation_id)).startswith("Das klingt sehr schwer")
    handoff = await handoff_in(parts, conversation_id)
    assert handoff is not None
    assert handoff.urgency == 2


async def test_whoever_is_hurt_comes_first(parts: AppComponents) -> None:
    conversation_id = await says(parts, "Ich habe mich an dem Gerät verletzt und muss ins Krankenhaus.")

    handoff = await handoff_in(parts, conversation_id)
    assert handoff is not None
    assert handoff.urgency == 2


async def test_abuse_meets_a_limit_first_and_only_once(parts: AppComponents) -> None:
    conversation_id = await says(parts, "Du dummes Arschloch, halt die Fresse.")
    assert (await conversation_of(parts, conversation_id)).status == Status.BOT
    limit = await bot_said(parts, conversation_id)
    assert "im Ton freundlich" in limit

    await says(parts, "Fick dich doch, du Arschloch.")
    texts = [line.text for line in await log_of(parts, conversation_id) if line.author == "bot"]
    assert sum("im Ton freundlich" in text for text in texts) == 1
    assert (await conversation_of(parts, conversation_id)).status == Status.QUEUED
    log = await log_of(parts, conversation_id)
    assert not [line.text for line in log if line.author != "contact" and "Arschloch" in line.text]


async def test_moods_are_kept_with_the_lines_that_show_them(parts: AppComponents) -> None:
    conversation_id = await says(parts, "Das ist eine absolute Frechheit!!! Ich bin stinksauer!")

    async with parts.db.read() as session:
        line = await session.scalar(
            select(Message).where(Message.conversation_id == conversation_id, Message.kind == MessageKind.INCOMING)
        )
    assert line is not None
    mood = line.facts.mood
    assert mood is not None
    assert mood.frustration > 0.5
    assert all(sign.text in line.text for sign in mood.shown_by if sign.seq == line.seq)


async def test_after_a_return_an_old_wish_does_not_count_again(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    conversation_id = await says(parts, "Ich will mit einem Menschen sprechen!")
    await drive(parts.conversations).accept(conversation_id, mia)
    await drive(parts.conversations).return_to_bot(conversation_id, mia)

    await says(parts, "Danke. Welche Zahlungsarten gibt es?")

    assert (await conversation_of(parts, conversation_id)).status == Status.BOT


async def test_an_important_contact_is_not_sent_round_in_circles(parts: AppComponents) -> None:
    conversation_id = await says(parts, "Gibt es auch Gutscheine in Papierform zu kaufen?")
    async with parts.db.write() as session:
        await session.execute(update(Contact).values(important=True))

    await says(parts, "Und wie ist es mit Gutscheinen per Post?")

    handoff = await handoff_in(parts, conversation_id)
    assert handoff is not None
    assert "important" in [trigger.kind for trigger in handoff.triggers]


async def test_an_offer_is_made_once_and_not_beside_another_button_for_a_person(
    parts: AppComponents, bot: FakeBot
) -> None:
    bot.answering = lambda turn: [
        {"text": "Dazu habe ich nichts.", "choices": [{"title": "Mit einem Menschen sprechen", "payload": ASK_PERSON}]}
    ]
    conversation_id = await says(parts, "Das ist ärgerlich, ich möchte mich beschweren.")

    lines = await log_of(parts, conversation_id)
    offers = [choice for line in lines for choice in line.choices if choice.payload == ASK_PERSON]
    assert len(offers) == 1 or (await conversation_of(parts, conversation_id)).status == Status.QUEUED


async def test_a_database_that_is_too_busy_for_the_rules_delays_no_answer(
    parts: AppComponents, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(check: HandoffCheck, turn: object) -> None:
        raise Unavailable("The database is busy.")

    monkeypatch.setattr(HandoffCheck, "judge", busy)
    conversation_id = await says(parts, "Wo ist mein Paket?")

    assert await bot_said(parts, conversation_id) == "Dazu habe ich keine Antwort."


async def test_a_reply_that_a_person_has_overtaken_is_never_delivered_and_stays_visible_as_withheld(
    parts: AppComponents, bot: FakeBot
) -> None:
    mia = await hire(parts, "Mia")
    bot.wait = asyncio.Event()
    received = await parts.inbox.receive(inbound_message("Wo ist mein Paket?"))

    async def is_thinking() -> bool:
        return bool(bot.turns)

    await eventually(is_thinking, "the bot at work")
    await drive(parts.conversations).accept(received.conversation_id, mia)
    bot.wait.set()

    async def is_withheld() -> bool:
        return any(line.facts.withheld for line in await log_of(parts, received.conversation_id))

    await eventually(is_withheld, "the withheld reply")
    log = await log_of(parts, received.conversation_id)
    assert [line.kind for line in log if "keine Antwort" in line.text] == [MessageKind.NOTE]
    async with parts.db.read() as session:
        assert await session.scalar(select(Conversation.status)) == Status.ASSIGNED
