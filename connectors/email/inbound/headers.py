"""Headers of a mail as people wrote them: encoded words, raw 8-bit text and wrong charsets read as well as can be."""

import base64
import binascii
import codecs
import hashlib
import quopri
import re
from collections.abc import Iterable
from email.message import Message
from itertools import islice

#: Longest header value that is read; RFC 5322 allows 998 characters a line.
MAX_HEADER = 20_000
MAX_ADDRESSES = 100
MAX_VALUES = 20  # of one header that are read; mails have one, and some per server on their way
MAX_REFERENCES = 100
MAX_ADDRESS_LENGTH = 128

_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,64})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"\?=\s+(?==\?)")
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,900})>")
_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"]{1,64}@[^\s@<>()\[\]\\,;:\"]{1,253}")
#: UTF-7 hides markup from whoever looks at bytes: nobody writes it any more, and it is never decoded.
_REFUSED = {"utf7", "utf-7", "unicode-1-1-utf-7", "csunicode11utf7", "utf-7-imap"}
_NO_TEXT = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7"}
_ALIASES = {
    "unknown-8bit": "",
    "x-unknown": "",
    "default": "",
    "iso-8859-8-i": "iso-8859-8",
    "x-mac-roman": "mac-roman",
}


def header_values(mail: Message, name: str) -> list[str]:
    """The first `MAX_VALUES` values of a header, decoded, unfolded, without control characters."""
    wanted = name.lower()
    found = (value for key, value in mail.raw_items() if key.lower() == wanted)
    return [decode_header(str(value)) for value in islice(found, MAX_VALUES)]


def header(mail: Message, name: str) -> str:
    """The first value of a header, decoded; empty where there is none."""
    return next(iter(header_values(mail, name)), "")


def decode_header(raw: str) -> str:
    """A header's value as text; what can't be decoded stays as it came."""
    text = decode_text(raw[:MAX_HEADER].encode("utf-8", "surrogateescape"), "")
    text = re.sub(r"\r?\n[ \t]?", " ", text)
    text = _decode_words(_BETWEEN_WORDS.sub("?=", text))
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def decode_text(content: bytes, charset: str) -> str:
    """Bytes as text: in the charset that was named, or the likeliest if it is unknown, missing or wrong."""
    for name in (_usable(charset), "utf-8"):
        if name:
            try:
                return content.decode(name)
            except (UnicodeError, ValueError):
                continue
    return content.decode("cp1252", "replace")


def addresses(values: Iterable[str]) -> list[tuple[str, str]]:
    """The names and addresses in some headers' values, addresses in lower case; what is no address is left out.

    Read strictly: where a mailbox holds anything but a name and one address, nobody can say who is meant.
    """
    found = []
    for value in values:
        for mailbox in _mailboxes(value[:MAX_HEADER])[:MAX_ADDRESSES]:
            name, bracket, rest = mailbox.rpartition("<")
            address = (rest.partition(">")[0] if bracket else mailbox).strip().lower()
            if is_address(address):
                found.append((name.strip().strip("'\"").replace('\\"', '"').strip() if bracket else "", address))
    return found


def _mailboxes(value: str) -> list[str]:
    """Parts of a list of mailboxes: commas and semicolons in quotes or brackets don't part, comments go."""
    parts, part, quoted, depth, in_brackets = [], "", False, 0, False
    for sign in value:
        if sign == '"' and not depth and not part.endswith("\\"):
            quoted = not quoted
        elif not quoted and sign in "()":
            depth = max(0, depth + (1 if sign == "(" else -1))
            continue
        elif not quoted and not depth and sign in "<>":
            in_brackets = sign == "<"
        if sign in ",;" and not quoted and not depth and not in_brackets:
            parts.append(part)
            part = ""
        elif not depth:
            part += sign
    return [each.strip() for each in [*parts, part] if each.strip()]


def is_address(text: str) -> bool:
    """Whether this is one mail address that can be written to."""
    return len(text) <= MAX_ADDRESS_LENGTH and _ADDRESS.fullmatch(text) is not None


def message_ids(value: str) -> tuple[str, ...]:
    """The message ids in `In-Reply-To` or `References`, without their brackets; the newest `MAX_REFERENCES`."""
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(value)))[-MAX_REFERENCES:]


def stable_id(mail: Message, raw: bytes) -> str:
    """The message's own id, else a hash of what doesn't change when it is delivered again; at most 200 characters."""
    found = message_ids(header(mail, "Message-ID"))
    own = found[0] if found else header(mail, "Message-ID").strip("<> ")
    if own and len(own) <= 180 and own.isascii():
        return own
    if own:
        return f"long:{digest(own.encode())}"
    return f"none:{digest(_lasting(mail, raw))}"


def digest(content: bytes) -> str:
    """40 hexadecimal signs of SHA-256."""
    return hashlib.sha256(content).hexdigest()[:40]


def _lasting(mail: Message, raw: bytes) -> bytes:
    """What a repeat of a mail has in common with it: not the trace headers on top, which differ each time."""
    lasting = "\n".join(header(mail, name) for name in ("From", "To", "Date", "Subject"))
    _, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    return lasting.encode() + b"\0" + body.rstrip()


def _decode_words(text: str) -> str:
    """Text with its encoded words decoded; a letter may be cut between two words of one charset."""
    pieces: list[tuple[str, bytes]] = []
    at = 0
    for found in _ENCODED_WORD.finditer(text):
        if found.start() > at:
            pieces.append(("utf-8", text[at : found.start()].encode()))
        charset, content = _read_word(found)
        if pieces and found.start() == at and pieces[-1][0] == charset:
            pieces[-1] = (charset, pieces[-1][1] + content)
        else:
            pieces.append((charset, content))
        at = found.end()
    return "".join(decode_text(content, charset) for charset, content in pieces) + text[at:]


def _read_word(found: re.Match[str]) -> tuple[str, bytes]:
    """Charset and bytes of an encoded word; one that is broken stands for itself."""
    charset, how, coded = found[1].partition("*")[0].lower(), found[2].lower(), found[3]
    try:
        content = _from_base64(coded) if how == "b" else quopri.decodestring(coded.replace("_", " ").encode())
    except (ValueError, binascii.Error):
        return "utf-8", found[0].encode()
    return charset, content


def _from_base64(coded: str) -> bytes:
    plain = re.sub(r"[^A-Za-z0-9+/]", "", coded)
    return base64.b64decode(plain + "=" * (-len(plain) % 4))


def _usable(charset: str) -> str:
    name = charset.strip().strip("\"'").lower()
    name = _ALIASES.get(name, name)
    if not name or name in _REFUSED or name.replace("_", "-") in _REFUSED:
        return "" if not name else "ascii"
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return ""
    # Codecs such as "hex" turn bytes into something else than text; a few of Python's own run code on what they read.
    if not found._is_text_encoding or found.name.replace("_", "-") in _NO_TEXT:
        return ""
    return {"ascii": "utf-8", "iso8859-1": "cp1252", "gb2312": "gb18030"}.get(found.name, found.name)
