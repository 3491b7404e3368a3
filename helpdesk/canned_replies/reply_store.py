"""The canned replies in the database: entered, changed, counted, removed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.canned_replies.reply import ReplyDraft, ReplyProblem, tidy_reply
from store.db import Database
from store.errors import NotAllowed, NotFound
from store.models import CannedReply, Team, TeamMember, now

MAX_REPLIES = 1_000
"""Of everybody's and the teams'."""
MAX_OWN = 200
"""Of one agent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyView:
    """A canned reply as it is shown. `owner` is the agent's id whose alone it is, else empty."""

    id: str
    draft: ReplyDraft
    owner: str
    team_name: str | None
    uses: int
    used_at: datetime | None
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyImportCounts:
    """What a file came to."""

    added: int
    changed: int


class CannedReplies:
    """Keeps the canned replies."""

    def __init__(self, db: Database) -> None:
        self.db = db

    async def list_shared(self) -> list[ReplyView]:
        """Everybody's and the teams', by shortcut."""
        return await self._list(CannedReply.owner == "")

    async def list_for(self, agent_id: str) -> list[ReplyView]:
        """What an agent may insert: their own, everybody's, their teams'; of all teams for who is in none."""
        mine = select(TeamMember.team_id).where(TeamMember.agent_id == agent_id)
        is_open = or_(CannedReply.team_id.is_(None), CannedReply.team_id.in_(mine), ~mine.exists())
        return await self._list((CannedReply.owner == agent_id) | ((CannedReply.owner == "") & is_open))

    async def load_shared(self, reply_id: str) -> ReplyView:
        """One of those that are not an agent's own. Raises `NotFound`."""
        found = await self._list((CannedReply.id == reply_id) & (CannedReply.owner == ""))
        if not found:
            raise NotFound("There is no such reply.")
        return found[0]

    async def add(self, draft: ReplyDraft, *, by: str, owner: str = "") -> str:
        """Enter one; its id. Raises `ReplyProblem`."""
        tidied = tidy_reply(draft)
        async with self.db.write() as session:
            count = await session.scalar(select(func.count()).where(CannedReply.owner == owner)) or 0
            if count >= (MAX_OWN if owner else MAX_REPLIES):
                raise ReplyProblem("reply_too_many", "shortcut")
            row = CannedReply(owner=owner)
            await _write(session, row, tidied, by)
            session.add(row)
            await session.flush()
            return row.id

    async def add_for_team(self, draft: ReplyDraft, *, team: str, by: str, agent_id: str) -> str:
        """Enter one for a team that the agent works for. Raises `NotAllowed` and `ReplyProblem`."""
        if team not in await self.load_teams_of(agent_id):
            raise NotAllowed("A reply is entered for a team by its members.")
        return await self.add(replace(draft, team=team), by=by)

    async def change(self, reply_id: str, draft: ReplyDraft, *, by: str) -> None:
        """Change one that is not an agent's own. Raises `ReplyProblem` and `NotFound`."""
        tidied = tidy_reply(draft)
        async with self.db.write() as session:
            await _write(session, await _get(session, reply_id, owner=""), tidied, by)

    async def remove(self, reply_id: str, *, owner: str = "") -> None:
        """Forget one. Raises `NotFound`."""
        async with self.db.write() as session:
            await session.delete(await _get(session, reply_id, owner=owner))

    async def count_use(self, reply_id: str) -> None:
        """It was inserted into an answer."""
        async with self.db.write() as session:
            counted = update(CannedReply).where(CannedReply.id == reply_id)
            await session.execute(counted.values(uses=CannedReply.uses + 1, used_at=now()))

    async def take_in(self, drafts: Sequence[ReplyDraft], *, by: str) -> ReplyImportCounts:
        """Enter those with a new shortcut and change the others: all of them or none. Raises `ReplyProblem`."""
        tidied = [tidy_reply(draft) for draft in drafts]
        async with self.db.write() as session:
            known = {
                row.shortcut: row for row in await session.scalars(select(CannedReply).where(CannedReply.owner == ""))
            }
            added = [draft for draft in tidied if draft.shortcut not in known]
            if len(known) + len(added) > MAX_REPLIES:
                raise ReplyProblem("reply_too_many", "shortcut")
            for draft in tidied:
                row = known.get(draft.shortcut) or CannedReply(owner="")
                _fill(row, draft, by)
                session.add(row)
        return ReplyImportCounts(added=len(added), changed=len(tidied) - len(added))

    async def load_teams(self) -> dict[str, str]:
        """The teams that a reply can belong to: names by id."""
        async with self.db.read() as session:
            rows = await session.execute(select(Team.id, Team.name).where(Team.active).order_by(Team.name))
            return {id_: name for id_, name in rows}

    async def load_teams_of(self, agent_id: str) -> dict[str, str]:
        """The teams that an agent works for: names by id."""
        async with self.db.read() as session:
            joined = select(Team.id, Team.name).join(TeamMember, TeamMember.team_id == Team.id)
            rows = await session.execute(joined.where(TeamMember.agent_id == agent_id, Team.active).order_by(Team.name))
            return {id_: name for id_, name in rows}

    async def _list(self, condition: ColumnElement[bool]) -> list[ReplyView]:
        async with self.db.read() as session:
            joined = select(CannedReply, Team.name).outerjoin(Team, Team.id == CannedReply.team_id)
            rows = await session.execute(joined.where(condition).order_by(CannedReply.shortcut, CannedReply.id))
            return [_view(row, team) for row, team in rows]


async def _get(session: AsyncSession, reply_id: str, *, owner: str) -> CannedReply:
    row = await session.get(CannedReply, reply_id, with_for_update=True)
    if row is None or row.owner != owner:
        raise NotFound("There is no such reply.")
    return row


async def _write(session: AsyncSession, row: CannedReply, draft: ReplyDraft, by: str) -> None:
    same = select(CannedReply.id).where(CannedReply.owner == row.owner, CannedReply.shortcut == draft.shortcut)
    other = await session.scalar(same)
    if other is not None and other != row.id:
        raise ReplyProblem("reply_shortcut_taken", "shortcut")
    if draft.team is not None and await session.get(Team, draft.team) is None:
        raise ReplyProblem("reply_team", "team")
    _fill(row, draft, by)


def _fill(row: CannedReply, draft: ReplyDraft, by: str) -> None:
    texts: Mapping[str, str] = draft.texts
    row.shortcut, row.title, row.texts, row.team_id = draft.shortcut, draft.title, dict(texts), draft.team
    row.changed_by, row.changed_at = by, now()


def _view(row: CannedReply, team: str | None) -> ReplyView:
    return ReplyView(
        id=row.id,
        draft=ReplyDraft(shortcut=row.shortcut, title=row.title, texts=row.texts, team=row.team_id),
        owner=row.owner,
        team_name=team,
        uses=row.uses,
        used_at=row.used_at,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
    )
