"""Signed-in browsers. The cookie holds 256 random bits, the table their hash; deleting the row ends the session."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from sqlalchemy import ColumnElement, Select, bindparam, delete, exists, or_, select, update

from helpdesk.accounts.browsers import shortened_address
from helpdesk.accounts.roles import Capability, has_capability
from store.db import Database
from store.errors import Unavailable
from store.models import Agent, AgentSession, Passkey, Role, SecondFactor, now
from store.tokens import token_hash

IDLE = timedelta(hours=12)
MAX_AGE = timedelta(days=7)
#: How long a session lasts at most that a provider vouched for.
MAX_PROVIDER_AGE = timedelta(hours=12)
#: How long after the password the code may come, or the app be set up.
MAX_PARTIAL_AGE = timedelta(minutes=30)
_NOTED_EVERY = timedelta(minutes=1)


class FactorPolicy(StrEnum):
    """Who must have a second factor."""

    OFF = "off"
    ADMINS = "admins"
    EVERYBODY = "everybody"

    def requires(self, role: Role) -> bool:
        """Whether somebody in this role must have one."""
        return self is FactorPolicy.EVERYBODY or (self is FactorPolicy.ADMINS and role is Role.ADMIN)


class SignInStage(StrEnum):
    """How far a session has come. Only a complete one opens what is for staff."""

    COMPLETE = "complete"
    CODE = "code"  # the password was right, the code or a passkey is still asked
    SETUP = "setup"  # the password was right, a second factor is required and there is none yet


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInAgent:
    """The agent behind a request. `session` is the hash of the session's token, `provider_id` who vouched for them."""

    id: str
    name: str
    email: str
    role: Role
    language: str
    csrf_token: str
    session: str
    stage: SignInStage = SignInStage.COMPLETE
    provider_id: str | None = None

    def may(self, capability: Capability) -> bool:
        """Whether their role lets them do that."""
        return has_capability(self.role, capability)


def has_factor() -> ColumnElement[bool]:
    """In a query for agents: whether one has a second factor, be it an app or a passkey."""
    app = exists().where(SecondFactor.agent_id == Agent.id, SecondFactor.confirmed_at.is_not(None))
    return or_(app, exists().where(Passkey.agent_id == Agent.id))


@cache
def _by_hash() -> Select[AgentSession, Agent, bool]:
    """What each request of staff asks first, with the parameter `session_hash`: built once."""
    return (
        select(AgentSession, Agent, has_factor())
        .join(Agent, Agent.id == AgentSession.agent_id)
        .where(AgentSession.token_hash == bindparam("session_hash"), Agent.active)
    )


class Sessions:
    """The table `agent_sessions`. A session ends after 12 hours without a request, after 7 days at the latest."""

    def __init__(
        self, db: Database, *, policy: FactorPolicy = FactorPolicy.OFF, clock: Callable[[], datetime] = now
    ) -> None:
        self._db = db
        self.policy = policy
        self._clock = clock

    async def start(
        self,
        agent_id: str,
        *,
        browser: str = "",
        address: str = "",
        replaces: str | None = None,
        with_factor: bool = False,
        provider_id: str | None = None,
    ) -> str:
        """A new token for the cookie. `replaces` is the token the browser came with: a session is never continued.

        `with_factor`: the second factor was shown, too. `provider_id`: who vouched for the agent; 12 hours later they
        are asked again, as we don't hear of it when they let nobody in any more.
        """
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
                    expires_at=at + (MAX_PROVIDER_AGE if provider_id else MAX_AGE),
                    browser=browser[:200],
                    address=shortened_address(address),
                    second_factor_at=at if with_factor else None,
                    provider_id=provider_id,
                )
            )
        return token

    async def find(self, token: str | None) -> SignedInAgent | None:
        """Who holds this token; `None` when the session is unknown, over or revoked, or the agent is deactivated.

        `None` as well while the second factor is outstanding: see `find_partial`.
        """
        found = await self._read(token_hash(token)) if token else None
        if found is None or self._stage(*found) is not SignInStage.COMPLETE:
            return None
        if found[0].last_seen_at <= self._clock() - _NOTED_EVERY:
            await self._note_use(found[0].token_hash)
        return _signed_in(found[0], found[1], SignInStage.COMPLETE)

    async def find_partial(self, token: str | None) -> SignedInAgent | None:
        """Who holds this token, at whatever stage; what isn't complete ends 30 minutes after it began."""
        found = await self._read(token_hash(token)) if token else None
        if found is None:
            return None
        stage = self._stage(*found)
        if stage is not SignInStage.COMPLETE and found[0].created_at <= self._clock() - MAX_PARTIAL_AGE:
            return None
        return _signed_in(found[0], found[1], stage)

    async def find_by_hash(self, session_hash: str) -> SignedInAgent | None:
        """The same for an open socket, by the token's hash. An open page alone doesn't keep a session alive."""
        found = await self._read(session_hash)
        if found is None or self._stage(*found) is not SignInStage.COMPLETE:
            return None
        return _signed_in(found[0], found[1], SignInStage.COMPLETE)

    def _stage(self, session: AgentSession, agent: Agent, has_one: bool) -> SignInStage:
        if session.second_factor_at:
            return SignInStage.COMPLETE
        if has_one:
            return SignInStage.CODE
        return SignInStage.SETUP if self.policy.requires(Role(agent.role)) else SignInStage.COMPLETE

    async def _read(self, session_hash: str) -> tuple[AgentSession, Agent, bool] | None:
        at = self._clock()
        async with self._db.read() as session:
            row = (await session.execute(_by_hash(), {"session_hash": session_hash})).one_or_none()
        if row is None or row[0].expires_at <= at or row[0].last_seen_at <= at - IDLE:
            return None
        return row[0], row[1], bool(row[2])

    async def _note_use(self, session_hash: str) -> None:
        with suppress(Unavailable):  # looking is possible while writing is not
            async with self._db.write() as session:
                await session.execute(
                    update(AgentSession)
                    .where(AgentSession.token_hash == session_hash)
                    .values(last_seen_at=self._clock())
                )

    async def end(self, session_hash: str) -> str | None:
        """Sign out this browser; the id of the provider that vouched for the agent, if one did."""
        ended = delete(AgentSession).where(AgentSession.token_hash == session_hash)
        async with self._db.write() as session:
            return (await session.execute(ended.returning(AgentSession.provider_id))).scalar_one_or_none()

    async def end_all(self, agent_id: str) -> None:
        """Sign the agent out everywhere."""
        async with self._db.write() as session:
            await session.execute(delete(AgentSession).where(AgentSession.agent_id == agent_id))


def _signed_in(session: AgentSession, agent: Agent, stage: SignInStage) -> SignedInAgent:
    return SignedInAgent(
        id=agent.id,
        name=agent.name,
        email=agent.email,
        role=Role(agent.role),
        language=agent.language,
        csrf_token=session.csrf_token,
        session=session.token_hash,
        stage=stage,
        provider_id=session.provider_id,
    )
