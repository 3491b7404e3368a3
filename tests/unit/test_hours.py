"""Business hours: nobody is promised a person who isn't there."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.schedule.hours import (
    REGIONS,
    WEEKDAYS,
    Hours,
    OpeningPeriod,
    hours_of,
    is_open,
    next_opening,
    opens_until,
    say_when,
    say_window,
    windows,
)
from store.errors import Invalid
from store.models import Team

KNOWN_REGIONS = holidays.list_supported_countries()["DE"]  # asked here, because that loads the library
BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in WEEKDAYS[:5]}
NIGHT = {day: [["22:00", "06:00"]] for day in WEEKDAYS}


def test_the_regions_are_those_of_the_library() -> None:
    assert set(KNOWN_REGIONS) == REGIONS


def team(**values: object) -> Hours:
    return hours_of(Team(**({"name": "Team", "hours": OFFICE} | values)))


def berlin(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BERLIN)  # type: ignore[misc, arg-type]


clocks = st.integers(0, 47).map(lambda half: f"{half // 2:02}:{30 * (half % 2):02}")
days = st.lists(clocks, min_size=2, max_size=6, unique=True).map(
    lambda times: [list(pair) for pair in zip(sorted(times)[::2], sorted(times)[1::2], strict=False)]
)
weeks: st.SearchStrategy[dict[str, Any]] = (
    st.dictionaries(st.sampled_from(WEEKDAYS), days, min_size=1) | st.just(NIGHT) | st.just({})
)
teams = st.builds(
    lambda hours, region, zone: team(hours=hours, region=region, time_zone=zone),
    weeks,
    st.sampled_from(["", *sorted(REGIONS)]),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(teams, moments)
def test_nobody_is_there_on_a_public_holiday(hours: Hours, at: datetime) -> None:
    day = at.astimezone(hours.zone).date()
    if hours.region and day in holidays.country_holidays("DE", subdiv=hours.region):
        assert not is_open(hours, at)


@given(teams, moments)
def test_the_next_opening_is_the_first_moment_that_is_open(hours: Hours, after: datetime) -> None:
    opening = next_opening(hours, after)
    if opening is None:
        assert not is_open(hours, after)
        return
    assert opening >= after
    assert is_open(hours, opening)
    assert opening == after or not is_open(hours, opening - timedelta(seconds=1))
    halfway = after + (opening - after) / 2
    assert halfway >= opening or not is_open(hours, halfway)


@given(teams, moments)
def test_a_team_is_there_until_it_says(hours: Hours, at: datetime) -> None:
    until = opens_until(hours, at)
    if until is not None:
        assert is_open(hours, at)
        assert is_open(hours, until - timedelta(microseconds=1))
        assert not is_open(hours, until)


@given(teams, moments, st.integers(1, 8))
def test_windows_lie_within_the_hours_and_far_enough_ahead(hours: Hours, after: datetime, count: int) -> None:
    found = windows(hours, after, count)
    assert len(found) <= count
    assert list(found) == sorted(found, key=lambda window: window.start)
    for window in found:
        assert window.start >= after + timedelta(minutes=30)
        assert (
            timedelta(hours=1) <= window.end - window.start <= timedelta(hours=3)
        )  # an hour more where it comes twice
        length = window.end - window.start
        assert all(is_open(hours, window.start + length * part / 8) for part in range(8))
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (berlin(2026, 3, 27, 18), berlin(2026, 3, 30, 9)),  # over the weekend in which the clock goes forward
        (berlin(2026, 10, 23, 18), berlin(2026, 10, 26, 9)),  # and back
        (berlin(2026, 12, 23, 18), berlin(2026, 12, 28, 9)),  # Christmas, with a closed date before it
        (berlin(2026, 11, 24, 12), berlin(2026, 11, 24, 13)),  # lunch
        (berlin(2026, 11, 24, 10), berlin(2026, 11, 24, 10)),
    ],
)
def test_an_office_opens_when_the_clock_on_its_wall_says_so(at: datetime, expected: datetime) -> None:
    assert next_opening(team(region="BY", closed_on=["2026-12-24"]), at) == expected


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 28), 7), (date(2026, 10, 24), 9), (date(2026, 11, 24), 8)])
def test_f30_a_night_shift_is_an_hour_shorter_or_longer_when_the_clock_changes(day: date, hours: int) -> None:
    start = datetime(day.year, day.month, day.day, 22, tzinfo=BERLIN).astimezone(UTC)
    assert opens_until(team(hours=NIGHT), start) == start + timedelta(hours=hours)


def test_an_opening_in_the_hour_that_the_clock_skips_comes_when_it_has_been_skipped() -> None:
    hours = team(hours={"sun": [["02:30", "04:00"]]})
    assert next_opening(hours, berlin(2026, 3, 28, 12)) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert opens_until(hours, datetime(2026, 3, 29, 1, 0, tzinfo=UTC)) == datetime(2026, 3, 29, 2, 0, tzinfo=UTC)


def test_a_night_shift_ends_at_midnight_before_a_closed_day_and_does_not_begin_on_one() -> None:
    hours = team(hours=NIGHT, region="BE")
    eve = berlin(2026, 12, 31, 23)
    assert opens_until(hours, eve) == berlin(2027, 1, 1, 0)
    assert next_opening(hours, berlin(2027, 1, 1, 0)) == berlin(2027, 1, 2, 22)


@pytest.mark.parametrize(("region", "open_"), [("BY", False), ("BE", True), ("", True)])
def test_the_holidays_are_those_of_the_state(region: str, open_: bool) -> None:
    assert is_open(team(region=region), berlin(2026, 1, 6, 10)) is open_  # Epiphany


def test_without_hours_somebody_is_always_there() -> None:
    hours = team(hours={})
    now = berlin(2026, 11, 24, 3)
    assert is_open(hours, now)
    assert next_opening(hours, now) == now
    assert opens_until(hours, now) is None


def test_a_team_that_never_opens_has_no_next_opening_and_no_windows() -> None:
    hours = team(hours={"mon": []})
    now = berlin(2026, 11, 24, 3)
    assert next_opening(hours, now) is None
    assert windows(hours, now, 3) == ()


def test_nobody_is_called_at_night_by_a_team_that_is_always_there() -> None:
    found = windows(team(hours={}), berlin(2026, 11, 24, 2), 3)
    assert found[0] == OpeningPeriod(start=berlin(2026, 11, 24, 8), end=berlin(2026, 11, 24, 10))
    assert all(8 <= window.start.astimezone(BERLIN).hour < 20 for window in found)


def test_the_first_window_of_a_day_that_has_begun_starts_on_the_half_hour() -> None:
    found = windows(team(), berlin(2026, 11, 24, 13, 10), 2)
    assert found[0] == OpeningPeriod(start=berlin(2026, 11, 24, 14), end=berlin(2026, 11, 24, 16))
    assert found[1] == OpeningPeriod(start=berlin(2026, 11, 24, 16), end=berlin(2026, 11, 24, 17))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"hours": {"mon": [["9:00", "17:00"]]}}, "mon: expected a time such as \"09:00\", came '9:00'."),
        ({"hours": {"tue": ["09:00", "17:00"]}}, "tue: expected two times, from and to, came '09:00'."),
        ({"hours": {"tue": [["09:00"]]}}, "tue: expected two times"),
        ({"hours": {"wed": "09:00-17:00"}}, "wed: expected a list"),
        ({"hours": {"thu": [["09:00", "12:00"], ["11:00", "13:00"]]}}, "thu: expected times that do not overlap"),
        (
            {"hours": {"fri": [["22:00", "06:00"]], "sat": [["05:00", "08:00"]]}},
            "fri: expected times that do not overlap, came '22:00–06:00 and 05:00–08:00'",
        ),
        ({"hours": {"sat": [["09:00", "09:00"]]}}, "sat: expected an end after the start"),
        ({"hours": {"montag": []}}, "expected the days mon, tue"),
        ({"time_zone": "Berlin"}, "time zone: expected a name such as Europe/Berlin, came 'Berlin'."),
        ({"region": "Bayern"}, "region: expected nothing or one of"),
        ({"closed_on": ["24.12.2026"]}, "closed on: expected a date such as 2026-12-24, came '24.12.2026'."),
    ],
)
def test_what_is_wrong_is_said_with_the_day_and_what_was_expected(values: dict[str, object], said: str) -> None:
    with pytest.raises(Invalid) as raised:
        team(**values)
    assert said in str(raised.value)


NOW = berlin(2026, 11, 24, 15)
NO_BREAK = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("at", "german", "english", "french"),
    [
        (berlin(2026, 11, 24, 16, 30), "heute, 16:30 Uhr", "today at 4:30 pm", "aujourd’hui à 16 h 30"),
        (berlin(2026, 11, 25, 9), "morgen, 9 Uhr", "tomorrow at 9 am", "demain à 9 h"),
        (
            berlin(2026, 11, 30, 9),
            "am Montag, 30. November, 9 Uhr",
            "on Monday, 30 November at 9 am",
            "le lundi 30 novembre à 9 h",
        ),
        (
            berlin(2027, 1, 4, 12),
            "am Montag, 4. Januar 2027, 12 Uhr",
            "on Monday, 4 January 2027 at 12 pm",
            "le lundi 4 janvier 2027 à 12 h",
        ),
    ],
)
def test_a_moment_is_said_as_people_say_it(at: datetime, german: str, english: str, french: str) -> None:
    assert say_when(at.astimezone(UTC), NOW, BERLIN, "de") == german
    assert say_when(at.astimezone(UTC), NOW, BERLIN, "en") == english
    assert say_when(at.astimezone(UTC), NOW, BERLIN, "fr").replace(NO_BREAK, " ") == french


def test_a_moment_is_said_by_the_customers_clock() -> None:
    at = berlin(2026, 11, 25, 1)
    assert say_when(at, NOW, ZoneInfo("America/New_York"), "en") == "today at 7 pm"
    assert say_when(at, NOW, None, "en") == "tomorrow at 12 am (UTC)"


def test_a_window_is_said_with_both_ends() -> None:
    window = OpeningPeriod(start=berlin(2026, 11, 25, 11), end=berlin(2026, 11, 25, 13))
    assert say_window(window, NOW, BERLIN, "de") == "morgen, 11 bis 13 Uhr"
    assert say_window(window, NOW, BERLIN, "en") == "tomorrow, 11 am to 1 pm"
    assert say_window(window, NOW, BERLIN, "fr").replace(NO_BREAK, " ") == "demain, de 11 h à 13 h"


@pytest.mark.parametrize(
    ("start", "end", "german", "english"),
    [
        (berlin(2026, 11, 25, 9), berlin(2026, 11, 25, 11), "morgen, 9 bis 11 Uhr", "tomorrow, 9 to 11 am"),
        (berlin(2026, 11, 25, 9, 30), berlin(2026, 11, 25, 11), "morgen, 9:30 bis 11 Uhr", "tomorrow, 9:30 to 11 am"),
        (
            berlin(2026, 11, 25, 11, 30),
            berlin(2026, 11, 25, 13, 15),
            "morgen, 11:30 bis 13:15 Uhr",
            "tomorrow, 11:30 am to 1:15 pm",
        ),
        (berlin(2026, 11, 25, 20), berlin(2026, 11, 26), "morgen, 20 bis 24 Uhr", "tomorrow, 8 pm to 12 am"),
    ],
)
def test_a_window_is_said_as_people_say_it(start: datetime, end: datetime, german: str, english: str) -> None:
    window = OpeningPeriod(start=start, end=end)
    assert say_window(window, NOW, BERLIN, "de") == german
    assert say_window(window, NOW, BERLIN, "en") == english
