"""What counts as a promise in an agent's draft, and until when."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from helpdesk.handoff.due_dates import find_due
from helpdesk.handoff.promise_detection import find_promise

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = datetime(2026, 11, 24, 14, 0, tzinfo=BERLIN)  # two in the afternoon, winter time


def local(text: str, language: str, now: datetime = TUESDAY) -> str | None:
    due = find_due(text, language, now, BERLIN)
    return f"{due.at.astimezone(BERLIN):%d.%m.%Y %H:%M}" if due else None


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("bis heute 17 Uhr", "24.11.2026 17:00"),
        ("heute noch", "24.11.2026 17:00"),
        ("heute Abend", "24.11.2026 20:00"),
        ("heute um 9 Uhr", "24.11.2026 17:00"),
        ("bis 17:30 Uhr", "24.11.2026 17:30"),
        ("bis 17.30 Uhr", "24.11.2026 17:30"),
        ("bis 9 Uhr", "25.11.2026 09:00"),
        ("um 15 Uhr 45", "24.11.2026 15:45"),
        ("bis morgen", "25.11.2026 17:00"),
        ("morgen früh", "25.11.2026 10:00"),
        ("morgen Mittag", "25.11.2026 12:00"),
        ("morgen um 12 Uhr", "25.11.2026 12:00"),
        ("übermorgen Vormittag", "26.11.2026 12:00"),
        ("bis Freitag", "27.11.2026 17:00"),
        ("Freitagabend", "27.11.2026 20:00"),
        ("am Dienstag", "24.11.2026 17:00"),
        ("nächsten Dienstag", "01.12.2026 17:00"),
        ("bis Montag 10 Uhr", "30.11.2026 10:00"),
        ("in zwei Stunden", "24.11.2026 16:00"),
        ("in einer halben Stunde", "24.11.2026 14:30"),
        ("in einer Viertelstunde", "24.11.2026 14:15"),
        ("innerhalb der nächsten Stunde", "24.11.2026 15:00"),
        ("innerhalb von 24 Stunden", "25.11.2026 14:00"),
        ("in 2 bis 3 Tagen", "27.11.2026 17:00"),
        ("binnen 4 Werktagen", "30.11.2026 17:00"),
        ("in einer Woche", "01.12.2026 17:00"),
        ("noch diese Woche", "27.11.2026 17:00"),
        ("bis Ende der Woche", "27.11.2026 17:00"),
        ("Anfang nächster Woche", "01.12.2026 17:00"),
        ("bis zum 27.11.", "27.11.2026 17:00"),
        ("bis 27. November, 10 Uhr", "27.11.2026 10:00"),
        ("am 3.2.", "03.02.2027 17:00"),
        ("bis Feierabend", "24.11.2026 17:00"),
        ("guten Morgen", None),
        ("am Morgen", None),
        ("so bald wie möglich", None),
        ("am 31.2.", None),
        ("Bestellung 4711", None),
    ],
)
def test_german_times(text: str, at: str | None) -> None:
    assert local(text, "de") == at


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("by 5 pm", "24.11.2026 17:00"),
        ("by 9:30 am", "25.11.2026 09:30"),
        ("by 17:00", "24.11.2026 17:00"),
        ("by noon", "25.11.2026 12:00"),
        ("tonight", "24.11.2026 21:00"),
        ("this afternoon", "24.11.2026 17:00"),
        ("by end of day", "24.11.2026 17:00"),
        ("tomorrow", "25.11.2026 17:00"),
        ("tomorrow morning", "25.11.2026 12:00"),
        ("tomorrow at 10 a.m.", "25.11.2026 10:00"),
        ("the day after tomorrow", "26.11.2026 17:00"),
        ("by Friday", "27.11.2026 17:00"),
        ("next Tuesday", "01.12.2026 17:00"),
        ("within 24 hours", "25.11.2026 14:00"),
        ("in half an hour", "24.11.2026 14:30"),
        ("in an hour", "24.11.2026 15:00"),
        ("within the next two hours", "24.11.2026 16:00"),
        ("in 2-3 business days", "27.11.2026 17:00"),
        ("by the end of the week", "27.11.2026 17:00"),
        ("next week", "04.12.2026 17:00"),
        ("on 27 November", "27.11.2026 17:00"),
        ("by November 27th", "27.11.2026 17:00"),
        ("by 2026-12-01", "01.12.2026 17:00"),
        ("as soon as possible", None),
        ("order 12 of many", None),
    ],
)
def test_english_times(text: str, at: str | None) -> None:
    assert local(text, "en") == at


def test_a_time_is_meant_by_the_clock_of_its_place_in_summer_too() -> None:
    june = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)
    due = find_due("morgen um 12 Uhr", "de", june, BERLIN)
    assert due is not None
    assert due.at.astimezone(UTC) == datetime(2026, 6, 2, 10, 0, tzinfo=UTC)


def test_today_late_in_the_evening_is_still_today() -> None:
    evening = datetime(2026, 11, 24, 21, 0, tzinfo=BERLIN)
    assert local("heute noch", "de", evening) == "24.11.2026 23:30"
    midnight = datetime(2026, 11, 24, 23, 45, tzinfo=BERLIN)
    assert local("heute noch", "de", midnight) == "25.11.2026 00:45"


@pytest.mark.parametrize(
    ("text", "words", "due"),
    [
        ("Danke! Ich kläre das und melde mich bis morgen.", "melde mich bis morgen", "25.11. 17:00"),
        ("Ich melde mich bis heute 17 Uhr bei Ihnen.", "melde mich bis heute 17 Uhr bei Ihnen", "24.11. 17:00"),
        ("Wir melden uns morgen um 12 Uhr.", "melden uns morgen um 12 Uhr", "25.11. 12:00"),
        ("Sobald ich mehr weiß, melde ich mich.", "melde ich mich", None),
        ("Ich rufe Sie morgen früh zurück.", "rufe Sie morgen früh zurück", "25.11. 10:00"),
        ("Ich gebe Ihnen bis Freitag Bescheid.", "gebe Ihnen bis Freitag Bescheid", "27.11. 17:00"),
        ("Sie hören bis 16 Uhr von mir.", "Sie hören bis 16 Uhr von mir", "24.11. 16:00"),
        ("Das Geld wird bis Freitag erstattet.", "wird bis Freitag erstattet", "27.11. 17:00"),
        ("Du bekommst bis übermorgen eine Antwort.", "bekommst bis übermorgen eine Antwort", "26.11. 17:00"),
        (
            "Ich frage bei Dr. Müller nach und melde mich in zwei Stunden.",
            "melde mich in zwei Stunden",
            "24.11. 16:00",
        ),
        (
            "Ich schicke Ihnen das Etikett bis morgen Mittag.",
            "Ich schicke Ihnen das Etikett bis morgen Mittag",
            "25.11. 12:00",
        ),
    ],
)
def test_german_promises(text: str, words: str, due: str | None) -> None:
    found = find_promise(text, "de", TUESDAY, BERLIN)
    assert found is not None
    assert (found.words, f"{found.due:%d.%m. %H:%M}" if found.due else None) == (words, due)


@pytest.mark.parametrize(
    ("text", "words", "due"),
    [
        ("I'll get back to you by tomorrow.", "I'll get back to you by tomorrow", "25.11. 17:00"),
        ("I’ll check with the warehouse and get back to you by 5 pm.", None, "24.11. 17:00"),
        ("We will call you tomorrow morning.", "We will call you tomorrow morning", "25.11. 12:00"),
        ("You will hear from us within 24 hours.", "You will hear from us within 24 hours", "25.11. 14:00"),
        ("I'll let you know.", "I'll let you know", None),
        ("You'll have an answer by Friday.", "You'll have an answer by Friday", "27.11. 17:00"),
        ("Your money will be refunded by Friday.", "will be refunded by Friday", "27.11. 17:00"),
    ],
)
def test_english_promises(text: str, words: str | None, due: str | None) -> None:
    found = find_promise(text, "en", TUESDAY, BERLIN)
    assert found is not None
    assert words is None or found.words == words
    assert (f"{found.due:%d.%m. %H:%M}" if found.due else None) == due


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Guten Morgen, wie kann ich helfen?"),
        ("de", "Melden Sie sich gern bis Freitag bei uns."),
        ("de", "Sie können sich jederzeit bei uns melden."),
        ("de", "Soll ich Sie morgen anrufen?"),
        ("de", "Bis morgen kann ich das leider nicht versprechen."),
        ("de", "Ich schicke Ihnen den Link: https://example.org"),
        ("de", "Ich schaue kurz nach."),
        ("de", "Wir haben heute bis 17 Uhr geöffnet."),
        ("de", "Bitte geben Sie mir bis morgen Bescheid."),
        ("de", "Ich habe mich gestern um 17 Uhr gemeldet."),
        ("de", "Danke für Ihre Geduld."),
        ("de", ""),
        ("en", "Good morning, how can I help?"),
        ("en", "Please get in touch by Friday."),
        ("en", "Shall I call you tomorrow?"),
        ("en", "I can't get back to you by Friday."),
        ("en", "I'll be happy to help you today."),
        ("en", "I'll need your order number by tomorrow."),
        ("en", "I will send you the link now."),
        ("en", "We are open until 5 pm today."),
    ],
)
def test_what_promises_nothing(language: str, text: str) -> None:
    assert find_promise(text, language, TUESDAY, BERLIN) is None


def test_a_promise_with_a_time_comes_before_one_without() -> None:
    found = find_promise("Ich melde mich. Das Etikett schicke ich Ihnen bis morgen.", "de", TUESDAY, BERLIN)
    assert found is not None
    assert found.due is not None


def test_a_very_long_draft_is_read_quickly() -> None:
    before = datetime.now(UTC)
    find_promise("ich " * 2_500 + "a" * 2_000, "de", TUESDAY, BERLIN)
    find_promise("I will " * 1_400, "en", TUESDAY, BERLIN)
    assert (datetime.now(UTC) - before).total_seconds() < 1


@pytest.mark.parametrize(
    ("text", "language", "at"),
    [
        ("Ich melde mich bis morgen, 12 Uhr.", "de", "25.11. 12:00"),
        ("Ich melde mich bis Freitag, um 9:30 Uhr.", "de", "27.11. 09:30"),
        ("I will get back to you tomorrow, 10 am.", "en", "25.11. 10:00"),
    ],
)
def test_a_time_after_a_comma_belongs_to_the_day_before_it(text: str, language: str, at: str) -> None:
    found = find_promise(text, language, TUESDAY, BERLIN)
    assert found
    assert found.due
    assert f"{found.due.astimezone(BERLIN):%d.%m. %H:%M}" == at
