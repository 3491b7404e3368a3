"""The providers in the database: entered, changed, switched on and off, removed. Their secrets are stored encrypted."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.channels.secrets import Vault
from helpdesk.single_sign_on.definition import (
    ProviderDefinition,
    check_definition,
    read_definition,
    write_definition,
)
from helpdesk.single_sign_on.errors import BadProvider, NoSuchProvider
from store.db import Database
from store.errors import Conflict
from store.models import AgentIdentity, SignInProvider, Team, now

MAX_PROVIDERS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderView:
    """A provider as it is shown: never with its secret. `people` have signed in with it."""

    id: str
    definition: ProviderDefinition
    is_on: bool
    has_secret: bool
    changed_by: str
    changed_at: datetime
    people: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A provider that is on, with its secret: what a sign-in needs."""

    id: str
    definition: ProviderDefinition
    secret: str

    @property
    def name(self) -> str:
        """As it stands on the button."""
        return self.definition.name


class ProviderStore:
    """Keeps the providers; `secret_key` encrypts their secrets."""

    def __init__(self, db: Database, secret_key: str) -> None:
        self.db = db
        self._vault = Vault(secret_key)

    async def list_all(self) -> list[ProviderView]:
        """All of them, by name."""
        counted = select(AgentIdentity.provider_id, func.count()).group_by(AgentIdentity.provider_id)
        async with self.db.read() as session:
            rows = list(await session.scalars(select(SignInProvider).order_by(SignInProvider.name)))
            people: dict[str, int] = {one: count for one, count in await session.execute(counted)} if rows else {}
        return [_view(row, people.get(row.id, 0)) for row in rows]

    async def list_names(self) -> list[tuple[str, str]]:
        """Ids and names of those that are on, for the sign-in page."""
        wanted = select(SignInProvider.id, SignInProvider.name).where(SignInProvider.is_on)
        async with self.db.read() as session:
            return [(one, name) for one, name in await session.execute(wanted.order_by(SignInProvider.name))]

    async def load(self, provider_id: str) -> ProviderView:
        """One of them, on or off. Raises `NoSuchProvider`."""
        people = select(func.count()).select_from(AgentIdentity).where(AgentIdentity.provider_id == provider_id)
        async with self.db.read() as session:
            return _view(await _get(session, provider_id), await session.scalar(people) or 0)

    async def load_current(self, provider_id: str) -> Provider:
        """One that is on, with its secret. Raises `NoSuchProvider` and `LostKey`."""
        async with self.db.read() as session:
            row = await session.get(SignInProvider, provider_id)
        if row is None or not row.is_on:
            raise _unknown()
        secret = self._vault.open(row.secret)["secret"] if row.secret else ""
        return Provider(id=row.id, definition=read_definition(row.name, row.definition), secret=secret)

    async def add(self, definition: ProviderDefinition, secret: str, by: str) -> str:
        """Enter one, switched off; its id. Raises `BadProvider` and `Conflict`."""
        check_definition(definition)
        async with self.db.write() as session:
            names = set(await session.scalars(select(SignInProvider.name)))
            await _check_names(session, definition, names)
            if len(names) >= MAX_PROVIDERS:
                raise Conflict(f"There are {MAX_PROVIDERS} providers already; remove one.", code="sso_too_many")
            row = SignInProvider(
                name=definition.name,
                definition=write_definition(definition),
                secret=self._closed(secret),
                changed_by=by,
            )
            session.add(row)
            await session.flush()
            return row.id

    async def change(self, provider_id: str, definition: ProviderDefinition, secret: str | None, by: str) -> None:
        """Change one; without `secret` it keeps its own. Raises `BadProvider`, `Conflict` and `NoSuchProvider`.

        Another issuer gives its ids to other people, so nobody is known of there any more, and it needs its secret.
        """
        check_definition(definition)
        async with self.db.write() as session:
            others = select(SignInProvider.name).where(SignInProvider.id != provider_id)
            await _check_names(session, definition, set(await session.scalars(others)))
            row = await _get(session, provider_id, locked=True)
            if row.definition["issuer"] != definition.issuer:
                if secret is None and row.secret:
                    raise BadProvider("Another issuer needs its own secret.", code="sso_secret")
                await session.execute(delete(AgentIdentity).where(AgentIdentity.provider_id == provider_id))
            row.name, row.definition = definition.name, write_definition(definition)
            row.secret = row.secret if secret is None else self._closed(secret)
            row.changed_by, row.changed_at = by, now()

    async def switch(self, provider_id: str, *, is_on: bool, by: str) -> None:
        """On or off. Raises `NoSuchProvider`."""
        async with self.db.write() as session:
            row = await _get(session, provider_id, locked=True)
            row.is_on, row.changed_by, row.changed_at = is_on, by, now()

    async def remove(self, provider_id: str) -> None:
        """Forget one, and who signed in with it. Raises `NoSuchProvider`."""
        async with self.db.write() as session:
            row = await _get(session, provider_id, locked=True)
            await session.execute(delete(AgentIdentity).where(AgentIdentity.provider_id == provider_id))
            await session.delete(row)

    def _closed(self, secret: str) -> str:
        return self._vault.close({"secret": secret}) if secret else ""


async def _check_names(session: AsyncSession, definition: ProviderDefinition, taken: set[str]) -> None:
    if definition.name in taken:
        raise Conflict("Another provider has this name already.", code="sso_name_taken")
    teams = set(await session.scalars(select(Team.name).where(Team.active)))
    named = {team for rule in definition.rules for team in rule.teams}
    if unknown := sorted(named - teams):
        raise BadProvider(f"There is no team {unknown[0]!r}.", code="sso_team", team=unknown[0])


async def _get(session: AsyncSession, provider_id: str, *, locked: bool = False) -> SignInProvider:
    row = await session.get(SignInProvider, provider_id, with_for_update=locked or None)
    if row is None:
        raise _unknown()
    return row


def _unknown() -> NoSuchProvider:
    return NoSuchProvider("There is no such provider, or it is switched off.")


def _view(row: SignInProvider, people: int = 0) -> ProviderView:
    return ProviderView(
        id=row.id,
        definition=read_definition(row.name, row.definition),
        is_on=row.is_on,
        has_secret=bool(row.secret),
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        people=people,
    )
