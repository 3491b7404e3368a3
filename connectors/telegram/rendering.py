"""A message of ours as Telegram shows it: parts with entities, and under the last of them the buttons."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from connectors.contract import Author, OutboundMessage, message_mark
from connectors.telegram.buttons import ChoiceSigner
from connectors.telegram.markdown import quoted, to_styled
from connectors.telegram.styled_text import StyledText, TextMark, offsets, split
from connectors.telegram.words import words

_MAX_BUTTON_LENGTH = 60  # signs; a phone shows fewer
_SIDE_BY_SIDE = 16  # signs up to which two buttons share a row


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPart:
    """What one call sends."""

    text: str
    entities: tuple[MessageEntity, ...]
    keyboard: InlineKeyboardMarkup | None = None


def render(message: OutboundMessage, signer: ChoiceSigner) -> list[RenderedPart]:
    """The parts of a message, the same on every attempt; none when there is nothing to show."""
    parts = split(_styled(message))
    keyboard = _keyboard(message, signer)
    last = len(parts) - 1
    return [
        RenderedPart(text=part.text, entities=tuple(_entities(part)), keyboard=keyboard if at == last else None)
        for at, part in enumerate(parts)
    ]


def _styled(message: OutboundMessage) -> StyledText:
    name = StyledText()
    if message.author == Author.AGENT and message.author_name:
        text = f"{message.author_name}:"
        name = StyledText(text=text, marks=(TextMark(start=0, end=len(text), kind="bold"),)) + StyledText(text="\n")
    return name + _folded(message.text, message.lead, message.short)


def _folded(text: str, lead: int | None, short: int | None) -> StyledText:
    """The first words, with the sentence that answers in bold, and the rest behind a fold."""
    if lead is None:
        return _with_short(text, short)
    first, rest = to_styled(text[:lead].strip()), to_styled(text[lead:].strip())
    if not first.text or not rest.text or f"{first.text} {rest.text}".split() != to_styled(text).text.split():
        return to_styled(text)  # the fold stands inside a list, a table or bold words
    return _with_short(text[:lead].strip(), short) + StyledText(text="\n\n") + quoted(rest)


def _with_short(shown: str, short: int | None) -> StyledText:
    """What is shown, its last `short` characters in bold."""
    at = len(shown) - (short or 0)
    if not short or at < 0:
        return to_styled(shown)
    before, answer = to_styled(shown[:at].strip()), to_styled(shown[at:].strip())
    inner = tuple(mark for mark in answer.marks if mark.kind != "bold")
    bold = StyledText(text=answer.text, marks=(TextMark(start=0, end=len(answer.text), kind="bold"), *inner))
    return before + StyledText(text="\n\n") + bold if before.text else bold


def _entities(part: StyledText) -> Iterable[MessageEntity]:
    for mark, offset, length in offsets(part):
        yield MessageEntity(type=mark.kind, offset=offset, length=length, url=mark.url, language=mark.language)


def _keyboard(message: OutboundMessage, signer: ChoiceSigner) -> InlineKeyboardMarkup | None:
    rows: list[list[InlineKeyboardButton]] = []
    for choice, offered in enumerate(message.choices):
        data = signer.sign(message.address, message.seq, choice, message_mark(message.id))
        _place(rows, InlineKeyboardButton(text=_short(offered.title), callback_data=data))
    if message.link and is_public(message.link):
        title = words(message.language).open_article
        rows.append([InlineKeyboardButton(text=title, url=message.link)])
    for other in message.related:
        if is_public(other.link):
            rows.append([InlineKeyboardButton(text=_short(other.question), url=other.link)])
    return InlineKeyboardMarkup(rows) if rows else None


def _place(rows: list[list[InlineKeyboardButton]], button: InlineKeyboardButton) -> None:
    """Two short buttons share a row."""
    beside = rows[-1] if rows and len(rows[-1]) == 1 else None
    if beside and max(len(beside[0].text), len(button.text)) <= _SIDE_BY_SIDE:
        beside.append(button)
    else:
        rows.append([button])


def _short(title: str) -> str:
    line = " ".join(title.split()) or "…"
    return line if len(line) <= _MAX_BUTTON_LENGTH else line[: _MAX_BUTTON_LENGTH - 1].rstrip() + "…"


def is_public(url: str) -> bool:
    """Whether Telegram takes `url` for a button: https, and a name that is known outside this machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" or "." not in host:
        return False
    try:
        return ip_address(host).is_global
    except ValueError:
        return not host.endswith((".local", ".localhost", ".internal", ".test"))
