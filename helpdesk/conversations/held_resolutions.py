"""Resolutions that can be undone: the customer hears of them, and they count, when their seconds are over."""

from helpdesk.conversations import ownership
from helpdesk.conversations.answers.agent_answers import note
from helpdesk.conversations.answers.given_answers import RESOLUTION_DROPPED
from helpdesk.conversations.answers.held_answers import hold, load_held, send_held_answer
from helpdesk.conversations.answers.unread_lines import load_unread
from helpdesk.conversations.lookups import load_agent, load_owner
from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.handoff.states import next_status
from store.errors import Conflict
from store.models import Activity, HeldAction, HeldKind, new_id
from store.status import Event, Status


async def resolve(c: OpenConversation, agent_id: str, *, read_seq: int | None = None, reason: str = "") -> None:
    """Close a conversation when it can't be undone any more, or at once if the settings say 0 seconds.

    `reason` is a note for colleagues. Raises as `ownership.resolve` does.
    """
    if not c.settings.undo_seconds:
        await ownership.resolve(c, agent_id, read_seq=read_seq)
        await _explain(c, agent_id, reason, new_id())
        return
    agent = await load_agent(c.session, agent_id)
    if c.conversation.status == Status.ASSIGNED:
        await load_owner(c.session, c.conversation, agent_id)
    next_status(c.conversation.status, Event.RESOLVE)
    await load_unread(c, agent, read_seq)
    held = await load_held(c.session, c.conversation.id, agent_id)
    if all(each.kind is not HeldKind.RESOLUTION for each in held):
        epoch = c.conversation.epoch
        kind = HeldKind.RESOLUTION
        await hold(c, agent_id, kind, new_id(), epoch=epoch, text=reason, read_seq=read_seq)


async def finish(c: OpenConversation, held: HeldAction) -> None:
    """Do what was held, now that nobody has undone it. Raises `HelpdeskError` for an answer that can't be sent."""
    if held.kind is HeldKind.ANSWER:
        await send_held_answer(c, held)
        return
    await c.session.delete(held)
    if c.conversation.status == Status.RESOLVED:
        return
    if not await _is_resolved(c, held):
        await c.log.append_activity(Activity(event=RESOLUTION_DROPPED, shown=False))


async def _is_resolved(c: OpenConversation, held: HeldAction) -> bool:
    """False when the conversation has another owner, or the contact has written meanwhile: then it stays open."""
    if c.conversation.epoch != held.epoch:
        return False
    try:
        await ownership.resolve(c, held.agent_id, read_seq=held.read_seq)
    except Conflict:
        return False
    await _explain(c, held.agent_id, held.text, held.id)
    return True


async def _explain(c: OpenConversation, agent_id: str, reason: str, client_id: str) -> None:
    if reason:
        await note(c, agent_id, reason, client_id)
