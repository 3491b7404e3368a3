"""What an admin writes about a team: everything that is wrong is said at once, with its field; and hours in words."""

from datetime import UTC, datetime

import pytest

from helpdesk.schedule.teams import BadTeam, TeamForm, Week, check_form
from helpdesk.web.admin.teams.opening_hours import SHOWN_DAYS, describe_opening_hours, describe_week
from helpdesk.web.admin.teams.routes import say_problem
from store.models import Team

OFFICE: Week = {day: [("09:00", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
BEFORE_CHRISTMAS = datetime(2026, 12, 23, 11, 0, tzinfo=UTC)  # a Wednesday, noon in Berlin


def problems_of(form: TeamForm) -> list[tuple[str, str, str]]:
    with pytest.raises(BadTeam) as caught:
        check_form(form)
    return [(each.field, each.code, each.found) for each in caught.value.problems]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    form = TeamForm(
        name=" ",
        topics=("x" * 129,),
        hours={"mon": [("9 Uhr", "17:00")], "tue": [("09:00", "09:00")]},
        time_zone="Europa/Berlin",
        region="XX",
        closed_on=("24.12.2026", "2026-02-30"),
    )
    assert [(field, code) for field, code, _ in problems_of(form)] == [
        ("name", "name"),
        ("topics", "topic"),
        ("hours.mon.0", "time"),
        ("hours.tue.0", "order"),
        ("time_zone", "time_zone"),
        ("region", "region"),
        ("closed_on", "date"),
        ("closed_on", "date"),
    ]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ({"mon": [("09:00", "12:30"), ("12:00", "17:00")]}, ("hours.mon.1", "overlap", "12:00–17:00")),
        ({"mon": [("13:00", "17:00"), ("09:00", "14:00")]}, ("hours.mon.0", "overlap", "13:00–17:00")),
        ({"mon": [("22:00", "06:00")], "tue": [("05:00", "12:00")]}, ("hours.tue.0", "overlap", "05:00–12:00")),
        ({"sun": [("22:00", "06:00")], "mon": [("05:00", "12:00")]}, ("hours.mon.0", "overlap", "05:00–12:00")),
        ({"sat": [("24:00", "06:00")]}, ("hours.sat.0", "order", "24:00–06:00")),
        ({"sat": [("", "")]}, ("hours.sat.0", "time", "…–…")),
        ({}, ("hours", "never_open", "")),
    ],
)
def test_hours_that_can_not_be_are_named_by_day_and_line(hours: Week, expected: tuple[str, str, str]) -> None:
    assert problems_of(TeamForm(name="Versand", hours=hours)) == [expected]


@pytest.mark.parametrize(
    "hours",
    [
        None,
        {"mon": [("00:00", "24:00")]},
        {"mon": [("09:00", "12:00"), ("12:00", "17:00")]},
        {"fri": [("22:00", "06:00")], "sat": [("06:00", "22:00"), ("22:00", "06:00")]},
        {"sun": [("22:00", "06:00")], "mon": [("06:00", "12:00")]},
    ],
)
def test_hours_that_can_be_are_kept_as_they_are(hours: Week | None) -> None:
    assert check_form(TeamForm(name="Versand", hours=hours)).hours == hours


def test_a_form_is_kept_tidy() -> None:
    form = TeamForm(name="  Versand\u00a0 Nord ", topics=("a ", "a", " "), closed_on=("2026-12-24", "2026-12-24"))
    kept = check_form(form)
    assert (kept.name, kept.topics, kept.closed_on) == ("Versand Nord", ("a",), ("2026-12-24",))


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de", "Montag: Erwartet werden zwei Uhrzeiten wie 09:00 und 17:00. Da steht 9 Uhr–17:00."),
        ("en", "Monday: expected two times such as 09:00 and 17:00. It says 9 Uhr–17:00."),
    ],
)
def test_a_problem_is_said_in_the_readers_language(language: str, sentence: str) -> None:
    with pytest.raises(BadTeam) as caught:
        check_form(TeamForm(name="Versand", hours={"mon": [("9 Uhr", "17:00")]}))
    assert say_problem(caught.value.problems[0], language) == sentence


@pytest.mark.parametrize(
    ("hours", "german", "english"),
    [
        ({}, "Immer da, rund um die Uhr.", "Always there, around the clock."),
        (OFFICE, "Da: Mo–Fr 09:00–17:00 Uhr.", "There: Mon–Fri 09:00–17:00."),
        (
            {"mon": [("14:00", "18:00"), ("09:00", "12:00")], "sat": [("00:00", "24:00")], "sun": [("00:00", "24:00")]},
            "Da: Mo 09:00–12:00 und 14:00–18:00 Uhr; Sa, So rund um die Uhr.",
            "There: Mon 09:00–12:00 and 14:00–18:00; Sat, Sun around the clock.",
        ),
    ],
)
def test_a_week_is_said_in_one_sentence(hours: Week, german: str, english: str) -> None:
    assert describe_week(hours, "de") == german
    assert describe_week(hours, "en") == english


def office(**changes: object) -> Team:
    facts: dict[str, object] = {
        "name": "Versand",
        "hours": {day: [list(span) for span in spans] for day, spans in OFFICE.items()},
        "time_zone": "Europe/Berlin",
        "region": "BY",
        "closed_on": ["2026-12-24"],
    }
    return Team(**(facts | changes))


def test_the_strip_names_holidays_and_closed_days_and_when_the_team_is_back() -> None:
    shown = describe_opening_hours(office(), at=BEFORE_CHRISTMAS, language="de")
    assert shown.is_open
    assert shown.sentences[1:] == (
        "Jetzt da, bis heute um 17:00 Uhr.",
        "Feiertage (Bayern): Fr 25.12. Erster Weihnachtstag, Sa 26.12. Zweiter Weihnachtstag, Fr 1.1. Neujahr.",
    )
    assert len(shown.days) == SHOWN_DAYS
    assert [(day.label, day.times, day.closed_for) for day in shown.days[:3]] == [
        ("Mi 23.12.", "09:00–17:00", ""),
        ("Do 24.12.", "geschlossen", "geschlossen"),
        ("Fr 25.12.", "geschlossen", "Erster Weihnachtstag"),
    ]
    assert shown.days[0].bars == ((37.5, 33.33),)
    assert shown.now == 50.0


def test_out_of_hours_it_says_when_somebody_is_back_past_the_holidays() -> None:
    evening = BEFORE_CHRISTMAS.replace(hour=17)
    shown = describe_opening_hours(office(), at=evening, language="en")
    assert not shown.is_open
    assert shown.sentences[1] == "Closed now, back Mon 28 Dec at 09:00."


def test_a_night_shift_goes_on_in_the_next_day_of_the_strip() -> None:
    night = office(hours={"wed": [["22:00", "06:00"]]}, region="", closed_on=[])
    shown = describe_opening_hours(night, at=BEFORE_CHRISTMAS, language="de")
    assert [day.times for day in shown.days[:3]] == ["22:00–24:00", "00:00–06:00", "geschlossen"]


def test_a_team_that_would_never_be_there_is_warned_about() -> None:
    christmas = datetime(2026, 12, 25, tzinfo=UTC).date()
    closed = [str(christmas.fromordinal(christmas.toordinal() + 7 * week)) for week in range(-1, 54)]
    shown = describe_opening_hours(
        office(hours={"fri": [["09:00", "10:00"]]}, closed_on=closed),
        at=BEFORE_CHRISTMAS,
        language="de",
    )
    assert not shown.is_open
    assert shown.sentences[1] == "Achtung: So wäre im nächsten Jahr niemand da."


def test_always_open_has_no_end() -> None:
    always = office(hours={}, region="", closed_on=[])
    shown = describe_opening_hours(always, at=BEFORE_CHRISTMAS, language="de")
    assert shown.sentences == ("Immer da, rund um die Uhr.", "Jetzt da.")
    assert shown.days[0].times == "rund um die Uhr"
