"""The parts of a mail: the words that its reader sees, and what came along."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from connectors.email.inbound.flowed import unflow
from connectors.email.inbound.headers import decode_header, decode_text, header
from connectors.email.inbound.html_text import html_to_text

MAX_PARTS = 200
MAX_TEXT = 500_000  # characters of one part that are read
MAX_TEXTS = 1_000_000  # bytes of all texts, as they came, that are read: what stands behind them is history
MAX_ATTACHMENTS = 30
_STUB = 40  # a plain text shorter than this beside longer HTML says that one should look at that
_OFFICE = {"application/ms-tnef", "application/vnd.ms-tnef"}
_SIGNATURES = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
_ENCRYPTED = {"application/pgp-encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}
_PGP_MESSAGE = "-----BEGIN PGP MESSAGE-----"
_PGP_SIGNED, _PGP_SIGNATURE = "-----BEGIN PGP SIGNED MESSAGE-----", "-----BEGIN PGP SIGNATURE-----"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPart:
    """A file that came along. `inline`: a picture that stands in the text, such as a screenshot, or a logo."""

    name: str
    media_type: str
    content: bytes
    inline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MailContent:
    """What a mail holds. `hidden` says why its words can't be read: `encrypted`, or `tnef` for Outlook's own format."""

    text: str
    files: tuple[MailPart, ...] = ()
    hidden: str = ""


class TooManyParts(ValueError):
    """More parts than any mail program makes."""


def read_content(mail: Message) -> MailContent:
    """The words and the files of a mail. Raises `TooManyParts`."""
    _leave_out_the_end(mail)
    if _is_encrypted(mail):
        return MailContent(text="", files=tuple(_files(mail))[:MAX_ATTACHMENTS], hidden="encrypted")
    text = "\n\n".join(part for part in _texts(mail) if part).strip()
    files = tuple(_files(mail))[:MAX_ATTACHMENTS]
    if _PGP_MESSAGE in text:
        return MailContent(text="", files=files, hidden="encrypted")
    is_tnef = not text and any(part.media_type in _OFFICE for part in files)
    return MailContent(text=_without_armour(text), files=files, hidden="tnef" if is_tnef else "")


def _leave_out_the_end(mail: Message) -> None:
    """Empty the texts that begin behind `MAX_TEXTS`: many long ones together would be read for minutes."""
    read = 0
    for part in filter(_is_shown_text, leaves(mail)):
        if read >= MAX_TEXTS:
            part.set_payload("")
        read += len(str(part.get_payload()))


def _without_armour(text: str) -> str:
    """The words of a text that was signed in the text itself (RFC 9580, cleartext signatures)."""
    start, end = text.find(_PGP_SIGNED), text.rfind(_PGP_SIGNATURE)
    if start < 0 or end < start:
        return text
    _, _, signed = text[start:end].partition("\n\n")
    words = "\n".join(line.removeprefix("- ") for line in signed.split("\n"))
    return f"{text[:start]}{words}".strip()


def leaves(mail: Message) -> Iterator[Message]:
    """The parts that hold something, forwarded mails as one part each; without recursion."""
    waiting, seen = [mail], 0
    while waiting:
        part = waiting.pop(0)
        seen += 1
        if seen > MAX_PARTS:
            raise TooManyParts(f"more than {MAX_PARTS} parts")
        inside = part.get_payload()
        if isinstance(inside, list) and part.get_content_maintype() == "multipart":
            waiting[:0] = [each for each in inside if isinstance(each, Message)]
        else:
            yield part


def media_type(part: Message) -> str:
    """The type that a part says it has, in lower case."""
    found = part.get_content_type().lower()
    return (
        found if re.fullmatch(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,60}", found) else "application/octet-stream"
    )


def payload(part: Message) -> bytes:
    """The bytes of a part, its transfer encoding undone; what is broken is read as far as it goes."""
    if part.get_content_type() == "message/rfc822":
        inside = part.get_payload()
        return inside[0].as_bytes() if isinstance(inside, list) and inside and isinstance(inside[0], Message) else b""
    try:
        found = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        found = None
    return found if isinstance(found, bytes) else b""


def part_text(part: Message) -> str:
    """The words of a text part, with `\\n` between its lines and without NULs."""
    text = decode_text(payload(part), _parameter(part, "charset"))[:MAX_TEXT]
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").removeprefix("\ufeff")


def _texts(mail: Message) -> Iterator[str]:
    """The texts that are shown one below the other; of alternatives one."""
    waiting, seen = [mail], 0
    while waiting:
        part = waiting.pop(0)
        seen += 1
        if seen > MAX_PARTS:
            raise TooManyParts(f"more than {MAX_PARTS} parts")
        inside = [each for each in part.get_payload() if isinstance(each, Message)] if part.is_multipart() else []
        kind = part.get_content_type()
        if kind == "multipart/alternative":
            yield _best_alternative(inside)
        elif inside and part.get_content_maintype() == "multipart":
            waiting[:0] = inside[:1] if kind in {"multipart/related", "multipart/signed"} else inside
        elif _is_shown_text(part):
            yield _shown_text(part)


def _best_alternative(parts: list[Message]) -> str:
    """The plain text, unless it is only a stub beside the HTML one."""
    shown = [leaf for part in parts for leaf in _shown_leaves(part)]
    plain = "\n\n".join(_shown_text(part) for part in shown if media_type(part) == "text/plain").strip()
    rich = "\n\n".join(_shown_text(part) for part in shown if media_type(part) == "text/html").strip()
    if not plain or (len(plain) < _STUB and len(rich) > 3 * len(plain)) or _is_markup(plain):
        return rich or plain
    return plain


def _shown_leaves(part: Message) -> list[Message]:
    return [leaf for leaf in leaves(part) if _is_shown_text(leaf)]


def _is_markup(text: str) -> bool:
    """Some programs send HTML as plain text."""
    return re.match(r"\s*(?:<!doctype html|<html[\s>])", text, re.IGNORECASE) is not None


def _is_shown_text(part: Message) -> bool:
    is_broken = part.get_content_maintype() == "multipart"  # without parts: its words are all there is
    return (
        (is_broken or media_type(part) in {"text/plain", "text/html"})
        and _disposition(part) != "attachment"
        and not _file_name(part)
    )


def _shown_text(part: Message) -> str:
    text = part_text(part)
    if media_type(part) == "text/html" or _is_markup(text):
        return html_to_text(text)
    if _parameter(part, "format").lower() == "flowed":
        text = unflow(text, delete_space=_parameter(part, "delsp").lower() == "yes")
    return text.replace("\xa0", " ").strip()


def _files(mail: Message) -> Iterator[MailPart]:
    for part in leaves(mail):
        kind = media_type(part)
        if _is_shown_text(part) or kind in _SIGNATURES or kind == "application/pgp-encrypted":
            continue
        content = payload(part)
        if content:
            is_shown = bool(part.get("Content-ID")) and _disposition(part) != "attachment"
            yield MailPart(
                name=_name_of(part, kind),
                media_type=kind,
                content=content,
                inline=kind.startswith("image/") and (is_shown or _disposition(part) == "inline"),
            )


def _name_of(part: Message, kind: str) -> str:
    name = _file_name(part)
    if name:
        return name
    if kind == "message/rfc822":
        inside = part.get_payload()
        first = inside[0] if isinstance(inside, list) and inside else None
        return f"{header(first, 'Subject')[:80] or 'mail'}.eml" if isinstance(first, Message) else "mail.eml"
    endings = {
        "text/calendar": "invite.ics",
        "text/html": "text.html",
        "text/plain": "text.txt",
        "application/pdf": "file.pdf",
    }
    return endings.get(kind, f"file.{kind.partition('/')[2][:10]}" if kind.startswith("image/") else "file")


def _file_name(part: Message) -> str:
    """The name that a file was sent with, whichever of the four ways it was written in; for showing only."""
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError, AttributeError):
        name = ""
    return re.split(r"[\\/]", decode_header(name))[-1][:200]


def _parameter(part: Message, name: str) -> str:
    try:
        value = part.get_param(name)
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""
    if isinstance(value, tuple):
        return str(value[2])
    return str(value or "")


def _disposition(part: Message) -> str:
    return str(part.get("Content-Disposition") or "").partition(";")[0].strip().lower()


def _is_encrypted(mail: Message) -> bool:
    if mail.get_content_type() == "multipart/encrypted":
        return True
    kind = media_type(mail)
    return kind in _ENCRYPTED and _parameter(mail, "smime-type").lower() not in {"signed-data", "certs-only"}
