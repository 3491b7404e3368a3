"""One person on several channels: a link made on one and followed on another brings their contacts together."""

import secrets
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Channel
from helpdesk.conversations.contacts.people import BY_LINK, join_people
from store.models import ChannelAccount, Contact, ContactLink, now
from store.tokens import token_hash

GOOD_FOR = timedelta(hours=1)
_PREFIX = "staffel-"
"""Begins every token of ours: what a channel calls a start parameter may be anybody's."""


async def make_link(session: AsyncSession, contact: Contact) -> str:
    """A token that brings whoever follows it together with `contact`; letters, digits, `-` and `_` only."""
    token = _PREFIX + secrets.token_urlsafe(24)
    session.add(ContactLink(token_hash=token_hash(token), contact_id=contact.id, expires_at=now() + GOOD_FOR))
    await session.flush()
    return token


def is_own_link(token: str) -> bool:
    """Whether it is a token of ours, good or not."""
    return token.startswith(_PREFIX)


async def follow_link(session: AsyncSession, contact: Contact, token: str) -> bool:
    """Bring `contact` together with the one that `token` was made for; False when the link is no longer good."""
    link = await session.get(ContactLink, token_hash(token), with_for_update=True)
    if link is None or link.used_at is not None or link.expires_at < now():
        return False
    other = await session.get_one(Contact, link.contact_id)
    link.used_at = now()
    if other.id == contact.id:
        return True
    await join_people(session, other, contact, reason=BY_LINK)
    return True


async def load_other_channels(session: AsyncSession, here: Channel, token: str, origin: str) -> list[str]:
    """How `token` is followed on each other channel that is connected, as lines of Markdown."""
    accounts = await session.scalars(
        select(ChannelAccount).where(ChannelAccount.active).order_by(ChannelAccount.channel, ChannelAccount.account)
    )
    ways = [way for account in accounts if account.channel != here and (way := _way(account, token))]
    if here != Channel.WEBCHAT:
        ways.append(f"- Web: [{origin}/continue]({origin}/continue/{token})")
    return ways


def _way(account: ChannelAccount, token: str) -> str | None:
    if account.channel == Channel.TELEGRAM and account.settings.get("username"):
        name = account.settings["username"]
        return f"- Telegram: [@{name}](https://t.me/{name}?start={token})"
    if account.channel == Channel.SLACK and account.settings.get("bot_user_id"):
        return f"- Slack ({account.name}): `/staffel connect {token}`"
    return None
