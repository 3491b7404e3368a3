"""All values that a text names, and the words in it that speak of every other value of a kind."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from knowledge.values.mention import Mention, NameTable, ValueKind, ValueTerm, WrittenWord, written_words
from knowledge.values.places import country_names, language_names, named_by_adjective
from knowledge.values.quantities import find_quantities
from knowledge.values.things import thing_names
from knowledge.values.year_days import (
    AMBIGUOUS_MONTHS,
    WEEKDAYS,
    date_names,
    days,
    numeric_dates,
    short_weekdays,
    weekday,
    weekday_names,
)

MAX_NAME_WORDS = 4
MAX_CHARACTERS = 2_000
"""Of a text that is looked at; the longest passages are far shorter."""

_NEAR = 30  # characters before a name that tell what it means
_GROUP_NEAR = 12  # characters between "other countries" and "the EU"

_OUTSIDE = re.compile(
    r"(?:außerhalb|ausserhalb|outside|nicht|non|en dehors)[\s-]*(?:(?:of|von|der|des|dem|den|the|de|l')\s*)*$",
    re.IGNORECASE,
)
_EXCEPT = re.compile(
    r"\b(?:except(?: for)?|apart from|other than|but not|außer|ausser|bis auf|ausgenommen|nicht aber|sauf)\W+"
    r"(?:(?:on|in|to|an|am|nach|mit|per|with|for|the|den|der|die|das)\s+)*$",
    re.IGNORECASE,
)
_RANGE_WORD = re.compile(
    r"[\s.]*(?:-|–|bis|to|through|till|until|und|and|&|/|,)[\s]*(?:zum\s+|dem\s+|einschließlich\s+|the\s+)?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\b(?:zwischen|between|entre)\s+(?:dem\s+|the\s+|le\s+)?$", re.IGNORECASE)
_AND_WORD = re.compile(r"und|and|&|/|,", re.IGNORECASE)
_SHORT_DAY = re.compile(
    r"\b(?P<day>[A-Z][a-z]{1,2})\b\.?(?=\s*(?:[-–/&,+]|bis|und|to|and)\s*[A-Z][a-z]|\s*:|\s+\d)|(?<=[-–/&+]\s)(?P<b>[A-Z][a-z]{1,2})\b|(?<=[-–/&+])(?P<c>[A-Z][a-z]{1,2})\b"
)
_DAY_BEFORE = re.compile(r"(?<!\d)(?P<day>0?[1-9]|[12]\d|3[01])(?:\.|st|nd|rd|th|er)?\s*(?:of\s+)?$")
_DAY_EARLIER = re.compile(
    r"(?<!\d)(?P<day>0?[1-9]|[12]\d|3[01])(?:\.|st|nd|rd|th)?\s*(?:und|and|bis|to|-|–|,|&)\s*(?:zum\s+)?$"
)
_DAY_BEHIND = re.compile(r"\.?\s+(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?\b(?![:.\d%€])")
_BEFORE_MONTH = re.compile(
    r"(?:\b(?:in|of|until|till|from|to|since|by|early|late|mid|next|last|this|en|fin|im|bis|ab)|[-–\d])\W*$",
    re.IGNORECASE,
)
_OTHERS: dict[ValueKind, str] = {
    ValueKind.COUNTRY: r"länder[ns]?|staaten|land|country|countries|nations?|destinations?|europe|world|welt|pays",
    ValueKind.LANGUAGE: r"sprachen?|languages?|langues?",
    ValueKind.PAYMENT: r"zahlungs\w+|karten|ways? (?:of|to) pay\w*|methods?|means|cards?|payments?|paiements?",
    ValueKind.CARRIER: r"paketdienst\w*|versand\w*|carriers?|couriers?",
    ValueKind.PLATFORM: r"geräten?|systeme?n?|devices?|systems?|platforms?",
    ValueKind.FILE_FORMAT: r"formaten?|dateien?|dateitypen|formats?|files?|file types",
    ValueKind.WEEKDAY: r"tagen?|wochentagen?|days?|jours?",
    ValueKind.DATE: r"feiertagen?|monaten?|dates?|months?|holidays?",
    ValueKind.SIZE: r"größen?|sizes?|tailles?",
    ValueKind.QUANTITY: r"(?!)",
}
_OTHER = (
    r"(?:alle[nrs]?(?:\s+(?:andere[nrs]?|übrigen|weiteren))?|jede[nrsm]?(?:\s+andere[nrs]?)?|andere[nrs]?|übrige[nrs]?|restliche[nrs]?|"
    r"weitere[nrs]?|sonstige[nrs]?|(?:all|any|every|most)(?:\s+(?:of\s+the\s+)?other)?|other|the\s+(?:rest|remaining)|"
    r"rest\s+of\s+the|remaining|tous\s+les(?:\s+autres)?|autres)"
)
_ANY_OTHER = re.compile(r"(?:jede[nrsm]?\s+andere|any\s+other|every\s+other)", re.IGNORECASE)
_EVERYWHERE = re.compile(r"\b(?:überall|everywhere|anywhere|nirgend(?:s|wo)|nowhere|partout)\b", re.IGNORECASE)
_ABROAD = re.compile(
    r"\b(?:ausland|auslands|abroad|overseas|internationale?[nrs]?|international(?:ly)?|weltweit\w*|worldwide|"
    r"elsewhere|étranger)\b|\bübrige[ns]?\s+europa\b|"
    r"\brest\s+of\s+(?:europe|the\s+world)\b",
    re.IGNORECASE,
)
_ANYTHING_ELSE = re.compile(
    r"\b(?:alles andere|alle anderen|in allen anderen fällen|everything else|all (?:the )?others|any other)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionList:
    """The values that a text names, in order, and the kinds of which it speaks of all others ("other countries").

    `everywhere`: it says so in one word, of which a country is a part, too.
    """

    values: tuple[Mention, ...] = ()
    others: frozenset[ValueKind] = frozenset()
    everywhere: bool = False

    def of(self, kind: ValueKind) -> tuple[Mention, ...]:
        """Those of one kind."""
        return tuple(mention for mention in self.values if mention.kind is kind)


@lru_cache(maxsize=4096)
def find_mentions(text: str) -> MentionList:
    """The values that `text` names. Some 0.1 ms; the very first call reads the lists, a twentieth of a second."""
    text = text[:MAX_CHARACTERS]
    named = [*_named(text, written_words(text)), *_short_days(text)]
    named += [_mention(text, start, end, term) for start, end, term in numeric_dates(text)]
    named = [each for one in named for each in _dated(text, one)]
    named.sort(key=lambda mention: mention.start)
    values = [*_ranges(text, named), *find_quantities(text)]
    return MentionList(
        values=tuple(sorted(values, key=lambda one: one.start)),
        others=_others(text, named),
        everywhere=bool(_EVERYWHERE.search(text)),
    )


def _others(text: str, named: Sequence[Mention]) -> frozenset[ValueKind]:
    """The kinds of which a text speaks of all others."""
    found = {
        kind
        for kind, pattern in _patterns().items()
        for one in pattern.finditer(text)
        if not _is_narrowed(one, [each for each in named if each.kind is kind])
    }
    if _ABROAD.search(text):
        found.add(ValueKind.COUNTRY)
    if _ANYTHING_ELSE.search(text):
        found |= set(ValueKind) - {ValueKind.QUANTITY}
    return frozenset(found)


def _is_narrowed(others: re.Match[str], named: Sequence[Mention]) -> bool:
    """Whether only a group is spoken of ("other countries in the EU"), or what goes along with one that is named.

    "A gift card can be combined with any other method" is no rule about all methods.
    """
    if any(others.start() <= each.start <= others.end() + _GROUP_NEAR for each in named):
        return True
    return bool(_ANY_OTHER.match(others.group())) and any(each.end <= others.start() for each in named)


@lru_cache(maxsize=1)
def _patterns() -> dict[ValueKind, re.Pattern[str]]:
    return {
        kind: re.compile(rf"\b{_OTHER}\s+(?:\w+\s+)?(?:{nouns})\b", re.IGNORECASE) for kind, nouns in _OTHERS.items()
    }


def _tables() -> tuple[NameTable, ...]:
    return (country_names(), language_names(), thing_names(), weekday_names(), date_names())


def _named(text: str, written: Sequence[WrittenWord]) -> Iterator[Mention]:
    """The longest names first; a word belongs to one name."""
    at = 0
    while at < len(written):
        for length in range(min(MAX_NAME_WORDS, len(written) - at), 0, -1):
            some = written[at : at + length]
            if terms := _terms(text, some):
                yield from (_mention(text, some[0].start, some[-1].end, term) for term in terms)
                at += length - 1
                break
        at += 1


def _terms(text: str, some: Sequence[WrittenWord]) -> tuple[ValueTerm, ...]:
    name = " ".join(word.spelt for word in some)
    found = tuple(term for table in _tables() for term in table.get(name, ()))
    if len(some) > 1:
        return found
    word = some[0]
    if word.text == "US":
        return country_names()["usa"]
    if word.spelt in AMBIGUOUS_MONTHS and not _is_a_month(text, word):
        return ()
    return found + _inflected(word, is_known=bool(found))


def _inflected(word: WrittenWord, *, is_known: bool) -> tuple[ValueTerm, ...]:
    """The country of an adjective, and of a name in another case: "Frankreichs", "Niederlanden", "Schweizer"."""
    if word.spelt.endswith("isch") and is_known:
        return ()  # "auf Französisch" is the language
    if adjective := named_by_adjective(word.spelt):
        return adjective
    if is_known:
        return ()
    bases = (word.spelt.removesuffix(ending) for ending in ("s", "n", "er") if word.spelt.endswith(ending))
    return next((terms for base in bases if len(base) > 3 and (terms := country_names().get(base))), ())


def _is_a_month(text: str, word: WrittenWord) -> bool:
    before, behind = text[max(0, word.start - _NEAR) : word.start], text[word.end :]
    return bool(_BEFORE_MONTH.search(before) or _DAY_BEHIND.match(behind))


def _short_days(text: str) -> Iterator[Mention]:
    """ "Mo–Fr", "Sat:"."""
    for found in _SHORT_DAY.finditer(text):
        group = next(name for name in ("day", "b", "c") if found[name])
        if key := short_weekdays().get(found[group].casefold()):
            yield _mention(text, found.start(group), found.end(group), weekday(key))


def _mention(text: str, start: int, end: int, term: ValueTerm) -> Mention:
    excluded = term.kind is ValueKind.COUNTRY and bool(_OUTSIDE.search(text[max(0, start - _NEAR) : start]))
    excepted = bool(_EXCEPT.search(text[max(0, start - _NEAR) : start]))
    return Mention(term=term, text=text[start:end], start=start, end=end, excluded=excluded, excepted=excepted)


def _dated(text: str, mention: Mention) -> Iterator[Mention]:
    """A month with the number beside it is a day; with two of them ("24. und 31. Dezember") it is both."""
    term = mention.term
    is_month = term.kind is ValueKind.DATE and term.last - term.first == 30 and term.first % 100 == 1
    at = max(0, mention.start - _NEAR)
    if is_month and (before := _DAY_BEFORE.search(text[at : mention.start])):
        yield _day(text, mention, int(before["day"]), at + before.start(), mention.end)
        if earlier := _DAY_EARLIER.search(text[at : at + before.start()]):
            yield _day(text, mention, int(earlier["day"]), at + earlier.start(), at + earlier.end("day"))
    elif is_month and (behind := _DAY_BEHIND.match(text[mention.end :])):
        yield _day(text, mention, int(behind["day"]), mention.start, mention.end + behind.end())
    else:
        yield mention


def _day(text: str, month: Mention, number: int, start: int, end: int) -> Mention:
    day = month.term.first - 1 + number
    return replace(month, term=days(day, day), start=start, end=end, text=text[start:end])


def _ranges(text: str, named: Sequence[Mention]) -> Iterator[Mention]:
    """All of them, and what lies between two weekdays or two dates with a "bis", "to" or dash between them."""
    yield from named
    for one, other in pairwise(named):
        between = text[one.end : other.start]
        joined = _RANGE_WORD.fullmatch(between)
        is_listed = _AND_WORD.search(between) and not _BETWEEN.search(text[max(0, one.start - _NEAR) : one.start])
        if joined is None or is_listed or one.kind is not other.kind:
            continue
        if one.kind is ValueKind.DATE and one.term.first and other.term.last:
            term = days(one.term.first, other.term.last)
            yield replace(one, term=term, text=text[one.start : other.end], end=other.end)
        elif one.term.key in WEEKDAYS and other.term.key in WEEKDAYS:
            yield from _days_between(one, other)


def _days_between(one: Mention, other: Mention) -> Iterator[Mention]:
    first, last = WEEKDAYS.index(one.term.key), WEEKDAYS.index(other.term.key)
    for number in range(first + 1, last if last > first else last + 7):
        yield replace(one, term=weekday(WEEKDAYS[number % 7]))
