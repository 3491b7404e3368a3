"""Words without their endings, alike enough to tell "zurückgesendet" and "zurücksenden" apart from anything else."""

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from helpdesk.rewording.vocabulary import PARTICLES

if TYPE_CHECKING:
    from snowballstemmer import Stemmer

_ALGORITHMS = {"de": "german", "en": "english"}
_PARTICLE = "|".join(sorted(PARTICLES, key=len, reverse=True))
_INSIDE = re.compile(rf"({_PARTICLE})(?:ge|zu)(\w{{3,}}(?:t|en))")  # zurück-ge-sendet, zurück-zu-senden
_APART = re.compile(rf"({_PARTICLE})(\w{{3,}})")
_PARTICIPLE = re.compile(r"ge(\w{3,}(?:t|en))")


@lru_cache(maxsize=20_000)
def stem(word: str, language: str) -> str:
    """The stem of a word in lower case. Both texts are treated alike, so what matters is only what becomes equal."""
    if language == "de":
        word = _INSIDE.sub(r"\1\2", word) if _INSIDE.fullmatch(word) else _without_ge(word)
    root: str = _stemmer(language).stemWord(word)
    return root if language == "en" else _bare(root)


def apart(word: str, language: str) -> tuple[str, str] | None:
    """Particle and stem of a German verb that comes apart, else `None`."""
    joined = _INSIDE.sub(r"\1\2", word) if _INSIDE.fullmatch(word) else word
    found = _APART.fullmatch(joined) if language == "de" else None
    return (found[1], stem(found[2], "de")) if found else None


@cache
def _stemmer(language: str) -> "Stemmer":
    import snowballstemmer  # loads the stemmers of thirty languages

    return snowballstemmer.stemmer(_ALGORITHMS[language])


def _without_ge(word: str) -> str:
    found = _PARTICIPLE.fullmatch(word)
    return found[1] if found else word


def _bare(word: str) -> str:
    """Without umlauts: Länder and Land."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))
