"""Known disturbances in a conversation: told once, before they are asked for, and answered first where they are."""

from collections.abc import Iterable

from sqlalchemy import select

from connectors.contract import Author
from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.notices.notice_store import NoticeView
from helpdesk.texts import Say
from store.models import MessageFacts, NoticeTelling, now


async def tell_notices(c: OpenConversation, notices: Iterable[NoticeView], *, is_asked: bool = False) -> int:
    """Tell those that this conversation has not been told of yet; how many these are.

    `is_asked`: the contact asks about what they concern. Where that is the first time since it was told, the contact
    is led back to what was said above. By mail nothing is told for itself: the answer holds it (`note_told`).
    """
    views = {view.id: view for view in notices}
    if not views or not c.conversation.channel.is_live:
        return 0
    told = await _load_told(c, views)
    fresh = [view for view in views.values() if view.id not in told]
    for view in fresh:
        message = await c.log.append_outgoing(
            Author.BOT,
            view.notice.text_in(c.conversation.language),
            author_name=c.settings.bot_name,
            facts=MessageFacts(aside="notice"),
        )
        asked_at = now() if is_asked else None
        c.session.add(
            NoticeTelling(conversation_id=c.conversation.id, notice_id=view.id, seq=message.seq, asked_at=asked_at)
        )
    asked_first = [telling for telling in told.values() if is_asked and telling.asked_at is None]
    for telling in asked_first:
        telling.asked_at = now()
    if asked_first and not fresh:
        await c.log.append_outgoing(Author.BOT, c.say(Say.NOTICE_ABOVE), author_name=c.settings.bot_name)
    return len(fresh)


async def find_untold(c: OpenConversation, notices: Iterable[NoticeView]) -> list[NoticeView]:
    """Those that this conversation has not been told of yet, each once."""
    views = {view.id: view for view in notices}
    told = await _load_told(c, views) if views else {}
    return [view for view in views.values() if view.id not in told]


def note_told(c: OpenConversation, view: NoticeView, seq: int, *, is_asked: bool) -> None:
    """Keep that line `seq`, which says other things too, has told of it."""
    asked_at = now() if is_asked else None
    c.session.add(NoticeTelling(conversation_id=c.conversation.id, notice_id=view.id, seq=seq, asked_at=asked_at))


async def _load_told(c: OpenConversation, ids: Iterable[str]) -> dict[str, NoticeTelling]:
    rows = await c.session.scalars(
        select(NoticeTelling).where(
            NoticeTelling.conversation_id == c.conversation.id, NoticeTelling.notice_id.in_(list(ids))
        )
    )
    return {row.notice_id: row for row in rows}
