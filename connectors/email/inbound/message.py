"""The bytes of a mail as the standard library's tree of parts, within limits: some bytes keep that parser for hours."""

from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32

MAX_LINES = 1_000_000  # 20 MB in base64 have 280,000
#: Lines times boundaries: each line is compared with every boundary around it.
MAX_COMPARISONS = 10_000_000
#: Characters of a header with parameters; taking those apart takes the square of it, anew for each one asked for.
MAX_PARAMETERS = 4_000


class TooLaborious(ValueError):
    """More lines and nested parts than any mail program makes."""


def read_message(raw: bytes) -> Message:
    """The mail. Raises `TooLaborious`, and on some broken bytes what the standard library raises."""
    lines = max(raw.count(b"\n"), raw.count(b"\r"))
    if lines > MAX_LINES or lines * (1 + raw.lower().count(b"multipart/")) > MAX_COMPARISONS:
        raise TooLaborious(f"{lines} line ends are more than can be read")
    return BytesParser(policy=_policy).parsebytes(raw)


class _ShortParameters(Compat32):
    """Keeps the beginning of headers with parameters, where their type and boundary stand."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Name and value of a header."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:MAX_PARAMETERS] if name.lower().startswith("content-") else value


_policy = _ShortParameters()
