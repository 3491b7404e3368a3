"""What a mail server meant by a refusal, told from its numbers: words differ from server to server."""

import re
from enum import StrEnum

#: "message too big for system" and "message length exceeds administrative limit" (RFC 3463 3.3 and 3.4).
_TOO_LARGE = re.compile(r"(?<![\d.])5\.(?:3\.4|2\.3)(?![\d.])")
_ENHANCED = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])")
#: Without an enhanced number it is about the size of the message (RFC 1870 6.1); 5.2.2 beside it is a full mailbox.
_EXCEEDED = re.compile(r"(?<![\d.])552(?![\d.])")


class RefusalCause(StrEnum):
    """Causes that a sender can do something about."""

    TOO_LARGE = "too_large"


def cause_of(reason: str) -> RefusalCause | None:
    """Of a refused or returned mail; `None` where its numbers say nothing that we know."""
    is_plain = not _ENHANCED.search(reason) and _EXCEEDED.search(reason)
    return RefusalCause.TOO_LARGE if is_plain or _TOO_LARGE.search(reason) else None
