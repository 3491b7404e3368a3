"""Conversations of past days whose figures were worked out by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectors.contract import Author, Channel
from store.db import Database
from store.models import (
    Activity,
    AskedQuestion,
    Contact,
    Conversation,
    Feedback,
    Handoff,
    Message,
    MessageFacts,
    MessageKind,
    MoodRecord,
    new_id,
)
from store.status import Event, Status

_KINDS = {
    Author.CONTACT: MessageKind.INCOMING,
    Author.BOT: MessageKind.OUTGOING,
    Author.AGENT: MessageKind.OUTGOING,
    Author.SYSTEM: MessageKind.ACTIVITY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDay:
    """One conversation; times are minutes after `at`.

    `said` are (minutes, author, frustration), `asked` are (minutes, article, helped), a `handoff` is (asked, accepted,
    ended), `resolved` when it was closed.
    """

    at: datetime
    customer: str
    said: Sequence[tuple[float, Author, float | None]] = ()
    asked: Sequence[tuple[float, str | None, bool | None]] = ()
    handoff: tuple[float, float | None, float | None] | None = None
    agent: str | None = None
    team: str | None = None
    topic: str | None = None
    resolved: float | None = None
    channel: Channel = Channel.WEBCHAT
    language: str = "de"
    id: str = field(default_factory=new_id)


async def store_past_days(db: Database, days: Sequence[PastDay]) -> None:
    """Store them; the same customer's later conversations are of the same contact."""
    contacts: dict[str, str] = {}
    async with db.write() as session:
        for one in days:
            if one.customer not in contacts:
                contact = Contact(channel=one.channel, account="default", external_id=one.customer, created_at=one.at)
                session.add(contact)
                await session.flush()
                contacts[one.customer] = contact.id
            lines = _lines(one)
            last = max((line.created_at for line in lines), default=one.at)
            session.add(
                Conversation(
                    id=one.id,
                    contact_id=contacts[one.customer],
                    channel=one.channel,
                    account="default",
                    chat_id=one.id,
                    status=Status.RESOLVED if one.resolved is not None else Status.BOT,
                    language=one.language,
                    last_seq=len(lines),
                    answered_seq=len(lines),
                    created_at=one.at,
                    changed_at=last,
                )
            )
            await session.flush()
            session.add_all([*lines, *_questions(one), *_handoffs(one)])


def _lines(one: PastDay) -> list[Message]:
    said = [*one.said, *([(one.resolved, Author.SYSTEM, None)] if one.resolved is not None else [])]
    return [
        Message(
            conversation_id=one.id,
            seq=seq,
            epoch=1,
            kind=_KINDS[author],
            author=author,
            text="…",
            facts=MessageFacts(
                mood=None if felt is None else MoodRecord(frustration=felt, abuse=0.0),
                activity=Activity(event=str(Event.RESOLVE)) if author is Author.SYSTEM else None,
            ),
            created_at=one.at + timedelta(minutes=minutes),
        )
        for seq, (minutes, author, felt) in enumerate(sorted(said, key=lambda line: line[0]), start=1)
    ]


def _questions(one: PastDay) -> list[AskedQuestion | Feedback]:
    found: list[AskedQuestion | Feedback] = []
    for minutes, article, helped in one.asked:
        at = one.at + timedelta(minutes=minutes)
        found.append(
            AskedQuestion(
                conversation_id=one.id,
                turn_id=new_id(),
                seq=1,
                text="…",
                language=one.language,
                outcome="answer" if article else "none",
                article=article,
                asked_at=at,
            )
        )
        if helped is not None:
            word_at = at + timedelta(seconds=30)
            found.append(
                Feedback(conversation_id=one.id, turn_id=new_id(), article=article, helpful=helped, created_at=word_at)
            )
    return found


def _handoffs(one: PastDay) -> list[Handoff]:
    if one.handoff is None:
        return []
    asked, accepted, ended = (None if each is None else one.at + timedelta(minutes=each) for each in one.handoff)
    assert asked is not None
    return [
        Handoff(
            conversation_id=one.id,
            asked_at=asked,
            accepted_at=accepted,
            accepted_by=one.agent if accepted else None,
            ended_at=ended,
            team_id=one.team,
            topic=one.topic,
        )
    ]
