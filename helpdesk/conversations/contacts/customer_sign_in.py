"""A browser on which the web site has signed its customer in: one conversation for all browsers of one customer.

What was said on this browser before joins the customer; what another customer said there never does. A sign-in is bound
to the browser that shows it first, and ends with its time or when that browser signs out.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Address, Channel, Introduction
from helpdesk.conversations.contacts.people import BY_SIGN_IN, join_people, load_same_person, lock_people
from helpdesk.conversations.lookups import greeted_name
from helpdesk.conversations.unit_of_work import Audience, Conversations
from helpdesk.identity import IdentityRefused, Refusal, VerifiedCustomer
from store.db import is_unique_violation
from store.errors import Unavailable
from store.models import Activity, Contact, ContactMerge, Conversation, Identity, IdentityToken, VisitorToken, now
from store.status import Status
from store.tokens import token_hash

_RACES = 3
_GREETING_ONLY = 1
_WITH_PEOPLE = frozenset({Status.QUEUED, Status.ASSIGNED})


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerSession:
    """What a signed-in browser holds: its token, until when, and the conversation that it sees."""

    token: str
    conversation_id: str
    address: Address
    contact_id: str
    expires_at: datetime


@dataclass(slots=True, kw_only=True)
class _Entry:
    """One sign-in on its way: the session that goes on, and the conversations whose screens have to look again."""

    identity: Identity
    browser: str
    held: VisitorToken | None
    touched: set[str]
    joined: str | None = None


async def sign_in(
    conversations: Conversations,
    customer: VerifiedCustomer,
    *,
    held: str | None,
    browser: str,
    account: str,
    introduction: Introduction,
) -> CustomerSession:
    """Open the customer's conversation on a browser that holds the visitor token `held`; `browser` is its own key.

    Raises `IdentityRefused` for a sign-in that another browser has shown, or that was ended.
    """
    if held and (known := await _find_open_session(conversations, customer, held, _hash(browser))):
        return known
    for _ in range(_RACES):
        try:
            return await _sign_in_once(conversations, customer, held, _hash(browser), account, introduction)
        except DBAPIError as error:
            if not is_unique_violation(error):
                raise
    raise Unavailable("The sign-in could not be stored just now. Please try again.")


async def _find_open_session(
    conversations: Conversations, customer: VerifiedCustomer, token: str, browser: str
) -> CustomerSession | None:
    """What a browser holds that shows the same sign-in again, as each new page does; `None` if anything has changed."""
    async with conversations.db.read() as session:
        held = await session.get(VisitorToken, token_hash(token))
        if held is None or held.identity is None or held.browser != browser or held.expires_at < customer.expires_at:
            return None
        identity = await session.get(Identity, held.identity)
        shown = await session.get(IdentityToken, customer.token_hash)
        if identity is None or shown is None or not _is_unchanged(identity, customer, held, shown, browser):
            return None
        conversation = await session.get_one(Conversation, held.conversation_id)
        return CustomerSession(
            token=token,
            conversation_id=conversation.id,
            address=conversation.address,
            contact_id=identity.contact_id,
            expires_at=customer.expires_at,
        )


def _is_unchanged(
    identity: Identity, customer: VerifiedCustomer, held: VisitorToken, shown: IdentityToken, browser: str
) -> bool:
    """Whether nothing would be written that isn't there: the customer as described, and the sign-in as it was shown."""
    described = (customer.customer_id, customer.name, customer.email, customer.phone, dict(customer.attributes))
    kept = (identity.customer_id, identity.name, identity.email, identity.phone, dict(identity.attributes))
    is_good = shown.ended_at is None and shown.browser == browser and shown.contact_id == identity.contact_id
    return described == kept and is_good and held.conversation_id == identity.conversation_id


async def sign_out(conversations: Conversations, token: str) -> bool:
    """End what the web site has signed in on the browser with this visitor token; False when nobody is."""
    async with conversations.db.write() as session:
        held = await session.get(VisitorToken, token_hash(token), with_for_update=True)
        if held is None or held.identity is None:
            return False
        conversation_id = held.conversation_id
        await _end_session(session, held)
    conversations.live.access_changed(conversation_id)
    return True


async def has_signed_in_since(session: AsyncSession, conversation: Conversation, at: datetime) -> bool:
    """Whether what nobody was signed in for has become a customer's since `at`: who could open it before can't now."""
    contact = await session.get_one(Contact, conversation.contact_id)
    joined = select(ContactMerge.id).where(
        ContactMerge.person == contact.person, ContactMerge.reason == BY_SIGN_IN, ContactMerge.created_at > at
    )
    return contact.person is not None and await session.scalar(joined.limit(1)) is not None


async def _sign_in_once(
    conversations: Conversations,
    customer: VerifiedCustomer,
    held: str | None,
    browser: str,
    account: str,
    introduction: Introduction,
) -> CustomerSession:
    async with conversations.db.write() as session:
        await lock_people(session)
        identity = await _keep_identity(session, customer, account)
        await _use_token(session, identity, customer, browser)
        entry = _Entry(identity=identity, browser=browser, held=await _held(session, held), touched=set())
        await _leave_former(session, entry)
        await _keep_contact_details(session, identity)
        address = await _current_address(session, identity, account)
        token = await _admit(session, entry, customer, held) if identity.conversation_id else None
    if token is None:
        name = greeted_name(customer.name)
        async with conversations.open_at(address, address.chat_id, introduction, greeted=name) as c:
            c.audience = Audience.NOBODY  # nobody has anything to do before the first message
            entry.identity = await c.session.get_one(Identity, identity.contact_id)
            entry.identity.conversation_id = c.conversation.id
            entry.held = await _held(c.session, held)
            token = await _admit(c.session, entry, customer, held)
            identity = entry.identity
    await _announce(conversations, entry)
    return CustomerSession(
        token=token,
        conversation_id=str(identity.conversation_id),
        address=address,
        contact_id=identity.contact_id,
        expires_at=customer.expires_at,
    )


async def _keep_identity(session: AsyncSession, customer: VerifiedCustomer, account: str) -> Identity:
    """The customer as the web site describes them now, added with a contact of their own when they are new."""
    identity = await session.scalar(select(Identity).where(Identity.customer_id == customer.customer_id))
    if identity is None:
        external_id = f"customer-{_hash(customer.customer_id)[:40]}"
        contact = await session.scalar(
            select(Contact).where(
                Contact.channel == Channel.WEBCHAT, Contact.account == account, Contact.external_id == external_id
            )
        )
        if contact is None:
            contact = Contact(channel=Channel.WEBCHAT, account=account, external_id=external_id)
            session.add(contact)
            await session.flush()
        identity = Identity(contact_id=contact.id, customer_id=customer.customer_id)
        session.add(identity)
    identity.name, identity.email, identity.phone = customer.name, customer.email, customer.phone
    identity.attributes, identity.signed_in_at = dict(customer.attributes), now()
    await session.flush()
    return identity


async def _use_token(session: AsyncSession, identity: Identity, customer: VerifiedCustomer, browser: str) -> None:
    """Bind the sign-in to the browser that shows it first. Raises `IdentityRefused` for another, and once it ended."""
    used = await session.get(IdentityToken, customer.token_hash)
    if used is None:
        used = IdentityToken(
            token_hash=customer.token_hash,
            contact_id=identity.contact_id,
            browser=browser,
            key_id=customer.key_id,
            expires_at=customer.expires_at,
        )
        session.add(used)
        await session.flush()
    if used.ended_at is not None:
        raise IdentityRefused(Refusal.ENDED, "This sign-in was ended; sign in again.")
    if used.browser != browser:
        raise IdentityRefused(Refusal.REPLAYED, "This sign-in was shown by another browser before.")


async def _held(session: AsyncSession, token: str | None) -> VisitorToken | None:
    """What the browser holds already, if it is still good."""
    held = await session.get(VisitorToken, token_hash(token)) if token else None
    return held if held is not None and held.expires_at > now() else None


async def _leave_former(session: AsyncSession, entry: _Entry) -> None:
    """What the browser held before: a conversation of nobody's joins the customer, another customer's is left alone."""
    held = entry.held
    if held is None or held.identity == entry.identity.contact_id:
        return
    entry.held = None
    entry.touched.add(held.conversation_id)
    if held.identity is not None:
        await _end_session(session, held)
        return
    before = await session.get_one(Conversation, held.conversation_id)
    if await _is_anothers(session, before, entry.identity):
        await session.delete(held)
        return
    if before.last_seq > _GREETING_ONLY:
        await _join(session, entry, before)
    await session.execute(
        delete(VisitorToken).where(VisitorToken.conversation_id == before.id, VisitorToken.identity.is_(None))
    )


async def _is_anothers(session: AsyncSession, before: Conversation, identity: Identity) -> bool:
    """Whether it is of another customer, whom a mail's link has brought back without a sign-in."""
    writer = await session.get_one(Contact, before.contact_id)
    same = [contact.id for contact in await load_same_person(session, writer)]
    others = (Identity.contact_id.in_(same) | (Identity.conversation_id == before.id)) & (
        Identity.contact_id != identity.contact_id
    )
    return await session.scalar(select(Identity.contact_id).where(others).limit(1)) is not None


async def _join(session: AsyncSession, entry: _Entry, before: Conversation) -> None:
    """What was said before signing in is the customer's; they see it, unless people have another of theirs."""
    identity = entry.identity
    kept = await session.get_one(Contact, identity.contact_id)
    joined = await session.get_one(Contact, before.contact_id)
    await join_people(session, kept, joined, reason=BY_SIGN_IN)
    entry.joined = before.id
    now_seen = await session.get(Conversation, identity.conversation_id) if identity.conversation_id else None
    if now_seen is None or now_seen.status not in _WITH_PEOPLE or before.status in _WITH_PEOPLE:
        identity.conversation_id = before.id


async def _keep_contact_details(session: AsyncSession, identity: Identity) -> None:
    """Name and addresses, where agents and the answer on its way look for them."""
    conversation = await session.get(Conversation, identity.conversation_id) if identity.conversation_id else None
    for contact_id in {identity.contact_id, conversation.contact_id if conversation else identity.contact_id}:
        contact = await session.get_one(Contact, contact_id)
        contact.name = identity.name or contact.name
        contact.email = identity.email or contact.email
        contact.phone = identity.phone or contact.phone


async def _current_address(session: AsyncSession, identity: Identity, account: str) -> Address:
    """Where the customer's conversation is held, or is going to be."""
    if identity.conversation_id:
        return (await session.get_one(Conversation, identity.conversation_id)).address
    contact = await session.get_one(Contact, identity.contact_id)
    return Address(channel=Channel.WEBCHAT, account=account, chat_id=contact.external_id)


async def _admit(session: AsyncSession, entry: _Entry, customer: VerifiedCustomer, held: str | None) -> str:
    """The browser's token: the one it holds, if it is this customer's, or a new one. All see the same conversation."""
    identity = entry.identity
    conversation_id = str(identity.conversation_id)
    others = VisitorToken.identity == identity.contact_id
    elsewhere = await session.scalars(
        select(VisitorToken.conversation_id).where(others, VisitorToken.conversation_id != conversation_id)
    )
    entry.touched.update(elsewhere)
    await session.execute(update(VisitorToken).where(others).values(conversation_id=conversation_id))
    if entry.held is not None and entry.held.identity == identity.contact_id and held:
        entry.held.browser = entry.browser
        entry.held.expires_at = max(entry.held.expires_at, customer.expires_at)
        return held
    token = secrets.token_urlsafe(32)
    session.add(
        VisitorToken(
            token_hash=token_hash(token),
            conversation_id=conversation_id,
            identity=identity.contact_id,
            browser=entry.browser,
            expires_at=customer.expires_at,
        )
    )
    return token


async def _end_session(session: AsyncSession, held: VisitorToken) -> None:
    """The browser's access to the customer's conversation is over, and so is every sign-in that it has shown."""
    shown = (IdentityToken.contact_id == held.identity) & (IdentityToken.browser == held.browser)
    await session.execute(update(IdentityToken).where(shown, IdentityToken.ended_at.is_(None)).values(ended_at=now()))
    await session.execute(
        delete(VisitorToken).where(VisitorToken.identity == held.identity, VisitorToken.browser == held.browser)
    )


async def _announce(conversations: Conversations, entry: _Entry) -> None:
    """Have the screens concerned look again, and tell the agents who this is."""
    if entry.joined is not None:
        async with conversations.open(entry.joined) as c:
            await c.log.append_activity(Activity(event="signed_in", shown=False, what=entry.identity.name))
    for conversation_id in entry.touched:
        conversations.live.access_changed(conversation_id)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
