"""One mail's bytes, and what they mean to us: a message of a person's, or why it is put aside."""

import re
from dataclasses import dataclass
from email.message import Message

from connectors.email.inbound.automatic_mail import NO_REPLY, AsideReason, MailPolicy, is_to_be_silent, reason_aside
from connectors.email.inbound.headers import addresses, digest, header, header_values, message_ids, stable_id
from connectors.email.inbound.message import read_message
from connectors.email.inbound.parts import MailContent, MailPart, TooManyParts, read_content
from connectors.email.inbound.quoted_text import new_words
from connectors.email.inbound.signatures import without_signature

MAX_WORDS = 20_000  # characters of one message
MAX_SUBJECT = 200
MAX_HEADERS = 1_000
_ANSWERED = re.compile(
    r"^(?:(?:re|aw|antw|antwort|sv|r|rif|ref|fwd?|wg|tr|rép|réf)(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE
)
#: Letters from which on a word of a subject says something; numbers always do.
MIN_TELLING_LETTERS = 4
_WORD = re.compile(r"\w+")
_NO_SUBJECT = re.compile(
    r"^\W*(?:no subject|kein betreff|ohne betreff|sans objet|pas d'objet|\(\))?\W*$", re.IGNORECASE
)
_SMALL_PICTURE = 6_000  # bytes; a smaller one in the text is a logo or a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What a person wrote. `id` is the message's own, stable when it comes again; ids have no angle brackets.

    `text` is without history and signature; `subject` without "Re:". `recipients` are all of ours and others', `thread`
    the ids of the mails it answers, the nearest first. `hidden`: why its words can't be read (`encrypted`, `tnef`).
    `silent`: no machine is to answer. `passed_on`: a machine wrote it and named the sender, whom nobody has checked.
    `fingerprint` tells two mails apart that carry the same id.
    """

    id: str
    fingerprint: str
    sender: str
    sender_name: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    thread: tuple[str, ...] = ()
    files: tuple[MailPart, ...] = ()
    is_reply: bool = False
    hidden: str = ""
    silent: bool = False
    passed_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAside:
    """A mail that nobody answers, and why."""

    id: str
    reason: AsideReason
    sender: str
    subject: str
    text: str = ""
    recipients: tuple[str, ...] = ()
    thread: tuple[str, ...] = ()


def parse_mail(raw: bytes, policy: MailPolicy) -> Mail | MailAside:
    """Read a mail. Whatever the bytes are, it returns: what can't be read is put aside and says so."""
    try:
        return _read(read_message(raw), raw, policy)
    except (TooManyParts, RecursionError, ValueError, LookupError, TypeError, AttributeError, AssertionError):
        return MailAside(id=f"none:{digest(raw)}", reason=AsideReason.UNREADABLE, sender="", subject="")


def _read(message: Message, raw: bytes, policy: MailPolicy) -> Mail | MailAside:
    if len(message) > MAX_HEADERS:
        raise ValueError(f"more than {MAX_HEADERS} headers")
    reason = reason_aside(message, policy)
    content = read_content(message)
    subject = header(message, "Subject")[:MAX_SUBJECT]
    name, sender, passed_on = _sender(message, policy)
    text = words_of(content.text)
    thread = _thread(message)
    if reason is None and not sender:
        reason = AsideReason.NO_SENDER
    if reason is None and not (text or content.files or content.hidden or _says_something(subject)):
        reason = AsideReason.EMPTY
    recipients = _recipients(message)
    if reason is not None:
        return MailAside(
            id=stable_id(message, raw),
            reason=reason,
            sender=sender,
            subject=subject,
            text=text[:2_000],
            recipients=recipients,
            thread=thread,
        )
    return Mail(
        id=stable_id(message, raw),
        fingerprint=digest(f"{sender}\0{subject}\0{content.text}".encode("utf-8", "replace"))[:12],
        sender=sender,
        sender_name=name,
        recipients=recipients,
        subject=_ANSWERED.sub("", subject).strip(),
        text=text,
        thread=thread,
        files=_worth_keeping(content),
        is_reply=_ANSWERED.match(subject) is not None or bool(thread),
        hidden=content.hidden,
        silent=is_to_be_silent(message),
        passed_on=passed_on,
    )


def words_of(text: str) -> str:
    """What was written new, without signature; a forwarded mail's words all stay."""
    return without_signature(new_words(text))[:MAX_WORDS].strip()


def question_of(mail: Mail) -> str:
    """A first mail as a question: its subject belongs to it, unless it says nothing that the words don't."""
    if not _says_something(mail.subject) or not _says_more(mail.subject, mail.text):
        return mail.text
    return f"{mail.subject}\n\n{mail.text}".strip()


def _says_more(subject: str, text: str) -> bool:
    """Whether a number or most words of the subject are not in the text: answered twice, one question would be two."""
    telling = {word for word in _WORD.findall(subject.lower()) if len(word) >= MIN_TELLING_LETTERS or word.isdigit()}
    missing = telling - set(_WORD.findall(text.lower()))
    return len(missing) > len(telling) / 2 or any(any(map(str.isdigit, word)) for word in missing)


def _says_something(subject: str) -> bool:
    return _NO_SUBJECT.match(_ANSWERED.sub("", subject)) is None


def _sender(message: Message, policy: MailPolicy) -> tuple[str, str, bool]:
    """Name and address of who wrote: From, and Reply-To where From is a machine that passes somebody's words on.

    Of several From headers nobody can say which one the server in front of us has checked: then there is no sender.
    """
    values = header_values(message, "From")
    if len(values) > 1:
        return "", "", False
    name, sender = next(iter(addresses(values)), ("", ""))
    passed_on = not sender or policy.is_own(sender) or NO_REPLY.match(sender) is not None
    if passed_on:
        others = [pair for pair in addresses(header_values(message, "Reply-To")) if not policy.is_own(pair[1])]
        name, sender = others[0] if others else ("", "")
    return ("" if "@" in name else name[:200]), sender, passed_on


def _recipients(message: Message) -> tuple[str, ...]:
    names = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To")
    values = [value for name in names for value in header_values(message, name)]
    return tuple(dict.fromkeys(address for _, address in addresses(values)))


def _thread(message: Message) -> tuple[str, ...]:
    answered = message_ids(header(message, "In-Reply-To"))
    before = message_ids(header(message, "References"))
    return tuple(dict.fromkeys([*answered, *reversed(before)]))


def _worth_keeping(content: MailContent) -> tuple[MailPart, ...]:
    """Files, and pictures in the text that are larger than a logo."""
    return tuple(part for part in content.files if not (part.inline and len(part.content) < _SMALL_PICTURE))
