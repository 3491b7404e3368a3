"""How many conversations each list of the desk holds. Each statement is built once for an agent: desks ask all day."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, func, select, true

from helpdesk.conversations.follow_ups.cards import concerns as follows_up
from helpdesk.conversations.promises.register import concerns
from helpdesk.conversations.visibility import is_visible_to
from helpdesk.views.timeline.cards import AGENTS_KEPT, DeskView, shows
from store.models import Conversation, FollowUp, Promise
from store.status import Status

_UNRESOLVED = [status for status in Status if status is not Status.RESOLVED]
"""Said one by one, so that an index finds them: those that are resolved are nearly all after some months."""
_COUNTED = (DeskView.QUEUE, DeskView.MINE, DeskView.OPEN, DeskView.SNOOZED, DeskView.MENTIONS)


@lru_cache(AGENTS_KEPT)
def count_lists(agent_id: str) -> Select[*tuple[Any, ...]]:
    """One row: how many are in each list, by its name, and how many of mine have something `unread`."""
    listed = {str(view): shows(view, agent_id, true()) for view in _COUNTED}
    is_unread = listed[DeskView.MINE] & (Conversation.agent_seen_seq < Conversation.last_seq)
    wanted = listed | {"unread": is_unread}
    return select(*(func.count().filter(each).label(name) for name, each in wanted.items())).where(
        Conversation.status.in_(_UNRESOLVED), is_visible_to(agent_id)
    )


@lru_cache(AGENTS_KEPT)
def count_promises(agent_id: str) -> Select[int, int, int]:
    """One row: promises to keep, those of them that are due or broken, and follow-ups."""
    due = func.count(func.coalesce(Promise.broken_at, Promise.reminded_at))
    asking = select(func.count(FollowUp.id)).where(follows_up(agent_id)).scalar_subquery()
    return select(func.count(), due, asking).where(concerns(agent_id))
