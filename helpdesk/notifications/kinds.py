"""What agents are told of, and which lines of the log say it. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from store.models import Conversation, Message, MessageKind
from store.status import Status


class NotificationKind(StrEnum):
    """The kinds, as agents choose among them."""

    OFFER = "offer"
    MESSAGE = "message"
    PROMISE = "promise"
    MENTION = "mention"
    TRANSFER = "transfer"


#: How long each may still be of use; a push service throws away what it couldn't deliver in that time.
KEPT_FOR = {
    NotificationKind.OFFER: timedelta(seconds=30),
    NotificationKind.MESSAGE: timedelta(hours=1),
    NotificationKind.PROMISE: timedelta(hours=1),
    NotificationKind.MENTION: timedelta(hours=12),
    NotificationKind.TRANSFER: timedelta(hours=12),
}
#: Whoever looks at the conversation has read a new line by then, and is not called.
GRACE = timedelta(seconds=3)
PROMISE_DUE = "promise_due"
TRANSFER_OFFERED = "transfer_offered"
_MENTION = re.compile(r"(?<![\w@.])@(\w[\w.-]*(?: \w[\w.-]*)?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Whom a line of the log concerns."""

    agent_id: str
    kind: NotificationKind
    seq: int


def addressees_of(conversation: Conversation, lines: Iterable[Message]) -> Iterator[Addressee]:
    """Whom the new `lines` concern, but for mentions. Several lines of a customer are one message."""
    written = None
    for line in lines:
        activity = line.facts.activity
        if line.kind == MessageKind.INCOMING and line.text:
            written = line.seq
        elif activity and activity.event == TRANSFER_OFFERED and activity.to:
            yield Addressee(agent_id=activity.to, kind=NotificationKind.TRANSFER, seq=line.seq)
        elif activity and activity.event == PROMISE_DUE and line.agent_id:
            yield Addressee(agent_id=line.agent_id, kind=NotificationKind.PROMISE, seq=line.seq)
    if written and conversation.status == Status.ASSIGNED and conversation.agent_id:
        yield Addressee(agent_id=conversation.agent_id, kind=NotificationKind.MESSAGE, seq=written)


def has_mention(line: Message) -> bool:
    """Whether a note may name a colleague."""
    return line.kind == MessageKind.NOTE and line.agent_id is not None and "@" in line.text


def mentioned(text: str, names: Mapping[str, str]) -> set[str]:
    """The ids of those whom `text` names as `@Mia` or `@Mia Berg`; `names` by id. A shared first name means all."""
    found: set[str] = set()
    for match in _MENTION.finditer(text):
        words = [word.strip(".-").casefold() for word in match[1].split()]
        whole = {agent for agent, name in names.items() if _words(name) == words}
        found |= whole or {agent for agent, name in names.items() if _words(name)[:1] == words[:1]}
    return found


def _words(name: str) -> Sequence[str]:
    return name.casefold().split()
