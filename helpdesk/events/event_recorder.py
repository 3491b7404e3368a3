"""Records events with what they tell: stored together or not at all, and nothing while no program wants any."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.events.event_kinds import EventNote, has_incoming, notes_of
from store.db import Database
from store.freshness import Freshness
from store.models import ApiKey, Conversation, ConversationEvent, Message, MessageKind, WebhookDelivery, WebhookRecord

#: The scope of keys that may read the stream of events.
EVENTS_SCOPE = "events"
#: Who listens is read again after so long, should the word of a change have been lost.
_KNOWN_FOR_SECONDS = 600.0
#: Names the lock under which events get their numbers on PostgreSQL.
_LOCK = 0x57AFFE1E


@dataclass(frozen=True, slots=True, kw_only=True)
class EventAudience:
    """Who wants events: the kinds each webhook has chosen, by its id, and whether a key may read the stream."""

    webhooks: tuple[tuple[str, frozenset[str]], ...] = ()
    has_readers: bool = False

    def wants(self, kind: str) -> bool:
        """Whether anybody does."""
        return self.has_readers or any(kind in kinds for _, kinds in self.webhooks)


class EventRecorder:
    """Knows from memory who wants events; costs a transaction no statement while nobody does."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._is_fresh = Freshness(db.feed, ("webhooks", "api_keys"), seconds=_KNOWN_FOR_SECONDS)
        self._audience = EventAudience()

    async def record(
        self,
        session: AsyncSession,
        conversation: Conversation,
        lines: Sequence[Message],
        notes: Sequence[EventNote],
    ) -> None:
        """Store what the new `lines` and the `notes` tell, and a delivery for each webhook that wants it.

        To be called last in the transaction: from here to the commit no other transaction records an event, so that
        numbers rise in the order in which they can be read.
        """
        if not lines and not notes:
            return
        audience = await self._load_audience(session)
        if not audience.webhooks and not audience.has_readers:
            return
        await session.flush()
        found = [*notes_of(lines, is_new=await _is_first(session, conversation, lines)), *notes]
        wanted = [_event(conversation, note) for note in found if audience.wants(note.kind)]
        if wanted:
            await self._store(session, wanted, audience)

    async def _store(self, session: AsyncSession, events: Sequence[ConversationEvent], audience: EventAudience) -> None:
        if not self._db.is_sqlite:
            await session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        session.add_all(events)
        await session.flush()
        session.add_all(
            WebhookDelivery(webhook_id=webhook, event_number=event.number)
            for event in events
            for webhook, kinds in audience.webhooks
            if event.kind in kinds
        )

    async def _load_audience(self, session: AsyncSession) -> EventAudience:
        if not self._is_fresh:
            mark = self._is_fresh.begin()
            rows = (
                await session.execute(select(WebhookRecord.id, WebhookRecord.kinds).where(WebhookRecord.is_on))
            ).all()
            scopes = await session.scalars(select(ApiKey.scopes).where(ApiKey.revoked_at.is_(None)))
            self._audience = EventAudience(
                webhooks=tuple((webhook, frozenset(kinds)) for webhook, kinds in rows),
                has_readers=any(EVENTS_SCOPE in some for some in scopes),
            )
            self._is_fresh.renew(mark)
        return self._audience


async def _is_first(session: AsyncSession, conversation: Conversation, lines: Sequence[Message]) -> bool:
    """Whether the contact has written now and never before."""
    if not has_incoming(lines):
        return False
    earlier = select(Message.id).where(
        Message.conversation_id == conversation.id, Message.kind == MessageKind.INCOMING, Message.seq < lines[0].seq
    )
    return await session.scalar(earlier.limit(1)) is None


def _event(conversation: Conversation, note: EventNote) -> ConversationEvent:
    return ConversationEvent(
        kind=str(note.kind),
        conversation_id=conversation.id,
        channel=str(conversation.channel),
        language=conversation.language,
        seq=note.seq,
        facts=note.facts,
    )
