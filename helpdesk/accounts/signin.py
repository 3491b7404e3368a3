"""Signing in: counted before it is tried, and as slow for an unknown address as for a wrong password."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from helpdesk.accounts.agents import normal_email
from helpdesk.accounts.errors import SignInFailed
from helpdesk.accounts.passwords import hash_aside, needs_rehash, verify_aside
from helpdesk.accounts.sessions import Sessions
from helpdesk.accounts.throttle import account_key, address_key, count_attempts, forgive
from store.db import Database
from store.models import Agent, now


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """Where a sign-in comes from. `known_as` says this browser's own name if it can prove to be an agent's (by id)."""

    address: str
    name: str = ""
    token: str | None = None
    known_as: Callable[[str], str | None] = lambda agent_id: None


async def sign_in(
    db: Database,
    sessions: Sessions,
    email: str,
    password: str,
    browser: Browser,
    *,
    clock: Callable[[], datetime] = now,
) -> tuple[str, str]:
    """Check and return (agent id, new session token). Raises `SignInFailed` or `TooManySignIns`.

    At most 10 attempts in 15 minutes per account and per network address. A browser that this agent used before has
    a count of its own and no other, so that nobody who tries passwords elsewhere, or behind the same address, can lock
    the agent out.
    """
    email = normal_email(email)
    agent = await _find(db, email)
    known = browser.known_as(agent.id) if agent else None
    account = account_key(f"{email} {known}" if known else email)
    address = None if known else address_key(browser.address)
    await count_attempts(db, [key for key in (account, address) if key], at=clock())
    if not await verify_aside(password, agent.password_hash if agent else None) or agent is None:
        raise SignInFailed("E-mail address and password don't match.")
    await forgive(db, clear=account, refund=address or "")
    await _refresh_hash(db, agent, password)
    return agent.id, await sessions.start(
        agent.id, browser=browser.name, address=browser.address, replaces=browser.token
    )


async def _find(db: Database, email: str) -> Agent | None:
    async with db.read() as session:
        return (await session.execute(select(Agent).where(Agent.email == email, Agent.active))).scalar_one_or_none()


async def _refresh_hash(db: Database, agent: Agent, password: str) -> None:
    if not needs_rehash(agent.password_hash):
        return
    stronger = await hash_aside(password)
    async with db.write() as session:
        await session.execute(update(Agent).where(Agent.id == agent.id).values(password_hash=stronger))
