"""Where a sentence ends in German and English prose. Pure; a dot in "z. B.", "3.5" or "20. November" ends none."""

import re
from itertools import pairwise

_END = re.compile(r"[.!?…]+[\"'”“’»)\]]*\s+(?=[\"'„“‚‘«»(\[¿¡]*[^\W_a-zäöüß])")
_LAST_WORD = re.compile(r"[^\s(„“\"]*$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_LOOKED_BACK = 40  # characters: no abbreviation is longer, and a long text costs no more than a short one

#: Without their last dot: never the end of a sentence.
_NEVER_LAST = frozenset(
    """z.b d.h u.a o.ä i.d.r v.a s.o s.u e.g i.e bzw ca circa inkl exkl incl excl zzgl ggf evtl bspw bzgl vgl sog tel
    approx dr prof mr mrs ms hr fr dipl ing st vs lt gem einschl abzgl mind""".split()  # noqa: SIM905
)
#: An abbreviation only where a number follows: "No. 5", but "No. We don't."
_BEFORE_NUMBERS = frozenset(
    """nr no art abs max min str s p pp vol kap ziff jan feb mär mar apr jun jul aug sep sept okt oct nov dez
    dec fig abb""".split()  # noqa: SIM905
)
_ORDINAL = re.compile(r"\d{1,2}\.")
_MONTH = re.compile(r"(?:jan|feb|mär|mar|apr|mai|may|jun|jul|aug|sep|okt|oct|nov|dez|dec)", re.IGNORECASE)
_BEFORE_ORDINALS = re.compile(
    r"\b(?:a[mb]|zum|zur|vom|bis|im|der|des|dem|den|die|das|jede[rnms]?|und|oder|seit)\s+\d{1,2}\.$", re.IGNORECASE
)
#: Words in capitals that begin a sentence rather than follow "am 10.".
_BEGINNERS = frozenset(
    """der die das den dem ein eine einen wir sie ich er es ihr danach dann bitte bei in im am an auf ab mit nach von
    vor für wenn falls ist sind wer was wie wo auch nur dort hier dies diese dieser dieses alle ohne zum zur the a an we
    you it they if this that these please after then""".split()  # noqa: SIM905
)


def split_sentences(text: str) -> list[str]:
    """The sentences of a stretch of prose, in order, none of them empty; together they are all of its words."""
    ends = [found.end() for found in _END.finditer(text) if _is_an_end(text, found)]
    pieces = [text[start:end].strip() for start, end in pairwise([0, *ends, len(text)])]
    return [piece for piece in pieces if piece]


def _is_an_end(text: str, found: re.Match[str]) -> bool:
    if not found.group().startswith(".") or found.group().startswith(".."):
        return True
    before, behind = text[max(found.start() - _LOOKED_BACK, 0) : found.start()], text[found.end() :][:_LOOKED_BACK]
    word = _word_before(before)
    if word in _NEVER_LAST or (len(word) == 1 and word.isalpha()):
        return False
    if word in _BEFORE_NUMBERS and behind[:1].isdigit():
        return False
    return not (_ORDINAL.fullmatch(f"{word}.") and _is_ordinal(f"{before}.", behind))


def _word_before(before: str) -> str:
    """The word that the dot stands behind, in small letters."""
    found = _LAST_WORD.search(before)
    return found.group().casefold() if found else ""


def _is_ordinal(before: str, behind: str) -> bool:
    """Whether "10." is "the tenth", which goes on, and not a number at the end."""
    if _MONTH.match(behind):
        return True
    first = _FIRST_WORD.match(behind)
    if first is None or first.group().casefold() in _BEGINNERS:
        return False
    return bool(_BEFORE_ORDINALS.search(before))
