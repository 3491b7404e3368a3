"""When the team can call, for the bot's form; and what becomes of a call that it has agreed."""

from datetime import datetime, tzinfo

from actions.callback.call_plan import CallPlan, CallWindow
from helpdesk.conversations.contacts.contact_details import read_phone
from helpdesk.conversations.contacts.people import load_signed_in
from helpdesk.conversations.wait_outlook import find_team, team_hours
from helpdesk.schedule.hours import Hours, OpeningPeriod, call_periods, say_window
from store.db import Database
from store.models import Team, now


class TeamCallDesk:
    """The hours of the team that takes requests without a topic, in its time zone."""

    def __init__(self, db: Database, time_zone: str) -> None:
        self._db = db
        self._time_zone = time_zone

    async def load_plan(self, language: str) -> CallPlan:
        """When calls can be promised in the coming days."""
        async with self._db.read() as session:
            team_id = await find_team(session, None, language)
            team = await session.get(Team, team_id) if team_id else None
        return plan_of(team_hours(team, self._time_zone), now(), language)

    async def load_phone(self, conversation_id: str) -> str | None:
        """The number of the customer whom the web site has signed in, in its international form."""
        async with self._db.read() as session:
            customer = await load_signed_in(session, conversation_id)
        return read_phone(customer.phone) if customer is not None and customer.phone else None

    def read_phone(self, text: str) -> str | None:
        """The first valid telephone number in a text."""
        return read_phone(text)


def plan_of(hours: Hours, time: datetime, language: str) -> CallPlan:
    """The plan of a team with these hours, as of `time`."""

    def say(window: CallWindow) -> str:
        return say_window(OpeningPeriod(start=window.start, end=window.end), time, hours.zone, language)

    openings = (_window(period, hours.zone) for period in call_periods(hours, time))
    return CallPlan(now=time.astimezone(hours.zone), openings=tuple(openings), say=say)


def _window(period: OpeningPeriod, zone: tzinfo) -> CallWindow:
    return CallWindow(start=period.start.astimezone(zone), end=period.end.astimezone(zone))
