"""Who may read a conversation: one rule for lists, search, pages, sockets, programs, offers and whatever is sent.

What a private team has is read by its members, by whoever has the conversation or is offered it, and by admins;
supervisors read it as members. A conversation stays a private team's as long as one of its handoffs is that team's.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased, outerjoin

from helpdesk.accounts.roles import Capability, roles_with
from store.errors import NotFound
from store.models import Agent, Conversation, Handoff, Team, TeamMember, now

#: An agent, by id or by a column that has it; `None` is a program that is nobody's, and a member of no team.
type Reader = str | InstrumentedAttribute[str] | None


def is_visible_to(agent_id: Reader) -> ColumnElement[bool]:
    """Whether an agent may read a conversation."""
    return or_(~_has_private_team(), ~_is_private_to(agent_id), *([] if agent_id is None else _reasons(agent_id)))


def _has_private_team() -> ColumnElement[bool]:
    return select(Team.id).where(Team.private).exists()


def _is_private_to(agent_id: Reader) -> ColumnElement[bool]:
    """Whether it was passed on to a private team that somebody isn't a member of."""
    own_teams = select(TeamMember.team_id).where(TeamMember.agent_id == agent_id).correlate_except(TeamMember)
    is_foreign = true() if agent_id is None else Team.id.not_in(own_teams)
    return (
        select(Handoff.id)
        .join(Team, Team.id == Handoff.team_id)
        .where(Handoff.conversation_id == Conversation.id, Team.private, is_foreign)
        .correlate_except(Handoff, Team)
        .exists()
    )


def _reasons(agent_id: str | InstrumentedAttribute[str]) -> tuple[ColumnElement[bool], ...]:
    """Why somebody reads what a private team has without being its member."""
    one, offered = aliased(Agent), aliased(Handoff)
    reads_all = select(one.id).where(one.id == agent_id, one.role.in_(roles_with(Capability.PRIVATE_TEAMS)))
    is_offered = select(offered.id).where(
        offered.conversation_id == Conversation.id,
        offered.ended_at.is_(None),
        offered.offered_to == agent_id,
        offered.offered_until > now(),
    )
    return (
        Conversation.agent_id == agent_id,
        reads_all.correlate_except(one).exists(),
        is_offered.correlate_except(offered).exists(),
    )


async def load_visible(session: AsyncSession, which: str | Select[str], agent_id: str | None) -> tuple[str, str | None]:
    """The id of a conversation that this agent may read, and who has it.

    Raises `NotFound`, as for one that isn't there.
    """
    wanted = which if isinstance(which, str) else which.scalar_subquery()
    query = select(Conversation.id, Conversation.agent_id).where(Conversation.id == wanted, is_visible_to(agent_id))
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise NotFound("There is no such conversation.")
    return row[0], row[1]


async def may_read(session: AsyncSession, conversation_id: str, agent_id: str | None) -> bool:
    """Whether an agent may read a conversation; False for one that isn't there."""
    query = select(Conversation.id).where(Conversation.id == conversation_id, is_visible_to(agent_id))
    return await session.scalar(query) is not None


async def has_private_team(session: AsyncSession) -> bool:
    """Whether there is any conversation at all that somebody might not read."""
    return await session.scalar(select(Team.id).where(Team.private).limit(1)) is not None


async def load_private_readers(session: AsyncSession, ids: Collection[str]) -> Mapping[str, frozenset[str]]:
    """The agents who may read each of these conversations, of those that private teams have: one statement."""
    reader = aliased(Agent)
    may = is_visible_to(reader.id)
    query = (
        select(Conversation.id, reader.id, may)
        .select_from(outerjoin(Conversation, reader, reader.active.is_(True)))
        .where(Conversation.id.in_(ids), _has_private_team(), _is_private_to(None))
    )
    found: dict[str, set[str]] = defaultdict(set)
    for conversation_id, agent_id, reads in await session.execute(query):
        found[conversation_id].update({agent_id} if reads and agent_id else ())
    return {conversation_id: frozenset(agents) for conversation_id, agents in found.items()}
