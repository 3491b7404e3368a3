"""Hints that something has changed, so that screens follow at once. The log is the truth: a lost hint costs time only.

Hints travel inside the process and, through Redis or PostgreSQL, between instances. `watch` looks at the database now
and then and hints at what nobody hinted at.
"""

import asyncio
import json
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict, dataclass
from time import monotonic
from typing import Any

import structlog
from sqlalchemy import func, select

from helpdesk.observability.hint_relay import HintRelay
from store.db import Database
from store.errors import Unavailable
from store.models import Conversation, new_id

log = structlog.get_logger()

DESK = "desk"
_OWN_TYPING = "own_typing"
#: Seconds after which nobody looks any more who hasn't said so again.
VISIT_LASTS = 10.0
_TYPING_LASTS = 6.0  # seconds without news until we take it that somebody has stopped
_WATCH_EVERY = 2.0  # seconds between looks while other instances can't be heard
_WATCH_LINKED_EVERY = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationChange:
    """The log or the status of a conversation has changed."""

    conversation_id: str
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryChange:
    """What a conversation's channel did with a message is known: only desks show it, and no list does."""

    conversation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessChange:
    """Who may see a conversation on the web chat has changed: customers' screens check whether they still may."""

    conversation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentWorkChange:
    """What an agent is writing in a conversation, or can undo there, has changed: for their own windows."""

    agent_id: str
    conversation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Conversations have been erased: whoever has one on the screen looks whether it is theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueChange:
    """Who waits, or who is there to answer, has changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typing:
    """Somebody is writing in a conversation, or has stopped."""

    conversation_id: str
    author: str
    name: str
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentVisit:
    """An agent has a conversation open: `doing` is `look`, `note`, `answer`, or `gone` once they leave it.

    It is true for `VISIT_LASTS` seconds unless it is repeated. Only desks hear it.
    """

    conversation_id: str
    agent_id: str
    name: str
    doing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Whisper:
    """A supervisor, `name`, has left a note that the agent who has the conversation is to see at once."""

    conversation_id: str
    agent_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkSurplus:
    """There is more to do in a table than the instance that says so has room for."""

    table: str


Hint = (
    ConversationChange
    | DeliveryChange
    | AccessChange
    | AgentWorkChange
    | Erasure
    | QueueChange
    | Typing
    | AgentVisit
    | Whisper
)
_KINDS: dict[str, type[Hint | WorkSurplus]] = {
    "changed": ConversationChange,
    "delivery": DeliveryChange,
    "access": AccessChange,
    "queue": QueueChange,
    "work": AgentWorkChange,
    "erasure": Erasure,
    "typing": Typing,
    "visit": AgentVisit,
    "whisper": Whisper,
    "surplus": WorkSurplus,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def topic_of(conversation_id: str) -> str:
    """The topic of one conversation's hints."""
    return f"conversation:{conversation_id}"


def agent_topic(agent_id: str) -> str:
    """The topic of what only one agent is told."""
    return f"agent:{agent_id}"


class Subscription:
    """What one screen still has to hear. Hints of the same sort are merged, so a slow reader costs no memory."""

    def __init__(self) -> None:
        self._pending: dict[tuple[object, ...], Hint] = {}
        self._news = asyncio.Event()

    def offer(self, hint: Hint) -> None:
        """Add a hint; the newest of its sort wins."""
        whose = getattr(hint, "author", None) or getattr(hint, "agent_id", None)
        sort: tuple[object, ...] = (type(hint), getattr(hint, "conversation_id", None), whose)
        self._pending.pop(sort, None)
        self._pending[sort] = hint
        self._news.set()

    async def next(self) -> Hint:
        """Wait for the next hint."""
        while not self._pending:
            self._news.clear()
            await self._news.wait()
        return self._pending.pop(next(iter(self._pending)))


class ChangeHints:
    """Who listens to what, and who is writing just now."""

    def __init__(self, relay: HintRelay | None = None, *, take_surplus: Callable[[str], None] | None = None) -> None:
        self._relay = relay
        self._take_surplus = take_surplus
        self._instance = new_id()
        self._listeners: defaultdict[str, set[Subscription]] = defaultdict(set)
        self._writing: dict[str, float] = {}

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[Subscription]:
        """Hear everything about `topics` until the block ends."""
        subscription = Subscription()
        for topic in topics:
            self._listeners[topic].add(subscription)
        try:
            yield subscription
        finally:
            for topic in topics:
                self._listeners[topic].discard(subscription)
                if not self._listeners[topic]:
                    del self._listeners[topic]

    def changed(self, conversation_id: str, seq: int = 0) -> None:
        """Tell everybody that a conversation has changed."""
        self._publish(ConversationChange(conversation_id=conversation_id, seq=seq))

    def delivery_changed(self, conversation_id: str) -> None:
        """Tell the desks that it is known what became of a message that was sent."""
        self._publish(DeliveryChange(conversation_id=conversation_id))

    def access_changed(self, conversation_id: str) -> None:
        """Have every screen of a customer's that shows this conversation check whether it still may."""
        self._publish(AccessChange(conversation_id=conversation_id))

    def agent_work_changed(self, agent_id: str, conversation_id: str) -> None:
        """Tell the agent's windows that a draft of theirs, or what they can undo, has changed."""
        self._publish(AgentWorkChange(agent_id=agent_id, conversation_id=conversation_id))

    def tell_erasure(self) -> None:
        """Tell the desks of this instance that conversations have been erased; the others hear it from the database."""
        self._deliver(Erasure())

    def queue_changed(self) -> None:
        """Tell everybody that the queue or the staff has changed."""
        self._publish(QueueChange())

    def typing(self, conversation_id: str, *, author: str, name: str, on: bool, follows: bool = False) -> None:
        """Tell everybody that somebody is writing, or has stopped; `follows`: the contact's screen hears this too."""
        hint = Typing(conversation_id=conversation_id, author=author, name=name, on=on)
        self._publish(hint)
        if follows:
            return
        for subscription in self._listeners.get(_OWN_TYPING, ()):
            subscription.offer(hint)

    def visited(self, conversation_id: str, *, agent_id: str, name: str, doing: str) -> None:
        """Tell the desks that an agent looks at a conversation, writes in it, or has left it."""
        self._publish(AgentVisit(conversation_id=conversation_id, agent_id=agent_id, name=name, doing=doing))

    def whispered(self, conversation_id: str, *, to: str, name: str) -> None:
        """Tell one agent's desks that a note is there for them."""
        self._publish(Whisper(conversation_id=conversation_id, agent_id=to, name=name))

    def own_typing(self) -> AbstractAsyncContextManager[Subscription]:
        """Hear who is writing through this instance: each sign reaches one instance only."""
        return self.subscribe(_OWN_TYPING)

    def is_contact_writing(self, conversation_id: str) -> bool:
        """Whether the customer was seen writing a moment ago."""
        return monotonic() - self._writing.get(conversation_id, float("-inf")) < _TYPING_LASTS

    def offer_surplus(self, table: str) -> None:
        """Ask the other instances to do some of what is to be done in a table."""
        self._send(WorkSurplus(table=table))

    def _publish(self, hint: Hint) -> None:
        self._deliver(hint)
        self._send(hint)

    def _send(self, hint: Hint | WorkSurplus) -> None:
        if self._relay is not None:
            self._relay.send(json.dumps({"from": self._instance, "kind": _NAMES[type(hint)], "hint": asdict(hint)}))

    def _deliver(self, hint: Hint) -> None:
        if isinstance(hint, Typing) and hint.author == "contact":
            self._note_writing(hint)
        for topic in _topics(hint):
            for subscription in tuple(self._listeners.get(topic, ())):
                subscription.offer(hint)

    def _note_writing(self, hint: Typing) -> None:
        if hint.on:
            self._writing[hint.conversation_id] = monotonic()
        else:
            self._writing.pop(hint.conversation_id, None)

    async def watch(self, db: Database) -> None:
        """Hint at changes that nobody hinted at: those of a time when the other instances couldn't be heard."""
        known: dict[str, tuple[Any, ...]] = {}
        newest: Any = None
        while True:
            await self._wait_for_watch()
            try:
                known = await self._compare(db, known)
                newest = await self._compare_newest(db, newest)
            except Unavailable:
                continue
            self._forget_idle_writers()

    async def _wait_for_watch(self) -> None:
        """A while; not for long while nobody can be heard, nor when that has just changed."""
        seconds = _WATCH_LINKED_EVERY * random.uniform(0.8, 1.2)
        until, was_linked = monotonic() + seconds, self._is_linked
        while monotonic() < until:
            await asyncio.sleep(_WATCH_EVERY)
            if not (was_linked and self._is_linked):
                return

    @property
    def _is_linked(self) -> bool:
        return self._relay is None or self._relay.is_linked

    def _forget_idle_writers(self) -> None:
        oldest = monotonic() - _TYPING_LASTS
        self._writing = {conversation: at for conversation, at in self._writing.items() if at > oldest}

    async def _compare(self, db: Database, known: dict[str, tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
        prefix = topic_of("")
        ids = [topic.removeprefix(prefix) for topic in self._listeners if topic.startswith(prefix)]
        found: dict[str, tuple[Any, ...]] = {}
        async with db.read() as session:
            for start in range(0, len(ids), 500):
                rows = await session.execute(
                    select(
                        Conversation.id, Conversation.last_seq, Conversation.epoch, Conversation.agent_seen_seq
                    ).where(Conversation.id.in_(ids[start : start + 500]))
                )
                found |= {row[0]: tuple(row) for row in rows}
        for conversation_id, state in found.items():
            if known.get(conversation_id) != state:  # a new listener may have missed what came as it began
                self._deliver(ConversationChange(conversation_id=conversation_id, seq=state[1]))
        return found

    async def _compare_newest(self, db: Database, newest: Any) -> Any:
        async with db.read() as session:
            latest = await session.scalar(select(func.max(Conversation.changed_at)))
        if latest != newest:
            self._deliver(QueueChange())
        return latest

    async def relay(self) -> None:
        """Carry hints to and from the other instances until cancelled."""
        if self._relay is not None:
            await self._relay.run(self._accept)

    def _accept(self, data: str) -> None:
        try:
            body = json.loads(data)
            if body["from"] != self._instance:
                self._take(_KINDS[body["kind"]](**body["hint"]))
        except (ValueError, KeyError, TypeError):
            log.warning("live.bad_hint")

    def _take(self, hint: Hint | WorkSurplus) -> None:
        if not isinstance(hint, WorkSurplus):
            self._deliver(hint)
        elif self._take_surplus is not None:
            self._take_surplus(hint.table)


def _topics(hint: Hint) -> tuple[str, ...]:
    if isinstance(hint, QueueChange | AgentWorkChange | Erasure):
        return (DESK,)
    if isinstance(hint, AccessChange):
        return (topic_of(hint.conversation_id),)
    if isinstance(hint, AgentVisit | DeliveryChange):
        return (DESK,)
    if isinstance(hint, Whisper):
        return (agent_topic(hint.agent_id),)
    return (topic_of(hint.conversation_id), DESK)
