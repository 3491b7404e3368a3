"""In which language a customer is to be answered: one that is offered and that they write, or go on with.

A conversation changes its language on a sentence of another, never for a word: "sorry" and "where is my parcel" are not
the same evidence. A sentence in a language that isn't offered is named as such. Pure, but for the model of letters.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from i18n import available_languages
from knowledge.message.everyday_words import EVERYDAY_WORDS, OF_NO_LANGUAGE
from knowledge.normalization import words
from knowledge.search.language import language_shares

MAX_WORDS = 60
"""Of a message that are looked at; the language is told by then."""
OWN_WORDS = 2
"""Everyday words of another language, and not of the conversation's, that make a sentence of it."""
CLEAR_SHARE = 0.6
"""Likelihood by letters from which one such word among three is enough."""
CERTAIN_SHARE = 0.8
"""The same for a language of whose everyday words none is said, or which we have no list of."""
LONG_ENOUGH = 3
MIN_FOREIGN_LETTERS = 2
"""Of a word that speaks for a language that isn't offered: "y" is Spanish, and short for "why"."""
_SCRIPTS = {"CYRILLIC": "ru", "ARABIC": "ar", "GREEK": "el", "HEBREW": "he", "HAN": "zh", "CJK": "zh", "HANGUL": "ko"}
_OF_SCRIPT = {"ru": ("ru", "uk", "bg", "sr", "mk", "be"), "ar": ("ar", "fa", "ur")}
_UKRAINIAN = re.compile(r"[іїєґ]", re.IGNORECASE)
_RUSSIAN = re.compile(r"[ыэё]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageChoice:
    """`language` is one that is offered, None where the message gives no reason to leave the conversation's.

    `foreign` is the code of a language that isn't offered and that the message is in.
    """

    language: str | None = None
    foreign: str | None = None


def choose_language(text: str, spoken: str | None) -> LanguageChoice:
    """What the words of `text`, without identifiers, say of its language in a conversation in `spoken`. Some 0.1 ms."""
    script = _language_of_script(text)
    if script:
        return LanguageChoice(foreign=script)
    said = [word for word in words(text)[:MAX_WORDS] if word not in OF_NO_LANGUAGE and not word.isdigit()]
    if len(said) < 2:
        return LanguageChoice()
    return _choose(text, said, spoken)


def _choose(text: str, said: Collection[str], spoken: str | None) -> LanguageChoice:
    known, shares = _evidence(text, said), language_shares(text)
    best = max(known, key=lambda language: (known[language], language == spoken))
    if best == spoken or not _is_clear(best, said, spoken, shares.get(best, 0.0)):
        return LanguageChoice()
    return LanguageChoice(language=best) if best in available_languages("customer") else LanguageChoice(foreign=best)


def _evidence(text: str, said: Collection[str]) -> defaultdict[str, float]:
    """How many everyday words of each language are said, and how likely its letters are."""
    known = defaultdict(float, language_shares(text))
    for language, listed in EVERYDAY_WORDS.items():
        known[language] += len(set(said) & listed)
    return known


def _is_clear(language: str, said: Collection[str], spoken: str | None, share: float) -> bool:
    """Whether a sentence in `language` was said, not just a word of it."""
    listed = EVERYDAY_WORDS.get(language, frozenset())
    least = 1 if language in available_languages("customer") else MIN_FOREIGN_LETTERS
    usual = EVERYDAY_WORDS.get(spoken or "", frozenset())
    own = len({word for word in said if word in listed and len(word) >= least} - usual)
    if own >= OWN_WORDS:
        return True
    if language not in EVERYDAY_WORDS:
        return share >= CERTAIN_SHARE and len(said) > LONG_ENOUGH
    is_whole = all(word in listed for word in said)
    return own == 1 and (is_whole or (share >= CLEAR_SHARE and len(said) >= LONG_ENOUGH))


def _language_of_script(text: str) -> str | None:
    """The language of a text whose letters are mostly not Latin."""
    scripts = Counter(_script(letter) for letter in text if letter.isalpha())
    if not scripts:
        return None
    script = scripts.most_common(1)[0][0]
    usual = _SCRIPTS.get(script)
    if usual is None:
        return None
    if script == "CYRILLIC" and _UKRAINIAN.search(text):
        return "uk"
    if script == "CYRILLIC" and _RUSSIAN.search(text):
        return "ru"
    return max(_OF_SCRIPT.get(usual, (usual,)), key=_evidence(text, words(text)).__getitem__)


def _script(letter: str) -> str:
    """The first word of a letter's name in Unicode."""
    return unicodedata.name(letter, "LATIN").split(" ", 1)[0]
