"""The statements of a claim, in Core and built once: building one anew, and rows as entities, cost more than SQLite."""

from sqlalchemy import bindparam, func, or_, select, update

from helpdesk.conversations.log.statements import is_spoken
from store.models import (
    AskedQuestion,
    Contact,
    Conversation,
    Message,
    Turn,
    TurnStatus,
    UtcDateTime,
    table_of,
)

READ_BACK = 100  # lines before the newest that are read: among them are all that the rules look at

_turns = table_of(Turn)
_conversations = table_of(Conversation)
_contacts = table_of(Contact)
_messages = table_of(Message)
_asked = table_of(AskedQuestion)

_time = bindparam("time", type_=UtcDateTime)
_is_due = or_(
    (_turns.c.status == TurnStatus.PENDING) & (_turns.c.due_at <= _time),
    (_turns.c.status == TurnStatus.RUNNING) & (_turns.c.lease_until < _time),
)
_due = (
    select(_turns.c.id)
    .where(_is_due)
    .order_by(_turns.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("due")
)

#: Takes up to `most` turns that are due at `time` for `lease_owner` until `lease_until`.
TAKE_DUE = (
    update(_turns)
    .where(_turns.c.id.in_(select(_due.c.id)))
    .values(status=TurnStatus.RUNNING, attempts=_turns.c.attempts + 1)
    .returning(
        _turns.c.id,
        _turns.c.conversation_id,
        _turns.c.epoch,
        _turns.c.first_seq,
        _turns.c.last_seq,
        _turns.c.attempts,
        _turns.c.due_at,
        _turns.c.created_at,
    )
)

_is_new = (_messages.c.conversation_id == _conversations.c.id) & (
    _messages.c.seq > _conversations.c.last_seq - READ_BACK
)

#: The newest lines of `conversation_ids`, in order, each beside what its conversation and its contact are.
NEWEST_LINES = (
    select(
        _conversations.c.id.label("conversation_id"),
        _conversations.c.channel,
        _conversations.c.language,
        _conversations.c.foreign_language,
        _conversations.c.formality,
        _conversations.c.last_article,
        _conversations.c.last_seq,
        _conversations.c.answered_seq,
        _conversations.c.status,
        _contacts.c.important,
        _messages.c.id.label("message_id"),
        _messages.c.seq,
        _messages.c.author,
        _messages.c.text,
        _messages.c.payload,
        _messages.c.article,
        _messages.c.data.label("facts"),
        _messages.c.created_at,
    )
    .join(_contacts, _contacts.c.id == _conversations.c.contact_id)
    .outerjoin(_messages, _is_new & is_spoken())
    .where(_conversations.c.id.in_(bindparam("conversation_ids", expanding=True)))
    .order_by(_conversations.c.id, _messages.c.seq)
)

_newest = (
    select(_asked.c.conversation_id, func.max(_asked.c.seq).label("seq"))
    .where(_asked.c.conversation_id.in_(bindparam("conversation_ids", expanding=True)))
    .group_by(_asked.c.conversation_id)
    .subquery()
)

#: What was asked in the last turn of each of `conversation_ids` that asked something, in order.
LAST_ASKED = (
    select(
        _asked.c.conversation_id,
        _asked.c.text,
        _asked.c.language,
        _asked.c.outcome,
        _asked.c.article,
        _asked.c.confidence,
        _asked.c.candidates,
    )
    .join(_newest, (_newest.c.conversation_id == _asked.c.conversation_id) & (_newest.c.seq == _asked.c.seq))
    .order_by(_asked.c.asked_at, _asked.c.id)
)
