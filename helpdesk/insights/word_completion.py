"""The word that somebody is in the middle of typing, finished as the articles' own words suggest. Pure."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+")
_LAST = re.compile(r"[^\W\d_]{3,}\Z")
_MIN_LENGTH = 4  # letters of a word that is worth finishing


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words in alphabetical order, and how often each is used."""

    words: tuple[str, ...]
    used: tuple[int, ...]

    def complete(self, text: str) -> str | None:
        """`text` with its last word finished in the most common way; `None` when that is whole or unknown."""
        last = _LAST.search(text)
        if last is None:
            return None
        start = last.group().casefold()
        at = bisect_left(self.words, start)
        end = bisect_left(self.words, start + "\U0010ffff")
        if at == end or self.words[at] == start:
            return None
        likeliest = max(range(at, end), key=lambda place: self.used[place])
        return text[: last.start()] + self.words[likeliest]


def learn_words(texts: Iterable[str]) -> Vocabulary:
    """The vocabulary of these texts."""
    counted = Counter(word for text in texts for word in _WORD.findall(text.casefold()) if len(word) >= _MIN_LENGTH)
    words = tuple(sorted(counted))
    return Vocabulary(words, tuple(counted[word] for word in words))
