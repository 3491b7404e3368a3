"""The table of who answers: from which status, on which event, to which status."""

from store.errors import InvalidTransition
from store.status import Event, Status

TRANSITIONS: dict[tuple[Status, Event], Status] = {
    (Status.BOT, Event.REQUEST_HANDOFF): Status.QUEUED,
    (Status.BOT, Event.ACCEPT): Status.ASSIGNED,
    (Status.QUEUED, Event.ACCEPT): Status.ASSIGNED,
    (Status.QUEUED, Event.CANCEL): Status.BOT,
    (Status.QUEUED, Event.EXPIRE): Status.BOT,
    (Status.ASSIGNED, Event.TRANSFER): Status.ASSIGNED,
    (Status.ASSIGNED, Event.TRANSFER_TO_QUEUE): Status.QUEUED,
    (Status.ASSIGNED, Event.RELEASE): Status.QUEUED,
    (Status.ASSIGNED, Event.AGENT_LOST): Status.QUEUED,
    (Status.ASSIGNED, Event.RETURN_TO_BOT): Status.BOT,
    (Status.BOT, Event.RESOLVE): Status.RESOLVED,
    (Status.QUEUED, Event.RESOLVE): Status.RESOLVED,
    (Status.ASSIGNED, Event.RESOLVE): Status.RESOLVED,
    (Status.RESOLVED, Event.CONTACT_WRITES): Status.BOT,
    (Status.RESOLVED, Event.REOPEN): Status.ASSIGNED,
}


def next_status(status: Status, event: Event) -> Status:
    """The status after `event`. Raises `InvalidTransition` where the table has no line for it."""
    try:
        return TRANSITIONS[status, event]
    except KeyError:
        possible = sorted(known for from_, known in TRANSITIONS if from_ == status)
        raise InvalidTransition(
            f"A conversation that is '{status}' can't '{event}'; possible: {', '.join(possible)}.",
            status=str(status),
            event=str(event),
        ) from None
