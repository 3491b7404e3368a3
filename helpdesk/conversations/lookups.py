"""Looking things up inside a transaction."""

from datetime import timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Address, Channel
from helpdesk.accounts.roles import Capability, has_capability, roles_with
from helpdesk.conversations.log.statements import LOCKED, LOCKED_AT_ADDRESS
from store.db import Database
from store.errors import Conflict, NotFound, StaleEpoch
from store.models import (
    Agent,
    Availability,
    Contact,
    Conversation,
    Handoff,
    Identity,
    Message,
    Team,
    TeamMember,
    now,
)
from store.status import Status

ONLINE_FOR = timedelta(seconds=90)  # an agent's desk reports itself more often than this


async def lock_conversation(
    session: AsyncSession, which: str | Select[str], *, what: str = "conversation"
) -> Conversation:
    """The conversation, by its id or by a query for its id, locked until the transaction ends.

    Raises `NotFound`, which says that there is no such `what`.
    """
    if isinstance(which, str):
        conversation = await session.scalar(LOCKED, {"conversation_id": which})
    else:
        conversation = await session.scalar(
            select(Conversation)
            .where(Conversation.id == which.scalar_subquery())
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    if conversation is None:
        raise NotFound(f"There is no such {what}.")
    return conversation


async def find_owner(db: Database, conversation_id: str) -> str | None:
    """The id of the agent who has a conversation, if one has. Raises `NotFound`."""
    async with db.read() as session:
        wanted = select(Conversation.agent_id).where(Conversation.id == conversation_id)
        row = (await session.execute(wanted)).one_or_none()
    if row is None:
        raise NotFound("There is no such conversation.")
    owner: str | None = row[0]
    return owner


#: Characters of a name that a customer is greeted by.
MAX_GREETED = 60


def greeted_name(name: str | None) -> str | None:
    """A name as it may stand in a greeting."""
    return name if name and len(name) <= MAX_GREETED else None


async def load_signed_name(session: AsyncSession, conversation_id: str) -> str | None:
    """The name of the customer whom the web site has signed in to this conversation, for a greeting."""
    name = select(Identity.name).where(Identity.conversation_id == conversation_id)
    return greeted_name(await session.scalar(name.order_by(Identity.signed_in_at.desc()).limit(1)))


async def find_by_address(session: AsyncSession, address: Address) -> Conversation | None:
    """The conversation at an address, locked until the transaction ends."""
    where = {"channel": address.channel, "account": address.account, "chat_id": address.chat_id}
    return await session.scalar(LOCKED_AT_ADDRESS, where | {"thread": address.thread or ""})


async def load_contact(session: AsyncSession, address: Address, external_id: str) -> Contact:
    """The contact that a channel knows under `external_id`; added when we don't know them yet."""
    found = await session.scalar(
        select(Contact).where(
            Contact.channel == address.channel, Contact.account == address.account, Contact.external_id == external_id
        )
    )
    if found is None:
        found = Contact(channel=address.channel, account=address.account, external_id=external_id)
        found.email = external_id if address.channel is Channel.EMAIL else None
        session.add(found)
        await session.flush()
    return found


async def find_message(session: AsyncSession, address: Address, external_id: str) -> Message | None:
    """A message by the channel's own id of it."""
    return await session.scalar(select(Message).where(_is_message(address, external_id)))


async def load_message(session: AsyncSession, address: Address, external_id: str) -> Message:
    """A message by the channel's own id of it. Raises `NotFound`."""
    message = await find_message(session, address, external_id)
    if message is None:
        raise NotFound("There is no such message.")
    return message


def conversation_of_message(address: Address, external_id: str) -> Select[str]:
    """Query for the id of the conversation that a message is in."""
    return select(Message.conversation_id).where(_is_message(address, external_id))


def conversation_at(address: Address) -> Select[str]:
    """Query for the id of the conversation at an address."""
    return select(Conversation.id).where(_is_at(address))


def _is_message(address: Address, external_id: str) -> ColumnElement[bool]:
    is_here = (Message.channel == address.channel) & (Message.account == address.account)
    return is_here & (Message.external_id == external_id)


def _is_at(address: Address) -> ColumnElement[bool]:
    is_here = (Conversation.channel == address.channel) & (Conversation.account == address.account)
    return is_here & (Conversation.chat_id == address.chat_id) & (Conversation.thread == (address.thread or ""))


async def load_agent(session: AsyncSession, agent_id: str) -> Agent:
    """An agent who may answer and whose account is active. Raises `NotFound`."""
    agent = await session.get(Agent, agent_id)
    if agent is None or not agent.active or not has_capability(agent.role, Capability.ANSWERS):
        raise NotFound("There is no such agent, or the account is no longer active, or its role doesn't answer.")
    return agent


async def load_owner(session: AsyncSession, conversation: Conversation, agent_id: str) -> Agent:
    """The agent, if they have the conversation. Raises `StaleEpoch`."""
    if conversation.status != Status.ASSIGNED or conversation.agent_id != agent_id:
        raise StaleEpoch("The conversation isn't yours any more.")
    return await session.get_one(Agent, agent_id)


async def refuse_second_owner(session: AsyncSession, conversation: Conversation, agent: Agent) -> None:
    """Raises `Conflict` with the owner's name unless the conversation is `agent`'s."""
    if conversation.agent_id == agent.id:
        return
    owner = await session.get_one(Agent, conversation.agent_id)
    raise Conflict(f"{owner.name} has taken this conversation already.", owner=owner.name)


async def load_live_handoff(session: AsyncSession, conversation: Conversation) -> Handoff | None:
    """The request for a person that has not ended."""
    return await session.scalar(
        select(Handoff).where(Handoff.conversation_id == conversation.id, Handoff.ended_at.is_(None))
    )


async def load_team(session: AsyncSession, team_id: str) -> Team:
    """A team that takes conversations. Raises `NotFound`."""
    team = await session.get(Team, team_id)
    if team is None or not team.active:
        raise NotFound("There is no such team, or it takes no conversations any more.")
    return team


async def count_agents_online(session: AsyncSession) -> int:
    """Agents who take conversations and whose desk is open."""
    return len(await load_agents_online(session))


async def load_agents_online(session: AsyncSession, team_id: str | None = None) -> list[str]:
    """The ids of the agents who take conversations and whose desk is open: of all, or of those who work for a team."""
    query = select(Agent.id).where(
        Agent.active,
        Agent.availability == Availability.ONLINE,
        Agent.last_seen_at > now() - ONLINE_FOR,
        Agent.role.in_(roles_with(Capability.ANSWERS)),
    )
    if team_id is not None:
        query = query.where(or_(_is_member(team_id), ~_is_member(None)))
    return list(await session.scalars(query))


async def count_owned(session: AsyncSession) -> dict[str, int]:
    """How many conversations each agent has, by id; who has none is missing."""
    rows = await session.execute(
        select(Conversation.agent_id, func.count())
        .where(Conversation.status == Status.ASSIGNED)
        .group_by(Conversation.agent_id)
    )
    return {agent_id: count for agent_id, count in rows if agent_id}


async def count_free_places(session: AsyncSession, agent_ids: list[str]) -> int:
    """How many more conversations these agents can take before each has as many as they can have."""
    if not agent_ids:
        return 0
    owned = await session.execute(
        select(Conversation.agent_id, func.count())
        .where(Conversation.status == Status.ASSIGNED, Conversation.agent_id.in_(agent_ids))
        .group_by(Conversation.agent_id)
    )
    open_now = {agent_id: count for agent_id, count in owned}
    capacities = await session.execute(select(Agent.id, Agent.capacity).where(Agent.id.in_(agent_ids)))
    return sum(max(0, capacity - open_now.get(agent_id, 0)) for agent_id, capacity in capacities)


def _is_member(team_id: str | None) -> ColumnElement[bool]:
    """Whether an agent is in a team: in this one, or in any."""
    belongs = select(TeamMember.agent_id).where(TeamMember.agent_id == Agent.id)
    return (belongs if team_id is None else belongs.where(TeamMember.team_id == team_id)).exists()
