"""The mail that brings answers which weren't seen in the web chat, with a link back into the conversation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.contract import Author
from connectors.contract.mail import OutgoingMail, header_words
from connectors.contract.reply_address import ReplyAddresses
from helpdesk.conversations.lookups import load_signed_name
from helpdesk.mail.letter import Letter, LetterLink, QuotedLine, render_letter
from helpdesk.mail.links import RETURN_FOR, STOP_FOR, MailLinks
from helpdesk.mail.plain_text import to_plain_text
from helpdesk.texts import Say, say
from i18n import locale_of
from knowledge.search.passage_source import escape_markdown
from store.models import Contact, Conversation, Message, MessageKind

#: Lines of the conversation before, and characters of each.
MAX_QUOTED, MAX_QUOTE_LENGTH = 3, 280


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFrame:
    """What every mail to a customer has of this installation. `takes_replies`: an answer by mail is read by us."""

    links: MailLinks
    addresses: ReplyAddresses
    sender_name: Callable[[], str]
    zone: ZoneInfo
    takes_replies: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnseenAnswers:
    """What a contact hasn't seen, and the last lines before it. `greeted` is a signed-in customer's name."""

    answers: Sequence[Message]
    before: Sequence[Message]
    greeted: str | None = None


async def load_unseen_answers(session: AsyncSession, conversation: Conversation, *, since: int) -> UnseenAnswers | None:
    """The answers from line `since` on that the contact hasn't seen; `None` when there are none any more."""
    first = max(since, conversation.contact_seen_seq + 1)
    spoken = select(Message).where(
        Message.conversation_id == conversation.id,
        Message.kind.in_([MessageKind.INCOMING, MessageKind.OUTGOING]),
        Message.author != Author.SYSTEM,
    )
    later = await session.scalars(spoken.where(Message.seq >= first).order_by(Message.seq))
    answers = [line for line in later if _is_said(line) and (line.text or line.facts.attached)]
    if not answers:
        return None
    earlier = spoken.where(Message.seq < answers[0].seq).order_by(Message.seq.desc()).limit(MAX_QUOTED)
    before = [line for line in await session.scalars(earlier) if line.text and not line.facts.withheld]
    greeted = await load_signed_name(session, conversation.id)
    return UnseenAnswers(answers=answers, before=before[::-1], greeted=greeted)


def _is_said(line: Message) -> bool:
    return line.kind == MessageKind.OUTGOING and not (line.facts.withheld or line.facts.greeting)


def compose_unseen_mail(
    unseen: UnseenAnswers, conversation: Conversation, contact: Contact, frame: MailFrame, time: datetime
) -> OutgoingMail:
    """The mail, in the contact's language and form of address."""

    def word(what: Say, **values: object) -> str:
        return say(what, conversation.language, conversation.formality, **values)

    until = time + RETURN_FOR
    stop = frame.links.stop_link(contact.id, time + STOP_FOR)
    several = len(unseen.answers) > 1
    name = unseen.greeted
    hello = word(Say.MAIL_HELLO_NAME, name=escape_markdown(name)) if name else word(Say.MAIL_HELLO)
    day = format_date(until.astimezone(frame.zone), format="long", locale=locale_of(conversation.language))
    body = render_letter(
        Letter(
            language=conversation.language,
            preview=header_words(to_plain_text(unseen.answers[0].text)),
            body="\n\n".join(
                [
                    hello,
                    word(Say.MAIL_ANSWERS if several else Say.MAIL_ANSWER),
                    *_said(unseen, word(Say.MAIL_FILE)),
                ]
            ),
            action=LetterLink(label=word(Say.MAIL_OPEN), url=frame.links.return_link(conversation.id, until)),
            closing=word(Say.MAIL_REPLY) if frame.takes_replies else "",
            quote_title=word(Say.MAIL_BEFORE),
            quote=tuple(_quoted(line, word(Say.MAIL_YOU)) for line in unseen.before),
            small=(word(Say.MAIL_LINK_UNTIL, day=day), word(Say.MAIL_WHY)),
            unsubscribe=LetterLink(label=word(Say.MAIL_STOP), url=stop),
        )
    )
    return OutgoingMail(
        recipient=contact.email or "",
        sender_name=header_words(frame.sender_name(), 60),
        subject=word(Say.MAIL_SUBJECT_SEVERAL if several else Say.MAIL_SUBJECT),
        text=body.text,
        html=body.html,
        message_id=frame.addresses.message_id(conversation.id, unseen.answers[-1].id[:12]),
        references=(frame.addresses.message_id(conversation.id, "thread"),),
        reply_to=frame.addresses.address(conversation.id) if frame.takes_replies else None,
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
            "Auto-Submitted": "auto-generated",  # RFC 3834: an out-of-office note doesn't answer it
        },
    )


def _said(unseen: UnseenAnswers, with_file: str) -> list[str]:
    """The answers; each writer's name stands before what they wrote, and `with_file` below what has a file."""
    said, name = [], ""
    for line in unseen.answers:
        if line.author_name != name:
            name = line.author_name
            said.append(f"---\n\n**{escape_markdown(header_words(name, 80))}**")
        said += [words for words in (line.text, with_file if line.facts.attached else "") if words]
    return [*said, "---"]


def _quoted(line: Message, you: str) -> QuotedLine:
    words = line.text if len(line.text) <= MAX_QUOTE_LENGTH else f"{line.text[:MAX_QUOTE_LENGTH].rstrip()} …"
    return QuotedLine(name=you if line.author == Author.CONTACT else line.author_name, text=words)
