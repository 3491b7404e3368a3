"""Contacts who are blocked: what they send is stored, and nobody answers it until they are let in again.

The contact's row has who blocked them, when and why; every conversation of theirs is marked, so that whoever has the
conversation's row knows. It holds for every contact that is the same person.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from helpdesk.conversations.contact_commands import FORGETTING
from helpdesk.conversations.contacts.contact_blocks import mark_conversations, unblock
from helpdesk.conversations.contacts.contact_edits import load_editor
from helpdesk.conversations.contacts.people import load_same_person
from helpdesk.conversations.follow_up_register import end_follow_up, load_live_follow_up
from helpdesk.conversations.log.message_log import settle
from helpdesk.conversations.lookups import load_agent
from helpdesk.conversations.promises.own_promises import withdraw_own_promises
from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.texts import Say
from store.errors import Conflict, Invalid
from store.models import (
    Activity,
    Agent,
    Contact,
    Conversation,
    FollowUpReason,
    FollowUpState,
    Message,
    Person,
    PromiseKind,
    now,
)
from store.status import Event, Status

MAX_REASON = 300
MAX_LISTED = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """That a contact is blocked: since when, by whom, and why."""

    at: datetime
    agent_name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedContact:
    """A blocked contact in the list of all, with the conversation that they wrote in last."""

    id: str
    name: str | None
    number: int
    channel: str
    block: Block
    conversation_id: str | None


async def block_contact(c: OpenConversation, agent_id: str, reason: str) -> None:
    """Block the contact on every channel and close this conversation; done twice it changes nothing.

    Raises `Invalid` without a reason, and as `load_editor` does.
    """
    words = " ".join(reason.split())
    if not words or len(words) > MAX_REASON:
        raise Invalid("Why is this contact blocked? One sentence is enough.", code="block_reason")
    agent = await load_editor(c, agent_id)
    contacts = await load_same_person(c.session, await c.load_contact())
    if all(contact.blocked_at is not None for contact in contacts):
        return
    for contact in contacts:
        contact.blocked_at, contact.blocked_by, contact.blocked_reason = now(), agent.name, words
        contact.block_told_at = None
    await mark_conversations(c.session, [contact.id for contact in contacts], is_blocked=True)
    await c.log.append_activity(Activity(event="contact_blocked", shown=False, what=words), agent=agent)
    await _close(c, agent)


async def unblock_contact(c: OpenConversation, agent_id: str) -> None:
    """Let the contact in again, on every channel; what they wrote meanwhile stays as it is.

    Raises `Conflict` when nobody has blocked them.
    """
    agent = await load_agent(c.session, agent_id)
    contacts = [one for one in await load_same_person(c.session, await c.load_contact()) if one.blocked_at is not None]
    if not contacts:
        raise Conflict("This contact isn't blocked.", code="not_blocked")
    await unblock(c.session, contacts)
    await c.log.append_activity(Activity(event="contact_unblocked", shown=False), agent=agent)


async def put_aside(c: OpenConversation, message: Message) -> bool:
    """Whether a message is a blocked contact's: then it is stored and read by nobody, whatever it says.

    They are told so once, where a channel has people waiting; a mail is never answered by itself. Their wish to be
    forgotten is carried out like everybody's.
    """
    if not c.conversation.is_blocked or message.payload in FORGETTING:
        return False
    settle(message)
    if c.conversation.status in {Status.BOT, Status.QUEUED}:
        await c.pass_baton(Event.RESOLVE, shown=False)
        c.conversation.resolved_at = now()
    await _tell_once(c)
    return True


def block_of(contact: Contact) -> Block | None:
    """The block of a contact, if they are blocked."""
    if contact.blocked_at is None:
        return None
    return Block(at=contact.blocked_at, agent_name=contact.blocked_by or "", reason=contact.blocked_reason or "")


async def load_blocked(session: AsyncSession) -> list[BlockedContact]:
    """Everybody who is blocked, whoever was last at the top; `MAX_LISTED` at most."""
    latest = (
        select(Conversation.id)
        .where(Conversation.contact_id == Contact.id)
        .order_by(Conversation.changed_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = await session.execute(
        select(Contact, Person.name, latest)
        .outerjoin(Person, Person.id == Contact.person)
        .where(Contact.blocked_at.is_not(None))
        .order_by(Contact.blocked_at.desc(), Contact.number)
        .limit(MAX_LISTED)
    )
    return [
        BlockedContact(
            id=contact.id,
            name=given or contact.name,
            number=contact.number,
            channel=str(contact.channel),
            block=block,
            conversation_id=conversation,
        )
        for contact, given, conversation in rows
        if (block := block_of(contact)) is not None
    ]


async def _close(c: OpenConversation, agent: Agent) -> None:
    """The conversation ends without a word: the contact hears of it when they write again."""
    live = await load_live_follow_up(c)
    if live is not None:
        await end_follow_up(c, live, FollowUpState.CALLED_OFF, FollowUpReason.AGENT, agent=agent)
    if c.conversation.status is Status.RESOLVED:
        return
    await withdraw_own_promises(c, PromiseKind.ANSWER)
    await c.pass_baton(Event.RESOLVE, agent=agent, shown=False)
    c.conversation.resolved_at = now()


async def _tell_once(c: OpenConversation) -> None:
    if not c.conversation.channel.is_live:
        return
    contact = await c.load_contact()
    if contact.block_told_at is None:
        contact.block_told_at = now()
        await c.tell(Say.BLOCKED)
