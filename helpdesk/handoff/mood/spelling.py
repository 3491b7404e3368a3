"""Words as customers spell them, in one spelling: umlauts, capitals, leetspeak, asterisks, stretched letters.

Each word keeps its place in the line, so that what is found can be quoted exactly.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

MAX_LENGTH = 2_000
"""Characters of a line that are looked at; a mood shows long before that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """`line[start:end]` as it stands and `folded` as it compares. `sentence` and `clause` count up within the line."""

    start: int
    end: int
    raw: str
    folded: str
    sentence: int
    clause: int
    quoted: bool


_SPACED = r"(?<![^\W_])(?:[^\W\d_][ .\-_]){3,}[^\W\d_](?![^\W_])"
_WORD = re.compile(rf"{_SPACED}|\$?[^\W_](?:[\w*'’$@]*[\w*$])?|\$\w+")
_MENTION = re.compile(r"@\w+|https?://\S+|\S+@\S+\.\w+")
_OWN_SLIP = re.compile(
    r"^\W*(?:(?:ach|oh|ah|äh|nein|nee|no|hm+|sorry|ups|oops)\W+)*"
    r"(?P<slip>quatsch|unsinn|blödsinn|mist|verdammt|verflixt|scheiße|shit|damn|dammit|crap|rubbish|nonsense)\b[\s,.!–-]+"
    r"(?:(?=.*\b(?:meinte|meine ich|wollte sagen|vertippt|verschrieben|verwechselt|verlesen|verguckt|falsche nummer|"
    r"meant|i mean|typo|mistyped|misspelt|mixed (?:it |them )?up|misread|wrong (?:number|one))\b)"
    r"|(?=(?:[\w'’]+\W+){0,4}[\w-]*\d[\w-]*[^\w?]*$))",
    re.IGNORECASE,
)
"""How somebody begins who corrects what they wrote themselves: "Quatsch, 88371 meinte ich" scolds nobody."""
_SENTENCE_ENDS = re.compile(r"[.!?;\n]|(?<=\s)[-–](?=\s)")
_CLAUSE_ENDS = re.compile(r"[,:()…]")
_QUOTE = re.compile(
    r"\"[^\"\n]{1,200}\"|[„“”][^„“”\n]{1,200}[“”]|[«»][^«»\n]{1,200}[«»]|(?<!\w)['‘][^'‘’\n]{2,200}['’](?!\w)"
)
_STRETCH = re.compile(r"(\D)\1{2,}")
_SPELT_OUT = re.compile(r"([aou])e")
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "'": "", "’": "", "_": ""})
_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"})


def words_of(line: str) -> list[Word]:
    """The words of a line in order; names after an @, links, addresses and a slip of the pen are none."""
    text = line[:MAX_LENGTH]
    hidden = [match.span() for match in _MENTION.finditer(text)]
    hidden += [slip.span("slip")] if (slip := _OWN_SLIP.match(text)) else []
    quotes = [match.span() for match in _QUOTE.finditer(text)]
    return list(_words(text, hidden, quotes))


def _words(text: str, hidden: list[tuple[int, int]], quotes: list[tuple[int, int]]) -> Iterator[Word]:
    sentence = clause = before = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        gap, before = text[before:start], end
        if hidden and _within(start, hidden):
            continue
        ends = bool(_SENTENCE_ENDS.search(gap))
        sentence += ends
        clause += ends or bool(_CLAUSE_ENDS.search(gap))
        raw = match.group()
        quoted = bool(quotes) and _within(start, quotes)
        yield Word(start=start, end=end, raw=raw, folded=fold(raw), sentence=sentence, clause=clause, quoted=quoted)


def _within(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """One spelling; `*` stays for letters that the customer masked."""
    plain = unicodedata.normalize("NFKC", word).casefold().translate(_UMLAUTS)
    if re.search(r"[ .\-]", plain):
        plain = re.sub(r"[ .\-]", "", plain)
    if _is_leet(plain):
        plain = plain.translate(_LEET)
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain)
        plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    plain = _STRETCH.sub(r"\1", plain) if not plain.isdigit() and "*" not in plain else plain
    return _SPELT_OUT.sub(r"\1", plain) if len(plain) > 3 else plain


def _is_leet(word: str) -> bool:
    """Digits or signs between letters, as in "1diot" or "a$$"; an order number has more digits than letters."""
    letters = sum(character.isalpha() for character in word)
    return letters >= 2 and letters < len(word) and letters * 2 >= len(word) and any(c in "013457@$" for c in word)


def is_stretched(word: str) -> bool:
    """Whether a letter is drawn out, as in "sooooo"; not "www" and not Roman numbers."""
    found = _STRETCH.search(word.casefold())
    return bool(found) and word.isalpha() and found[1] not in "wix"  # type: ignore[index]
