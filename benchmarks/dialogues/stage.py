"""The shop in which conversations are held: a team with hours, somebody at the desk or nobody, keys, and Telegram."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_urlsafe
from zoneinfo import ZoneInfo

import httpx

from helpdesk.accounts.agents import add_agent, note_presence, set_availability
from helpdesk.schedule.teams import DAYS, Interval, TeamForm, Week, list_teams, save
from store.db import Database
from store.models import Availability, Role
from tests.e2e.installation import Installation, installed
from tests.fakes.telegram import FakeTelegram, telegram
from tests.services import free_port

START_WITHIN = 900.0  # seconds; on a machine that is busy with other things an import takes long
USUAL_DEADLINE = 10.0  # seconds
DATABASE = "dialogues.db"
ZONE = ZoneInfo("Europe/Berlin")
TEAM = "Service"
PRESENCE_EVERY = 20.0  # seconds; a desk reports itself as often
WORKDAY: Sequence[Interval] = (("08:00", "18:00"),)
SATURDAY: Sequence[Interval] = (("09:00", "14:00"),)
ALL_DAY: Sequence[Interval] = (("00:00", "24:00"),)
ON_HOLIDAY = ("12-24", "12-31")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A running installation: `http` speaks to its API, `agent` is who sits at the desk."""

    http: httpx.AsyncClient
    db: Database
    agent: str
    telegram: FakeTelegram

    async def open_shop(self) -> None:
        """It is a time at which the team is there, and somebody is at the desk."""
        today = datetime.now(ZONE).date()
        hours = dict.fromkeys(DAYS[:5], WORKDAY) | {"sat": SATURDAY, DAYS[today.weekday()]: ALL_DAY}
        await self._keep_hours(hours, closed_on=self._holidays())
        await set_availability(self.db, self.agent, Availability.ONLINE)
        await note_presence(self.db, self.agent)

    async def close_shop(self) -> None:
        """It is a day off, and nobody is there before the next one."""
        today = datetime.now(ZONE).date().isoformat()
        await self._keep_hours(dict.fromkeys(DAYS, WORKDAY), closed_on=(today, *self._holidays()))
        await set_availability(self.db, self.agent, Availability.OFFLINE)

    def _holidays(self) -> tuple[str, ...]:
        return tuple(f"{datetime.now(ZONE).year}-{day}" for day in ON_HOLIDAY)

    async def _keep_hours(self, hours: Week, *, closed_on: tuple[str, ...]) -> None:
        known = next((each.team for each in await list_teams(self.db) if each.team.name == TEAM), None)
        form = TeamForm(name=TEAM, hours=hours, time_zone=ZONE.key, region="BE", closed_on=closed_on)
        await save(
            self.db,
            form,
            by="benchmark",
            team_id=known.id if known else None,
            version=known.version if known else 0,
        )

    async def stay_at_desk(self) -> None:
        """The open desk reports itself, until cancelled."""
        while True:
            await note_presence(self.db, self.agent)
            await asyncio.sleep(PRESENCE_EVERY)


@contextmanager
def house(
    home: Path, prepared: Path | None = None, *, deadline: float = USUAL_DEADLINE
) -> Iterator[tuple[Installation, str, int]]:
    """An installation with the sample shop, the address of its database, and the port where it looks for Telegram.

    It begins as a copy of `prepared`, if given: a home with `dialogues.db` that has the articles already. `deadline`:
    seconds after which the bot gives up a turn; more than the usual on a machine that is busy with other things.
    """
    if prepared:
        shutil.copytree(prepared, home)
    home.mkdir(parents=True, exist_ok=True)
    url, port = f"sqlite+aiosqlite:///{home / DATABASE}", free_port()
    telegram_url = f"http://127.0.0.1:{port}"
    settings = {"STAFFEL_TELEGRAM_API_URL": telegram_url, "STAFFEL_TURN_DEADLINE": f"{deadline:g}"}
    with installed(home, url, start_within=START_WITHIN, **settings) as installation:
        try:
            yield installation, url, port
        except BaseException:
            print(installation.output()[-3000:], file=sys.stderr)
            raise


@asynccontextmanager
async def stage(installation: Installation, database_url: str, telegram_port: int) -> AsyncIterator[Stage]:
    """The shop with its staff, ready to be opened and closed."""
    db = Database(database_url)
    agent = await add_agent(db, "mia@example.com", "Mia Weber", Role.AGENT, password=token_urlsafe())
    headers = {"Authorization": f"Bearer {await asyncio.to_thread(_key, installation)}"}
    api = f"{installation.origin}/api/v1"
    async with (
        telegram(port=telegram_port, scale=1) as fake,
        httpx.AsyncClient(base_url=api, headers=headers, timeout=120, trust_env=False) as http,
    ):
        connect = ("connect", "telegram", "--token-stdin", "--no-test")
        ran = await asyncio.to_thread(installation.run, *connect, given=fake.state.token.encode())
        assert ran.returncode == 0, ran.stderr.decode()
        try:
            yield Stage(http=http, db=db, agent=agent.id, telegram=fake)
        finally:
            await db.close()


def _key(installation: Installation) -> str:
    scopes = [option for scope in ("conversations", "messages", "handoff") for option in ("--scope", scope)]
    made = installation.run("key", "add", "dialogues", *scopes)
    assert made.returncode == 0, made.stderr.decode()
    return made.stdout.decode().strip()
