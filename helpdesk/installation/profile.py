"""What this installation is called and how it speaks: the settings, with what an admin chose in the browser."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import structlog

from i18n import available_languages
from store.db import Database
from store.errors import Invalid, Unavailable
from store.freshness import Freshness
from store.models import Installation, now
from store.settings import Settings

log = structlog.get_logger()

#: Seconds until a change is looked for of which nothing was heard.
FRESH_FOR = 60.0
MAX_COMPANY_LENGTH, MAX_NAME_LENGTH = 80, 40
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What an admin chose; empty: the setting of that name holds. `accent` is the web chat's colour, `#rrggbb`."""

    company: str = ""
    bot_name: str = ""
    language: str = ""
    foreign_language: str = ""
    formality: str = ""
    accent: str = ""

    def check(self) -> None:
        """Raises `Invalid` with the code of the first field that can't be so."""
        languages = ("", *available_languages("customer"))
        problems = {
            "company": len(self.company) > MAX_COMPANY_LENGTH,
            "bot_name": len(self.bot_name) > MAX_NAME_LENGTH,
            "language": self.language not in languages,
            "foreign_language": self.foreign_language not in languages,
            "formality": self.formality not in ("", "sie", "du"),
            "accent": bool(self.accent) and not _COLOUR.fullmatch(self.accent),
        }
        for name, is_wrong in problems.items():
            if is_wrong:
                raise Invalid(f"This is not a possible {name}.", code=f"profile_{name}")


class CurrentProfile:
    """The profile in force, on every instance: kept in memory, changed by admins. The environment goes before it."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self.db = db
        self._given = settings
        self._settings, self._chosen = settings, Profile()
        self._is_fresh = Freshness(db.feed, ("installation",), seconds=FRESH_FOR)
        self._reading = asyncio.Lock()

    @property
    def settings(self) -> Settings:
        """All settings with what was chosen, as last known."""
        return self._settings

    @property
    def chosen(self) -> Profile:
        """What was chosen, as last known."""
        return self._chosen

    @property
    def given(self) -> frozenset[str]:
        """The fields that the environment has decided."""
        return frozenset(
            name for name in asdict(self._chosen) if name in self._given.model_fields_set and getattr(self._given, name)
        )

    async def look(self) -> Settings:
        """All settings with what was chosen; no statement while that is known, the last known without a database."""
        if not self._is_fresh:
            async with self._reading:
                if not self._is_fresh:
                    await self._read()
        return self._settings

    async def save(self, wanted: Profile) -> None:
        """Hold by this from now on. Raises `Invalid`."""
        wanted.check()
        async with self.db.write() as session:
            row = await session.get(Installation, 1)
            if row is None:
                row = Installation(id=1)
                session.add(row)
            for name, value in asdict(wanted).items():
                setattr(row, name, value)
            row.saved_at = now()
        await self._read()

    async def _read(self) -> None:
        mark = self._is_fresh.begin()
        try:
            async with self.db.read() as session:
                row = await session.get(Installation, 1)
        except Unavailable:
            log.warning("installation.database_away")
            return
        self._chosen = Profile(**{name: getattr(row, name) for name in asdict(Profile())}) if row else Profile()
        self._settings = fill_up(self._given, asdict(self._chosen), given=self.given)
        self._is_fresh.renew(mark)


def fill_up(settings: Settings, chosen: Mapping[str, str], *, given: frozenset[str]) -> Settings:
    """The settings with what was chosen, but for what the environment has `given`."""
    known = Settings.model_fields
    return settings.model_copy(
        update={name: value for name, value in chosen.items() if value and name in known and name not in given}
    )
