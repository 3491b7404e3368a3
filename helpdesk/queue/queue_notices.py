"""Tells those who wait for a person of a disturbance that becomes known meanwhile, if it is what they asked about."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author
from helpdesk.conversations import Conversations
from helpdesk.conversations.disturbances import tell_notices
from helpdesk.notices.current_notices import CurrentNotices
from helpdesk.notices.notice_store import NoticeView
from helpdesk.notices.topic_match import names_one
from store.errors import NotFound
from store.models import Conversation, Handoff, Message, NoticeTelling
from store.status import Status

MAX_WAITING = 500
_LINES_BEFORE = 10
"""Lines before the request for a person that may say what it is about."""


class QueueNotices:
    """Looks through the queue once for each notice, when it begins to be told or is changed."""

    def __init__(self, conversations: Conversations, notices: CurrentNotices) -> None:
        self._conversations = conversations
        self._notices = notices
        self._told: frozenset[tuple[str, str]] = frozenset()

    async def look(self) -> int:
        """Tell whoever should hear of it, each once, however many instances look; how many were told."""
        views = {(view.id, view.changed_at.isoformat()): view for view in await self._notices.look()}
        fresh = [view for key, view in views.items() if key not in self._told]
        told = 0
        for view in fresh:
            told += await self._tell(view)
        self._told = frozenset(views)
        return told

    async def _tell(self, view: NoticeView) -> int:
        async with self._conversations.db.read() as session:
            concerned = await _find_concerned(session, view)
        told = 0
        for conversation_id in concerned:
            with suppress(NotFound):  # erased meanwhile
                async with self._conversations.open(conversation_id) as c:
                    if c.conversation.status == Status.QUEUED:
                        told += await tell_notices(c, (view,), is_asked=True)
        return told


async def _find_concerned(session: AsyncSession, view: NoticeView) -> list[str]:
    """The waiting conversations that are about it and have not been told: by their topic, or by the contact's words."""
    told = select(NoticeTelling.conversation_id).where(NoticeTelling.notice_id == view.id)
    rows = await session.execute(
        select(Conversation.id, Handoff.topic, Handoff.asked_seq)
        .join(Handoff, (Handoff.conversation_id == Conversation.id) & Handoff.ended_at.is_(None))
        .where(Conversation.status == Status.QUEUED, Conversation.id.not_in(told))
        .limit(MAX_WAITING)
    )
    waiting = [(conversation_id, topic, seq) for conversation_id, topic, seq in rows]
    texts = await _load_texts(session, {conversation_id: seq for conversation_id, _, seq in waiting})
    wanted = view.notice
    return [
        conversation_id
        for conversation_id, topic, _ in waiting
        if topic in wanted.categories or names_one(" \n".join(texts[conversation_id]), wanted.words)
    ]


async def _load_texts(session: AsyncSession, asked_seqs: dict[str, int]) -> defaultdict[str, list[str]]:
    """What the contacts have written shortly before they asked for a person, and since, by conversation."""
    rows = await session.execute(
        select(Message.conversation_id, Message.seq, Message.text).where(
            Message.conversation_id.in_(asked_seqs), Message.author == Author.CONTACT
        )
    )
    return _gathered((row.conversation_id, row.text) for row in rows if row.seq > asked_seqs[row[0]] - _LINES_BEFORE)


def _gathered(pairs: Iterable[tuple[str, str]]) -> defaultdict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for key, text in pairs:
        found[key].append(text)
    return found
