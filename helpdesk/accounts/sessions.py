"""Signed-in browsers. The cookie holds 256 random bits, the table their hash; deleting the row ends the session."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from store.db import Database
from store.errors import Unavailable
from store.models import Agent, AgentSession, Role, now
from store.tokens import token_hash

IDLE = timedelta(hours=12)
MAX_AGE = timedelta(days=7)
_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInAgent:
    """The agent behind a request. `session` is the hash of the session's token."""

    id: str
    name: str
    email: str
    role: Role
    language: str
    csrf_token: str
    session: str

    @property
    def is_admin(self) -> bool:
        """Whether they may manage articles and agents."""
        return self.role is Role.ADMIN


class Sessions:
    """The table `agent_sessions`. A session ends after 12 hours without a request, after 7 days at the latest."""

    def __init__(self, db: Database, *, clock: Callable[[], datetime] = now) -> None:
        self._db = db
        self._clock = clock

    async def start(self, agent_id: str, *, browser: str = "", replaces: str | None = None) -> str:
        """A new token for the cookie. `replaces` is the token the browser came with: a session is never continued."""
        token, at = secrets.token_urlsafe(32), self._clock()
        async with self._db.write() as session:
            await session.execute(delete(AgentSession).where(AgentSession.expires_at <= at))
            if replaces:
                await session.execute(delete(AgentSession).where(AgentSession.token_hash == token_hash(replaces)))
            session.add(
                AgentSession(
                    token_hash=token_hash(token),
                    agent_id=agent_id,
                    csrf_token=secrets.token_urlsafe(32),
                    created_at=at,
                    last_seen_at=at,
                    expires_at=at + MAX_AGE,
                    browser=browser[:200],
                )
            )
        return token

    async def find(self, token: str | None) -> SignedInAgent | None:
        """Who holds this token; `None` when the session is unknown, over or revoked, or the agent is deactivated."""
        found = await self._read(token_hash(token)) if token else None
        if found and found[0].last_seen_at <= self._clock() - _NOTED_EVERY:
            await self._note_use(found[0].token_hash)
        return _signed_in(*found) if found else None

    async def find_by_hash(self, session_hash: str) -> SignedInAgent | None:
        """The same for an open socket, by the token's hash. An open page alone doesn't keep a session alive."""
        found = await self._read(session_hash)
        return _signed_in(*found) if found else None

    async def _read(self, session_hash: str) -> tuple[AgentSession, Agent] | None:
        at = self._clock()
        async with self._db.read() as session:
            row = (
                await session.execute(
                    select(AgentSession, Agent)
                    .join(Agent, Agent.id == AgentSession.agent_id)
                    .where(AgentSession.token_hash == session_hash, Agent.active)
                )
            ).one_or_none()
        if row is None or row[0].expires_at <= at or row[0].last_seen_at <= at - IDLE:
            return None
        return row[0], row[1]

    async def _note_use(self, session_hash: str) -> None:
        with suppress(Unavailable):  # looking is possible while writing is not
            async with self._db.write() as session:
                await session.execute(
                    update(AgentSession)
                    .where(AgentSession.token_hash == session_hash)
                    .values(last_seen_at=self._clock())
                )

    async def end(self, session_hash: str) -> None:
        """Sign out this browser."""
        async with self._db.write() as session:
            await session.execute(delete(AgentSession).where(AgentSession.token_hash == session_hash))

    async def end_all(self, agent_id: str) -> None:
        """Sign the agent out everywhere."""
        async with self._db.write() as session:
            await session.execute(delete(AgentSession).where(AgentSession.agent_id == agent_id))


def _signed_in(session: AgentSession, agent: Agent) -> SignedInAgent:
    return SignedInAgent(
        id=agent.id,
        name=agent.name,
        email=agent.email,
        role=Role(agent.role),
        language=agent.language,
        csrf_token=session.csrf_token,
        session=session.token_hash,
    )
