"""Promises as screens show them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Channel
from helpdesk.conversations.promises.register import is_open, state_of
from store.models import Agent, Contact, Conversation, Person, Promise

MAX_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseCard:
    """A promise as screens show it. `state`: `open`, `due` (reminded), `broken`, `kept` or `withdrawn`.

    `late`: it was broken, whatever became of it then.
    """

    id: str
    conversation_id: str
    kind: str
    state: str
    agent_id: str | None
    agent_name: str | None
    text: str
    seq: int
    due_at: datetime
    late: bool
    shown: bool
    created_at: datetime
    contact_name: str | None
    contact_number: int
    channel: str
    language: str


async def load_promise_cards(
    session: AsyncSession, wanted: ColumnElement[bool], *, limit: int = MAX_SHOWN
) -> list[PromiseCard]:
    """Promises for a screen: the open ones by their time, then those that have ended, newest last."""
    rows = await session.execute(
        select(Promise, Agent.name, Contact, Person.name, Conversation.channel, Conversation.language)
        .join(Conversation, Conversation.id == Promise.conversation_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .outerjoin(Person, Person.id == Contact.person)
        .outerjoin(Agent, Agent.id == Promise.agent_id)
        .where(wanted)
        .order_by(is_open().desc(), Promise.due_at, Promise.id)
        .limit(limit)
    )
    return [_card(*row) for row in rows]


def _card(
    promise: Promise,
    agent_name: str | None,
    contact: Contact,
    given_name: str | None,
    channel: Channel,
    language: str,
) -> PromiseCard:
    return PromiseCard(
        id=promise.id,
        conversation_id=promise.conversation_id,
        kind=str(promise.kind),
        state=state_of(promise),
        agent_id=promise.agent_id,
        agent_name=agent_name,
        text=promise.text,
        seq=promise.seq,
        due_at=promise.due_at,
        late=promise.broken_at is not None,
        shown=promise.shown,
        created_at=promise.created_at,
        contact_name=given_name or contact.name,
        contact_number=contact.number,
        channel=str(channel),
        language=language,
    )
