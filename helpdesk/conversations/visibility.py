"""Who may read a conversation: one rule for lists, search, pages, sockets, programs, offers and whatever is sent.

What a private team has is read by its members, by whoever has the conversation or is offered it, and by admins;
supervisors read it as members. A conversation stays a private team's as long as one of its handoffs is that team's.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased, outerjoin

from helpdesk.accounts.roles import Capability, roles_with
from store.errors import NotFound
from store.models import Agent, Conversation, Handoff, Team, TeamMember, moment

#: An agent, by id or by what has it in a statement; `None` is a program that is nobody's, and a member of no team.
type Reader = str | InstrumentedAttribute[str] | BindParameter[str] | None

# Made once: a new alias looks all its columns up, which took four milliseconds of each request to the desk.
_SOMEBODY, _OFFERED = aliased(Agent), aliased(Handoff)


def is_visible_to(agent_id: Reader) -> ColumnElement[bool]:
    """Whether an agent may read a conversation."""
    return or_(~_has_private_team(), ~_is_private_to(agent_id), *([] if agent_id is None else _reasons(agent_id)))


def is_of_visible(conversation_id: InstrumentedAttribute[str], agent_id: Reader) -> ColumnElement[bool]:
    """Whether the conversation that a column names may be read: looked up for each row, so for few rows of many."""
    of = select(Conversation.id).where(Conversation.id == conversation_id, is_visible_to(agent_id))
    return of.correlate_except(Conversation).exists()


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


def _reasons(agent_id: str | InstrumentedAttribute[str] | BindParameter[str]) -> tuple[ColumnElement[bool], ...]:
    """Why somebody reads what a private team has without being its member."""
    reads_all = select(_SOMEBODY.id).where(
        _SOMEBODY.id == agent_id, _SOMEBODY.role.in_(roles_with(Capability.PRIVATE_TEAMS))
    )
    is_offered = select(_OFFERED.id).where(
        _OFFERED.conversation_id == Conversation.id,
        _OFFERED.ended_at.is_(None),
        _OFFERED.offered_to == agent_id,
        _OFFERED.offered_until > moment(),
    )
    return (
        Conversation.agent_id == agent_id,
        reads_all.correlate_except(_SOMEBODY).exists(),
        is_offered.correlate_except(_OFFERED).exists(),
    )


async def load_visible(session: AsyncSession, which: str | Select[str], agent_id: str | None) -> tuple[str, str | None]:
    """The id of a conversation that this agent may read, and who has it.

    Raises `NotFound`, as for one that isn't there.
    """
    if isinstance(which, str) and agent_id is not None:
        found = await session.execute(_visible_by_id(), {"wanted": which, "reader": agent_id})
    else:
        wanted = which if isinstance(which, str) else which.scalar_subquery()
        query = select(Conversation.id, Conversation.agent_id).where(Conversation.id == wanted)
        found = await session.execute(query.where(is_visible_to(agent_id)))
    row = found.one_or_none()
    if row is None:
        raise NotFound("There is no such conversation.")
    return row[0], row[1]


@cache
def _visible_by_id() -> Select[str, str | None]:
    """What each request of an agent's asks first, with the parameters `wanted` and `reader`: built once."""
    return select(Conversation.id, Conversation.agent_id).where(
        Conversation.id == bindparam("wanted"), is_visible_to(bindparam("reader", type_=Agent.id.type))
    )


async def may_read(session: AsyncSession, conversation_id: str, agent_id: str | None) -> bool:
    """Whether an agent may read a conversation; False for one that isn't there."""
    try:
        await load_visible(session, conversation_id, agent_id)
    except NotFound:
        return False
    return True


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
