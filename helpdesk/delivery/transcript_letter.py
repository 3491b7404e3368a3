"""The mail that brings a customer their conversation."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author
from connectors.contract.mail import MailBody, OutgoingMail, header_words
from helpdesk.conversations.log.transcript_file import load_transcript_file
from helpdesk.delivery.unseen_letter import MailFrame
from helpdesk.mail.letter import render_markdown
from helpdesk.mail.links import DOWNLOAD_FOR
from helpdesk.texts import Say, say
from store.models import Conversation, MailDelivery, Message


async def compose_transcript_mail(
    session: AsyncSession, conversation: Conversation, mail: MailDelivery, frame: MailFrame, time: datetime
) -> OutgoingMail:
    """The conversation as it is at `time`; only a link to it where a stranger may have written all of it."""
    body = await _compose_body(session, conversation, frame, time)
    subject = say(Say.TRANSCRIPT_TITLE, conversation.language, conversation.formality)
    return OutgoingMail(
        recipient=mail.recipient,
        sender_name=header_words(frame.sender_name(), 60),
        subject=header_words(f"{subject} ({time.astimezone(frame.zone):%Y-%m-%d})"),
        text=body.text,
        html=body.html,
        message_id=frame.addresses.message_id(conversation.id, f"t{mail.id[:11]}"),
        headers={"Auto-Submitted": "auto-generated"},
    )


async def _compose_body(
    session: AsyncSession, conversation: Conversation, frame: MailFrame, time: datetime
) -> MailBody:
    """Whoever types an address may mean somebody else's: what they wrote doesn't go there in our name."""
    answered = select(Message.id).where(Message.conversation_id == conversation.id, Message.author == Author.AGENT)
    if await session.scalar(answered.limit(1)) is not None:
        file = await load_transcript_file(session, conversation, str(frame.zone))
        return MailBody(text=file.as_text(), html=file.as_html())
    link = frame.links.transcript_link(conversation.id, time + DOWNLOAD_FOR)
    words = say(Say.TRANSCRIPT_LINK, conversation.language, conversation.formality, link=f"<{link}>")
    return render_markdown(words, conversation.language)
