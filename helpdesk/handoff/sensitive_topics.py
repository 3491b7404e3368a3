"""Topics that belong to a person, found by words that an admin can read and change.

A word of a topic is one or more plain words; `*` at the end of a word stands for any ending, at its beginning for any
beginning, and `…` for up to four words in between: "anwalt*", "*anzeige erstatten", "ich will … kündigen".
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

_BETWEEN = r"(?:[\W_]+\w+){0,4}?"


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitiveTopic:
    """One line of the editable list.

    `words` are by language ("de", "en"); both are looked for in every text, since customers mix them.
    `except_` are words that, standing around a find, mean something else ("Kündigungsfrist"). `at_once`: it goes over
    with the first line that names it; else a person is offered. `first` is the key of a sentence that is said before
    anything else.
    """

    name: str
    de: str
    en: str
    words: dict[str, tuple[str, ...]]
    except_: tuple[str, ...] = ()
    on: bool = True
    at_once: bool = True
    first: str | None = None

    def title(self, language: str) -> str:
        """What the topic is called in a sentence."""
        return self.de if language == "de" else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicMatch:
    """A topic that a text touches, with the exact words of the text."""

    topic: SensitiveTopic
    text: str


def find_topics(text: str, topics: Iterable[SensitiveTopic]) -> tuple[TopicMatch, ...]:
    """The topics that are switched on and named in `text`, in the order of the list."""
    found = []
    for topic in topics:
        words = _first_words(text, topic) if topic.on else None
        if words is not None:
            found.append(TopicMatch(topic=topic, text=words))
    return tuple(found)


def pattern_of(words: str) -> str:
    """The regular expression that one entry of the list stands for. Raises `ValueError` where it holds no word."""
    parts = words.split()
    if not any(re.search(r"\w", part) for part in parts):
        raise ValueError(f'expected words such as "anwalt*", got "{words}"')
    joined = r"[\W_]+".join(_BETWEEN if part in {"…", "..."} else _word(part) for part in parts)
    return rf"(?<!\w){joined}(?!\w)".replace(rf"[\W_]+{_BETWEEN}", _BETWEEN)


def _word(part: str) -> str:
    """Umlauts may be written out, apostrophes left out."""
    return "".join(_SPELLINGS.get(letter.lower()) or re.escape(letter) for letter in part)


_SPELLINGS = {
    "*": r"\w*",
    "ä": "(?:ä|ae)",
    "ö": "(?:ö|oe)",
    "ü": "(?:ü|ue)",
    "ß": "(?:ß|ss)",
    "'": "['’`´]?",
    "-": r"[-\s]?",
}


@lru_cache(maxsize=256)
def _compiled(words: tuple[str, ...]) -> re.Pattern[str] | None:
    return re.compile("|".join(pattern_of(each) for each in words), re.IGNORECASE) if words else None


def _first_words(text: str, topic: SensitiveTopic) -> str | None:
    wanted = _compiled(_all_words(topic.words.values()))
    if wanted is None:
        return None
    unless = _compiled(topic.except_)
    others = [match.span() for match in unless.finditer(text)] if unless else []
    for match in wanted.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in others):
            return match.group()
    return None


def _all_words(by_language: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(each for words in by_language for each in words)
