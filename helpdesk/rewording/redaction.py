"""Keeping at home what is personal: it leaves as ⟦1⟧, ⟦2⟧ …, and what comes back gets it again. Pure.

Links and addresses are hidden in our own texts too, so that they come back letter by letter or not at all.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from store.errors import HelpdeskError

_BRACKETS = re.compile(r"[⟦⟧]")
_MARK = re.compile(r"⟦(\d+)⟧")
_NAME = r"[A-ZÄÖÜ][\w'’-]+(?:\s+(?:von\s+|van\s+|de\s+)?[A-ZÄÖÜ][\w'’-]+){0,2}"
_PERSONAL = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?i)(?:https?://|www\.)[^\s<>()\[\]\"“”]+",
        r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+",
        r"\b[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,4})?\b",  # IBAN
        r"\b[\w-]{2,}(?:str\.|stra(?:ß|ss)e|weg|platz|allee|gasse)\s*\d+(?:\s?[a-z])?\b",
        r"\b[A-ZÄÖÜ][\w-]+\s(?:Str\.|Stra(?:ß|ss)e|Weg|Platz|Allee|Gasse)\s*\d+(?:\s?[a-z])?\b",
        r"\b\d+[a-z]?\s[A-Z][\w-]+\s(?:Street|Road|Avenue|Lane|Drive)\b",
        r"(?<![\w,])[+#]?\(?(?:[A-Za-z]{1,6}[-_/]?)?(?:\d{5,}|\d(?:[ ./()_-]{0,2}\d){6,})[\w-]*",  # phone, card, order
    )
)
_NAMED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:Herrn?|Frau|Mr\.?|Mrs\.?|Ms\.?|Dr\.)\s+(?:(?:Prof|Dr)\.\s+)*({_NAME})",
        rf"(?i:\b(?:mein name ist|ich hei(?:ß|ss)e|hier (?:spricht|ist)|ich bin|my name is|my name's|i am called|i am"
        rf"|i'm|this is)\s+)({_NAME})",
        rf"(?i:\b(?:gr(?:ü|ue)(?:ß|ss)e?n?|lg|mfg|regards|cheers),?\s+)({_NAME})\s*$",
    )
)


class UnmaskableText(HelpdeskError):
    """The text holds our own brackets, so what is hidden could not be told from what was written."""

    code = "cant_hide"


class LostMark(HelpdeskError):
    """What came back has something hidden in it that was never sent."""

    code = "lost_mark"


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactedTexts:
    """`texts` may leave the house; `kept` is what stands behind ⟦1⟧, ⟦2⟧ and so on."""

    texts: tuple[str, ...]
    kept: tuple[str, ...]

    def show(self, text: str) -> str:
        """The text with everything back in its place. Raises `LostMark`."""
        return _MARK.sub(lambda mark: self._behind(int(mark[1])), text)

    def _behind(self, number: int) -> str:
        if not 0 < number <= len(self.kept):
            raise LostMark(f"Nothing was hidden as number {number}.")
        return self.kept[number - 1]


def hide(texts: Iterable[str], names: Iterable[str] = ()) -> RedactedTexts:
    """Hide addresses, links, account, card, phone and order numbers, and names: those given, and where one is told.

    The same thing has the same number everywhere. Raises `UnmaskableText`. A name in mid-sentence that nobody told us
    of     can't be known.
    """
    texts = tuple(texts)
    if any(_BRACKETS.search(text) for text in texts):
        raise UnmaskableText("A text with ⟦ or ⟧ is not sent anywhere.")
    kept: dict[str, int] = {}
    known = sorted({part for name in names for part in (name, *name.split()) if len(part) > 2}, key=len, reverse=True)
    return RedactedTexts(texts=tuple(_hide(text, known, kept) for text in texts), kept=tuple(kept))


def _hide(text: str, names: list[str], kept: dict[str, int]) -> str:
    def mark(found: str) -> str:
        end = len(found.rstrip(".,;:!?"))
        return f"⟦{kept.setdefault(found[:end], len(kept) + 1)}⟧{found[end:]}"

    for pattern in _PERSONAL:
        text = pattern.sub(lambda match: mark(match[0]), text)
    for pattern in _NAMED:
        text = pattern.sub(lambda match: match[0].replace(match[1], mark(match[1])), text)
    for name in names:
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", lambda match: mark(match[0]), text)
    return text
