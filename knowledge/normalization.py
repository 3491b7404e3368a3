"""How words are made comparable: one spelling for everything that customers spell in several ways."""

import re
import unicodedata

MAX_QUESTION_LENGTH = 2_000
"""Characters of a message that are looked at; a question is said long before that."""

MAX_REPEATS = 8
"""Of one character in a row that say more than one more would."""
_REPEATED = re.compile(rf"(.)\1{{{MAX_REPEATS},}}", re.DOTALL)

_SPACES = re.compile(r"\s+")
_INVISIBLE = str.maketrans("", "", "\u00ad\u200b\u200c\u200d\u2060\ufeff")  # soft hyphens and joints of no width
_SHOUTED = 5  # letters: what is shorter may be a code
_WORDS = re.compile(r"[^\W_]+")
_APOSTROPHES = str.maketrans("", "", "'’‘`´")
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u"})
_SPELT_OUT = re.compile(r"([aou])e")


def compact(text: str) -> str:
    """`text` with no character more than `MAX_REPEATS` times in a row: what reads it later may look back as far."""
    return _REPEATED.sub(lambda run: run[1] * MAX_REPEATS, text)


def excerpt(text: str, longest: int) -> str:
    """`text`, or its first third and its end when it has more than `longest` characters: a question stands at the end
    of a story or at its beginning. Cut between words where there are any."""
    if len(text) <= longest:
        return text
    head, tail = text[: longest // 3], text[-(longest - longest // 3 - 1) :]
    return f"{_before_last_space(head)} {_after_first_space(tail)}"


def _before_last_space(head: str) -> str:
    return head.rpartition(" ")[0] or head


def _after_first_space(tail: str) -> str:
    return tail.partition(" ")[2] or tail


def tidy(text: str) -> str:
    """The text as an embedder takes it: valid Unicode in NFC, no control characters, single spaces, not too long.

    Without what nobody sees, such as soft hyphens, and not in capitals throughout: models read those letter by letter.
    """
    valid = text[:MAX_QUESTION_LENGTH].encode("utf-8", "ignore").decode("utf-8").translate(_INVISIBLE)
    plain = valid if valid.isprintable() else "".join(map(_without_control, valid))
    tidied = _SPACES.sub(" ", unicodedata.normalize("NFC", plain)).strip()
    is_shouted = tidied.isupper() and sum(map(str.isalpha, tidied)) >= _SHOUTED
    return tidied.lower() if is_shouted else tidied


def _without_control(character: str) -> str:
    return " " if unicodedata.category(character) == "Cc" else character


def fold(text: str) -> str:
    """One spelling: no case, ß as ss, and ä, ae and a alike, since customers type "zurück", "zurueck" and "zuruck".

    English words lose an e as well ("does" becomes "dos"), on both sides of the comparison, so nothing is lost.
    """
    seen = text.translate(_INVISIBLE)
    lower = unicodedata.normalize("NFKC", seen).casefold().translate(_APOSTROPHES).translate(_UMLAUTS)
    bare = "".join(
        character for character in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(character)
    )
    return _SPELT_OUT.sub(r"\1", bare)


def words(text: str) -> list[str]:
    """The folded words, in order, without punctuation."""
    return _WORDS.findall(fold(text))


def same_words(text: str) -> str:
    """Two texts with the same words in the same order have the same value here, however they are punctuated."""
    return " ".join(words(text))
