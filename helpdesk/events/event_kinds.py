"""What programs are told of, and which lines of the log say it. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from connectors.contract import Author
from store.models import Message, MessageKind
from store.status import Event


class EventKind(StrEnum):
    """The kinds of events, by the names that programs read."""

    OPENED = "conversation.opened"
    HANDED_OVER = "conversation.handed_over"
    ACCEPTED = "conversation.accepted"
    ANSWERED = "conversation.answered"
    RESOLVED = "conversation.resolved"
    RATED = "conversation.rated"
    FOLLOW_UP = "conversation.follow_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventNote:
    """An event that is about to be recorded: its kind, the line of the log that it is about, ids and single words."""

    kind: EventKind
    seq: int
    facts: dict[str, str] = field(default_factory=dict)


_HANDOVERS = frozenset(
    {Event.REQUEST_HANDOFF, Event.TRANSFER, Event.TRANSFER_TO_QUEUE, Event.RELEASE, Event.AGENT_LOST}
)
_OF_EVENTS: dict[str, tuple[EventKind, ...]] = {
    **dict.fromkeys(map(str, _HANDOVERS), (EventKind.HANDED_OVER,)),
    str(Event.ACCEPT): (EventKind.ACCEPTED,),
    str(Event.CONTACT_WRITES): (EventKind.OPENED,),
    str(Event.REOPEN): (EventKind.OPENED, EventKind.ACCEPTED),
    str(Event.RESOLVE): (EventKind.RESOLVED,),
}


def notes_of(lines: Sequence[Message], *, is_new: bool) -> list[EventNote]:
    """What the new `lines` of one transaction say that happened; `is_new`: they hold the contact's first message.

    Several messages of one answer are one event, about the last of them.
    """
    notes = [_opened(next(line for line in lines if line.kind == MessageKind.INCOMING))] if is_new else []
    answers: dict[Author, EventNote] = {}
    for line in lines:
        notes += _changes(line)
        if _is_answer(line):
            answers[line.author] = _answered(line)
    return sorted((*notes, *answers.values()), key=lambda note: note.seq)


def _opened(line: Message) -> EventNote:
    return EventNote(kind=EventKind.OPENED, seq=line.seq)


def _changes(line: Message) -> Iterator[EventNote]:
    activity = line.facts.activity
    for kind in _OF_EVENTS.get(activity.event, ()) if activity else ():
        facts = {"change": activity.event} if activity and kind is EventKind.HANDED_OVER else {}
        facts |= {"again": "yes"} if kind is EventKind.OPENED else {}
        yield EventNote(kind=kind, seq=line.seq, facts=facts | _set({"agent": line.agent_id, "to": _receiver(line)}))


def _receiver(line: Message) -> str | None:
    return line.facts.activity.to if line.facts.activity else None


def _is_answer(line: Message) -> bool:
    by_somebody = line.author in (Author.BOT, Author.AGENT)
    is_prompted = not (line.facts.greeting or line.facts.aside)
    return line.kind == MessageKind.OUTGOING and by_somebody and is_prompted


def _answered(line: Message) -> EventNote:
    facts = _set({"by": str(line.author), "agent": line.agent_id, "article": line.article})
    return EventNote(kind=EventKind.ANSWERED, seq=line.seq, facts=facts)


def _set(facts: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in facts.items() if value}


def has_incoming(lines: Iterable[Message]) -> bool:
    """Whether the contact has written."""
    return any(line.kind == MessageKind.INCOMING for line in lines)
