"""The own password: the present one proves who asks, as who finds an open desk doesn't know it."""

from collections.abc import Sequence

import structlog
from sqlalchemy import delete, update

from helpdesk.accounts.errors import WrongPassword
from helpdesk.accounts.passwords import hash_checked, verify_aside
from helpdesk.accounts.sessions import SignedInAgent
from helpdesk.accounts.throttle import account_key, count_attempts, forget_attempts
from store.db import Database
from store.models import Agent, AgentSession, Invitation, now

log = structlog.get_logger()


async def check_password(db: Database, agent_id: str, password: str) -> str:
    """The hash of an agent's password, for who knows it. Raises `WrongPassword`, `TooManySignIns`."""
    key = account_key(f"change {agent_id}")
    await count_attempts(db, [key], at=now())
    async with db.read() as session:
        row = await session.get(Agent, agent_id)
        stored = row.password_hash if row else None
    if stored is None or not await verify_aside(password, stored):
        raise WrongPassword("The present password isn't right.")
    await forget_attempts(db, key)
    return stored


async def change_password(
    db: Database, agent: SignedInAgent, old: str, new: str, *, installation_words: Sequence[str] = ()
) -> None:
    """Set a new password; the agent's other sessions and unused links end with the old one.

    Raises `WrongPassword`, `BadPassword`, and `TooManySignIns` after 10 attempts in 15 minutes.
    """
    stored = await check_password(db, agent.id, old)
    hashed = await hash_checked(new, email=agent.email, name=agent.name, installation_words=installation_words)
    await _store(db, agent, stored, hashed)
    log.info("password.changed", agent=agent.id)


async def _store(db: Database, agent: SignedInAgent, stored: str, hashed: str) -> None:
    async with db.write() as session:
        changed = await session.execute(
            update(Agent)
            .where(Agent.id == agent.id, Agent.password_hash == stored)
            .values(password_hash=hashed)
            .returning(Agent.id)
        )
        if changed.scalar_one_or_none() is None:  # somebody was faster with a link
            raise WrongPassword("The password has changed in the meantime.")
        others = (AgentSession.agent_id == agent.id) & (AgentSession.token_hash != agent.session)
        await session.execute(delete(AgentSession).where(others))
        unused = (Invitation.agent_id == agent.id) & Invitation.used_at.is_(None)
        await session.execute(delete(Invitation).where(unused))
