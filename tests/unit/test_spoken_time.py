"""A wished time is read out of a customer's words, and fitted to the hours of those who call."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from actions.callback.call_plan import CallWindow
from actions.callback.spoken_time import SpokenTime, read_time
from helpdesk.conversations.promises.call_desk import plan_of
from helpdesk.schedule.hours import Hours

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 26, 14, 0, tzinfo=BERLIN)  # a Thursday
OFFICE = Hours(
    zone=BERLIN,
    week=(*[((timedelta(hours=9), timedelta(hours=17)),)] * 5, (), ()),
    closed_on=frozenset({date(2026, 12, 4)}),
)
FRIDAY, SATURDAY, MONDAY = date(2026, 11, 27), date(2026, 11, 28), date(2026, 11, 30)


def clock(hour: float) -> timedelta:
    return timedelta(hours=hour)


@pytest.mark.parametrize(
    ("text", "day", "start", "end"),
    [
        ("Geht es am Freitag gegen elf?", FRIDAY, 11, 12),
        ("übermorgen vormittag", SATURDAY, 8, 12),
        ("Montags um 9:15 Uhr", MONDAY, 9.25, 10.25),
        ("montag, 16 uhr 30", MONDAY, 16.5, 17.5),
        ("ab 15 uhr hätte ich zeit", None, 15, 24),
        ("spätestens bis 11 Uhr", None, 0, 11),
        ("nicht vor halb zehn", None, 9.5, 24),
        ("von 10 bis 11 uhr am 1.12.", date(2026, 12, 1), 10, 11),
        ("um 4 würde passen", None, 16, 17),
        ("heute morgen", date(2026, 11, 26), 8, 12),
        ("2. Januar, 10 Uhr", date(2027, 1, 2), 10, 11),
        ("quarter to four on Monday", MONDAY, 15.75, 16.75),
        ("any time after 2 pm tomorrow", FRIDAY, 14, 24),
        ("between 9 and 11 am on the 1st", date(2026, 12, 1), 9, 11),
        ("early next week", MONDAY, None, None),
        ("Wednesday", date(2026, 12, 2), None, None),
        ("in einer Woche", date(2026, 12, 3), None, None),
        ("morgen abend um 8", FRIDAY, 20, 21),
        ("Freitag um 5 nachmittags", FRIDAY, 17, 18),
        ("nicht am Freitag, am Montag um 10", MONDAY, 10, 11),
        ("Friday instead of Monday", FRIDAY, None, None),
        ("mardi après-midi", date(2026, 12, 1), 13, 18),
    ],
)
def test_a_day_and_a_time_are_found(text: str, day: date | None, start: float | None, end: float | None) -> None:
    found = read_time(text, NOW)

    assert found is not None
    assert found.day == day
    assert (found.start, found.end) == (
        None if start is None else clock(start),
        None if end is None else clock(end),
    )


@pytest.mark.parametrize("text", ["so schnell wie möglich", "jederzeit", "whenever it suits you", "am besten sofort"])
def test_whoever_is_in_a_hurry_names_no_time(text: str) -> None:
    assert read_time(text, NOW) == SpokenTime(soonest=True)


@pytest.mark.parametrize(
    "text",
    [
        "Ich habe 3 Stühle bestellt",
        "Guten Morgen",
        "+49 170 1234567",
        "Meine Nummer ist 0711 2842220",
        "Das kostet 12 Euro",
        "LH-2024-88317",
        "",
    ],
)
def test_what_names_no_time_is_none(text: str) -> None:
    assert read_time(text, NOW) is None


def fitted(text: str) -> CallWindow | None:
    wish = read_time(text, NOW)
    assert wish is not None
    return plan_of(OFFICE, NOW, "de").fit(wish)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Freitag um 10", "2026-11-27T10:00", "2026-11-27T11:00"),
        ("Freitag Vormittag", "2026-11-27T09:00", "2026-11-27T11:00"),
        ("um 16:30", "2026-11-26T16:30", "2026-11-26T17:00"),
        ("um 11", "2026-11-27T11:00", "2026-11-27T12:00"),
        ("sofort", "2026-11-26T14:30", "2026-11-26T16:30"),
    ],
)
def test_a_wish_within_the_hours_is_a_window(text: str, start: str, end: str) -> None:
    window = fitted(text)

    assert window is not None
    assert (f"{window.start:%Y-%m-%dT%H:%M}", f"{window.end:%Y-%m-%dT%H:%M}") == (start, end)


@pytest.mark.parametrize(
    "text",
    ["Samstag um 10", "heute um 13 Uhr", "um 6 Uhr morgens", "am 4.12. um 10", "um 23 Uhr"],
)
def test_at_night_on_closed_days_and_in_the_past_nobody_calls(text: str) -> None:
    assert fitted(text) is None


def test_what_is_proposed_can_be_kept_and_is_spread() -> None:
    plan = plan_of(OFFICE, NOW, "de")

    offered = plan.proposals(None)
    later = plan.proposals(SpokenTime(day=date(2026, 12, 4)))

    assert all(plan.is_possible(window) for window in (*offered, *later))
    assert [f"{window.start:%d. %H}" for window in offered] == ["26. 14", "27. 09", "27. 13"]
    assert {window.start.date() for window in later[:2]} == {date(2026, 12, 7)}
    assert plan.proposals(None, skipped=3)[0] not in offered
    assert CallWindow.from_text(offered[0].to_text()) == offered[0]


def test_a_team_that_is_there_at_night_only_calls_then() -> None:
    night = Hours(zone=BERLIN, week=(((timedelta(hours=21), timedelta(hours=24)),),) * 7)

    assert plan_of(night, NOW, "de").openings[0].start.hour == 21
