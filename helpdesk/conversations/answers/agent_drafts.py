"""What agents are writing: one draft for each agent, conversation and kind of line, the same in all of their windows.

Whoever changes a draft holds the conversation's lock, so that nothing is saved that is being sent just now.
"""

from collections.abc import Sequence
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.errors import Conflict
from store.models import AgentDraft, HeldAction, Message, new_id, now

WritingMode = Literal["answer", "note"]
MAX_DRAFT_LENGTH = 10_000  # characters


async def save_draft(
    session: AsyncSession, conversation_id: str, agent_id: str, mode: WritingMode, draft_id: str, text: str
) -> int:
    """Store what is being written, the last one wins; its revision, 0 when there is nothing left of it.

    Raises `Conflict` with the code `draft_sent` when this very draft has been sent, from another window perhaps, and
    with `draft_changed` when unsent words have come back that the window doesn't know: it is to take them in first.
    """
    draft = await session.get(AgentDraft, (conversation_id, agent_id, mode))
    if draft is None or draft.id != draft_id:
        await _check_unsent(session, conversation_id, agent_id, draft_id)
        if draft is not None and draft.returned:
            raise Conflict("Words that were not sent have come back to this draft.", code="draft_changed")
    if not text.strip():
        if draft is not None:
            await session.delete(draft)
        return 0
    if draft is None:
        draft = AgentDraft(conversation_id=conversation_id, agent_id=agent_id, mode=mode, revision=0)
        session.add(draft)
    draft.id, draft.text, draft.revision, draft.returned, draft.changed_at = (
        draft_id,
        text,
        draft.revision + 1,
        None,
        now(),
    )
    return draft.revision


async def drop_draft(session: AsyncSession, conversation_id: str, agent_id: str, draft_id: str) -> None:
    """It is being sent."""
    await session.execute(
        delete(AgentDraft).where(
            AgentDraft.conversation_id == conversation_id, AgentDraft.agent_id == agent_id, AgentDraft.id == draft_id
        )
    )


async def put_back_in_draft(
    session: AsyncSession, conversation_id: str, agent_id: str, text: str, *, returned: str
) -> AgentDraft:
    """Words that were not sent after all go before what has been begun since, under a new id."""
    draft = await session.get(AgentDraft, (conversation_id, agent_id, "answer"))
    if draft is None:
        draft = AgentDraft(conversation_id=conversation_id, agent_id=agent_id, mode="answer", text="", revision=0)
        session.add(draft)
    draft.text = "\n\n".join(part for part in (text, draft.text) if part)
    draft.id, draft.revision, draft.returned, draft.changed_at = new_id(), draft.revision + 1, returned, now()
    return draft


async def load_drafts(session: AsyncSession, conversation_id: str, agent_id: str) -> Sequence[AgentDraft]:
    """An agent's drafts in a conversation."""
    found = await session.scalars(
        select(AgentDraft).where(AgentDraft.conversation_id == conversation_id, AgentDraft.agent_id == agent_id)
    )
    return found.all()


def sent_as(conversation_id: str, agent_id: str, client_id: str) -> str:
    """The `external_id` of the line that an agent sends under `client_id`: it keeps a repeat out."""
    return f"agent:{conversation_id}:{agent_id}:{client_id}"[:200]


async def _check_unsent(session: AsyncSession, conversation_id: str, agent_id: str, draft_id: str) -> None:
    sent = select(Message.id).where(
        Message.conversation_id == conversation_id,
        Message.external_id == sent_as(conversation_id, agent_id, draft_id),
    )
    held = select(HeldAction.id).where(
        HeldAction.conversation_id == conversation_id,
        HeldAction.agent_id == agent_id,
        HeldAction.client_id == draft_id,
    )
    if await session.scalar(sent.union_all(held).limit(1)) is not None:
        raise Conflict("This draft has been sent already.", code="draft_sent")
