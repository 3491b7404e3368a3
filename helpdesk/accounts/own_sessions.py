"""The sessions of one agent, as the agent sees them: listed, and ended one by one or all but the own."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from helpdesk.accounts.browsers import BrowserName, browser_name
from helpdesk.accounts.sessions import IDLE
from store.db import Database
from store.models import AgentSession, now

#: As many characters of a session's hash as tell it apart from the agent's others.
_REFERENCE_LENGTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSession:
    """A signed-in browser. `reference` names it to `end_session`; `is_current` is the one that asks."""

    reference: str
    name: BrowserName
    address: str
    since: datetime
    last_seen_at: datetime
    is_current: bool


async def load_own_sessions(db: Database, agent_id: str, current: str) -> list[OwnSession]:
    """Those that are good, the one with the hash `current` first, then by when they were last seen."""
    at = now()
    good = (AgentSession.expires_at > at, AgentSession.last_seen_at > at - IDLE)
    async with db.read() as session:
        rows = await session.scalars(
            select(AgentSession)
            .where(AgentSession.agent_id == agent_id, *good)
            .order_by(AgentSession.last_seen_at.desc(), AgentSession.token_hash)
        )
        found = [_own_session(row, current) for row in rows]
    return sorted(found, key=lambda one: not one.is_current)


async def end_session(db: Database, agent_id: str, reference: str) -> None:
    """Sign the agent out in one browser; one that is over already, or not theirs, is left as it is."""
    async with db.write() as session:
        mine = select(AgentSession.token_hash).where(AgentSession.agent_id == agent_id)
        named = [one for one in await session.scalars(mine) if one[:_REFERENCE_LENGTH] == reference]
        await session.execute(delete(AgentSession).where(AgentSession.token_hash.in_(named)))


async def end_other_sessions(db: Database, agent_id: str, current: str) -> None:
    """Sign the agent out everywhere but in the browser with the hash `current`."""
    async with db.write() as session:
        await session.execute(
            delete(AgentSession).where(AgentSession.agent_id == agent_id, AgentSession.token_hash != current)
        )


def _own_session(row: AgentSession, current: str) -> OwnSession:
    return OwnSession(
        reference=row.token_hash[:_REFERENCE_LENGTH],
        name=browser_name(row.browser),
        address=row.address,
        since=row.created_at,
        last_seen_at=row.last_seen_at,
        is_current=row.token_hash == current,
    )
