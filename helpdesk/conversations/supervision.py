"""What a supervisor does in a conversation of somebody else's: take it over, have it given to somebody, whisper."""

from datetime import timedelta

from helpdesk.conversations.answers.agent_answers import note
from helpdesk.conversations.answers.held_answers import send_held_answers
from helpdesk.conversations.lookups import load_agent, load_live_handoff, load_team
from helpdesk.conversations.offers import OfferEnd, end_offer
from helpdesk.conversations.ownership import accept, transfer
from helpdesk.conversations.transfer_offers import offer_transfer
from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.texts import Say
from store.errors import Conflict
from store.models import Message, now
from store.status import Event, Status

#: Why it is offered: a supervisor has said so (`offered_because`).
ASSIGNED = "assigned"


async def take_over(c: OpenConversation, agent_id: str) -> None:
    """Make `agent_id` the owner, whoever has the conversation; the contact is told who is there now.

    Raises `InvalidTransition` for a conversation that is closed.
    """
    if c.conversation.status != Status.ASSIGNED:
        await accept(c, agent_id)
        return
    agent, owner = await load_agent(c.session, agent_id), c.conversation.agent_id
    if owner is None or owner == agent.id:
        return
    await send_held_answers(c, owner)
    text = c.say(Say.ACCEPTED, agent=agent.name)
    handoff = await c.pass_baton(Event.TRANSFER, text, agent=agent, owner=agent, to=agent.id)
    if handoff is not None:
        handoff.accepted_at, handoff.accepted_by = now(), agent.id


async def assign(c: OpenConversation, agent_id: str, *, to: str | None = None, team: str | None = None) -> None:
    """Have somebody asked to take a conversation, or move it to a team's queue.

    It is offered to the agent `to`, who still accepts: nobody is told of an agent who may not be there, and whoever has
    it keeps it until then. Raises `Conflict` when nobody waits or has it, or `to` has it already.
    """
    owner = c.conversation.agent_id
    if c.conversation.status == Status.ASSIGNED and owner is not None:
        await _pass_on(c, agent_id, owner, to, team)
        return
    handoff = await load_live_handoff(c.session, c.conversation)
    if handoff is None or c.conversation.status != Status.QUEUED:
        raise Conflict("Nobody waits in this conversation, and no agent has it.", code="nobody_waits")
    end_offer(handoff, OfferEnd.WITHDRAWN)
    if to is not None:
        agent = await load_agent(c.session, to)
        lasts = timedelta(seconds=c.settings.offer_seconds)
        handoff.preferred_agent = handoff.offered_to = agent.id
        handoff.declined_by = tuple(each for each in handoff.declined_by if each != agent.id)
        handoff.offered_at, handoff.offered_until = now(), now() + lasts
        handoff.offered_because = (ASSIGNED,)
    else:
        handoff.team_id = (await load_team(c.session, team)).id if team else None
        handoff.declined_by = ()


async def _pass_on(c: OpenConversation, agent_id: str, owner: str, to: str | None, team: str | None) -> None:
    """Have a conversation that somebody has taken over by a colleague, or put into a team's queue."""
    if to is None:
        await transfer(c, owner, None, team)
    elif to == owner:
        raise Conflict("They have this conversation already.", code="has_it_already")
    else:
        await offer_transfer(c, await load_agent(c.session, agent_id), await load_agent(c.session, to))


async def whisper(c: OpenConversation, agent_id: str, text: str, client_id: str) -> Message:
    """Leave a note that the agent who has the conversation is told of at once. The contact never sees it.

    Raises `Conflict` when nobody has the conversation, `Invalid` for a text that is too long.
    """
    if c.conversation.status != Status.ASSIGNED or c.conversation.agent_id is None:
        raise Conflict("Nobody has this conversation; leave a note instead.", code="nobody_has_it")
    return await note(c, agent_id, text, client_id, whisper=True)
