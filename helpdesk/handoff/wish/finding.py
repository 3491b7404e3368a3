"""Finds the wish, clause by clause, and tells it from questions about people, from stories, and from its opposite."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from helpdesk.handoff.wish.words import Token, tokens_of

ASK_PERSON = "ask_person"
"""The bot's name for the intent."""
_LONGEST_QUOTE = 200


class WishKind(StrEnum):
    """How a person is asked for."""

    PERSON = "person"
    CALLBACK = "callback"
    NO_BOT = "no_bot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """`text` are the exact words of the line that say it."""

    kind: WishKind
    text: str


@lru_cache(maxsize=4096)
def find_wish(text: str, language: str | None = None, *, intent: str | None = None) -> Wish | None:
    """The wish for a person in a line of the contact, or none.

    The patterns of both languages are tried whatever `language` says: customers mix them. `intent`, what the bot took
    the line for, decides where the words say neither yes nor no.
    """
    if wish := _command(text):
        return wish
    denied = False
    for start, end in _clauses(text):
        tokens = [Token(name=t.name, start=t.start + start, end=t.end + start) for t in tokens_of(text[start:end])]
        names = " ".join(token.name for token in tokens)
        if _DENYING.search(names):
            denied = True
            continue
        if found := _in_clause(text, tokens, names):
            return found
    if intent == ASK_PERSON and not denied and text.strip():
        return Wish(kind=WishKind.PERSON, text=text.strip()[:_LONGEST_QUOTE])
    return None


def _command(text: str) -> Wish | None:
    found = _COMMAND.match(text)
    return Wish(kind=WishKind.PERSON, text=found.group().strip()) if found else None


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for seam in _SEAM.finditer(text):
        yield start, seam.end()
        start = seam.end()
    yield start, len(text)


def _in_clause(text: str, tokens: list[Token], names: str) -> Wish | None:
    for kind, pattern in _WISHES:
        if found := pattern.search(names):
            first = names.count(" ", 0, found.start())
            last = first + found.group().strip().count(" ")
            return Wish(kind=kind, text=text[tokens[first].start : tokens[last].end])
    return None


def _p(pattern: str) -> re.Pattern[str]:
    """In patterns, "<n>" stands for up to n words."""
    return re.compile(re.sub(r"<(\d)>", r"(?:\\S+ ){0,\1}?", pattern))


_WHO = r"(?:REAL |ART |other |anderen |human |team )*(?:PERSON|SOMEONE|DEPT|human)\b"
_WHOM = r"(?:REAL |ART |other |anderen )*(?:PERSON|SOMEONE)\b"
_STAFF = r"(?:REAL |ART |other )*PERSON\b"
_ALONE = r"(?:PLEASE |ART |REAL |WANT |i |ich |to )*"

_COMMAND = re.compile(
    r"^\s*/(?:mensch|person|human|agent|mitarbeiter|support|handoff|operator|rückruf|callback)\b", re.IGNORECASE
)
_SEAM = re.compile(r"[.!?;:\n…]+|,|\s[–-]+\s|\b(?:sondern|aber|but|weil|because|denn)\b", re.IGNORECASE)
_DENYING = _p(
    r"^(?:.* )?(?:"
    # who are you, who am I talking to
    r"(?:bist du|bisch du|bist|sind sie|seid ihr|are you|are u|r u|you are|du bist|sie sind)\b.*"
    r"(?:PERSON|BOT|REAL|human)"
    r"|(?:ist|is|war|was) (?:das|this|that|it|dies|dort|hier) <4>(?:PERSON|BOT|REAL)\b(?! (?:da|available|who|der|die))"
    r"|(?:SPEAK|schreibe|chatte) (?:ich|i) .*(?:PERSON|BOT|SOMEONE)"
    r"|am i <2>(?:TALKING|talking|speaking|chatting) "
    # the opposite
    r"|(?:WANT|need|möchte|muss|have to|must|sollen|sie) <5>NOT <5>"
    r"(?:PERSON|SOMEONE|CONNECT|CALLBACK|DEPT|anrufen|angerufen|telefonieren)"
    r"|NOT (?:WANT|need|have) <5>(?:PERSON|SOMEONE|CONNECT|CALLBACK|DEPT|call)\b"
    r"|NOT (?:REAL |ART )*(?:PERSON|CALLBACK)\b"
    r"|NOT <1>(?:CONNECT|call|anrufen|anruf)\b"
    r"|(?:no|NOT|don't) <1>need\b"
    r")"
)
_WISHES = (
    (
        WishKind.NO_BOT,
        _p(
            r"NOT <1>(?:automatischen |automatic )?(?:ART )?BOT\b|NOT WANT <3>SPEAK <3>BOT\b"
            r"|WANT <2>NOT (?:mit|with|to) <2>BOT\b|NOT (?:mit|with|to) <2>BOT\b|\bno <1>BOT\b"
        ),
    ),
    (
        WishKind.CALLBACK,
        _p(
            rf"(?:kann|könnte|könnten|können|can|could|soll) <2>(?:{_WHO} )?<3>"
            r"(?:anrufen|zurückrufen|ring me|call me|phone me)\b"
            r"|GIVE (?:sie )?(?:mich|mi) <2>(?:an|zurück)\b|rufen (?:sie )?mich <2>(?:an|zurück)\b"
            r"|(?:^|PLEASE |can you |could you )call me\b|WANT <3>CALLBACK\b|^PLEASE* ?CALLBACK(?: PLEASE)*$"
            r"|WANT <3>telefonieren\b|^(?:PLEASE )*anruf(?: PLEASE)*$"
        ),
    ),
    (
        WishKind.PERSON,
        _p(
            rf"^{_ALONE}(?:PERSON|DEPT|human being)(?: PLEASE| being)*$"
            rf"|WANT <4>SPEAK <3>{_WHO}|WANT <4>(?:mit|to|with) {_WHO}|WANT (?:PLEASE )*{_WHOM}"
            rf"|(?:mit|to|with|zu) {_WHO} <2>(?:SPEAK|TALKING)"
            rf"|SPEAK (?:PLEASE )*(?:to|with|mit) {_WHO}|SPEAK {_STAFF}"
            rf"|GIVE <2>{_WHOM}|GIVE me <2>{_WHO}"
            rf"|CONNECT <3>{_WHO}|CONNECT (?:sie )?(?:mich|me)\b|(?:mich|me) CONNECT\b|(?:mit|an) {_WHO} <2>CONNECT"
            r"|^(?:PLEASE )*CONNECT(?: PLEASE)*$|put me (?:through|on)\b"
            r"|stell\w* (?:sie )?mich <2>durch\b|hand me over\b"
            rf"|(?:kann|könnte|can|could) <3>{_STAFF} <3>"
            r"(?:look|take|help|übernehmen|draufschauen|klären|anschauen|helfen)"
        ),
    ),
)
