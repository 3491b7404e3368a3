"""Which day and what time a question about opening hours means."""

from datetime import date, time

import pytest

from actions.asked_time import AskedTime, asked_time

SATURDAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("habts ihr heit offen", date(2026, 11, 28)),
        ("are you open right now?", date(2026, 11, 28)),
        ("seid ihr noch da, also habt ihr noch auf", date(2026, 11, 28)),
        ("Guten Morgen, haben Sie heute auf?", date(2026, 11, 28)),
        ("Guten Morgen, haben Sie morgen auf?", date(2026, 11, 29)),
        ("wie ist es übermorgen", date(2026, 11, 30)),
        ("the day after tomorrow?", date(2026, 11, 30)),
        ("open tmrw?", date(2026, 11, 29)),
        ("samstags", date(2026, 11, 28)),
        ("on Sundays", date(2026, 11, 29)),
        ("am Mittwoch", date(2026, 12, 2)),
        ("am mittwoch nächste woche", date(2026, 12, 2)),
        ("friday next week", date(2026, 12, 4)),
        ("am 24.", date(2026, 12, 24)),
        ("on the 3rd", date(2026, 12, 3)),
        ("heiligabend", date(2026, 12, 24)),
        ("seid ihr am heiligen abend da", date(2026, 12, 24)),
        ("new year's eve", date(2026, 12, 31)),
        ("New Year’s Day", date(2027, 1, 1)),
        ("am zweiten weihnachtstag", date(2026, 12, 26)),
        ("boxing day", date(2026, 12, 26)),
        ("Ostermontag", date(2027, 3, 29)),
        ("good friday", date(2027, 3, 26)),
        ("rosenmontag", date(2027, 2, 8)),
        ("whit monday", date(2027, 5, 17)),
        ("Christi Himmelfahrt", date(2027, 5, 6)),
        ("an mariä himmelfahrt", date(2027, 8, 15)),
        ("fronleichnam", date(2027, 5, 27)),
        ("buß- und bettag", date(2027, 11, 17)),
        ("tag der deutschen einheit", date(2027, 10, 3)),
        ("on bank holiday monday", date(2026, 12, 28)),
        ("le lundi de pâques", date(2027, 3, 29)),
    ],
)
def test_a_day_is_the_next_of_its_name(text: str, expected: date) -> None:
    assert asked_time(text, SATURDAY).days == (expected,)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("am wochenende", (28, 29)),
        ("über weihnachten", (24, 25, 26)),
        ("zwischen den jahren", (27, 28, 29, 30)),
    ],
)
def test_a_name_of_several_days_is_all_of_them(text: str, days: tuple[int, ...]) -> None:
    assert tuple(day.day for day in asked_time(text, SATURDAY).days) == days


def test_a_date_that_was_recognised_counts_and_an_impossible_one_does_not() -> None:
    assert asked_time("am 27.12.", SATURDAY, "--12-27").days == (date(2026, 12, 27),)
    assert asked_time("am 2. Januar", SATURDAY, "--01-02").days == (date(2027, 1, 2),)
    assert asked_time("2028-02-29", SATURDAY, "2028-02-29").days == (date(2028, 2, 29),)
    assert asked_time("am 29. Februar", SATURDAY, "--02-29").days == ()


@pytest.mark.parametrize(
    ("text", "at", "is_until"),
    [
        ("habt ihr bis 18 uhr offen", time(18), True),
        ("till 6?", time(18), True),
        ("open until 8 pm", time(20), True),
        ("um 17:30 uhr noch jemand da", time(17, 30), False),
        ("at 7pm", time(19), False),
        ("at 9 tonight", time(21), False),
        ("um halb acht abends", time(19, 30), False),
        ("ist um 6 uhr früh schon jemand da", time(6), False),
        ("um 24 uhr", time(0), False),
        ("am 24. dezember", None, False),
        ("are you open on the 3rd", None, False),
        ("um 77 uhr", None, False),
    ],
)
def test_a_time_of_day_is_read_as_people_mean_it(text: str, at: time | None, is_until: bool) -> None:
    found = asked_time(text, SATURDAY)
    assert (found.at, found.is_until) == (at, is_until)


def test_who_names_no_day_asks_about_none() -> None:
    assert asked_time("wie sind eure öffnungszeiten", SATURDAY) == AskedTime()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("und am Tag danach?", date(2026, 12, 27)),
        ("and the day after?", date(2026, 12, 27)),
        ("und einen Tag vorher?", date(2026, 12, 23)),
        ("what about the day before that", date(2026, 12, 23)),
        ("zwei tage später", date(2026, 12, 28)),
        ("a week later?", date(2027, 1, 2)),
        ("am nächsten Tag", date(2026, 12, 27)),
        ("the previous day?", date(2026, 12, 23)),
        ("le lendemain ?", date(2026, 12, 27)),
        ("la veille ?", date(2026, 12, 23)),
    ],
)
def test_a_day_beside_another_counts_from_those_that_were_told(text: str, expected: date) -> None:
    assert asked_time(text, SATURDAY, told=(date(2026, 12, 24), date(2026, 12, 26))).days == (expected,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("am Tag nach Heiligabend", date(2026, 12, 25)),
        ("the day after boxing day", date(2026, 12, 27)),
        ("am tag vor karfreitag", date(2027, 3, 25)),
        ("two days before new year's eve", date(2026, 12, 29)),
        ("den Tag nach Mittwoch", date(2026, 12, 3)),
        ("the day after tomorrow", date(2026, 11, 30)),
        ("veille de noël", date(2026, 12, 24)),
    ],
)
def test_a_day_beside_one_that_is_named_counts_from_that(text: str, expected: date) -> None:
    assert asked_time(text, SATURDAY, told=(date(2026, 6, 1),)).days == (expected,)


def test_a_day_beside_none_is_none() -> None:
    assert asked_time("am Tag danach", SATURDAY).days == ()
