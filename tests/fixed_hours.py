"""An `HoursSource` over hours written down here, at a moment that a test says."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from actions.asked_time import AskedTime
from actions.opening_hours import HoursReport
from helpdesk.schedule.hours import Hours, SharedHours
from helpdesk.schedule.hours.report import report_on

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
SHOP_WEEK = (*(((8 * HOUR, 18 * HOUR),) for _ in range(5)), ((9 * HOUR, 14 * HOUR),), ())
SATURDAY_MORNING = datetime(2026, 11, 28, 11, tzinfo=BERLIN)
SHOP = SharedHours(
    zone=BERLIN,
    teams=(Hours(zone=BERLIN, week=SHOP_WEEK, region="BY", closed_on=frozenset({date(2026, 12, 24)})),),
)


@dataclass
class FixedHours:
    """The shop's hours, or of nobody."""

    now: datetime = SATURDAY_MORNING
    hours: SharedHours | None = SHOP

    def today(self) -> date:
        return self.now.astimezone(BERLIN).date()

    async def report(self, asked: AskedTime, language: str) -> HoursReport | None:
        return report_on(self.hours, asked, self.now, language) if self.hours else None
