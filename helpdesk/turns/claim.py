"""Taking a turn to work on: a lease in the database, and everything that is needed to answer without a transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.conversations.bot_replies import load_turn_messages
from helpdesk.conversations.bot_reply import TurnQuestion
from knowledge.message.clauses import MAX_CLAUSES
from store.db import Database
from store.failpoints import Failpoint, failpoint
from store.models import AskedQuestion, Conversation, Turn, TurnStatus, now


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedTurn:
    """A turn that one worker holds. `text` are its messages, one a line; with a `payload` a button was pressed.

    `seqs` are the messages' numbers, `arrived_at` is when the first of them was stored; `opened_at` is that too, or
    when the reply before it was. `last_asked` is what was asked in the last turn that asked something, in order.
    `attempts` counts the workers that have held the turn, this one included.
    """

    turn_id: str
    lease_owner: str
    conversation_id: str
    channel: str
    language: str
    formality: str
    last_article: str | None
    last_asked: tuple[TurnQuestion, ...]
    text: str
    payload: str | None
    seqs: tuple[int, ...]
    arrived_at: datetime
    opened_at: datetime
    attempts: int


async def claim_turns(db: Database, lease_owner: str, lease_seconds: float, limit: int) -> list[ClaimedTurn]:
    """Take up to `limit` turns, those first that have been due longest, and those whose worker has vanished."""
    failpoint(Failpoint.TURN_BEFORE_CLAIM)
    time = now()
    due = or_(
        (Turn.status == TurnStatus.PENDING) & (Turn.due_at <= time),
        (Turn.status == TurnStatus.RUNNING) & (Turn.lease_until < time),
    )
    async with db.write() as session:
        turns = await session.scalars(
            select(Turn).where(due).order_by(Turn.due_at).limit(limit).with_for_update(skip_locked=True)
        )
        claimed = []
        for turn in turns.all():
            turn.status, turn.attempts = TurnStatus.RUNNING, turn.attempts + 1
            turn.lease_owner, turn.lease_until = lease_owner, time + timedelta(seconds=lease_seconds)
            claimed.append(await _load_claimed(session, turn, lease_owner))
    if claimed:
        failpoint(Failpoint.TURN_AFTER_CLAIM)
    return claimed


async def _load_claimed(session: AsyncSession, turn: Turn, lease_owner: str) -> ClaimedTurn:
    messages = await load_turn_messages(session, turn)
    conversation = await session.get_one(Conversation, turn.conversation_id)
    return ClaimedTurn(
        turn_id=turn.id,
        lease_owner=lease_owner,
        conversation_id=conversation.id,
        channel=str(conversation.channel),
        language=conversation.language,
        formality=conversation.formality,
        last_article=conversation.last_article,
        last_asked=await _load_last_asked(session, conversation.id),
        text="\n".join(message.text for message in messages),
        payload=messages[-1].payload if messages else None,
        seqs=tuple(message.seq for message in messages),
        arrived_at=messages[0].created_at if messages else turn.created_at,
        opened_at=turn.created_at,
        attempts=turn.attempts,
    )


async def _load_last_asked(session: AsyncSession, conversation_id: str) -> tuple[TurnQuestion, ...]:
    rows = await session.scalars(
        select(AskedQuestion)
        .where(AskedQuestion.conversation_id == conversation_id)
        .order_by(AskedQuestion.asked_at.desc(), AskedQuestion.id.desc())
        .limit(MAX_CLAUSES)
    )
    found = list(rows)
    return tuple(_as_question(row) for row in reversed(found) if row.turn_id == found[0].turn_id)


def _as_question(row: AskedQuestion) -> TurnQuestion:
    return TurnQuestion(
        text=row.text,
        language=row.language,
        outcome=row.outcome,
        article=row.article,
        confidence=row.confidence,
        candidates=row.candidates,
    )
