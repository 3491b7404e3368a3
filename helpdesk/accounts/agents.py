"""The members of staff: add, list, deactivate, change."""

import re
from collections.abc import Sequence

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.accounts.errors import BadEmail, BadName, EmailTaken, LastAdmin, NoSuchAgent
from helpdesk.accounts.passwords import hash_checked
from store.db import Database, is_unique_violation
from store.models import Agent, AgentSession, Availability, Invitation, Role, now

NO_PASSWORD = ""  # not a hash: nothing verifies against it
SIGNS_IN_ELSEWHERE = "!"  # not a hash either: the account is in use, with a provider alone
_EMAIL = re.compile(r"[^@\s<>\"',;:()\[\]\\]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?")


def normal_email(email: str) -> str:
    """The form in which addresses are stored and compared."""
    return email.strip().lower()


def checked_email(email: str) -> str:
    """The normal form. Raises `BadEmail`."""
    normal = normal_email(email)
    if len(normal) > 254 or not _EMAIL.fullmatch(normal) or ".." in normal:
        raise BadEmail("That doesn't look like an e-mail address; expected something like mia@example.org.")
    return normal


def checked_name(name: str) -> str:
    """The name without superfluous blanks. Raises `BadName`."""
    tidy = " ".join("".join(character for character in name if character.isprintable()).split())
    if not 1 <= len(tidy) <= 80:
        raise BadName("A name of 1 to 80 characters is needed; customers see it when this person answers.")
    return tidy


def first_availability(role: Role) -> Availability:
    """How an account begins; it means nothing before their desk is open.

    Who also looks after the team or the installation often only looks in, and takes conversations once they say so.
    """
    return Availability.ONLINE if role == Role.AGENT else Availability.LOOKING


async def add_agent(
    db: Database,
    email: str,
    name: str,
    role: Role,
    *,
    password: str | None = None,
    language: str = "de",
    installation_words: Sequence[str] = (),
) -> Agent:
    """A new account; without a password it needs an invitation. `installation_words` don't make a good password.

    Raises `EmailTaken`, `BadEmail`, `BadName`, `BadPassword`.
    """
    email, name = checked_email(email), checked_name(name)
    stored = NO_PASSWORD
    if password is not None:
        stored = await hash_checked(password, email=email, name=name, installation_words=installation_words)
    agent = Agent(
        email=email,
        name=name,
        role=role,
        password_hash=stored,
        language=language,
        languages=(language,),
        availability=first_availability(role),
    )
    try:
        async with db.write() as session:
            session.add(agent)
    except IntegrityError as error:
        raise email_error(error, email) from error
    return agent


def email_error(error: IntegrityError, email: str) -> Exception:
    """`EmailTaken` when that's what the database objects to, else the error itself."""
    if is_unique_violation(error):
        return EmailTaken(f"There is already an account for {email}.", email=email)
    return error


async def list_agents(db: Database) -> list[Agent]:
    """Everybody, active ones first, by name."""
    async with db.read() as session:
        found = await session.scalars(select(Agent).order_by(Agent.active.desc(), Agent.name, Agent.id))
        return list(found.all())


async def find_agent(db: Database, who: str) -> Agent:
    """By id or e-mail address. Raises `NoSuchAgent`."""
    async with db.read() as session:
        found = await session.execute(select(Agent).where((Agent.id == who) | (Agent.email == normal_email(who))))
        agent = found.scalar_one_or_none()
    if agent is None:
        raise NoSuchAgent(f"There is no agent {who!r}.")
    return agent


async def deactivate(db: Database, agent_id: str) -> Agent:
    """Close an account: sessions and open links end with it. Raises `LastAdmin`, `NoSuchAgent`."""
    async with db.write() as session:
        agent = await _locked(session, agent_id, db)
        await _keep_an_admin(session, agent)
        agent.active = False
        agent.availability = Availability.OFFLINE
        await session.execute(delete(AgentSession).where(AgentSession.agent_id == agent_id))
        await session.execute(delete(Invitation).where(Invitation.agent_id == agent_id))
    return agent


async def reactivate(db: Database, agent_id: str) -> Agent:
    """Open a closed account again; the old password is void, so a new link is needed. Raises `NoSuchAgent`."""
    async with db.write() as session:
        agent = await _locked(session, agent_id, db)
        if not agent.active:
            agent.active, agent.password_hash = True, NO_PASSWORD
            agent.availability = first_availability(agent.role)
    return agent


async def change_role(db: Database, agent_id: str, role: Role) -> Agent:
    """Give somebody another role; takes effect with the next request. Raises `LastAdmin`."""
    async with db.write() as session:
        agent = await _locked(session, agent_id, db)
        if role != Role.ADMIN:
            await _keep_an_admin(session, agent)
        agent.role = role
    return agent


async def set_availability(db: Database, agent_id: str, availability: Availability) -> None:
    """Whether the agent takes conversations. Who comes back is asked like everybody else, whatever they let pass."""
    async with db.write() as session:
        agent = await _one(session, agent_id)
        agent.availability = availability
        if availability == Availability.ONLINE:
            agent.missed_offers = 0


async def set_language(db: Database, agent_id: str, language: str) -> None:
    """The language of the agent's screens."""
    async with db.write() as session:
        (await _one(session, agent_id)).language = language


async def note_presence(db: Database, agent_id: str) -> None:
    """The agent's desk is open at this moment."""
    async with db.write() as session:
        await session.execute(update(Agent).where(Agent.id == agent_id).values(last_seen_at=now()))


async def lock_agents(session: AsyncSession, db: Database) -> None:
    """Let nobody else change accounts until this transaction ends: "is there an admin?" needs a steady answer."""
    if not db.is_sqlite:  # SQLite has one writer anyway
        await session.execute(text("LOCK TABLE agents IN SHARE ROW EXCLUSIVE MODE"))


async def count_admins(session: AsyncSession) -> int:
    """How many admins can sign in."""
    signing = (Agent.role == Role.ADMIN, Agent.active, Agent.password_hash != NO_PASSWORD)
    return (await session.execute(select(func.count()).select_from(Agent).where(*signing))).scalar_one()


def has_password(agent: Agent) -> bool:
    """Whether there is a password with which they may sign in."""
    return agent.password_hash not in {NO_PASSWORD, SIGNS_IN_ELSEWHERE}


async def is_only_admin(session: AsyncSession, agent: Agent) -> bool:
    """Whether without this agent no admin could sign in; `lock_agents` comes first."""
    can_sign_in = agent.role == Role.ADMIN and agent.active and agent.password_hash != NO_PASSWORD
    return can_sign_in and await count_admins(session) == 1


async def _locked(session: AsyncSession, agent_id: str, db: Database) -> Agent:
    await lock_agents(session, db)
    return await _one(session, agent_id)


async def _one(session: AsyncSession, agent_id: str) -> Agent:
    agent = await session.get(Agent, agent_id)
    if agent is None:
        raise NoSuchAgent("There is no such agent.")
    return agent


async def _keep_an_admin(session: AsyncSession, agent: Agent) -> None:
    if await is_only_admin(session, agent):
        raise LastAdmin(f"{agent.name} is the only admin. Make somebody else an admin first.")
