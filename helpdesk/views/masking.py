"""What of a conversation is made unreadable for whom: one answer for lists, search, timeline, summary and programs.

Whoever has a conversation sees it as it is. Everybody else sees personal data masked, until they unmask it, which the
audit log says.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.handoff.summary import mask_personal
from store.models import Conversation, UnmaskGrant, now

#: How long somebody sees the personal data of a conversation that they have unmasked.
UNMASKED_FOR = timedelta(hours=1)

Mask = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationReader:
    """Who looks: an agent, or a program. `unmasked` are the conversations that they have unmasked."""

    agent_id: str | None = None
    #: A program whose key is good for contacts' data.
    sees_all: bool = False
    unmasked: frozenset[str] = field(default=frozenset())

    def is_masked(self, conversation_id: str, owner: str | None) -> bool:
        """Whether personal data of this conversation is unreadable for them."""
        if self.sees_all or conversation_id in self.unmasked:
            return False
        return self.agent_id is None or owner != self.agent_id

    def mask(self, conversation_id: str, owner: str | None) -> Mask:
        """What turns a text of this conversation into what they see."""
        return mask_personal if self.is_masked(conversation_id, owner) else str


#: Whoever runs the installation, and programs as they were before keys had the scope `contacts`.
EVERYTHING = ConversationReader(sees_all=True)


def mask_document(mask: Mask, document: Any) -> Any:
    """A JSON document with every text in it masked; names of fields stay."""
    if isinstance(document, str):
        return mask(document)
    if isinstance(document, dict):
        return {name: mask_document(mask, value) for name, value in document.items()}
    if isinstance(document, list | tuple):
        return [mask_document(mask, value) for value in document]
    return document


def mask_fields[T](mask: Mask, value: T) -> T:
    """A dataclass with the texts in its fields masked."""
    if not is_dataclass(value) or isinstance(value, type):
        return value
    texts = {one.name: getattr(value, one.name) for one in fields(value)}
    return replace(value, **{name: mask(text) for name, text in texts.items() if type(text) is str})


async def load_reader(session: AsyncSession, agent_id: str | None) -> ConversationReader:
    """An agent with what they have unmasked; without one, who sees everything."""
    if agent_id is None:
        return EVERYTHING
    query = select(UnmaskGrant.conversation_id).where(UnmaskGrant.agent_id == agent_id, UnmaskGrant.until > now())
    return ConversationReader(agent_id=agent_id, unmasked=frozenset(await session.scalars(query)))


async def unmask(session: AsyncSession, agent_id: str, conversation: Conversation) -> None:
    """Let an agent see the personal data of a conversation for an hour."""
    await session.execute(delete(UnmaskGrant).where(UnmaskGrant.agent_id == agent_id, UnmaskGrant.until <= now()))
    await session.merge(UnmaskGrant(agent_id=agent_id, conversation_id=conversation.id, until=now() + UNMASKED_FOR))
