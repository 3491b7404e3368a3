"""A contact who waits: what they are told, what they can do meanwhile, and that our word is kept."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from connectors.contract import Channel, InboundEdit, InboundMessage
from helpdesk.app import AppComponents
from helpdesk.conversations.waiting.handoff_requests import CALL, CANCEL_HANDOFF, CORRECT, MAIL
from store.models import Contact, Conversation, Handoff, Message, Promise, PromiseKind, Team, now
from store.status import Status
from store.triggers import TriggerKind
from tests.conversation_driver import drive
from tests.fakes.channel import FakeChannel
from tests.harness import conversation_of, eventually, hire, inbound_message, log_of
from tests.waiting_contact import asked, chooses, handoff_of

ALL_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


async def last(parts: AppComponents, conversation_id: str) -> Message:
    return (await log_of(parts, conversation_id))[-1]


async def promises_of(parts: AppComponents, conversation_id: str) -> list[Promise]:
    async with parts.db.read() as session:
        return list(
            await session.scalars(
                select(Promise).where(Promise.conversation_id == conversation_id).order_by(Promise.created_at)
            )
        )


async def change(parts: AppComponents, table: type[Any], **values: object) -> None:
    async with parts.db.write() as session:
        await session.execute(update(table).values(**values))


async def add_team(parts: AppComponents, name: str, **values: object) -> str:
    async with parts.db.write() as session:
        team = Team(name=name, **values)
        session.add(team)
        await session.flush()
        return team.id


async def test_the_contact_reads_how_it_is_passed_on_where_they_stand_and_what_else_they_can_do(
    parts: AppComponents,
) -> None:
    await hire(parts, "Mia")
    conversation_id = await asked(parts)

    told = await last(parts, conversation_id)
    assert "So gebe ich es weiter: „Mein Paket 4711 ist seit drei Wochen nicht da.“" in told.text
    assert "an 1. Stelle" in told.text
    assert [choice.payload for choice in told.choices] == [CORRECT, CALL, MAIL, CANCEL_HANDOFF]


async def test_f85_with_nobody_in_an_answer_is_promised_with_a_time_that_is_kept_in_mind(parts: AppComponents) -> None:
    conversation_id = await asked(parts)

    told = await last(parts, conversation_id)
    assert "niemand im Dienst" in told.text
    assert "spätestens morgen" in told.text
    (promise,) = await promises_of(parts, conversation_id)
    assert promise.kind == PromiseKind.ANSWER
    assert promise.shown
    assert timedelta(hours=23) < promise.due_at - now() < timedelta(hours=25)


async def test_f85_out_of_hours_the_next_opening_is_named(parts: AppComponents) -> None:
    in_three_days = (now() + timedelta(days=3)).strftime("%a").lower()
    await add_team(parts, "Service", hours={in_three_days: [["09:00", "17:00"]]}, time_zone="UTC")
    await hire(parts, "Mia")
    conversation_id = await asked(parts)

    told = await last(parts, conversation_id)
    assert "gerade nicht im Dienst" in told.text
    assert "an 1. Stelle" not in told.text
    (promise,) = await promises_of(parts, conversation_id)
    assert (promise.due_at.hour, promise.due_at.minute) == (10, 0)


async def test_a_correction_stands_in_the_place_of_what_was_understood(parts: AppComponents) -> None:
    conversation_id = await asked(parts)
    await chooses(parts, conversation_id, CORRECT)
    assert "Wie soll ich es weitergeben?" in (await last(parts, conversation_id)).text

    await parts.inbox.receive(inbound_message("Es fehlt nur ein Teil aus Paket 4712.", id_="2"))

    handoff = await handoff_of(parts, conversation_id)
    assert handoff.correction == "Es fehlt nur ein Teil aus Paket 4712."
    assert "„Es fehlt nur ein Teil aus Paket 4712.“" in (await last(parts, conversation_id)).text
    request = next(line for line in handoff.summary.lines if line.label == "request")
    assert "Paket 4712" in request.text
    assert request.turns == (handoff.corrected_seq,)


async def test_a_no_right_after_the_sentence_is_a_correction_and_later_ones_are_just_words(
    parts: AppComponents,
) -> None:
    conversation_id = await asked(parts)

    await parts.inbox.receive(inbound_message("Nein, es geht um Paket 4712!", id_="2"))
    assert (await handoff_of(parts, conversation_id)).correction == "es geht um Paket 4712!"
    await parts.inbox.receive(inbound_message("Nein, wirklich.", id_="3"))
    assert (await handoff_of(parts, conversation_id)).correction == "es geht um Paket 4712!"


async def test_a_no_to_whether_anybody_is_hurt_takes_the_place_of_nothing(parts: AppComponents) -> None:
    conversation_id = await asked(parts, "Der Stecker der Lampe Nora wird warm.", TriggerKind.SENSITIVE)

    await parts.inbox.receive(inbound_message("Nein nein, niemand verletzt, und er ist gezogen.", id_="2"))

    handoff = await handoff_of(parts, conversation_id)
    assert handoff.correction is None
    assert "Lampe Nora" in next(line.text for line in handoff.summary.lines if line.label == "request")


async def test_what_was_understood_of_a_danger_can_still_be_corrected(parts: AppComponents) -> None:
    conversation_id = await asked(parts, "Der Stecker der Lampe wird heiß.", TriggerKind.SENSITIVE)

    await parts.inbox.receive(inbound_message("Nein, das stimmt nicht: der Schalter wird heiß.", id_="2"))

    assert (await handoff_of(parts, conversation_id)).correction == "der Schalter wird heiß."


async def test_a_message_changed_into_a_no_leaves_every_way_out(parts: AppComponents) -> None:
    conversation_id = await asked(parts)

    await parts.inbox.edit(InboundEdit(message=inbound_message("nein", id_="1"), edit_id="e1"))

    said = await last(parts, conversation_id)
    assert CANCEL_HANDOFF in {choice.payload for choice in said.choices}, said.text


async def test_a_bare_no_asks_what_to_pass_on_instead(parts: AppComponents) -> None:
    conversation_id = await asked(parts)

    await parts.inbox.receive(inbound_message("nein", id_="2"))

    assert "Wie soll ich es weitergeben?" in (await last(parts, conversation_id)).text
    assert (await handoff_of(parts, conversation_id)).correction is None


async def test_an_address_is_asked_for_explained_and_kept(parts: AppComponents) -> None:
    conversation_id = await asked(parts)
    await chooses(parts, conversation_id, MAIL)

    await parts.inbox.receive(inbound_message("ida@", id_="2"))
    assert "name@beispiel.de" in (await last(parts, conversation_id)).text
    await parts.inbox.receive(inbound_message("dann ida@example.org", id_="3"))

    assert "ida@example.org" in (await last(parts, conversation_id)).text
    async with parts.db.read() as session:
        assert await session.scalar(select(Contact.email)) == "ida@example.org"


@pytest.mark.parametrize(
    ("written", "is_left"), [("meine mail: Ida@example.org", True), ("ida@firma.de ändern?", False)]
)
async def test_an_address_that_nobody_asked_for_is_kept_and_a_word_about_one_is_not(
    parts: AppComponents, written: str, is_left: bool
) -> None:
    conversation_id = await asked(parts)

    await parts.inbox.receive(inbound_message(written, id_="2"))

    assert ("Ida@example.org" in (await last(parts, conversation_id)).text) is is_left
    async with parts.db.read() as session:
        assert await session.scalar(select(Contact.email)) == ("Ida@example.org" if is_left else None)


async def test_a_call_is_promised_within_a_window_that_the_contact_chose(parts: AppComponents) -> None:
    await add_team(parts, "Service", hours=ALL_DAY)
    conversation_id = await asked(parts)
    await chooses(parts, conversation_id, CALL)
    await parts.inbox.receive(inbound_message("030 1234567", id_="2"))
    offered = await last(parts, conversation_id)
    assert [choice.payload[:12] for choice in offered.choices] == ["/call_window"] * 4 + [CANCEL_HANDOFF[:12]]

    await chooses(parts, conversation_id, "/call_window")

    told = await last(parts, conversation_id)
    assert "+49 30 1234567" in told.text
    kept = await promises_of(parts, conversation_id)
    assert [promise.kind for promise in kept if promise.withdrawn_at is None] == [PromiseKind.CALLBACK]
    assert (await conversation_of(parts, conversation_id)).status == Status.QUEUED


async def test_what_is_no_number_is_explained_and_what_is_no_try_is_for_the_agent(parts: AppComponents) -> None:
    conversation_id = await asked(parts)
    await chooses(parts, conversation_id, CALL)
    await parts.inbox.receive(inbound_message("12345", id_="2"))
    assert "030 1234567" in (await last(parts, conversation_id)).text

    await parts.inbox.receive(inbound_message("ach, lassen wir das", id_="3"))
    assert (await last(parts, conversation_id)).author == "contact"
    assert (await handoff_of(parts, conversation_id)).awaits == "nothing"


async def test_whoever_goes_on_without_a_person_is_owed_nothing_more(parts: AppComponents) -> None:
    conversation_id = await asked(parts)
    await chooses(parts, conversation_id, CANCEL_HANDOFF)

    assert (await conversation_of(parts, conversation_id)).status == Status.BOT
    assert all(promise.withdrawn_at for promise in await promises_of(parts, conversation_id))


async def test_a_button_that_came_too_late_says_so(parts: AppComponents) -> None:
    conversation_id = await asked(parts)
    await chooses(parts, conversation_id, CANCEL_HANDOFF)
    first = next(line for line in await log_of(parts, conversation_id) if line.choices)
    async with parts.db.write() as session:
        await session.execute(update(Message).where(Message.id == first.id).values(chosen=None))

    await chooses(parts, conversation_id, CALL)

    assert "wartet nicht mehr" in (await last(parts, conversation_id)).text


async def test_on_telegram_a_better_place_is_told_once(parts: AppComponents) -> None:
    parts.connectors[Channel.TELEGRAM] = FakeChannel()
    await hire(parts, "Mia")
    ahead = await asked(parts)
    received = await parts.inbox.receive(from_telegram("Wo ist mein Paket?"))
    await drive(parts.conversations).request_handoff(received.conversation_id, [])
    await told_long_ago(parts, received.conversation_id)

    assert await parts.progress.look() == 0
    await chooses(parts, ahead, CANCEL_HANDOFF)
    assert await parts.progress.look() == 1
    assert "jetzt an 1. Stelle" in (await last(parts, received.conversation_id)).text
    assert await parts.progress.look() == 0


def from_telegram(text: str) -> InboundMessage:
    from connectors.contract import Address

    address = Address(channel=Channel.TELEGRAM, account="bot", chat_id="ida")
    return InboundMessage(address=address, contact_id="ida", external_id="ida:1", text=text)


async def told_long_ago(parts: AppComponents, conversation_id: str) -> None:
    handoff = await handoff_of(parts, conversation_id)
    told = replace(handoff.told, at=now() - timedelta(minutes=5))
    async with parts.db.write() as session:
        await session.execute(update(Handoff).where(Handoff.id == handoff.id).values(told=told))


async def test_a_broken_word_is_owned_up_to_and_renewed(parts: AppComponents) -> None:
    conversation_id = await asked(parts)
    await change(parts, Promise, broken_at=now())

    assert await parts.watchdog.look() == 1

    assert "tut uns leid" in (await last(parts, conversation_id)).text
    assert sum(1 for promise in await promises_of(parts, conversation_id) if promise.broken_at is None) == 1
    assert await parts.watchdog.look() == 0


async def test_a_request_that_nobody_ever_took_up_ends_and_the_bot_answers_again(parts: AppComponents) -> None:
    conversation_id = await asked(parts)
    await change(parts, Handoff, asked_at=now() - timedelta(days=8))

    assert await parts.watchdog.look() == 1

    assert (await conversation_of(parts, conversation_id)).status == Status.BOT
    assert (await handoff_of(parts, conversation_id)).outcome == "expire"


async def test_a_conversation_in_the_queue_without_a_request_gets_one(parts: AppComponents) -> None:
    conversation_id = await asked(parts)
    await change(parts, Handoff, ended_at=now())

    assert await parts.watchdog.look() == 1
    assert (await handoff_of(parts, conversation_id)).triggers[0].kind == "limbo"


async def test_a_message_that_no_turn_took_up_gets_its_answer(parts: AppComponents) -> None:
    received = await parts.inbox.receive(inbound_message("Hallo, wo ist mein Paket?", id_="1"))

    async def is_answered() -> bool:
        return (await conversation_of(parts, received.conversation_id)).answered_seq >= received.seq

    await eventually(is_answered, "the first answer")
    await change(parts, Conversation, answered_seq=0)
    async with parts.db.write() as session:
        old = now() - timedelta(seconds=30)
        await session.execute(update(Message).values(created_at=old))

    assert await parts.watchdog.look() == 1
    await eventually(is_answered, "the answer that was forgotten")
    assert await parts.watchdog.look() == 0


async def test_an_agent_who_never_answers_loses_the_conversation_to_a_colleague(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    conversation_id = await asked(parts)
    await drive(parts.conversations).accept(conversation_id, mia)
    await change(parts, Handoff, accepted_at=now() - timedelta(minutes=11))
    assert await parts.watchdog.look() == 0  # nobody else is there who could

    await hire(parts, "Ben")
    assert await parts.watchdog.look() == 1

    assert (await conversation_of(parts, conversation_id)).status == Status.QUEUED
    assert "Mia kommt gerade nicht dazu" in (await last(parts, conversation_id)).text
    assert (await handoff_of(parts, conversation_id)).declined_by == (mia,)


async def test_what_the_agent_did_is_told_when_the_bot_goes_on(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    conversation_id = await asked(parts)
    await drive(parts.conversations).accept(conversation_id, mia)
    await drive(parts.conversations).return_to_bot(
        conversation_id, mia, "Ersatz ist bestellt und kommt am 27. November."
    )

    told = await last(parts, conversation_id)
    assert "Ersatz ist bestellt und kommt am 27. November." in told.text
    handoff = await handoff_of(parts, conversation_id)
    assert handoff.ended_seq == told.seq


async def test_a_second_request_on_the_same_matter_knows_its_round_and_who_helped(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    conversation_id = await asked(parts)
    await drive(parts.conversations).accept(conversation_id, mia)
    await drive(parts.conversations).return_to_bot(conversation_id, mia)
    await drive(parts.conversations).request_handoff(conversation_id, [])

    handoff = await handoff_of(parts, conversation_id)
    assert (handoff.round, handoff.preferred_agent) == (2, mia)


async def test_a_conversation_goes_to_another_team(parts: AppComponents) -> None:
    mia = await hire(parts, "Mia")
    team = await add_team(parts, "Reklamation", topics=("returns",))
    conversation_id = await asked(parts)
    await drive(parts.conversations).accept(conversation_id, mia)

    await drive(parts.conversations).transfer(conversation_id, mia, None, team=team)

    assert (await handoff_of(parts, conversation_id)).team_id == team
    assert "Team Reklamation" in (await last(parts, conversation_id)).text
