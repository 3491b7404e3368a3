"""What is left of an offer when it ends; how offers are made is in `helpdesk.queue.dispatch`."""

from enum import StrEnum

from helpdesk.observability import metrics
from store.models import Handoff, now


class OfferEnd(StrEnum):
    """How an offer ended. `passed_by`: somebody else accepted, or there was nothing to accept any more."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    MISSED = "missed"
    PASSED_BY = "passed_by"
    WITHDRAWN = "withdrawn"


def end_offer(handoff: Handoff, end: OfferEnd) -> None:
    """Nobody is asked any more; `offered_at` stays as the time of the last offer."""
    if handoff.offered_to is not None:
        metrics.OFFERS.labels(end).inc()
    handoff.offered_to = handoff.offered_until = None


def clear_offer(handoff: Handoff, *, accepted_by: str | None = None) -> None:
    """For every change of the owner: the offer is over, and should the handoff wait again, it waits from now for all.

    `accepted_by` is the agent who has just accepted.
    """
    end_offer(handoff, OfferEnd.ACCEPTED if accepted_by and accepted_by == handoff.offered_to else OfferEnd.PASSED_BY)
    handoff.declined_by = ()
    handoff.queued_at = now()
