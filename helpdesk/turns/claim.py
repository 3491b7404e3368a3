"""Taking a turn to work on: a lease in the database, and everything that is needed to answer without a transaction."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author
from helpdesk.conversations.bot_replies import TurnLease, TurnLine
from helpdesk.conversations.bot_reply import TurnQuestion
from helpdesk.conversations.log.transcript import MAX_LINES, Transcript, load_all_past_handoffs, transcript_of
from helpdesk.handoff.dialogue import CONTACT
from helpdesk.handoff.rules import PastHandoff
from helpdesk.turns import claim_statements as statements
from knowledge.message.clauses import MAX_CLAUSES
from store.db import Database
from store.failpoints import Failpoint, failpoint
from store.models import now
from store.status import Status

type TurnRow = Row[*tuple[Any, ...]]
type LogRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedTurn:
    """A turn that one worker holds. `text` are its messages, one a line; with a `payload` a button was pressed.

    `seqs` are the messages' numbers, `arrived_at` is when the first of them was stored; `opened_at` is that too, or
    when the reply before it was. `last_asked` is what was asked in the last turn that asked something, in order;
    `heard` is the conversation so far. `attempts` counts the workers that have held the turn, this one included.
    `attached` are the kinds of files and the like that came along. `is_waiting`: for a person, and the bot only keeps
    company. `foreign_language` is one that the contact has written and that isn't offered; they have been told so.
    """

    lease: TurnLease
    channel: str
    language: str
    formality: str
    last_article: str | None
    last_asked: tuple[TurnQuestion, ...]
    heard: Transcript
    text: str
    payload: str | None
    seqs: tuple[int, ...]
    arrived_at: datetime
    opened_at: datetime
    attempts: int
    attached: tuple[str, ...] = ()
    is_waiting: bool = False
    foreign_language: str | None = None

    @property
    def has_written(self) -> bool:
        """Whether the contact has said something in words before this turn."""
        first = self.seqs[0] if self.seqs else 0
        return any(line.author == CONTACT and line.seq < first and " " in line.text.strip() for line in self.heard.said)

    @property
    def turn_id(self) -> str:
        return self.lease.turn_id

    @property
    def conversation_id(self) -> str:
        return self.lease.conversation_id


async def claim_turns(db: Database, lease_owner: str, lease_seconds: float, limit: int) -> list[ClaimedTurn]:
    """Take up to `limit` turns, those first that have been due longest, and those whose worker has vanished.

    All that their answers need is read here, with four statements for however many turns.
    """
    failpoint(Failpoint.TURN_BEFORE_CLAIM)
    async with db.write(brief=True) as session:
        turns = await _take(session, lease_owner, lease_seconds, limit)
        claimed = await _load_claimed(session, turns, lease_owner) if turns else []
    if claimed:
        failpoint(Failpoint.TURN_AFTER_CLAIM)
    return claimed


async def _take(session: AsyncSession, lease_owner: str, lease_seconds: float, limit: int) -> list[TurnRow]:
    time = now()
    lease_until = time + timedelta(seconds=lease_seconds)
    taken = await session.execute(
        statements.TAKE_DUE,
        {"time": time, "most": limit, "lease_owner": lease_owner, "lease_until": lease_until},
    )
    return sorted(taken.all(), key=lambda turn: turn.due_at)


async def _load_claimed(session: AsyncSession, turns: Sequence[TurnRow], lease_owner: str) -> list[ClaimedTurn]:
    ids = [turn.conversation_id for turn in turns]
    logs = await _load_logs(session, ids)
    asked = await _load_last_asked(session, ids)
    handoffs = await load_all_past_handoffs(session, ids)
    return [
        _claimed(
            turn,
            logs[turn.conversation_id],
            asked.get(turn.conversation_id, ()),
            handoffs.get(turn.conversation_id, ()),
            lease_owner,
        )
        for turn in turns
        if turn.conversation_id in logs
    ]


async def _load_logs(session: AsyncSession, conversation_ids: Sequence[str]) -> dict[str, list[LogRow]]:
    """The newest lines of each conversation, in order, each with what the conversation and its contact are."""
    rows = await session.execute(statements.NEWEST_LINES, {"conversation_ids": conversation_ids})
    logs: defaultdict[str, list[LogRow]] = defaultdict(list)
    for row in rows:
        logs[row.conversation_id].append(row)
    return logs


def _claimed(
    turn: TurnRow,
    log: Sequence[LogRow],
    last_asked: tuple[TurnQuestion, ...],
    handoffs: tuple[PastHandoff, ...],
    lease_owner: str,
) -> ClaimedTurn:
    known = log[-1]
    spoken = [line for line in log if line.message_id is not None]
    lines = [line for line in spoken if _is_asked(line, turn, known.answered_seq)]
    if lines and lines[-1].facts.reopened:  # what was said after it is no part of the question
        spoken = [line for line in spoken if line.seq <= lines[-1].seq]
    return ClaimedTurn(
        lease=TurnLease(
            turn_id=turn.id,
            owner=lease_owner,
            conversation_id=turn.conversation_id,
            epoch=turn.epoch,
            first_seq=turn.first_seq,
            last_seq=turn.last_seq,
            read_to=known.last_seq,
            lines=tuple(TurnLine(id=line.message_id, seq=line.seq, facts=line.facts) for line in lines),
        ),
        channel=str(known.channel),
        language=known.language,
        formality=known.formality,
        last_article=known.last_article,
        last_asked=last_asked,
        heard=transcript_of(spoken[-MAX_LINES:], known.language, handoffs, important=known.important),
        text="\n".join(line.text for line in lines if line.text),
        payload=lines[-1].payload if lines else None,
        seqs=tuple(line.seq for line in lines),
        arrived_at=lines[0].created_at if lines else turn.created_at,
        opened_at=turn.created_at,
        attempts=turn.attempts,
        attached=tuple(dict.fromkeys(kind for line in lines for kind in line.facts.attached)),
        is_waiting=known.status == Status.QUEUED,
        foreign_language=known.foreign_language,
    )


def _is_asked(line: LogRow, turn: TurnRow, answered_seq: int) -> bool:
    """Whether a line is one that the turn answers: a new one, or an older one whose words have changed since."""
    is_within = turn.first_seq <= line.seq <= turn.last_seq
    is_open = line.seq > answered_seq or line.facts.reopened
    return is_within and is_open and line.author == Author.CONTACT and not line.facts.settled


async def _load_last_asked(
    session: AsyncSession, conversation_ids: Sequence[str]
) -> dict[str, tuple[TurnQuestion, ...]]:
    """What was asked in each conversation's last turn that asked something, by the conversation's id."""
    rows = await session.execute(statements.LAST_ASKED, {"conversation_ids": conversation_ids})
    found: defaultdict[str, list[TurnQuestion]] = defaultdict(list)
    for row in rows:
        found[row.conversation_id].append(_as_question(row))
    return {conversation_id: tuple(asked[-MAX_CLAUSES:]) for conversation_id, asked in found.items()}


def _as_question(row: LogRow) -> TurnQuestion:
    return TurnQuestion(
        text=row.text,
        language=row.language,
        outcome=row.outcome,
        article=row.article,
        confidence=row.confidence,
        candidates=row.candidates,
    )
