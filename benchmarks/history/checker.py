"""The log of the database against the ledger. Every sentence that comes out is a fault; none is a clean run."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import select

from benchmarks.history.ledger import Ledger, Takeover
from connectors.contract import Author
from store.db import Database
from store.models import Conversation, Delivery, DeliveryStatus, Message, MessageKind, Turn, TurnStatus
from store.status import Event, Status

#: After these, somebody other than the agent answers.
_GIVEN_BACK = frozenset({Event.RETURN_TO_BOT, Event.RESOLVE, Event.RELEASE, Event.AGENT_LOST, Event.TRANSFER_TO_QUEUE})


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedLine:
    """One row of the log."""

    seq: int
    epoch: int
    kind: MessageKind
    author: Author
    agent: str | None
    text: str
    event: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationLog:
    """One conversation as the database has it at the end."""

    id: str
    status: Status
    answered_seq: int
    last_seq: int
    lines: Sequence[LoggedLine]


async def read_logs(db: Database) -> list[ConversationLog]:
    """Everything that was stored."""
    lines: dict[str, list[LoggedLine]] = defaultdict(list)
    async with db.read() as session:
        for message in await session.scalars(select(Message).order_by(Message.conversation_id, Message.seq)):
            lines[message.conversation_id].append(_line(message))
        conversations = list(await session.scalars(select(Conversation)))
    return [
        ConversationLog(
            id=each.id,
            status=each.status,
            answered_seq=each.answered_seq,
            last_seq=each.last_seq,
            lines=lines[each.id],
        )
        for each in conversations
    ]


def _line(message: Message) -> LoggedLine:
    return LoggedLine(
        seq=message.seq,
        epoch=message.epoch,
        kind=message.kind,
        author=message.author,
        agent=message.agent_id,
        text=message.text,
        event=message.event,
    )


async def unfinished(db: Database) -> dict[str, int]:
    """Turns and deliveries that are still on their way."""
    async with db.read() as session:
        turns = await session.scalars(select(Turn.id).where(Turn.status.in_([TurnStatus.PENDING, TurnStatus.RUNNING])))
        deliveries = await session.scalars(
            select(Delivery.id).where(Delivery.status.in_([DeliveryStatus.PENDING, DeliveryStatus.SENDING]))
        )
        return {"turns": len(turns.all()), "deliveries": len(deliveries.all())}


def check(logs: Sequence[ConversationLog], ledger: Ledger) -> list[str]:
    """All faults of a history that has come to rest."""
    by_id = {log.id: log for log in logs}
    return [
        *ledger.complaints,
        *_missing(by_id, ledger),
        *(fault for log in logs for fault in _of_one(log)),
        *_out_of_order(logs, ledger),
        *_screens(by_id, ledger),
        *_owners(by_id, ledger.takeovers),
    ]


def _missing(by_id: Mapping[str, ConversationLog], ledger: Ledger) -> Iterator[str]:
    """Acknowledged ⊆ stored, under the very number that was told."""
    for told in ledger.lines:
        log = by_id.get(told.conversation)
        stored = next((line for line in log.lines if line.seq == told.seq), None) if log else None
        if stored is None:
            yield f"lost: {told.author} was told that {told.text!r} is line {told.seq} of {told.conversation}"
        elif stored.text != told.text or stored.author != told.author:
            yield f"another line: {told.seq} of {told.conversation} is {stored.text!r}, not {told.text!r}"


def _of_one(log: ConversationLog) -> Iterator[str]:
    """What has to hold within a conversation, whoever was told what."""
    seqs = [line.seq for line in log.lines]
    if seqs != list(range(1, log.last_seq + 1)):
        yield f"gaps: {log.id} has the lines {seqs[:20]}… and says that {log.last_seq} is the last"
    written = Counter(line.text for line in log.lines if line.author in (Author.CONTACT, Author.AGENT) and line.text)
    answers = Counter(line.text for line in log.lines if line.text.startswith("You said: "))
    for text, times in (written + answers).items():
        if times > 1:
            yield f"doubled: {log.id} has {text!r} {times} times"
    yield from _epochs(log)
    yield from _bot_words(log)
    last = max((line.seq for line in log.lines if line.author == Author.CONTACT and line.text), default=0)
    if log.status == Status.BOT and log.answered_seq < last:
        yield f"unanswered: {log.id} is with the bot, which has answered up to {log.answered_seq} of {last}"


def _epochs(log: ConversationLog) -> Iterator[str]:
    for before, after in pairwise(log.lines):
        if after.epoch < before.epoch:
            yield f"epoch: {log.id} falls from {before.epoch} to {after.epoch} at line {after.seq}"


def _bot_words(log: ConversationLog) -> Iterator[str]:
    """The bot is silent from an agent's acceptance until the conversation is given back."""
    owner: str | None = None
    for line in log.lines:
        if line.event in (Event.ACCEPT, Event.TRANSFER):
            owner = line.agent or "an agent"
        elif line.event in _GIVEN_BACK:
            owner = None
        elif owner and line.kind == MessageKind.OUTGOING and line.text.startswith("You said: "):
            yield f"bot after takeover: line {line.seq} of {log.id}, which {owner} had taken over"


def _out_of_order(logs: Sequence[ConversationLog], ledger: Ledger) -> Iterator[str]:
    """What a customer wrote first stands first."""
    for log in logs:
        wanted = {text: place for place, text in enumerate(ledger.order.get(log.id, ()))}
        places = [wanted[line.text] for line in log.lines if line.author == Author.CONTACT and line.text in wanted]
        if places != sorted(places):
            yield f"out of order: {log.id} has its customer's messages as {places[:30]}"


def _screens(by_id: Mapping[str, ConversationLog], ledger: Ledger) -> Iterator[str]:
    """What a customer's screen shows is what the log has."""
    for conversation, shown in ledger.screens.items():
        log = by_id.get(conversation)
        if log is None:
            yield f"lost: the conversation {conversation} that a customer sees is not stored"
            continue
        told = {seq: (author, text) for seq, author, text in shown}
        for line in log.lines:
            if line.author == Author.CONTACT and line.text and told.get(line.seq) != (line.author, line.text):
                shows = told.get(line.seq)
                yield f"screen: line {line.seq} of {conversation} is {line.text!r}, its customer sees {shows}"
        if shown and shown[-1][0] != log.last_seq:
            yield f"screen: a customer sees {conversation} up to {shown[-1][0]} of {log.last_seq}"


def _owners(by_id: Mapping[str, ConversationLog], takeovers: Sequence[Takeover]) -> Iterator[str]:
    """One owner for each epoch, and only the owner answers."""
    owners: dict[tuple[str, int], str] = {}
    for takeover in takeovers:
        first = owners.setdefault((takeover.conversation, takeover.epoch), takeover.agent)
        if first != takeover.agent:
            yield f"two owners: {first} and {takeover.agent} have epoch {takeover.epoch} of {takeover.conversation}"
    for (conversation, epoch), agent in owners.items():
        log = by_id.get(conversation)
        for line in log.lines if log else ():
            if line.epoch == epoch and line.author == Author.AGENT and line.agent not in (None, agent):
                yield f"not the owner: line {line.seq} of {conversation} in epoch {epoch} is {line.agent}'s"
