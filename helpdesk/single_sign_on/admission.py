"""From somebody at a provider to an agent here: found, added or refused, with the role and teams of their groups.

People are known by the provider's own id of them (`sub`), which is never given to anybody else. Who comes for the first
time is matched by verified e-mail address: names and unverified addresses can be chosen by whoever likes.
"""

from dataclasses import dataclass

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.accounts.agents import (
    NO_PASSWORD,
    SIGNS_IN_ELSEWHERE,
    checked_email,
    checked_name,
    first_availability,
    is_only_admin,
    lock_agents,
)
from helpdesk.accounts.errors import BadEmail
from helpdesk.audit import Actor, AuditAct, AuditLog
from helpdesk.schedule.teams import store_teams_of
from helpdesk.single_sign_on.errors import AccountClosed, NoEmail, NoGroup, OtherPerson, UnknownPerson
from helpdesk.single_sign_on.group_rules import Placement, placement
from helpdesk.single_sign_on.id_token import ProviderIdentity
from helpdesk.single_sign_on.providers import Provider
from store.db import Database, is_unique_violation
from store.models import Agent, AgentIdentity, Role, Team, TeamMember, now

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAdmission:
    """Lets people in, each in one transaction with what it enters into the audit log."""

    db: Database
    audit: AuditLog

    async def admit(self, provider: Provider, who: ProviderIdentity, actor: Actor, *, language: str = "de") -> Agent:
        """The agent who this is, in role and teams of their groups. `actor` is where they come from, `language` that of
        a new account's screens.

        Raises `NoGroup`, `NoEmail`, `UnknownPerson`, `AccountClosed`, `OtherPerson`.
        """
        placed = placement(provider.definition.rules, who.groups)
        if placed is None:
            raise NoGroup("In none of the groups that have a role here.", provider=provider.name)
        try:
            return await self._admit(provider, who, placed, actor, language)
        except IntegrityError as error:
            if not is_unique_violation(error):
                raise
            return await self._admit(
                provider, who, placed, actor, language
            )  # two browsers at once: the other one was faster

    async def _admit(
        self, provider: Provider, who: ProviderIdentity, placed: Placement, actor: Actor, language: str
    ) -> Agent:
        async with self.db.write() as session:
            await lock_agents(session, self.db)
            known = await session.get(AgentIdentity, (provider.id, who.subject), with_for_update=True)
            agent = await session.get(Agent, known.agent_id) if known else None
            if agent is None:
                agent = await self._first_time(session, provider, who)
            if agent is None:
                agent = await self._add(session, provider, who, placed, actor, language)
            if not agent.active:
                raise AccountClosed("This account is closed.")
            if known is None:
                session.add(AgentIdentity(provider_id=provider.id, subject=who.subject, agent_id=agent.id))
            else:
                known.last_used_at = now()
            if agent.password_hash == NO_PASSWORD:
                agent.password_hash = SIGNS_IN_ELSEWHERE
            await self._place(session, provider, agent, placed, actor)
        return agent

    async def _first_time(self, session: AsyncSession, provider: Provider, who: ProviderIdentity) -> Agent | None:
        """The account with this person's verified address."""
        agent = await session.scalar(select(Agent).where(Agent.email == _address(provider, who)))
        if agent is None:
            return None
        other = select(AgentIdentity.subject).where(
            AgentIdentity.provider_id == provider.id, AgentIdentity.agent_id == agent.id
        )
        if await session.scalar(other.limit(1)) is not None:
            raise OtherPerson("This address belongs to an account of somebody else.", provider=provider.name)
        return agent

    async def _add(
        self,
        session: AsyncSession,
        provider: Provider,
        who: ProviderIdentity,
        placed: Placement,
        actor: Actor,
        language: str,
    ) -> Agent:
        email = _address(provider, who)
        if not provider.definition.creates:
            raise UnknownPerson("There is no account with this address.", email=email)
        agent = Agent(
            email=email,
            name=checked_name(who.name[:80] or email.partition("@")[0][:80]),
            role=placed.role,
            password_hash=SIGNS_IN_ELSEWHERE,
            language=language,
            languages=(language,),
            availability=first_availability(placed.role),
        )
        session.add(agent)
        await session.flush()
        facts = {"role": str(placed.role), "provider": provider.name}
        await self.audit.add(session, actor, AuditAct(action="agents.add", subject=agent.id, after=facts))
        return agent

    async def _place(
        self, session: AsyncSession, provider: Provider, agent: Agent, placed: Placement, actor: Actor
    ) -> None:
        """Role and teams follow the groups; teams that no rule names stay as they are."""
        before, after = Role(agent.role), placed.role
        if before is not after and await is_only_admin(session, agent):
            log.warning("single_sign_on.only_admin_kept", agent=agent.id)
            after = before
        agent.role = after
        if before is not after:
            act = AuditAct(
                action="agents.role",
                subject=agent.id,
                before={"role": before},
                after={"role": after, "provider": provider.name},
            )
            await self.audit.add(session, actor, act)
        managed = {team for rule in provider.definition.rules for team in rule.teams}
        if managed:
            await _store_teams(session, agent.id, managed, placed.teams)


def _address(provider: Provider, who: ProviderIdentity) -> str:
    """The verified address in its normal form. Raises `NoEmail`."""
    try:
        return checked_email(who.email or "")
    except BadEmail:
        raise NoEmail("No verified e-mail address.", provider=provider.name) from None


async def _store_teams(session: AsyncSession, agent_id: str, managed: set[str], wanted: frozenset[str]) -> None:
    teams = {team_id: name for team_id, name in await session.execute(select(Team.id, Team.name).where(Team.active))}
    mine = set(await session.scalars(select(TeamMember.team_id).where(TeamMember.agent_id == agent_id)))
    kept = {team_id for team_id in mine & teams.keys() if teams[team_id] not in managed}
    given = {team_id for team_id, name in teams.items() if name in wanted}
    if kept | given != mine & teams.keys():
        await store_teams_of(session, agent_id, sorted(kept | given))
