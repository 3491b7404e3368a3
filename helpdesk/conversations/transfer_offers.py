"""Transfers to a colleague: an offer first. Until it is accepted the conversation stays with who gives it away.

The customer hears of it when the colleague has taken over, and the offer can be called back until then.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, and_, or_, select

from helpdesk.conversations.offers import OfferEnd, end_offer
from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.conversations.waiting.handoff_requests import LIMBO, open_handoff
from store.errors import Conflict
from store.models import Activity, Agent, Conversation, Handoff, now
from store.status import Status

#: How long a colleague has: longer than for who waits in the queue, because the customer isn't without an owner.
TRANSFER_LASTS = timedelta(seconds=60)
#: Why it is offered, in the place of the reasons of routing.
BECAUSE = "transfer"


class TransferEvent(StrEnum):
    """What the log says to the staff of an offer that was made or has ended without being accepted."""

    OFFERED = "transfer_offered"
    DECLINED = "transfer_declined"
    MISSED = "transfer_missed"
    RECALLED = "transfer_recalled"


async def offer_transfer(c: OpenConversation, agent: Agent, colleague: Agent) -> None:
    """Ask `colleague` to take over from `agent`, for as long as any offer lasts; an earlier offer is over."""
    handoff = await c.load_live_handoff() or await open_handoff(c, LIMBO)
    end_offer(handoff, OfferEnd.WITHDRAWN)
    time = now()
    handoff.offered_to, handoff.offered_because = colleague.id, (BECAUSE,)
    handoff.offered_at, handoff.offered_until = time, time + TRANSFER_LASTS
    await c.retell_summary()
    await _tell(c, TransferEvent.OFFERED, agent, to=colleague)


async def is_offered_to(c: OpenConversation, agent_id: str) -> bool:
    """Whether a colleague's conversation may be taken over by this agent now."""
    if c.conversation.status != Status.ASSIGNED or c.conversation.agent_id == agent_id:
        return False
    handoff = await c.load_live_handoff()
    return handoff is not None and handoff.offered_to == agent_id and _is_standing(handoff, now())


async def decline_transfer(c: OpenConversation, agent: Agent) -> None:
    """The colleague says no. Raises `Conflict` when it isn't offered to them."""
    handoff = await c.load_live_handoff()
    if handoff is None or handoff.offered_to != agent.id or c.conversation.status != Status.ASSIGNED:
        raise Conflict("Nothing is offered to you at the moment.")
    end_offer(handoff, OfferEnd.DECLINED)
    await _tell(c, TransferEvent.DECLINED, agent)


async def recall_transfer(c: OpenConversation, agent: Agent) -> None:
    """Who gives it away keeps it after all. Raises `Conflict` when nobody is being asked any more."""
    handoff = await c.load_live_handoff()
    if handoff is None or handoff.offered_to is None:
        raise Conflict("Nobody is being asked to take it over any more.", code="too_late")
    end_offer(handoff, OfferEnd.WITHDRAWN)
    await _tell(c, TransferEvent.RECALLED, agent)


async def end_missed_transfer(c: OpenConversation) -> bool:
    """For the watchdog: the colleague let it pass, or has gone; the conversation stays where it is."""
    handoff = await c.load_live_handoff()
    if c.conversation.status != Status.ASSIGNED or handoff is None or handoff.offered_to is None:
        return False
    colleague = await c.session.get_one(Agent, handoff.offered_to)
    end_offer(handoff, OfferEnd.MISSED)
    await _tell(c, TransferEvent.MISSED, colleague)
    return True


def missed_transfers(time: datetime) -> Select[str]:
    """Conversations with an owner that were offered to a colleague who hasn't taken them in time."""
    return (
        select(Conversation.id)
        .join(Handoff, and_(Handoff.conversation_id == Conversation.id, Handoff.ended_at.is_(None)))
        .join(Agent, Agent.id == Handoff.offered_to)
        .where(
            Conversation.status == Status.ASSIGNED,
            or_(
                Handoff.offered_until.is_(None),
                Handoff.offered_until <= time,
                Agent.active.is_(False),
            ),
        )
    )


def _is_standing(handoff: Handoff, time: datetime) -> bool:
    return handoff.offered_until is not None and handoff.offered_until > time


async def _tell(c: OpenConversation, event: TransferEvent, agent: Agent, *, to: Agent | None = None) -> None:
    activity = Activity(event=str(event), shown=False, to=to.id if to else None, what=to.name if to else None)
    await c.log.append_activity(activity, agent=agent)
