"""Bounce notices, read: RFC 3464 reports, and the free forms of qmail, Exim, Exchange and others without a report."""

import re
from collections.abc import Iterator, Sequence
from email.message import Message

from connectors.contract.mail import MailBounce
from connectors.email.inbound.headers import addresses, header
from connectors.email.inbound.message import read_message

MAX_TEXT = 100_000  # characters of a notice that are looked at
MAX_REASON = 300
_MESSAGE_ID = re.compile(r"^[ \t>]*Message-ID:\s*(<[^<>\s]{3,250}>)", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
_REPLY = re.compile(r"\b([45])\d\d[ -]")
_REFUSED_TO = re.compile(r"<([^<>\s@]{1,64}@[^<>\s]{1,190})>")
_DELAYED = re.compile(
    r"will (?:keep trying|be retried)|(?:delivery|been) delayed|temporär|verzögert|noch nicht zugestellt",
    re.IGNORECASE,
)


def parse_bounce(raw: bytes) -> MailBounce | None:
    """What a notice says; `None` when it names no mail that came back. Whatever the bytes are, it returns."""
    try:
        message = read_message(raw)
        groups = [group for part in message.walk() for group in _groups(part) if header(group, "Action")]
        return _of_report(message, groups) if groups else _of_text(message)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError):
        return None


def _of_report(message: Message, groups: Sequence[Message]) -> MailBounce | None:
    """RFC 3464: each recipient has a group of fields of its own."""
    failed = [group for group in groups if header(group, "Action").strip().lower() == "failed"]
    group = (failed or groups)[0]
    if header(group, "Action").strip().lower() in {"delivered", "relayed", "expanded"}:
        return None
    return _bounce(
        message,
        recipient=_address(header(group, "Original-Recipient")) or _address(header(group, "Final-Recipient")),
        reason=header(group, "Diagnostic-Code").partition(";")[2] or header(group, "Status"),
        is_final=bool(failed) and not header(group, "Status").strip().startswith("4"),
    )


def _groups(part: Message) -> Iterator[Message]:
    """The groups of fields of a delivery report, as the parser gives them."""
    if part.get_content_type() in {"message/delivery-status", "message/global-delivery-status"}:
        found = part.get_payload()
        yield from (each for each in found if isinstance(each, Message)) if isinstance(found, list) else ()


def _of_text(message: Message) -> MailBounce | None:
    """No report: the words have to do."""
    words = "\n".join(_texts(message))[:MAX_TEXT]
    own_words = words.partition("Message-ID:")[0]
    status = _STATUS.search(own_words) or _REPLY.search(own_words)
    named = addresses([header(message, "X-Failed-Recipients")])
    refused = _REFUSED_TO.search(own_words)
    reason = next((line.strip() for line in own_words.splitlines() if _STATUS.search(line) or _REPLY.search(line)), "")
    if not (status or named):
        return None
    return _bounce(
        message,
        recipient=named[0][1] if named else refused[1] if refused else "",
        reason=reason or header(message, "Subject"),
        is_final=(status is None or status[1] == "5") and not _DELAYED.search(own_words),
    )


def _bounce(message: Message, *, recipient: str, reason: str, is_final: bool) -> MailBounce | None:
    ids = _message_ids(message)
    if not ids:
        return None
    words = " ".join(reason.split())[:MAX_REASON]
    return MailBounce(message_ids=ids, recipient=recipient.lower(), reason=words, is_final=is_final)


def _message_ids(message: Message) -> tuple[str, ...]:
    """Of the mail that came back, never the notice's own: an attached copy or its headers, or lines of the text."""
    own = header(message, "Message-ID").strip()
    attached = [header(part, "Message-ID").strip() for part in message.walk() if part is not message]
    quoted = _MESSAGE_ID.findall("\n".join(_texts(message))[:MAX_TEXT])
    answered = header(message, "In-Reply-To").split() + header(message, "References").split()
    found = [each for each in (*attached, *quoted, *answered) if each.startswith("<") and each != own]
    return tuple(dict.fromkeys(found))


def _texts(message: Message) -> Iterator[str]:
    for part in message.walk():
        if part.get_content_maintype() == "text":
            content = part.get_payload(decode=True)
            yield content.decode("utf-8", "replace") if isinstance(content, bytes) else ""


def _address(field: str) -> str:
    """The address behind "rfc822;"."""
    return field.partition(";")[2].strip().strip("<>") if ";" in field else ""
