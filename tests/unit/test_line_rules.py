"""The small rules of the line: waiting, backing off, reading the bot's answers."""

import asyncio
import json
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from helpdesk.conversations.log.message_text import clean, with_emoji
from helpdesk.conversations.turn_opening import settle_time
from helpdesk.delivery.outbox import backoff
from helpdesk.handoff.wait_estimate import WaitRange
from helpdesk.observability.breaker import make_breaker
from helpdesk.texts import Say, explain, say
from helpdesk.turns.rasa_client import BotError, read_reply
from helpdesk.views.chat_state import in_minutes
from helpdesk.views.visitor_chat import without_query
from i18n import available_languages
from store.errors import Invalid
from store.failpoints import Failpoint, arm


def test_a_finished_question_hardly_waits_and_a_fragment_longer() -> None:
    assert settle_time("Wo ist mein Paket?", writing=False) < settle_time("hallo", writing=False)
    assert settle_time("hallo", writing=False) < settle_time("Wo ist mein Paket?", writing=True)
    assert settle_time("wo bleibt denn nun mein paket", writing=False) <= timedelta(seconds=0.25)


@pytest.mark.parametrize("text", ["Wo ist mein Paket?", "How do I return a pair of shoes? "])
def test_a_whole_question_is_answered_at_once_while_nobody_types(text: str) -> None:
    assert settle_time(text, writing=False) <= timedelta(seconds=0.05)
    assert settle_time(text, writing=True) >= timedelta(seconds=2)


@pytest.mark.parametrize("text", ["Hallo?", "Jemand da?", "?", "ich hab da mal eine Frage", "Mein Paket ist weg."])
def test_what_may_go_on_waits_for_the_rest(text: str) -> None:
    assert settle_time(text, writing=False) >= timedelta(seconds=0.25)


def test_where_nobody_sees_the_customer_type_a_question_waits_as_before() -> None:
    assert settle_time("Wo ist mein Paket?", writing=False, sees_typing=False) == timedelta(seconds=0.25)


@pytest.mark.parametrize("attempts", range(1, 12))
def test_waiting_between_attempts_grows_to_a_minute(attempts: int) -> None:
    longest = min(60.0, 2.0 ** (attempts - 1))
    assert longest / 2 <= backoff(attempts) <= longest


def test_text_keeps_everything_but_what_no_database_takes() -> None:
    assert clean(" a\x00b\ud800 ") == "ab?"
    with pytest.raises(Invalid, match="the limit is 4000"):
        clean("x" * 4001)


def answer(**fields: object) -> bytes:
    return json.dumps({"turn_id": "t1", "status": "ok", "messages": [{"text": "Hi"}]} | fields).encode()


def test_a_reply_is_read_with_everything_it_wants() -> None:
    messages = [
        {"text": "**A**", "choices": [{"title": "Yes", "payload": "/affirm"}], "custom": {"article": "returns"}},
        {"custom": {"handoff": {"kind": "asked", "text": "person"}, "language": "en"}},
    ]
    reply = read_reply("t1", answer(messages=messages, intent={"name": "faq"}))

    assert [(text.text, text.article) for text in reply.texts] == [("**A**", "returns")]
    assert reply.texts[0].choices[0].payload == "/affirm"
    assert (reply.handoff and reply.handoff.kind, reply.language, reply.intent) == ("asked", "en", "faq")


def test_a_long_answer_is_read_with_its_fold_and_what_belongs_to_it() -> None:
    related = [{"article": f"a{n}", "question": f"Question {n}?"} for n in range(5)]
    custom = {"article": "returns", "lead": 6, "related": related}
    (text,) = read_reply("t1", answer(messages=[{"text": "First. Then more.", "custom": custom}])).texts

    assert (text.article, text.lead) == ("returns", 6)
    assert text.related == (("a0", "Question 0?"), ("a1", "Question 1?"), ("a2", "Question 2?"))


@pytest.mark.parametrize("lead", [0, -1, 17, 400, "6", None, 1.5])
def test_a_fold_that_is_not_inside_the_text_is_none(lead: object) -> None:
    messages = [{"text": "First. Then more.", "custom": {"article": "returns", "lead": lead}}]

    assert read_reply("t1", answer(messages=messages)).texts[0].lead is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"<html>",
        b'{"turn_id": "t1"}',
        answer(turn_id="t2"),
        answer(status="action_failed"),
        answer(messages=[]),
        answer(messages=[{"custom": {"handoff": {"kind": "unheard of"}}}]),
        answer(messages={"text": "x"}),
    ],
)
def test_f34_what_is_no_reply_is_a_failure(body: bytes) -> None:
    with pytest.raises(BotError):
        read_reply("t1", body)


def test_f32_the_breaker_opens_after_five_failures_and_closes_with_a_success() -> None:
    breaker = make_breaker()

    def fail() -> None:
        with suppress(asyncio.CancelledError), breaker:
            raise asyncio.CancelledError  # the deadline cut the call short

    for _ in range(4):
        fail()
    assert not breaker.opened
    fail()
    assert breaker.opened
    with breaker:
        pass
    assert not breaker.opened


def test_a_waiting_range_is_shown_in_the_minutes_that_people_speak_of() -> None:
    assert in_minutes(None) is None
    assert in_minutes(WaitRange(low=timedelta(seconds=70), high=timedelta(seconds=230))) == (1, 4)
    assert in_minutes(WaitRange(low=timedelta(0), high=timedelta(seconds=20))) == (0, 1)
    assert in_minutes(WaitRange(low=timedelta(hours=1), high=timedelta(hours=9))) is None


@pytest.mark.parametrize(
    ("page", "kept"),
    [
        ("https://shop.example/cart?mail=ida@example.org#x", "https://shop.example/cart"),
        ("https://ida:secret@shop.example:8443/a", "https://shop.example:8443/a"),
        ("javascript:alert(1)", None),
        ("https://[", None),
        (None, None),
    ],
)
def test_a_pages_address_loses_what_may_identify(page: str | None, kept: str | None) -> None:
    assert without_query(page) == kept


@pytest.mark.parametrize("what", Say)
def test_everything_is_said_in_every_language_and_form(what: Say) -> None:
    named = (
        "bot agent position email ways request wait due opens phone window again done team promise when colleague "
        "name day link question"
    )
    values: dict[str, Any] = {name: name[0].upper() for name in named.split()}
    formal, familiar = (say(what, "de", form, **values) for form in ("sie", "du"))
    assert all(say(what, language, **values) for language in available_languages("customer"))
    assert not {"Sie", "Ihr", "Ihre", "Ihnen"} & set(familiar.replace(",", " ").replace(".", " ").split())
    assert not {"du", "dein", "deine", "dir", "dich"} & set(formal.lower().replace(",", " ").replace(".", " ").split())


@pytest.mark.parametrize("code", ["too_long", "slow_down", "unavailable", "no such code"])
def test_every_refusal_has_a_sentence_in_every_language(code: str) -> None:
    languages = available_languages("customer")
    assert len({explain(code, language) for language in languages}) == len(languages)


def test_a_french_customer_is_addressed_with_vous_whatever_was_agreed_in_german() -> None:
    assert say(Say.CANCELLED, "fr", "du") == say(Say.CANCELLED, "fr", "sie")
    assert "vous" in say(Say.CANCELLED, "fr", "du")


def test_who_is_addressed_with_du_hears_the_german_that_addresses_nobody() -> None:
    assert say(Say.WAS_GOOD, "de", "du") == "Ja"


def test_a_misspelt_failpoint_is_refused() -> None:
    with pytest.raises(ValueError, match=r"inbox\.nowhere"):
        arm("inbox.nowhere=kill")
    with pytest.raises(ValueError, match="expected kill"):
        arm(f"{Failpoint.INBOX_AFTER_COMMIT}=explode")
    arm("")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (":rage: wo bleibt es :+1::skin-tone-3:", "😡 wo bleibt es 👍"),
        (":+1::pray:", "👍🙏"),
        ("um 10:30:15 mit :no_such_face:", "um 10:30:15 mit :no_such_face:"),
        ("Fach a:100:b und Maß 3:heart:4 :wave:", "Fach a:100:b und Maß 3:heart:4 👋"),
    ],
)
def test_names_of_emoji_that_stand_by_themselves_are_faces(written: str, read: str) -> None:
    assert with_emoji(written) == read
