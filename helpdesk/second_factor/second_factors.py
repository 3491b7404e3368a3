"""The second factors in the database: set up, asked for, taken away. The app's secret is stored encrypted."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.accounts.errors import FactorExists, WrongCode
from helpdesk.accounts.throttle import count_attempts, forget_attempts
from helpdesk.channels.secrets import Vault
from helpdesk.second_factor.recovery_codes import replace_codes, use_code
from helpdesk.second_factor.totp import matching_step, new_secret
from store.db import Database
from store.models import AgentSession, Passkey, RecoveryCode, SecondFactor, now

log = structlog.get_logger()

#: Codes that may be tried in a quarter of an hour: three of a million are good at any time.
MAX_ATTEMPTS = 5
_SECRET = "totp"  # noqa: S105 - the name it is stored under
#: Then the page makes another secret.
SET_UP_WITHIN = timedelta(minutes=30)


class SecondFactors:
    """Keeps them; `secret_key` encrypts the apps' secrets."""

    def __init__(self, db: Database, secret_key: str, *, clock: Callable[[], datetime] = now) -> None:
        self._db = db
        self._vault = Vault(secret_key)
        self._clock = clock

    async def is_set_up(self, agent_id: str) -> bool:
        """Whether this agent has an app for codes."""
        async with self._db.read() as session:
            found = await session.get(SecondFactor, agent_id)
        return bool(found and found.confirmed_at)

    async def count_recovery_codes(self, agent_id: str) -> int:
        """How many are left."""
        counted = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.agent_id == agent_id)
        async with self._db.read() as session:
            return (await session.execute(counted)).scalar_one()

    async def begin(self, agent_id: str) -> None:
        """Make the secret for a new app; one that isn't confirmed yet is replaced. Raises `FactorExists`."""
        async with self._db.write() as session:
            if await self._lock(session, agent_id, confirmed=True):
                raise FactorExists("There is a second factor already. Take it away first.")
            await session.execute(delete(SecondFactor).where(SecondFactor.agent_id == agent_id))
            session.add(SecondFactor(agent_id=agent_id, secret=self._vault.close({_SECRET: new_secret()})))

    async def unconfirmed_secret(self, agent_id: str) -> str | None:
        """The secret that an app is to be given, while it is set up. Afterwards nobody sees it again."""
        async with self._db.read() as session:
            found = await session.get(SecondFactor, agent_id)
        return self._vault.open(found.secret)[_SECRET] if found and self._is_being_set_up(found) else None

    def _is_being_set_up(self, factor: SecondFactor) -> bool:
        """A secret that somebody looked at long ago, and never used, is no good any more."""
        return factor.confirmed_at is None and factor.created_at > self._clock() - SET_UP_WITHIN

    async def confirm(self, agent_id: str, code: str) -> list[str]:
        """The app works, as its code shows: ask for one from now on. Returns the recovery codes.

        All sessions of the agent end. Raises `WrongCode`, `TooManySignIns`.
        """
        await self._count(agent_id)
        async with self._db.write() as session:
            factor = await self._lock(session, agent_id, confirmed=False)
            step = self._step_of(factor, code) if factor and self._is_being_set_up(factor) else None
            if factor is None or step is None:
                raise _wrong()
            factor.last_step, factor.confirmed_at = step, self._clock()
            codes = await replace_codes(session, agent_id)
            await session.execute(delete(AgentSession).where(AgentSession.agent_id == agent_id))
        await forget_attempts(self._db, _attempts_key(agent_id))
        log.info("second_factor.set_up", agent=agent_id, by=agent_id)
        return codes

    async def verify(self, agent_id: str, code: str, *, browser: str | None = None) -> None:
        """Take a code of the app, or a recovery code, once. Raises `WrongCode`, `TooManySignIns`.

        `browser` names one that this agent has signed in with before: it has a count of its own, so that whoever has
        stolen the password can't lock the agent out with wrong codes.
        """
        await self._count(agent_id, browser)
        async with self._db.write() as session:
            if not (await self._take_step(session, agent_id, code) or await use_code(session, agent_id, code)):
                raise _wrong()
        await forget_attempts(self._db, _attempts_key(agent_id, browser))

    async def renew_codes(self, agent_id: str) -> list[str]:
        """Ten new recovery codes in place of the former; `verify` comes first."""
        async with self._db.write() as session:
            return await replace_codes(session, agent_id)

    async def remove(self, agent_id: str, *, by: str) -> bool:
        """Ask for no code of the app any more, and end all sessions; whether there was one. `by` is who did it.

        Recovery codes stay while there are passkeys, as they stand for those, too.
        """
        async with self._db.write() as session:
            was_there = await _delete_app(session, agent_id)
            has_passkey = (await session.scalars(select(exists().where(Passkey.agent_id == agent_id)))).one()
            if not has_passkey:
                await session.execute(delete(RecoveryCode).where(RecoveryCode.agent_id == agent_id))
            if was_there:
                await session.execute(delete(AgentSession).where(AgentSession.agent_id == agent_id))
        if was_there:
            log.info("second_factor.removed", agent=agent_id, by=by)
        return was_there

    async def remove_all(self, agent_id: str, *, by: str) -> bool:
        """For somebody who has lost everything: app, passkeys, recovery codes and sessions; whether there was any."""
        async with self._db.write() as session:
            had_app = await _delete_app(session, agent_id)
            gone = await session.scalars(delete(Passkey).where(Passkey.agent_id == agent_id).returning(Passkey.id))
            was_there = had_app or bool(list(gone))
            await session.execute(delete(RecoveryCode).where(RecoveryCode.agent_id == agent_id))
            if was_there:
                await session.execute(delete(AgentSession).where(AgentSession.agent_id == agent_id))
        if was_there:
            log.info("second_factor.removed", agent=agent_id, by=by)
        return was_there

    async def _take_step(self, session: AsyncSession, agent_id: str, code: str) -> bool:
        """One statement takes the step, so that a code sent twice at once counts once (RFC 6238, section 5.2)."""
        if not re.fullmatch(r"\d{6}", _digits(code), re.ASCII):
            return False
        factor = await session.get(SecondFactor, agent_id)
        if factor is None or factor.confirmed_at is None:
            return False
        step = self._step_of(factor, code)
        if step is None:
            return False
        taken = await session.execute(
            update(SecondFactor)
            .where(SecondFactor.agent_id == agent_id, SecondFactor.last_step < step)
            .values(last_step=step)
            .returning(SecondFactor.agent_id)
        )
        return taken.scalar_one_or_none() is not None

    def _step_of(self, factor: SecondFactor, code: str) -> int | None:
        return matching_step(self._vault.open(factor.secret)[_SECRET], _digits(code), self._clock())

    async def _lock(self, session: AsyncSession, agent_id: str, *, confirmed: bool) -> SecondFactor | None:
        found = await session.get(SecondFactor, agent_id, with_for_update=True)
        return found if found and (found.confirmed_at is not None) is confirmed else None

    async def _count(self, agent_id: str, browser: str | None = None) -> None:
        await count_attempts(self._db, [_attempts_key(agent_id, browser)], at=self._clock(), limit=MAX_ATTEMPTS)


async def _delete_app(session: AsyncSession, agent_id: str) -> bool:
    gone = await session.scalars(
        delete(SecondFactor).where(SecondFactor.agent_id == agent_id).returning(SecondFactor.agent_id)
    )
    return bool(list(gone))


def _digits(code: str) -> str:
    return "".join(code.split())


def _attempts_key(agent_id: str, browser: str | None = None) -> str:
    return f"code:browser:{agent_id}:{browser}" if browser else f"code:account:{agent_id}"


def _wrong() -> WrongCode:
    return WrongCode("That code isn't right, or it was used already.")
