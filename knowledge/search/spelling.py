"""Umlauts that customers spell out, as the articles write them: "Rueckgabe" is "Rückgabe" where an article says so.

The word rankers fold both into one spelling (`knowledge.normalization.fold`); a model of meaning reads what is written,
and knows "Altgeräte" but not "Altgeraete".
"""

import re
import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache

from knowledge.normalization import fold, tidy

_WORD = re.compile(r"[^\W\d_]+")
_SPELT_OUT = re.compile(r"ae|oe|ue|ss", re.IGNORECASE)
_SPECIAL = re.compile(r"[äöüß]", re.IGNORECASE)


def umlaut_words(texts: Iterable[str]) -> tuple[str, ...]:
    """The words of these texts that customers may spell out, each once; articles share what they have in common."""
    found = {word.lower() for text in texts for word in _WORD.findall(tidy(text)) if _SPECIAL.search(word)}
    return tuple(map(sys.intern, sorted(found)))


def by_folded_spelling(words: Iterable[str]) -> dict[str, str]:
    """The words by how `fold` spells them, as `restore_umlauts` looks them up."""
    return {_folded(word): word for word in words}


@lru_cache(maxsize=100_000)
def _folded(word: str) -> str:
    return fold(word)


def restore_umlauts(text: str, known: Mapping[str, str]) -> str:
    """`text` with the words that are spelt out put as `known` (by folded spelling) writes them; the rest stays."""
    return _WORD.sub(lambda word: _restored(word.group(), known), text) if _SPELT_OUT.search(text) else text


def _restored(word: str, known: Mapping[str, str]) -> str:
    """A word that has umlauts, or nothing that could be one, is meant as it is written."""
    if not _SPELT_OUT.search(word) or _SPECIAL.search(word):
        return word
    written = known.get(fold(word))
    if written is None:
        return word
    return written.capitalize() if word[:1].isupper() else written
