"""Tags of conversations: set, taken away, listed with their counts, looked after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.conversations.lookups import load_agent
from helpdesk.conversations.unit_of_work import OpenConversation
from knowledge.normalization import words
from store.db import Database
from store.errors import Conflict, Invalid, NotFound
from store.models import Conversation, ConversationTag, Tag, TagColor
from store.status import Status

MAX_NAME = 40
MAX_TAGS = 500
"""In all."""
MAX_OF_CONVERSATION = 20

_BETWEEN = "|"
_COLORS = (TagColor.ACCENT, TagColor.OK, TagColor.WARN, TagColor.PLAIN)
"""What new tags get in turn; red is for who looks after them to give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagMark:
    """A tag as it is shown; `color` is a look of the theme's badges."""

    id: str
    name: str
    color: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TagFigures:
    """A tag with how many conversations have it: all that are kept, those that are open, those tagged since a time."""

    mark: TagMark
    count: int
    open: int
    lately: int


async def add_tag(c: OpenConversation, agent_id: str, name: str) -> None:
    """Give the conversation a tag, a new one if none has this name. Raises `Invalid`, `Conflict`, `NotFound`."""
    await load_agent(c.session, agent_id)
    tidied, key = _tidied(name)
    tag_id = await c.session.scalar(select(Tag.id).where(Tag.key == key))
    if tag_id is None:
        count = await c.session.scalar(select(func.count()).select_from(Tag)) or 0
        if count >= MAX_TAGS:
            raise Conflict("There are too many tags already.", code="tags_too_many")
        tag = Tag(name=tidied, key=key, color=_COLORS[count % len(_COLORS)])
        c.session.add(tag)
        await c.session.flush()
        tag_id = tag.id
    has = set(
        await c.session.scalars(
            select(ConversationTag.tag_id).where(ConversationTag.conversation_id == c.conversation.id)
        )
    )
    if tag_id in has:
        return
    if len(has) >= MAX_OF_CONVERSATION:
        raise Conflict("The conversation has too many tags already.", code="tags_too_many")
    c.session.add(ConversationTag(conversation_id=c.conversation.id, tag_id=tag_id))


async def remove_tag(c: OpenConversation, agent_id: str, tag_id: str) -> None:
    """Take a tag away; that it isn't there is no fault. Raises `NotFound`."""
    await load_agent(c.session, agent_id)
    await c.session.execute(
        delete(ConversationTag).where(
            ConversationTag.conversation_id == c.conversation.id, ConversationTag.tag_id == tag_id
        )
    )


async def find_tag(session: AsyncSession, name: str) -> str | None:
    """The id of the tag with this name, however it is written. Raises `Invalid`."""
    return await session.scalar(select(Tag.id).where(Tag.key == _tidied(name)[1]))


async def load_tags(session: AsyncSession, ids: Sequence[str]) -> dict[str, tuple[TagMark, ...]]:
    """The tags of conversations by name; who has none is not there."""
    rows = await session.execute(
        select(ConversationTag.conversation_id, Tag)
        .join(Tag, Tag.id == ConversationTag.tag_id)
        .where(ConversationTag.conversation_id.in_(ids))
        .order_by(Tag.key)
    )
    found: dict[str, tuple[TagMark, ...]] = {}
    for conversation_id, tag in rows:
        found[conversation_id] = (*found.get(conversation_id, ()), mark_of(tag))
    return found


def tags_in_row() -> ScalarSelect[str]:
    """A conversation's tags as a column of a query over conversations, for `read_marks`: no statement of their own."""
    written = Tag.id + _BETWEEN + Tag.color + _BETWEEN + Tag.name
    return (
        select(func.aggregate_strings(written, "\n"))
        .join(ConversationTag, ConversationTag.tag_id == Tag.id)
        .where(ConversationTag.conversation_id == Conversation.id)
        .correlate(Conversation)
        .scalar_subquery()
    )


def read_marks(row: str | None) -> tuple[TagMark, ...]:
    """The tags that `tags_in_row` has brought, by name."""
    parts = (line.split(_BETWEEN, 2) for line in (row or "").split("\n") if line)
    marks = (TagMark(id=id_, name=name, color=color) for id_, color, name in parts)
    return tuple(sorted(marks, key=lambda mark: words(mark.name)))


async def load_tag_figures(db: Database, since: datetime) -> list[TagFigures]:
    """All tags with their counts, the most used first."""
    is_open = Conversation.status != Status.RESOLVED
    counted = (
        select(
            Tag,
            func.count(ConversationTag.conversation_id),
            func.count(ConversationTag.conversation_id).filter(is_open),
            func.count(ConversationTag.conversation_id).filter(ConversationTag.tagged_at >= since),
        )
        .outerjoin(ConversationTag, ConversationTag.tag_id == Tag.id)
        .outerjoin(Conversation, Conversation.id == ConversationTag.conversation_id)
        .group_by(Tag.id)
    )
    async with db.read() as session:
        rows = (await session.execute(counted)).all()
    found = [TagFigures(mark=mark_of(tag), count=count, open=open_, lately=new) for tag, count, open_, new in rows]
    return sorted(found, key=lambda one: (-one.count, one.mark.name.casefold()))


async def change_tag(db: Database, tag_id: str, name: str, color: TagColor) -> None:
    """Rename a tag or colour it; with another one's name the two become one. Raises `Invalid`, `NotFound`."""
    tidied, key = _tidied(name)
    async with db.write() as session:
        tag = await _get(session, tag_id)
        other = await session.scalar(select(Tag).where(Tag.key == key, Tag.id != tag_id))
        if other is not None:
            await _join(session, tag, into=other)
            tag = other
        tag.name, tag.key, tag.color = tidied, key, color


async def forget_tag(db: Database, tag_id: str) -> None:
    """Take a tag away everywhere. Raises `NotFound`."""
    async with db.write() as session:
        tag = await _get(session, tag_id)
        await session.execute(delete(ConversationTag).where(ConversationTag.tag_id == tag_id))
        await session.delete(tag)


def mark_of(tag: Tag) -> TagMark:
    """The tag as it is shown."""
    return TagMark(id=tag.id, name=tag.name, color=tag.color)


async def _join(session: AsyncSession, tag: Tag, *, into: Tag) -> None:
    already = select(ConversationTag.conversation_id).where(ConversationTag.tag_id == into.id)
    mine = ConversationTag.tag_id == tag.id
    await session.execute(
        update(ConversationTag)
        .where(mine, ConversationTag.conversation_id.not_in(already))
        .values(tag_id=into.id)
        .execution_options(synchronize_session=False)
    )
    await session.execute(delete(ConversationTag).where(mine))
    await session.delete(tag)
    await session.flush()


async def _get(session: AsyncSession, tag_id: str) -> Tag:
    tag = await session.get(Tag, tag_id, with_for_update=True)
    if tag is None:
        raise NotFound("There is no such tag.")
    return tag


def _tidied(name: str) -> tuple[str, str]:
    tidied = " ".join(name.split()).lstrip("#").strip()
    key = "".join(words(tidied))
    if not key or len(tidied) > MAX_NAME:
        raise Invalid("A tag has a name of 1 to 40 characters.", code="tag_name")
    return tidied, key[:80]
