"""A block holds for the person: whoever becomes the same person is blocked too, and let in again with the undo."""

from collections.abc import Collection, Sequence

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from store.models import Contact, ContactMerge, Conversation


async def spread_block(session: AsyncSession, contacts: Sequence[Contact]) -> list[str]:
    """Block whoever of one person isn't yet, as the one who is; the ids of those that were not."""
    blocked = sorted((one for one in contacts if one.blocked_at is not None), key=lambda one: one.blocked_at or 0)
    if not blocked:
        return []
    source, reached = blocked[0], [one for one in contacts if one.blocked_at is None]
    for contact in reached:
        contact.blocked_at, contact.blocked_by = source.blocked_at, source.blocked_by
        contact.blocked_reason, contact.block_told_at = source.blocked_reason, None
    await mark_conversations(session, [one.id for one in reached], is_blocked=True)
    return [one.id for one in reached]


async def lift_spread_block(
    session: AsyncSession, contacts: Sequence[Contact], merges: Collection[ContactMerge]
) -> list[str]:
    """Let those in again of whom nobody is blocked for what they did themselves; their ids.

    `contacts` are one person; `merges` are those that a block can have come by. A block that was said after such a
    merge was said of the person as they were then, and stays.
    """
    blocked = [one for one in contacts if one.blocked_at is not None]
    if any(not _came_by(one, merges) for one in blocked):
        return []
    await unblock(session, blocked)
    return [one.id for one in blocked]


async def unblock(session: AsyncSession, contacts: Sequence[Contact]) -> None:
    """Nobody has blocked these any more."""
    for contact in contacts:
        contact.blocked_at = contact.blocked_by = contact.blocked_reason = contact.block_told_at = None
    await mark_conversations(session, [one.id for one in contacts], is_blocked=False)


async def mark_conversations(session: AsyncSession, contact_ids: Sequence[str], *, is_blocked: bool) -> None:
    """Mark every conversation of these contacts, so that whoever has the conversation's row knows."""
    if contact_ids:
        marked = update(Conversation).where(Conversation.contact_id.in_(contact_ids))
        await session.execute(marked.values(is_blocked=is_blocked))


def _came_by(contact: Contact, merges: Collection[ContactMerge]) -> bool:
    return any(
        contact.id in merge.blocked and contact.blocked_at is not None and contact.blocked_at < merge.created_at
        for merge in merges
    )
