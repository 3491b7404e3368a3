"""What fills in a canned reply in one conversation."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from identifiers import find_identifiers
from identifiers.identifier import (
    ARTICLE_NUMBER,
    CUSTOMER_NUMBER,
    INVOICE_NUMBER,
    NUMBER,
    ORDER_NUMBER,
    TRACKING_NUMBER,
)
from store.errors import NotFound
from store.models import Contact, Conversation, Message, MessageKind, Person

_LATEST = 30
"""Lines of the contact in which a number is looked for."""
_NUMBERS = (ORDER_NUMBER, TRACKING_NUMBER, INVOICE_NUMBER, CUSTOMER_NUMBER, ARTICLE_NUMBER, NUMBER)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyContext:
    """The conversation that a reply is for. `values` are by variable; one that isn't known is not there."""

    language: str
    formality: str
    values: dict[str, str]


async def load_reply_context(session: AsyncSession, conversation_id: str, *, agent: str, company: str) -> ReplyContext:
    """What is known of a conversation; `agent` and `company` are names. Raises `NotFound`."""
    named = (
        select(Conversation, Contact.name, Person.name)
        .join(Contact, Contact.id == Conversation.contact_id)
        .outerjoin(Person, Person.id == Contact.person)
        .where(Conversation.id == conversation_id)
    )
    row = (await session.execute(named)).one_or_none()
    if row is None:
        raise NotFound("There is no such conversation.")
    conversation, own_name, given_name = row
    name = (given_name or own_name or "").strip()
    first, *others = name.split() or [""]
    known = {
        "name": name,
        "first_name": first if others else name,
        "agent": agent,
        "company": company.strip(),
        "number": await _load_number(session, conversation_id),
    }
    values = {variable: value for variable, value in known.items() if value}
    return ReplyContext(language=conversation.language, formality=conversation.formality, values=values)


async def _load_number(session: AsyncSession, conversation_id: str) -> str:
    """The number that the contact gave last, of an order rather than of anything else."""
    said = await session.scalars(
        select(Message.text)
        .where(Message.conversation_id == conversation_id, Message.kind == MessageKind.INCOMING)
        .order_by(Message.seq.desc())
        .limit(_LATEST)
    )
    found = [one for text in said for one in reversed(find_identifiers(text)) if one.kind in _NUMBERS]
    ranked = sorted(found, key=lambda one: _NUMBERS.index(one.kind))
    return ranked[0].value if ranked else ""
