"""Looking things up inside a transaction."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.base import Address, InboundMessage
from helpdesk.errors import Conflict, NotFound, StaleEpoch
from helpdesk.models import Agent, Availability, Contact, Conversation, Handoff, Message, Role, now
from helpdesk.status import Status

ONLINE_FOR = timedelta(seconds=90)  # an agent's desk reports itself more often than this


async def find_by_address(session: AsyncSession, address: Address) -> Conversation | None:
    return await session.scalar(
        select(Conversation)
        .where(
            Conversation.channel == address.channel,
            Conversation.account == address.account,
            Conversation.chat_id == address.chat_id,
            Conversation.thread == (address.thread or ""),
        )
        .with_for_update()
    )


async def contact_of(session: AsyncSession, address: Address, external_id: str) -> Contact:
    found = await session.scalar(
        select(Contact).where(
            Contact.channel == address.channel, Contact.account == address.account, Contact.external_id == external_id
        )
    )
    if found is None:
        found = Contact(channel=address.channel, account=address.account, external_id=external_id)
        session.add(found)
        await session.flush()
    return found


async def find_repeat(session: AsyncSession, inbound: InboundMessage) -> Message | None:
    return await find_message(session, inbound.address, inbound.external_id)


async def find_message(session: AsyncSession, address: Address, external_id: str) -> Message | None:
    """A message by the channel's own id of it."""
    return await session.scalar(
        select(Message).where(
            Message.channel == address.channel,
            Message.account == address.account,
            Message.external_id == external_id,
        )
    )


async def agent_of(session: AsyncSession, agent_id: str) -> Agent:
    agent = await session.get(Agent, agent_id)
    if agent is None or not agent.active:
        raise NotFound("There is no such agent, or the account is no longer active.")
    return agent


async def owner_of(session: AsyncSession, conversation: Conversation, agent_id: str) -> Agent:
    if conversation.status != Status.ASSIGNED or conversation.agent_id != agent_id:
        raise StaleEpoch("The conversation isn't yours any more.")
    return await session.get_one(Agent, agent_id)


async def refuse_second_owner(session: AsyncSession, conversation: Conversation, agent: Agent) -> None:
    if conversation.agent_id == agent.id:
        return
    owner = await session.get_one(Agent, conversation.agent_id)
    raise Conflict(f"{owner.name} has taken this conversation already.", owner=owner.name)


async def live_handoff(session: AsyncSession, conversation: Conversation) -> Handoff | None:
    return await session.scalar(
        select(Handoff).where(Handoff.conversation_id == conversation.id, Handoff.ended_at.is_(None))
    )


async def end_handoff(session: AsyncSession, conversation: Conversation, outcome: str) -> None:
    handoff = await live_handoff(session, conversation)
    if handoff is not None:
        handoff.ended_at, handoff.outcome = now(), outcome


async def count_queue(session: AsyncSession) -> int:
    return await session.scalar(select(func.count()).where(Conversation.status == Status.QUEUED)) or 0


async def count_agents_online(session: AsyncSession) -> int:
    """Agents who take conversations and whose desk is open."""
    return (
        await session.scalar(
            select(func.count()).where(
                Agent.active,
                Agent.availability == Availability.ONLINE,
                Agent.last_seen_at > now() - ONLINE_FOR,
                Agent.role.in_([Role.AGENT, Role.ADMIN]),
            )
        )
        or 0
    )
