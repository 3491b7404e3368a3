"""Words that differ from a word of the articles by one slip of the hand: "Graantie" is "Garantie", "trian" is "train".

Only asked where a question as it is written finds nothing: a word that no article has may well be another one.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping

MIN_LETTERS = 5
"""Of shorter words, too many are one slip away from another."""
MAX_UNKNOWN = 3
"""Words of a text that no article has; with more of them it is written in a dialect or another language."""
_WORD = re.compile(r"[^\W\d_]+")

type KnownWords = Mapping[tuple[str, int], frozenset[str]]
"""Words in small letters by their first letter, which is hardly ever wrong, and their length."""


def mending_words(texts: Iterable[str]) -> tuple[str, ...]:
    """The words of an article's texts that may be meant by a mistyped one, each once; articles share their strings."""
    found = {word for text in texts for word in _WORD.findall(text.lower()) if len(word) >= MIN_LETTERS - 1}
    return tuple(map(sys.intern, sorted(found)))


def known_words(words: Iterable[str]) -> KnownWords:
    """The words of `mending_words`, as `mend` looks them up."""
    found: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    for word in set(words):
        found[word[0], len(word)].add(word)
    return {place: frozenset(each) for place, each in found.items()}


def mend(text: str, known: KnownWords) -> str:
    """`text` with each unknown word put as the one known word that is a slip away; the rest stays."""
    unknown = [word for word in _WORD.findall(text) if _is_unknown(word.lower(), known)]
    if len(unknown) > MAX_UNKNOWN:
        return text
    return _WORD.sub(lambda match: _mended(match.group(), known), text)


def _is_unknown(small: str, known: KnownWords) -> bool:
    return len(small) >= MIN_LETTERS and small not in known.get((small[0], len(small)), ())


def _mended(word: str, known: KnownWords) -> str:
    small = word.lower()
    if not _is_unknown(small, known):
        return word
    near = (each for length in (-1, 0, 1) for each in known.get((small[0], len(small) + length), ()))
    meant = [each for each in near if is_one_slip_away(small, each)]
    if len(meant) != 1:
        return word
    return meant[0].capitalize() if word[0].isupper() else meant[0]


def is_one_slip_away(one: str, other: str) -> bool:
    """Whether two words differ by a letter that is missing or too much, or by two neighbours that are swapped.

    A letter in the place of another makes a word of its own too often: "Gedicht" is no "Gewicht".
    """
    same = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    left, right = one[same:], other[same:]
    if len(left) != len(right):
        return (left[1:] == right) if len(left) > len(right) else (left == right[1:])
    return len(right) > 1 and left[:2] == right[1::-1] and left[2:] == right[2:]
