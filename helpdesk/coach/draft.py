"""A draft as the rules read it: the agent's own words, without quotes, code, addresses and signature. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property

MAX_LENGTH = 4_000
"""Characters that are looked at, of a draft and of what the customer wrote."""

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]{0,500}`", re.DOTALL)
_CITED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_QUOTED = re.compile(
    r"„[^“”\"\n]{1,300}[“”\"]|“[^”\n]{1,300}”|\"[^\"\n]{1,300}\"|»[^«\n]{1,300}«|«[^»\n]{1,300}»"
    r"|(?<![\w'])['‘‚](?!s\b)[^'’‘\n]{3,300}['’‘](?!\w)"
)
_ADDRESS = re.compile(r"\]\([^()\s]{0,2000}\)|(?:https?://|www\.)\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,253}")
_GOODBYE = re.compile(
    r"(?:^|(?<=[.!?…)] )|(?<=\n))[ \t]*(?:"
    r"(?:mit )?(?:viele|vielen|liebe|lieben|freundliche[nmr]?|freundlichem|beste[nr]?|herzliche[nr]?|schöne|sonnige)\s+"
    r"(?:grüße[n]?|gruß|gruss|grüsse[n]?)|lg|vg|mfg|gruß|beste|ihre?n?\s+\w+\s*$|"
    r"(?:kind|best|warm|many|with kind|with best)\s+(?:regards|wishes)|regards|best|cheers|sincerely|"
    r"yours (?:sincerely|faithfully|truly)|all the best)(?:[,!.]?\s*(?:\n|$)|,?\s+[A-ZÄÖÜ][^.!?\n]{0,40}(?:\n|$))",
    re.IGNORECASE | re.MULTILINE,
)
_GREETING = re.compile(
    r"^\W*(?:(?:guten (?:tag|morgen|abend)|hallo|hi|hey|moin|servus|grüß gott|liebe[r]?|sehr geehrte[r]?|hello|dear|"
    r"good (?:morning|afternoon|evening))\b[^,.!?\n:]{0,40}[,.!:\n]+\s*)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(
    r"(?<=[!?…])[)*_\"“]*\s+|(?<=[^\W\d]\.)(?<!\b[A-Za-z]\.)(?<!\b(?:Dr|Hr|Fr|Nr|ca|Mr|Ms|St)\.)(?<!\bMrs\.)\s+"
    r"|(?<=\d\.)\s+(?=[A-ZÄÖÜ])|(?<=\))\s+(?=[A-ZÄÖÜ])|\n+"
)
_LIST_LINE = re.compile(r"^[ \t]*(?:[-*•+]|\d{1,2}[.)])[ \t]+", re.MULTILINE)
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What an agent is writing, and what it answers.

    `language` is the conversation's; `form` is "sie" or "du", which only German has. `asked` are the customer's lines
    since they last had an answer of a person, oldest first. `zone` is where "tomorrow" is meant. `is_letter`: on this
    channel answers may be longer.
    """

    text: str
    language: str
    form: str
    asked: Sequence[str]
    now: datetime
    zone: tzinfo
    is_letter: bool = False

    @cached_property
    def own_words(self) -> str:
        """What the agent says: no quotes, no code, no addresses, no signature."""
        text = _CODE.sub(" … ", self.text[:MAX_LENGTH])
        text = _CITED_LINE.sub("", text)
        text = _ADDRESS.sub(" … ", _QUOTED.sub(" … ", text))
        return without_goodbye(text).strip()

    @cached_property
    def body(self) -> str:
        """The own words without the greeting either."""
        return _GREETING.sub("", self.own_words, count=1)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The sentences of the body; each line ends one."""
        return split_sentences(self.body)


def without_goodbye(text: str) -> str:
    """The text up to "Kind regards", if that comes after some words of the answer."""
    for found in _GOODBYE.finditer(text):
        if found.start() > 0 and text[: found.start()].strip():
            return text[: found.start()]
    return text


def split_sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, without the marks of a list."""
    found = (_LIST_LINE.sub("", part).strip() for part in _SENTENCE_END.split(text))
    return tuple(part for part in found if WORD.search(part) or any(map(str.isdigit, part)))


def list_lines(text: str) -> tuple[str, ...]:
    """The lines of the text that are items of a list."""
    return tuple(line for line in text.splitlines() if _LIST_LINE.match(line))
