"""The macros in the database: entered, changed, counted, removed; who changes one is in the audit log."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.audit import AuditAct, AuditLog
from helpdesk.audit.audit_log import Actor
from helpdesk.macros.macro import MacroDraft, MacroProblem, read_steps, tidy_macro, write_steps
from store.db import Database
from store.errors import Conflict, NotAllowed, NotFound
from store.models import MacroRecord, Team, TeamMember, now

MAX_SHARED = 200
"""Of everybody's and the teams'."""
MAX_OWN = 50
"""Of one agent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroView:
    """A macro as it is shown."""

    id: str
    draft: MacroDraft
    team_name: str | None
    revision: int
    uses: int
    used_at: datetime | None
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """Who enters and changes macros: their own, and those of teams and of everybody where `may_share`."""

    actor: Actor
    may_share: bool


class Macros:
    """Keeps the macros."""

    def __init__(self, db: Database, audit: AuditLog) -> None:
        self.db = db
        self.audit = audit

    async def list_for(self, agent_id: str) -> list[MacroView]:
        """What an agent may run: their own, everybody's, their teams'; of all teams for who is in none. Most used
        first."""
        mine = select(TeamMember.team_id).where(TeamMember.agent_id == agent_id)
        is_open = or_(MacroRecord.team_id.is_(None), MacroRecord.team_id.in_(mine), ~mine.exists())
        found = await self._list((MacroRecord.owner == agent_id) | ((MacroRecord.owner == "") & is_open))
        return sorted(found, key=lambda one: (-one.uses, not one.draft.owner, one.draft.name.casefold()))

    async def list_kept_by(self, keeper: Keeper) -> list[MacroView]:
        """What somebody may change, by name."""
        shared = (
            MacroRecord.owner.in_(("", keeper.actor.id)) if keeper.may_share else MacroRecord.owner == keeper.actor.id
        )
        return sorted(await self._list(shared), key=lambda one: one.draft.name.casefold())

    async def load(self, macro_id: str, keeper: Keeper) -> MacroView:
        """One that somebody may change. Raises `NotFound`."""
        found = [one for one in await self._list(MacroRecord.id == macro_id) if _keeps(keeper, one.draft.owner)]
        if not found:
            raise NotFound("There is no such macro.")
        return found[0]

    async def add(self, draft: MacroDraft, keeper: Keeper) -> str:
        """Enter one; its id. Raises `MacroProblem` and `NotAllowed`."""
        tidied = tidy_macro(draft)
        _check_keeper(keeper, tidied.owner)
        async with self.db.write() as session:
            count = await session.scalar(select(func.count()).where(MacroRecord.owner == tidied.owner)) or 0
            if count >= (MAX_OWN if tidied.owner else MAX_SHARED):
                raise MacroProblem("macro_too_many", "name")
            row = MacroRecord(revision=0, uses=0)
            await _write(session, row, tidied, keeper.actor.name)
            session.add(row)
            await session.flush()
            await self._enter(session, keeper, "macros.new", row)
            return row.id

    async def change(self, macro_id: str, draft: MacroDraft, keeper: Keeper, *, revision: int) -> None:
        """Change one as it was at `revision`. Raises `MacroProblem`, `NotFound`, `NotAllowed` and `Conflict`."""
        tidied = tidy_macro(draft)
        _check_keeper(keeper, tidied.owner)
        async with self.db.write() as session:
            row = await _get(session, macro_id, keeper)
            if row.revision != revision:
                raise Conflict("Somebody has changed this macro in the meantime.", code="macro_changed")
            await _write(session, row, tidied, keeper.actor.name)
            await self._enter(session, keeper, "macros.save", row)

    async def remove(self, macro_id: str, keeper: Keeper) -> None:
        """Forget one. Raises `NotFound`."""
        async with self.db.write() as session:
            row = await _get(session, macro_id, keeper)
            await self._enter(session, keeper, "macros.remove", row)
            await session.delete(row)

    async def count_use(self, macro_id: str) -> None:
        """At least one step of it was taken."""
        async with self.db.write() as session:
            counted = update(MacroRecord).where(MacroRecord.id == macro_id)
            await session.execute(counted.values(uses=MacroRecord.uses + 1, used_at=now()))

    async def load_teams(self) -> dict[str, str]:
        """The teams that a macro can belong to, or hand to: names by id."""
        async with self.db.read() as session:
            rows = await session.execute(select(Team.id, Team.name).where(Team.active).order_by(Team.name))
            return {id_: name for id_, name in rows}

    async def _enter(self, session: AsyncSession, keeper: Keeper, action: str, row: MacroRecord) -> None:
        """Kinds of steps and whose it is; never what they say."""
        kinds = " ".join(str(step.kind) for step in read_steps(row.steps))
        whose = "own" if row.owner else row.team_id or "everybody"
        act = AuditAct(action=action, subject=row.id, after={"steps": kinds, "for": whose})
        await self.audit.add(session, keeper.actor, act)

    async def _list(self, condition: ColumnElement[bool]) -> list[MacroView]:
        async with self.db.read() as session:
            joined = select(MacroRecord, Team.name).outerjoin(Team, Team.id == MacroRecord.team_id)
            rows = await session.execute(joined.where(condition))
            return [_view(row, team) for row, team in rows]


def _keeps(keeper: Keeper, owner: str) -> bool:
    return owner == keeper.actor.id or (not owner and keeper.may_share)


def _check_keeper(keeper: Keeper, owner: str) -> None:
    if not _keeps(keeper, owner):
        raise NotAllowed("Only supervisors and admins keep macros for others.")


async def _get(session: AsyncSession, macro_id: str, keeper: Keeper) -> MacroRecord:
    row = await session.get(MacroRecord, macro_id, with_for_update=True)
    if row is None or not _keeps(keeper, row.owner):
        raise NotFound("There is no such macro.")
    return row


async def _write(session: AsyncSession, row: MacroRecord, draft: MacroDraft, by: str) -> None:
    same = select(MacroRecord.id, MacroRecord.name).where(MacroRecord.owner == draft.owner)
    name = draft.name.casefold()
    if any(id_ != row.id and taken.casefold() == name for id_, taken in await session.execute(same)):
        raise MacroProblem("macro_name_taken", "name")
    if draft.team is not None and await session.get(Team, draft.team) is None:
        raise MacroProblem("macro_team", "team")
    row.owner, row.name, row.team_id, row.steps = draft.owner, draft.name, draft.team, write_steps(draft.steps)
    row.revision, row.changed_by, row.changed_at = row.revision + 1, by, now()


def _view(row: MacroRecord, team: str | None) -> MacroView:
    return MacroView(
        id=row.id,
        draft=MacroDraft(name=row.name, steps=read_steps(row.steps), team=row.team_id, owner=row.owner),
        team_name=team,
        revision=row.revision,
        uses=row.uses,
        used_at=row.used_at,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
    )
