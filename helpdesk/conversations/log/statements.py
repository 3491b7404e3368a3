"""What every message and every reply sends to the database, built once.

To build such a statement costs as much as to execute it on SQLite; and where no entity is needed, rows of Core cost a
third of what entities do.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, Insert, Interval, bindparam, func, literal, select, update

from connectors.contract import Author
from store.models import OPEN_TURN, Conversation, Handoff, Message, MessageKind, Turn, TurnStatus, UtcDateTime, table_of
from store.upsert import insert_for

#: How long a turn waits at most for further messages.
MAX_SETTLE = timedelta(seconds=6)

_messages = table_of(Message)
_turns = table_of(Turn)
_handoffs = table_of(Handoff)

#: The conversation at `channel`, `account`, `chat_id`, `thread`, locked.
LOCKED_AT_ADDRESS = (
    select(Conversation)
    .where(
        Conversation.channel == bindparam("channel"),
        Conversation.account == bindparam("account"),
        Conversation.chat_id == bindparam("chat_id"),
        Conversation.thread == bindparam("thread"),
    )
    .with_for_update()
)

#: The conversation `conversation_id`, locked and read anew.
LOCKED = (
    select(Conversation)
    .where(Conversation.id == bindparam("conversation_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)

#: The requests of `conversation_ids` for a person that have ended, the oldest first.
ENDED_HANDOFFS = (
    select(
        _handoffs.c.conversation_id,
        _handoffs.c.ended_seq,
        _handoffs.c.ended_at,
        _handoffs.c.accepted_at,
        _handoffs.c.accepted_by,
        _handoffs.c.topic,
        _handoffs.c.outcome,
        _handoffs.c.correction,
        _handoffs.c.summary,
    )
    .where(
        _handoffs.c.conversation_id.in_(bindparam("conversation_ids", expanding=True)),
        _handoffs.c.ended_at.is_not(None),
    )
    .order_by(_handoffs.c.asked_at)
)

#: Ends the turn `turn_id` that `owner` is still working on; its new columns are given with it.
END_TURN = (
    update(_turns)
    .where(
        _turns.c.id == bindparam("turn_id"),
        _turns.c.status == TurnStatus.RUNNING,
        _turns.c.lease_owner == bindparam("owner"),
    )
    .returning(_turns.c.id)
)

#: Keeps `data`, the facts of a line, with the line `line_id`.
KEEP_FACTS = update(_messages).where(_messages.c.id == bindparam("line_id"))

#: Marks `conversation_id` as read by its contact up to line `seq`, unless it was or is shorter.
MARK_READ_BY_CONTACT = (
    update(Conversation)
    .where(
        Conversation.id == bindparam("conversation_id"),
        Conversation.contact_seen_seq < bindparam("seq"),
        Conversation.last_seq >= bindparam("seq"),
    )
    .values(contact_seen_seq=bindparam("seq"))
    .returning(Conversation)
    .execution_options(synchronize_session=False)
)


def is_spoken() -> ColumnElement[bool]:
    """Whether a message is a line of contact, bot or an agent that was said."""
    return _messages.c.kind.in_([MessageKind.INCOMING, MessageKind.OUTGOING]) & (_messages.c.author != Author.SYSTEM)


@cache
def open_turn_statement(dialect: str) -> Insert:
    """Opens a turn, or widens the one of the conversation that hasn't begun; one that has begun stays as it is."""
    new = insert_for(dialect, _turns)
    return new.on_conflict_do_update(
        index_elements=[_turns.c.conversation_id],
        index_where=OPEN_TURN,
        set_={
            "first_seq": _smaller(dialect)(_turns.c.first_seq, new.excluded.first_seq),
            "last_seq": _greater(dialect)(_turns.c.last_seq, new.excluded.last_seq),
            "due_at": _earlier(dialect, new.excluded.due_at),
        },
        where=_turns.c.status == TurnStatus.PENDING,
    )


def _smaller(dialect: str) -> Callable[..., ColumnElement[int]]:
    return func.min if dialect == "sqlite" else func.least


def _greater(dialect: str) -> Callable[..., ColumnElement[int]]:
    return func.max if dialect == "sqlite" else func.greatest


def _earlier(dialect: str, due_at: ColumnElement[datetime]) -> ColumnElement[datetime]:
    """`due_at`, or when the open turn has been waiting for `MAX_SETTLE`."""
    if dialect == "sqlite":
        seconds = int(MAX_SETTLE.total_seconds())
        longest = func.strftime("%Y-%m-%d %H:%M:%f000", _turns.c.created_at, f"+{seconds} seconds")
        return func.min(due_at, longest, type_=UtcDateTime)
    return func.least(due_at, _turns.c.created_at + literal(MAX_SETTLE, Interval), type_=UtcDateTime)
