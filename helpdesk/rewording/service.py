"""Which language model there is and what it may do: from the settings or the admin page; switched on there only."""

from dataclasses import dataclass, field

from helpdesk.channels.secrets import Vault
from helpdesk.rewording.addresses import read_url
from helpdesk.rewording.endpoint import Target
from store.db import Database
from store.errors import Conflict, Invalid
from store.freshness import Freshness
from store.models import Endpoint as Row
from store.models import RewordingSwitches, now
from store.settings import Settings

NAME = "rewording"
FRESH_FOR = 30.0
"""Seconds that a look into the database is good for, as long as no change is heard of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageModelService:
    """A language model and what an admin lets it reword. `fixed`: address, key and model come from the settings."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    summaries: bool = False
    answers: bool = False
    own_network: bool = False
    fixed: bool = False

    @property
    def target(self) -> Target:
        """What is asked."""
        return Target(url=self.url, key=self.key, model=self.model, own_network=self.own_network)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceForm:
    """What an admin enters. `key`: None keeps the stored one, which goes to the stored address only."""

    url: str
    model: str
    key: str | None
    summaries: bool
    answers: bool
    own_network: bool


class LanguageModelServices:
    """Keeps the one language model there may be."""

    def __init__(self, db: Database, settings: Settings) -> None:
        self._db = db
        self._vault = Vault(settings.secret_key.get_secret_value())
        self._settings = settings
        self._known: LanguageModelService | None = None
        self._is_fresh = Freshness(db.feed, ("endpoints",), seconds=FRESH_FOR)

    @property
    def fixed_url(self) -> str:
        """The model's address in the settings, if it is there: then the page can only switch."""
        return self._settings.rewording_url.rstrip("/")

    async def find(self) -> LanguageModelService | None:
        """The model, if there is one; read often, changed rarely. Raises `Unavailable`."""
        if not self._is_fresh:
            mark = self._is_fresh.begin()
            async with self._db.read() as session:
                self._known = self._service(await session.get(Row, NAME))
            self._is_fresh.renew(mark)
        return self._known

    async def save(self, wanted: ServiceForm, agent_id: str) -> LanguageModelService | None:
        """Keep what an admin entered. Raises `Invalid`, `Conflict` when the key was meant for another address."""
        url, model = self._named(wanted)
        async with self._db.write() as session:
            row = await session.get(Row, NAME, with_for_update=True)
            key = self._key(row, wanted.key, url)
            if row is None:
                row = Row(name=NAME, url=url)
                session.add(row)
            row.url, row.model, row.agent_id, row.changed_at = url, model, agent_id, now()
            row.secrets = self._vault.close({"key": key})
            row.settings = RewordingSwitches(
                summaries=wanted.summaries, answers=wanted.answers, own_network=wanted.own_network
            )
        return await self.find()

    async def remove(self) -> None:
        """Forget address, key and switches."""
        async with self._db.write() as session:
            row = await session.get(Row, NAME, with_for_update=True)
            if row is not None:
                await session.delete(row)

    def _named(self, wanted: ServiceForm) -> tuple[str, str]:
        if self.fixed_url:
            return self.fixed_url, self._settings.rewording_model
        read_url(wanted.url)
        if not wanted.model.strip():
            raise Invalid("Expected the name of a model.", code="model_missing", fields=["model"])
        return wanted.url.rstrip("/"), wanted.model.strip()

    def _key(self, row: Row | None, given: str | None, url: str) -> str:
        if self.fixed_url:
            return ""  # it stays in the settings
        if given is not None:
            return given.strip()
        stored = self._vault.open(row.secrets).get("key", "") if row else ""
        if stored and row and row.url != url:
            raise Conflict(
                "The stored key belongs to the former address; enter the key for the new one.", code="key_elsewhere"
            )
        return stored

    def _service(self, row: Row | None) -> LanguageModelService | None:
        """What was switched on for one address and model stays off for another that the settings name later."""
        switches = row.settings if row else RewordingSwitches()
        if self.fixed_url:
            url, model = self.fixed_url, self._settings.rewording_model
            key = self._settings.rewording_key.get_secret_value()
            switches = switches if row and (row.url, row.model) == (url, model) else RewordingSwitches()
        elif row:
            url, model, key = row.url, row.model, self._vault.open(row.secrets).get("key", "")
        else:
            return None
        return LanguageModelService(
            url=url,
            model=model,
            key=key,
            summaries=switches.summaries,
            answers=switches.answers,
            own_network=switches.own_network,
            fixed=bool(self.fixed_url),
        )
