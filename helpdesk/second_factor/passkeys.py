"""The passkeys in the database: registered, asked for, named, taken away. Private keys never leave people's devices."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Select, delete, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.accounts.sessions import SignedInAgent, has_factor
from helpdesk.second_factor.challenges import ChallengePurpose, store_challenge, use_challenge
from helpdesk.second_factor.errors import (
    BadPasskeyName,
    NoSuchPasskey,
    PasskeyExists,
    PasskeyFault,
    PasskeyRefused,
    TooManyPasskeys,
)
from helpdesk.second_factor.recovery_codes import replace_codes
from helpdesk.second_factor.relying_party import RelyingParty
from store.db import Database
from store.models import Agent, AgentSession, Passkey, RecoveryCode, now

if TYPE_CHECKING:
    from helpdesk.second_factor.ceremonies import KnownCredential

log = structlog.get_logger()

MAX_PASSKEYS = 10
MAX_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPasskey:
    """A passkey as its owner sees it."""

    id: str
    name: str
    created_at: datetime
    last_used_at: datetime | None


class Passkeys:
    """Keeps them. `holder` is always the hash of what a challenge is bound to: a session, or a form's nonce."""

    def __init__(self, db: Database, *, clock: Callable[[], datetime] = now) -> None:
        self.db = db
        self._clock = clock

    async def list_own(self, agent_id: str) -> list[OwnPasskey]:
        """An agent's, the oldest first."""
        async with self.db.read() as session:
            rows = list(await session.scalars(_of(agent_id)))
        return [
            OwnPasskey(id=row.id, name=row.name, created_at=row.created_at, last_used_at=row.last_used_at)
            for row in rows
        ]

    async def are_there_any(self) -> bool:
        """Whether anybody has one: if not, the sign-in page doesn't speak of them."""
        async with self.db.read() as session:
            return (await session.scalars(select(exists().where(Passkey.id.is_not(None))))).one()

    async def begin_registration(self, agent: SignedInAgent, rp: RelyingParty) -> str:
        """What the browser is asked, as JSON. Raises `TooManyPasskeys`."""
        from helpdesk.second_factor.ceremonies import registration_options

        existing = await self._credentials(agent.id)
        if len(existing) >= MAX_PASSKEYS:
            raise TooManyPasskeys("There are ten passkeys already. Remove one first.")
        challenge = await self._challenge(ChallengePurpose.REGISTRATION, agent.session)
        return registration_options(
            rp, challenge, agent_id=agent.id, email=agent.email, name=agent.name, existing=existing
        )

    async def register(self, agent: SignedInAgent, rp: RelyingParty, answer: str, name: str) -> list[str]:
        """Keep the passkey that the browser has made. Returns recovery codes if it is the agent's first second factor.

        Then all sessions of the agent end, as they were begun without one. Raises `PasskeyRefused`, `PasskeyExists`,
        `TooManyPasskeys`, `BadPasskeyName`.
        """
        from helpdesk.second_factor.ceremonies import read_answer, verify_registration

        name = _checked(name)
        given = read_answer(answer)
        await self._use(given.challenge, ChallengePurpose.REGISTRATION, agent.session)
        new = verify_registration(rp, given)
        row = Passkey(
            agent_id=agent.id,
            credential_id=new.credential_id,
            public_key=new.public_key,
            sign_count=new.sign_count,
            transports=new.transports,
            name=name,
            created_at=self._clock(),
        )
        try:
            codes = await self._add(row)
        except IntegrityError:
            raise PasskeyExists("This passkey is registered already.") from None
        log.info("passkey.registered", agent=agent.id)
        return codes

    async def _add(self, row: Passkey) -> list[str]:
        async with self.db.write() as session:
            await session.execute(select(Agent.id).where(Agent.id == row.agent_id).with_for_update())
            if len(list(await session.scalars(_of(row.agent_id)))) >= MAX_PASSKEYS:
                raise TooManyPasskeys("There are ten passkeys already. Remove one first.")
            is_first = not await _has_factor(session, row.agent_id)
            session.add(row)
            await session.flush()
            if not is_first:
                return []
            await session.execute(delete(AgentSession).where(AgentSession.agent_id == row.agent_id))
            return await replace_codes(session, row.agent_id)

    async def begin_sign_in(self, rp: RelyingParty, holder: str) -> str:
        """What any browser is asked that wants to sign in, as JSON: it says nothing about who there is."""
        from helpdesk.second_factor.ceremonies import authentication_options

        return authentication_options(rp, await self._challenge(ChallengePurpose.SIGN_IN, holder))

    async def begin_second_factor(self, agent: SignedInAgent, rp: RelyingParty) -> str:
        """What the browser is asked after the password, as JSON: for one of this agent's passkeys."""
        from helpdesk.second_factor.ceremonies import authentication_options

        challenge = await self._challenge(ChallengePurpose.SECOND_FACTOR, agent.session)
        return authentication_options(rp, challenge, await self._credentials(agent.id))

    async def find_owner(self, answer: str) -> str:
        """Whose passkey an answer names, before anything is proved; for counting attempts. Empty for nobody's."""
        from helpdesk.second_factor.ceremonies import read_answer

        named = select(Passkey.agent_id).where(Passkey.credential_id == read_answer(answer).credential_id)
        async with self.db.read() as session:
            return (await session.execute(named)).scalar_one_or_none() or ""

    async def verify(
        self, rp: RelyingParty, purpose: ChallengePurpose, holder: str, answer: str, *, agent_id: str | None = None
    ) -> str:
        """Take a passkey's answer, once; the id of the agent whose passkey it is. Raises `PasskeyRefused`.

        With `agent_id` only a passkey of that agent counts; without it the passkey itself has to say whose it is.
        """
        from helpdesk.second_factor.ceremonies import read_answer, verify_authentication

        given = read_answer(answer)
        await self._use(given.challenge, purpose, holder)
        async with self.db.read() as session:
            known = select(Passkey).where(Passkey.credential_id == given.credential_id)
            row = (await session.execute(known)).scalar_one_or_none()
        if row is None or row.agent_id != (given.user_handle or agent_id) or agent_id not in {None, row.agent_id}:
            raise PasskeyRefused(PasskeyFault.UNKNOWN, agent_id or "")
        try:
            count = verify_authentication(rp, given, row.public_key)
        except PasskeyRefused as refusal:
            raise PasskeyRefused(refusal.fault, row.agent_id) from None
        await self._count_forward(row, count)
        return row.agent_id

    async def _count_forward(self, row: Passkey, count: int) -> None:
        """One statement, so that of two answers with the same count one is refused (WebAuthn, section 6.1.1)."""
        counts_on = Passkey.sign_count < count if count else Passkey.sign_count == 0
        async with self.db.write() as session:
            done = await session.execute(
                update(Passkey)
                .where(Passkey.id == row.id, counts_on)
                .values(sign_count=count, last_used_at=self._clock())
                .returning(Passkey.id)
            )
            is_forward = done.scalar_one_or_none() is not None
        if not is_forward:
            log.warning("passkey.counted_backwards", agent=row.agent_id, passkey=row.id)
            raise PasskeyRefused(PasskeyFault.COUNT, row.agent_id)

    async def rename(self, agent_id: str, passkey_id: str, name: str) -> None:
        """Call it otherwise. Raises `BadPasskeyName`, `NoSuchPasskey`."""
        name = _checked(name)
        async with self.db.write() as session:
            (await _find(session, agent_id, passkey_id)).name = name

    async def remove(self, agent: SignedInAgent, passkey_id: str) -> None:
        """Forget it; the agent's other sessions end. With the last second factor the recovery codes go, too.

        Raises `NoSuchPasskey`.
        """
        async with self.db.write() as session:
            await session.delete(await _find(session, agent.id, passkey_id))
            await session.flush()
            if not await _has_factor(session, agent.id):
                await session.execute(delete(RecoveryCode).where(RecoveryCode.agent_id == agent.id))
            others = (AgentSession.agent_id == agent.id) & (AgentSession.token_hash != agent.session)
            await session.execute(delete(AgentSession).where(others))
        log.info("passkey.removed", agent=agent.id, by=agent.id)

    async def _credentials(self, agent_id: str) -> "list[KnownCredential]":
        from helpdesk.second_factor.ceremonies import KnownCredential

        async with self.db.read() as session:
            rows = list(await session.scalars(_of(agent_id)))
        return [KnownCredential(credential_id=row.credential_id, transports=row.transports) for row in rows]

    async def _challenge(self, purpose: ChallengePurpose, holder: str) -> bytes:
        return await store_challenge(self.db, purpose, holder, at=self._clock())

    async def _use(self, challenge: bytes, purpose: ChallengePurpose, holder: str) -> None:
        await use_challenge(self.db, challenge, purpose, holder, at=self._clock())


def _of(agent_id: str) -> Select[Passkey]:
    return select(Passkey).where(Passkey.agent_id == agent_id).order_by(Passkey.created_at, Passkey.id)


async def _find(session: AsyncSession, agent_id: str, passkey_id: str) -> Passkey:
    row = await session.get(Passkey, passkey_id)
    if row is None or row.agent_id != agent_id:
        raise NoSuchPasskey("There is no such passkey.")
    return row


async def _has_factor(session: AsyncSession, agent_id: str) -> bool:
    return bool((await session.execute(select(has_factor()).where(Agent.id == agent_id))).scalar_one())


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= MAX_NAME:
        raise BadPasskeyName("A name of 1 to 60 characters is needed.")
    return name
