"""One page of a list of the desk: what is searched and filtered, in which order, and how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.search import FoundLine, Query, load_found_lines, load_matches
from helpdesk.views.masking import load_reader
from helpdesk.views.timeline.cards import (
    AGENTS_KEPT,
    CARD_COLUMNS,
    ConversationCard,
    DeskView,
    card_for,
    card_of,
    is_offered,
    load_previews,
    select_cards,
)
from helpdesk.views.timeline.filters import ConversationFilter, select_readable
from helpdesk.views.timeline.keyset import SortKey, cursor_of, is_after
from store.models import Contact, Conversation, ConversationNumber, Handoff

MAX_PAGE = 200
#: So many are counted; beyond that the list says that there are more.
MAX_COUNTED = 1_000


class Sort(StrEnum):
    """The order of a list. `routing`: as offers are made; `wait`: who waits longest; `last`, `opened`: newest first."""

    ROUTING = "routing"
    WAIT = "wait"
    LAST = "last"
    OPENED = "opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What an agent wants to see listed."""

    view: DeskView
    agent_id: str
    query: Query = field(default_factory=Query)
    filter: ConversationFilter = field(default_factory=ConversationFilter)
    sort: Sort | None = None

    @property
    def order(self) -> Sort:
        """As it was wished, or as suits the list."""
        return self.sort or (Sort.ROUTING if self.view is DeskView.QUEUE else Sort.LAST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of cards; `lines` are those that show what was found, by conversation; `after` leads to the next page.

    `count` is how many there are in all, at most `MAX_COUNTED`; `None` where nobody asked.
    """

    cards: Sequence[ConversationCard]
    lines: dict[str, FoundLine]
    after: str | None
    count: int | None = None
    has_more: bool = False


async def load_page(
    session: AsyncSession, wanted: Listing, *, after: str | None, limit: int, counted: bool = False
) -> Page:
    """A page of at most `limit` cards. Raises `Invalid` for an unknown `after`."""
    keys = _keys(wanted)
    if after is None and not wanted.query.terms and not counted:
        count, query = None, select_first_page(wanted, limit)
    else:
        conditions = [*select_readable(wanted.view, wanted.agent_id, wanted.filter)]
        if wanted.query.terms:
            matches = await load_matches(session, wanted.query)
            conditions.append(matches.has(ConversationNumber.number))
        count = await _count(session, conditions) if counted else None
        query = _select_page(keys, conditions, after, limit)
    rows = (await session.execute(query)).all()
    shown = rows[:limit]
    numbers = {row[0].id: row.number for row in shown}
    previews = await load_previews(session, list(numbers))
    reader = await load_reader(session, wanted.agent_id)
    masks = {row[0].id: reader.mask(row[0].id, row[0].agent_id) for row in shown}
    cards = (card_of(*row[:CARD_COLUMNS], preview=previews.get(row[0].id, "")) for row in shown)
    return Page(
        cards=[card_for(reader, card) for card in cards],
        lines=await load_found_lines(session, numbers, wanted.query, masks),
        after=cursor_of([shown[-1]._mapping[key.name] for key in keys]) if len(rows) > limit else None,
        count=None if count is None else min(count, MAX_COUNTED),
        has_more=count is not None and count > MAX_COUNTED,
    )


@lru_cache(AGENTS_KEPT)
def select_first_page(wanted: Listing, limit: int) -> Select[Any]:
    """The first page of a list in which nothing is searched: what desks fetch again all day, so it is built once."""
    return _select_page(_keys(wanted), [*select_readable(wanted.view, wanted.agent_id, wanted.filter)], None, limit)


def _select_page(
    keys: Sequence[SortKey], conditions: Sequence[ColumnElement[bool]], after: str | None, limit: int
) -> Select[Any]:
    """The cards of a page, and one more where there is a next; what they show is read of these only."""
    chosen = (
        select(Conversation.id.label("id"), ConversationNumber.number.label("number"))
        .add_columns(*(key.value.label(key.name) for key in keys if key.name not in {"id", "number"}))
        .join(ConversationNumber, ConversationNumber.conversation_id == Conversation.id)
        .where(*conditions)
        .order_by(*(key.ordered(key.value) for key in keys))
        .limit(limit + 1)
    )
    if any(key.name in _OF_HANDOFF for key in keys):
        is_live = (Handoff.conversation_id == Conversation.id) & Handoff.ended_at.is_(None)
        chosen = chosen.join(Contact, Contact.id == Conversation.contact_id).outerjoin(Handoff, is_live)
    if after is not None:
        chosen = chosen.where(is_after(keys, after))
    page = chosen.subquery()
    query = select_cards().join(page, page.c.id == Conversation.id).add_columns(page)
    return query.order_by(*(key.ordered(page.c[key.name]) for key in keys))


_OF_HANDOFF = frozenset({"asked_at", "urgency"})


def _keys(wanted: Listing) -> tuple[SortKey, ...]:
    last = SortKey(name="id", value=Conversation.id)
    asked_at = SortKey(name="asked_at", value=func.coalesce(Handoff.asked_at, Conversation.changed_at))
    match wanted.order:
        case Sort.ROUTING:
            mine = case((is_offered(wanted.agent_id), 0), else_=1)
            urgency = func.coalesce(Handoff.urgency, 0)
            return (
                SortKey(name="mine", value=mine),
                SortKey(name="urgency", value=urgency, is_descending=True),
                SortKey(name="unimportant", value=case((Contact.important, 0), else_=1)),
                asked_at,
                last,
            )
        case Sort.WAIT:
            waits = case((Handoff.id.is_(None), 1), else_=0)
            return (SortKey(name="waits", value=waits), asked_at, last)
        case Sort.LAST:
            return (
                SortKey(name="changed_at", value=Conversation.changed_at, is_descending=True),
                SortKey(name="id", value=Conversation.id, is_descending=True),
            )
        case Sort.OPENED:
            return (SortKey(name="number", value=ConversationNumber.number, is_descending=True),)


async def _count(session: AsyncSession, conditions: Sequence[ColumnElement[bool]]) -> int:
    some = (
        select(Conversation.id)
        .join(ConversationNumber, ConversationNumber.conversation_id == Conversation.id)
        .where(*conditions)
        .limit(MAX_COUNTED + 1)
        .subquery()
    )
    return await session.scalar(select(func.count()).select_from(some)) or 0
