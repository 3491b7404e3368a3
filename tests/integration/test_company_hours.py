"""When the company's teams are there, as the bot learns it: read once, and again when a team is changed."""

from datetime import datetime
from zoneinfo import ZoneInfo

from actions.asked_time import AskedTime
from helpdesk.schedule.company_hours import CompanyHours
from store.db import Database
from store.models import Team
from tests.statements import counting, listen

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 30, 10, tzinfo=BERLIN)


async def add(db: Database, name: str, **values: object) -> None:
    async with db.write() as session:
        session.add(Team(name=name, **values))


def hours_in(db: Database) -> CompanyHours:
    return CompanyHours(db, zone=BERLIN, clock=lambda: MONDAY)


async def test_without_hours_nothing_is_known(db: Database) -> None:
    await add(db, "Always")
    await add(db, "Gone", hours={"mon": [["09:00", "17:00"]]}, active=False)

    assert await hours_in(db).report(AskedTime(), "de") is None


async def test_a_change_is_told_at_once_and_asking_again_costs_nothing(db: Database) -> None:
    listen()
    hours = hours_in(db)
    await add(db, "Service", hours={"mon": [["09:00", "12:00"]]})
    first = await hours.report(AskedTime(days=(MONDAY.date(),)), "de")
    with counting() as count:
        again = await hours.report(AskedTime(days=(MONDAY.date(),)), "de")
    await add(db, "Orders", hours={"mon": [["12:00", "17:30"]]})
    later = await hours.report(AskedTime(days=(MONDAY.date(),)), "de")

    assert first == again
    assert first is not None
    assert later is not None
    assert count.statements == 0
    assert "von 9 bis 12 Uhr da" in first.text
    assert "von 9 bis 17:30 Uhr da" in later.text


async def test_hours_that_cannot_be_read_are_left_out(db: Database) -> None:
    await add(db, "Broken", hours={"mon": [["09:00", "09:00"]]})
    await add(db, "Service", hours={"mon": [["09:00", "17:00"]]})

    report = await hours_in(db).report(AskedTime(days=(MONDAY.date(),)), "de")

    assert report is not None
    assert report.is_open
