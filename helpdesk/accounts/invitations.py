"""One-time links: for the first admin, for new agents, for those who forgot their password. Only hashes are kept."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.accounts.agents import (
    NO_PASSWORD,
    checked_email,
    checked_name,
    count_admins,
    email_error,
    find_agent,
    first_availability,
    lock_agents,
)
from helpdesk.accounts.errors import LinkExpired, NoSuchAgent
from helpdesk.accounts.passwords import hash_checked
from store.db import Database
from store.models import Agent, AgentSession, Invitation, Role, now
from store.tokens import token_hash

PATH = "/invitation/"
FIRST_ADMIN_FOR = timedelta(hours=24)
INVITED_FOR = timedelta(hours=72)
RESET_FOR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationDetails:
    """What a link is for. Without `agent_id` it makes the first admin, who chooses the e-mail address too."""

    agent_id: str | None
    role: Role
    name: str
    email: str
    has_password: bool
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationAcceptance:
    """What the invited person filled in. `email` counts for the first admin only."""

    name: str
    email: str
    password: str
    language: str = "de"


async def first_admin_link(db: Database, origin: str, *, at: datetime | None = None) -> str | None:
    """A link that makes the first admin, good for 24 hours; older ones end. `None` once an admin can sign in."""
    at = at or now()
    async with db.write() as session:
        await lock_agents(session, db)
        if await count_admins(session):
            return None
        await session.execute(delete(Invitation).where(Invitation.agent_id.is_(None)))
        token = _add(session, agent_id=None, role=Role.ADMIN, at=at, until=at + FIRST_ADMIN_FOR)
    return _link(origin, token)


async def invitation_link(db: Database, origin: str, who: str, *, at: datetime | None = None) -> str:
    """A link for an agent (id or e-mail): 72 hours to begin with, 30 minutes to reset a password. Older ones end."""
    at = at or now()
    agent = await find_agent(db, who)
    if not agent.active:
        raise NoSuchAgent(f"The account of {agent.name} is closed. Open it again before you send a link.")
    lasts = RESET_FOR if agent.password_hash != NO_PASSWORD else INVITED_FOR
    async with db.write() as session:
        await session.execute(delete(Invitation).where(Invitation.agent_id == agent.id))
        token = _add(session, agent_id=agent.id, role=agent.role, at=at, until=at + lasts)
    return _link(origin, token)


def add_mailed_link(session: AsyncSession, agent: Agent, origin: str, at: datetime) -> str:
    """A link as `invitation_link` makes, beside those that are there; the first that is used ends the others."""
    lasts = RESET_FOR if agent.password_hash != NO_PASSWORD else INVITED_FOR
    return _link(origin, _add(session, agent_id=agent.id, role=agent.role, at=at, until=at + lasts))


async def look(db: Database, token: str, *, at: datetime | None = None) -> InvitationDetails:
    """What the link is for, without using it up (mail programs open links by themselves). Raises `LinkExpired`."""
    async with db.read() as session:
        invitation = await session.get(Invitation, token_hash(token))
        if invitation is None or invitation.used_at or invitation.expires_at <= (at or now()):
            raise _expired()
        agent = await session.get(Agent, invitation.agent_id) if invitation.agent_id else None
        if invitation.agent_id is None and await count_admins(session):
            raise _expired()
    return InvitationDetails(
        agent_id=invitation.agent_id,
        role=Role(agent.role if agent else invitation.role),
        name=agent.name if agent else "",
        email=agent.email if agent else "",
        has_password=bool(agent and agent.password_hash != NO_PASSWORD),
        expires_at=invitation.expires_at,
    )


async def accept_invitation(
    db: Database,
    token: str,
    filled: InvitationAcceptance,
    *,
    at: datetime | None = None,
    installation_words: Sequence[str] = (),
) -> Agent:
    """Use the link up and set name and password; sessions begun with an older password end.

    Raises `LinkExpired`, `BadEmail`, `BadName`, `BadPassword`, `EmailTaken`; after these the link can still be used.
    """
    at = at or now()
    invited = await look(db, token, at=at)
    email = invited.email or checked_email(filled.email)
    name = checked_name(filled.name)
    stored = await hash_checked(filled.password, email=email, name=name, installation_words=installation_words)
    try:
        async with db.write() as session:
            await lock_agents(session, db)
            await _use_up(session, token, at)
            agent = await _invited_agent(session, invited, email)
            agent.name, agent.password_hash, agent.language = name, stored, filled.language
            await session.execute(delete(AgentSession).where(AgentSession.agent_id == agent.id))
            others = (Invitation.agent_id == agent.id) & Invitation.used_at.is_(None)
            await session.execute(delete(Invitation).where(others))
    except IntegrityError as error:
        raise email_error(error, email) from error
    return agent


async def _use_up(session: AsyncSession, token: str, at: datetime) -> None:
    used = await session.execute(
        update(Invitation)
        .where(Invitation.token_hash == token_hash(token), Invitation.used_at.is_(None), Invitation.expires_at > at)
        .values(used_at=at)
        .returning(Invitation.token_hash)
    )
    if used.scalar_one_or_none() is None:
        raise _expired()


async def _invited_agent(session: AsyncSession, invited: InvitationDetails, email: str) -> Agent:
    if invited.agent_id is None:
        if await count_admins(session):
            raise _expired()
        agent = Agent(
            email=email,
            name="",
            role=Role.ADMIN,
            password_hash=NO_PASSWORD,
            languages=("de", "en"),
            availability=first_availability(Role.ADMIN),
        )
        session.add(agent)
        await session.flush()
        return agent
    found = (
        await session.execute(select(Agent).where(Agent.id == invited.agent_id, Agent.active))
    ).scalar_one_or_none()
    if found is None:
        raise _expired()
    return found


def _add(session: AsyncSession, *, agent_id: str | None, role: Role, at: datetime, until: datetime) -> str:
    token = secrets.token_urlsafe(32)
    session.add(Invitation(token_hash=token_hash(token), agent_id=agent_id, role=role, created_at=at, expires_at=until))
    return token


def _link(origin: str, token: str) -> str:
    """Built from the configured address, never from a request's Host header."""
    if not urlsplit(origin).scheme:
        raise ValueError(f"expected an address with its scheme, got {origin!r}")
    return f"{origin.rstrip('/')}{PATH}{token}"


def _expired() -> LinkExpired:
    return LinkExpired("This link has been used, replaced or has expired. Please ask for a new one.")
