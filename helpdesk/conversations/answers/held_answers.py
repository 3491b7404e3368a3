"""Answers that can be undone: they are held for some seconds before they become lines of the log.

Until then they are in a table of their own, so that no customer, summary or figure sees them, and no closed window
loses them. Whoever sends or takes back a held answer holds the conversation's lock and removes the row, so that it is
done once.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.conversations.answers.agent_answers import answer, check_answer
from helpdesk.conversations.answers.agent_drafts import drop_draft, put_back_in_draft
from helpdesk.conversations.unit_of_work import OpenConversation
from store.errors import Conflict, HelpdeskError
from store.models import HeldAction, HeldKind, Message, now

#: Why a draft came back that its agent has taken back themselves.
UNDONE = "undone"


async def hold_answer(
    c: OpenConversation, agent_id: str, epoch: int, text: str, client_id: str, files: Sequence[str] = ()
) -> Message | HeldAction:
    """Hold an agent's answer for as long as the settings say, or send it at once if they say 0.

    A repeated `client_id` changes nothing. A held resolution is given up: the agent goes on. Raises as `answer` does.
    """
    if not c.settings.undo_seconds:
        await drop_draft(c.session, c.conversation.id, agent_id, client_id)
        return await answer(c, agent_id, epoch, text, client_id, files)
    sent, words = await check_answer(c, agent_id, epoch, text, files, client_id)
    if sent is not None:
        return sent
    held = await load_held(c.session, c.conversation.id, agent_id)
    for earlier in held:
        if earlier.client_id == client_id:
            if earlier.text != words:
                raise Conflict("This draft was sent from another window, with other words.", code="sent_elsewhere")
            return earlier
    for resolution in held:
        if resolution.kind is HeldKind.RESOLUTION:
            await c.session.delete(resolution)
    return await hold(c, agent_id, HeldKind.ANSWER, client_id, epoch=epoch, text=words, files=tuple(files))


async def hold(
    c: OpenConversation,
    agent_id: str,
    kind: HeldKind,
    client_id: str,
    *,
    epoch: int,
    text: str,
    files: tuple[str, ...] = (),
    read_seq: int | None = None,
) -> HeldAction:
    """Note what is to be done when it can't be undone any more. What is held later is done later."""
    held = HeldAction(
        conversation_id=c.conversation.id,
        agent_id=agent_id,
        kind=kind,
        client_id=client_id,
        epoch=epoch,
        read_seq=c.conversation.last_seq if read_seq is None else read_seq,
        text=text,
        files=files,
        due_at=now() + timedelta(seconds=c.settings.undo_seconds),
    )
    c.session.add(held)
    await drop_draft(c.session, c.conversation.id, agent_id, client_id)
    await c.session.flush()
    return held


async def load_held(session: AsyncSession, conversation_id: str, agent_id: str) -> Sequence[HeldAction]:
    """What an agent can still undo in a conversation, the oldest first."""
    found = await session.scalars(
        select(HeldAction)
        .where(HeldAction.conversation_id == conversation_id, HeldAction.agent_id == agent_id)
        .order_by(HeldAction.created_at, HeldAction.id)
    )
    return found.all()


async def send_held_answer(c: OpenConversation, held: HeldAction) -> Message:
    """Its time has come. Lines that the contact wrote meanwhile stay unanswered. Raises as `answer` does."""
    await c.session.delete(held)
    return await answer(c, held.agent_id, held.epoch, held.text, held.client_id, held.files, read_seq=held.read_seq)


async def send_held_answers(c: OpenConversation, agent_id: str) -> None:
    """The agent gives the conversation away: what they have answered goes out before that, in its order."""
    for held in await load_held(c.session, c.conversation.id, agent_id):
        if held.kind is HeldKind.ANSWER:
            await send_held_answer(c, held)


async def take_back(c: OpenConversation, agent_id: str, held_id: str) -> HeldAction:
    """Undo it; an answer's words are a draft again, and nothing is closed that was to be closed with it.

    Raises `Conflict` when it is too late.
    """
    held = await c.session.get(HeldAction, held_id)
    if held is None or held.agent_id != agent_id or held.conversation_id != c.conversation.id:
        raise Conflict("It is too late to undo this: it has happened already.", code="too_late")
    await c.session.delete(held)
    if held.kind is HeldKind.ANSWER:
        await put_back_in_draft(c.session, c.conversation.id, agent_id, held.text, returned=UNDONE)
        await _drop_resolution(c.session, held)
    return held


async def give_back(session: AsyncSession, held: HeldAction, why: HelpdeskError) -> None:
    """It can't be sent any more, such as when the conversation has another owner: the words are a draft again.

    Nothing is closed that was to be closed with it.
    """
    await session.execute(delete(HeldAction).where(HeldAction.id == held.id))
    await _drop_resolution(session, held)
    await put_back_in_draft(session, held.conversation_id, held.agent_id, held.text, returned=why.code[:32])


async def _drop_resolution(session: AsyncSession, answer: HeldAction) -> None:
    """Nobody is closed without the answer that they were closed with."""
    await session.execute(
        delete(HeldAction).where(
            HeldAction.conversation_id == answer.conversation_id,
            HeldAction.agent_id == answer.agent_id,
            HeldAction.kind == HeldKind.RESOLUTION,
        )
    )
