"""A line of the log as a mail: its subject, what it answers, the signed way back, and a short quote."""

from connectors.contract import Author, OutboundMessage
from connectors.contract.mail import MailFile, OutgoingMail, RenderMail, header_words
from connectors.contract.reply_address import ReplyAddresses
from connectors.email.words import words

MAX_QUOTED_LINES, MAX_QUOTED = 8, 600
#: RFC 3834 5.2: the first header says that a machine writes; the second is what Microsoft's programs heed.
AUTOMATIC = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}


def compose(
    message: OutboundMessage,
    addresses: ReplyAddresses,
    render: RenderMail,
    *,
    sender_name: str = "",
    files: tuple[MailFile, ...] = (),
) -> OutgoingMail:
    """The mail that brings a message to its contact; the same message makes the same message id."""
    said = words(message.language)
    body = render(_markdown(message), message.language)
    answered = _answered_id(message.reply_to)
    subject = header_words(message.subject, 180) or said.subject
    return OutgoingMail(
        recipient=message.address.chat_id,
        subject=f"Re: {subject}" if message.subject else subject,
        text=body.text,
        html=body.html,
        message_id=addresses.message_id(message.conversation_id, message.id),
        sender_name=_sender_name(message, sender_name),
        reply_to=addresses.address(message.conversation_id),
        in_reply_to=answered,
        references=(answered,) if answered else (),
        files=files,
        headers=_headers(message),
    )


def _headers(message: OutboundMessage) -> dict[str, str]:
    headers = {} if message.author is Author.AGENT else dict(AUTOMATIC)
    if message.stop_link:
        headers |= {
            "List-Unsubscribe": f"<{message.stop_link}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
        }
    return headers


def _markdown(message: OutboundMessage) -> str:
    """The words, the page they are from, and the end of what they answer."""
    said = words(message.language)
    parts = [message.text]
    parts += [f"[{choice.title}]({link})" for choice, link in zip(message.choices, message.choice_links, strict=False)]
    if message.link:
        parts.append(f"[{said.read_article}]({message.link})")
    parts += [f"- [{each.question}]({each.link})" for each in message.related]
    quoted = [line for line in message.quoted[:MAX_QUOTED].split("\n") if line.strip()][:MAX_QUOTED_LINES]
    if quoted:
        parts.append(f"{said.you_wrote}\n\n" + "\n>\n".join(f"> {_plain(line)}" for line in quoted))
    if message.stop_link:
        parts.append(f"[{said.no_more_questions}]({message.stop_link})")
    return "\n\n".join(parts)


def _plain(line: str) -> str:
    """A customer's words in Markdown: none of their signs means anything."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>()#+-.!|~&" else sign for sign in line)


def _answered_id(external_id: str | None) -> str | None:
    """The id of the mail that is answered, if that is one: some have none of their own."""
    plain = (external_id or "").partition("#")[0]
    if "@" not in plain or not plain.isascii() or any(sign in plain for sign in "<> \t") or plain.startswith("mail:"):
        return None
    return f"<{plain}>"


def _sender_name(message: OutboundMessage, company: str) -> str:
    names = [name for name in (message.author_name, company) if name]
    return header_words(", ".join(dict.fromkeys(names)), 80)
