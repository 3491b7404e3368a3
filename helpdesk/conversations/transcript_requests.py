"""A customer wants to have the conversation: a link to download it, and a mail, which is rationed."""

import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, func, select

from connectors.contract import TRANSCRIPT, Choice
from helpdesk.conversations.contacts.contact_details import is_email
from helpdesk.conversations.unit_of_work import OpenConversation
from helpdesk.mail.links import DOWNLOAD_FOR, MailLinks
from helpdesk.texts import Say
from store.models import MailDelivery, MailKind, Message, MessageKind, now
from store.settings import Settings

MAIL_TRANSCRIPT = "/transcript_mail"
TRANSCRIPT_COMMANDS = frozenset({TRANSCRIPT, MAIL_TRANSCRIPT})
"""How long a link to download works."""
MAX_AN_HOUR = 30
"""Such mails of the whole installation: an address that somebody types must not become a target."""
_ASKS = re.compile(
    r"^\W*(?:(?:bitte|please)\W+)?(?:(?:gespr[äa]chs|chat)?-?verlauf|(?:chat\s*)?transcript|transcription|historique)"
    r"(?:\W+(?:bitte|please|senden|schicken|s'il\W+vous\W+pla[iî]t))*\W*$",
    re.IGNORECASE,
)
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


def asks_for_transcript(text: str) -> bool:
    """Whether a text is nothing but the wish to have the conversation."""
    return len(text) < 60 and bool(_ASKS.match(text))


async def offer_transcript(c: OpenConversation) -> None:
    """The ways there are: a link that downloads it, where this installation is reached, and a mail, where it sends."""
    mail = Choice(title=c.say(Say.TRANSCRIPT_MAIL), payload=MAIL_TRANSCRIPT)
    choices = (mail,) if sends_mail(c.settings) else ()
    if not _is_reached(c):
        await c.tell(Say.TRANSCRIPT_BY_MAIL if choices else Say.TRANSCRIPT_NOWHERE, choices)
        return
    links = MailLinks(c.settings.secret_key.get_secret_value(), c.settings.origin)
    link = links.transcript_link(c.conversation.id, now() + DOWNLOAD_FOR)
    await c.tell(Say.TRANSCRIPT_LINK, choices, link=f"[{c.say(Say.TRANSCRIPT_TITLE)}]({link})")


async def mail_transcript(c: OpenConversation) -> None:
    """Send it to the address that the contact has left, else ask for one."""
    email = (await c.load_contact()).email
    if not sends_mail(c.settings):
        await c.tell(Say.TRANSCRIPT_NOWHERE)
    elif email is None:
        await c.tell(Say.TRANSCRIPT_ASK_EMAIL)
    else:
        await send_transcript(c, email)


async def take_transcript_address(c: OpenConversation, message: Message) -> bool:
    """Whether a line is the address that was just asked for; then it is sent there, and not kept as theirs."""
    if not is_email(message.text.strip()):
        return False
    last = await c.session.scalar(
        select(Message.text)
        .where(
            Message.conversation_id == c.conversation.id,
            Message.kind == MessageKind.OUTGOING,
            Message.seq < message.seq,
        )
        .order_by(Message.seq.desc())
        .limit(1)
    )
    if last != c.say(Say.TRANSCRIPT_ASK_EMAIL):
        return False
    await send_transcript(c, message.text.strip())
    return True


async def send_transcript(c: OpenConversation, email: str, *, silently: bool = False) -> bool:
    """Put the mail down, and tell the contact unless `silently`; False where one has just gone out."""
    at = now()
    if await _is_too_often(c, email, at):
        if not silently:
            await c.tell(Say.TRANSCRIPT_LATER)
        return False
    c.session.add(
        MailDelivery(
            kind=MailKind.TRANSCRIPT,
            conversation_id=c.conversation.id,
            recipient=email,
            last_seq=c.conversation.last_seq,
            due_at=at,
        )
    )
    if not silently:
        await c.tell(Say.TRANSCRIPT_SENT, email=email)
    return True


def sends_mail(settings: Settings) -> bool:
    """Whether this installation has a mail server."""
    return bool(settings.smtp_url.get_secret_value())


async def _is_too_often(c: OpenConversation, email: str, at: datetime) -> bool:
    """Once an hour for a conversation, once a day for an address, and not too many in all."""
    hour, day = MailDelivery.created_at > at - timedelta(hours=1), MailDelivery.created_at > at - timedelta(days=1)
    mine = (MailDelivery.conversation_id == c.conversation.id) & hour
    same_address = (func.lower(MailDelivery.recipient) == email.lower()) & day
    if await _count(c, mine | same_address):
        return True
    return await _count(c, hour) >= MAX_AN_HOUR


async def _count(c: OpenConversation, which: ColumnElement[bool]) -> int:
    counted = select(func.count()).where(MailDelivery.kind == MailKind.TRANSCRIPT, which)
    return await c.session.scalar(counted) or 0


def _is_reached(c: OpenConversation) -> bool:
    """Whether a link opens where the contact reads it: on a machine that serves only itself, in its own web chat."""
    return c.conversation.channel.shows_the_log or urlsplit(c.settings.origin).hostname not in _LOCAL
