"""What is known: numbers, amounts, dates, addresses and names in the customer's words, exactly as they were written."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from helpdesk.handoff.dialogue import Said
from helpdesk.handoff.summary import vocabulary
from helpdesk.handoff.summary.numbers import is_card, is_iban
from helpdesk.handoff.summary.sentences import words


class FactKind(StrEnum):
    """What a fact is, the most telling first: that is the order in which words are given to them."""

    ORDER = "order"
    SHIPMENT = "shipment"
    INVOICE = "invoice"
    ACCOUNT = "account"
    IBAN = "iban"
    CARD = "card"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    AMOUNT = "amount"
    DATE = "date"
    TIME = "time"
    NUMBER = "number"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """`text` is a slice of each of the lines `turns`; `value` is what makes two of them the same."""

    kind: FactKind
    text: str
    value: str
    turns: tuple[int, ...]


_CODE = r"(?:[A-Z]{1,4}[-/]?)?\d[\w/-]*\d|[A-Z]{1,4}-?\d[\w-]*|\d{3,}"
_CALLED = r"(?:\s?-?\s?(?:nummer|nr\.?|no\.?|number|num|id|code|kennung))?(?:\s(?:ist|is|lautet|die|der|mit der nummer))?\s?[:#]?\s?"
_UNITS = (
    r"(?i:%|percent|prozent|uhr|am|pm|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|times|people|"
    r"sekunden?|minuten?|stunden?|tage?n?|wochen?|monate?n?|jahre?n?|mal|stück|stk|pieces|"
    r"kg|g|km|cm|mm|m|l|ml|gb|mb|tb|kb|mbps|mbit|gbit|ghz|mhz|kwh|watt|volt|zoll|inch|°c)\b"
)
_ALONE = r"(?<![\w.,:/])"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_COUNTED = (
    r"(?:[A-ZÄÖÜ][^\W\d_]*|[a-z]+[A-Z]\w*|(?i:code|version|size|model|seat|gate|flight|room|row|platform|train|error|windows|"
    r"android|ios|level|line|fehler|größe|modell|gleis|zug|zimmer|sitz|flug|linie|nr\.?|no\.?|number|nummer))"
)
_NUMERAL = r"(?i:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"

_PATTERNS: tuple[tuple[FactKind, re.Pattern[str]], ...] = (
    (FactKind.EMAIL, re.compile(r"(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")),
    (FactKind.IBAN, re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?\b", re.IGNORECASE)),
    (FactKind.CARD, re.compile(r"\b\d(?:[ -]?\d){12,18}\b")),
    (
        FactKind.ORDER,
        re.compile(rf"\b(?:bestell\w*|auftrags?\w*|orders?|bookings?|buchungs?\w*){_CALLED}(?:{_CODE})", re.IGNORECASE),
    ),
    (
        FactKind.SHIPMENT,
        re.compile(
            rf"\b(?:sendungs?\w*|pakete?s?|paketnummer|tracking|parcels?|packages?|shipments?){_CALLED}(?:{_CODE})",
            re.IGNORECASE,
        ),
    ),
    (FactKind.INVOICE, re.compile(rf"\b(?:rechnungs?\w*|invoices?|bills?){_CALLED}(?:{_CODE})", re.IGNORECASE)),
    (
        FactKind.ACCOUNT,
        re.compile(
            rf"\b(?:kunden\w*|vertrags?\w*|konto\w*|customers?|accounts?|contracts?|tickets?|cases?|references?|ref){_CALLED}"
            rf"(?:{_CODE})",
            re.IGNORECASE,
        ),
    ),
    (
        FactKind.ADDRESS,
        re.compile(
            r"\b[A-ZÄÖÜ][\w-]+(?:str\.|stra(?:ß|ss)e|weg|platz|allee|gasse)\s\d+\s?[a-z]?\b(?:,?\s\d{5}\s[A-ZÄÖÜ][\w-]+)?"
            r"|\b[A-ZÄÖÜ][\w-]+\s(?:Str\.|Stra(?:ß|ss)e|Weg|Platz|Allee|Gasse)\s\d+\s?[a-z]?\b(?:,?\s\d{5}\s[A-ZÄÖÜ][\w-]+)?"
            r"|\b\d+[a-z]?\s[A-Z][\w-]+\s(?:Street|Road|Avenue|Lane|Drive)\b"
        ),
    ),
    (
        FactKind.AMOUNT,
        re.compile(
            r"(?:[€£$]|\b(?:EUR|USD|GBP|CHF))\s?\d+(?:[.,']\d+)*(?:,-)?"
            rf"|{_ALONE}\d+(?:[.,']\d+)*(?:,-)?\s?(?:[€£$]|(?:EUR|USD|GBP|CHF|Euros?|Cent|Franken|dollars?|pounds?|quid|bucks|"
            r"pence)\b)",
            re.IGNORECASE,
        ),
    ),
    (
        FactKind.DATE,
        re.compile(
            rf"{_ALONE}(?:\d{{4}}-\d\d-\d\d\b|{_DAY}\.\s?(?:0?[1-9]|1[0-2])\.(?:\s?\d{{4}}|\s?\d\d)?(?![\w])"
            rf"|{_DAY}/(?:0?[1-9]|[12]\d|3[01])(?:/\d{{2,4}})?\b(?!/)"
            rf"|{_DAY}(?:\.|st|nd|rd|th)?\s(?:of\s)?(?:{vocabulary.MONTHS})\b(?:\.?\s\d{{4}}\b)?)"
            rf"|\b(?:{vocabulary.MONTHS})\.?\s{_DAY}(?:st|nd|rd|th)?\b(?!\.\d)(?:,?\s\d{{4}}\b)?"
            rf"|\b(?:{vocabulary.DAYS})s?\b",
            re.IGNORECASE,
        ),
    ),
    (
        FactKind.TIME,
        re.compile(
            rf"{_ALONE}\d{{1,2}}[:.]\d{{2}}\s?(?:am|pm|uhr)\b|{_ALONE}\d{{1,2}}:\d{{2}}\b(?!:)"
            rf"|{_ALONE}\d{{1,2}}\s?(?:am|pm|uhr)\b",
            re.IGNORECASE,
        ),
    ),
    (FactKind.PHONE, re.compile(r"(?<![\w.,-])(?:\+|00?)[1-9]\d{0,3}[\s/()-]{0,2}\d[\d\s/()-]{4,14}\d\b")),
    (
        FactKind.NUMBER,
        re.compile(
            rf"(?:\b{_COUNTED}[\s-])?[#v]?(?<![\w.,:/])[^\W_]*\d(?:[\w./,:'-]*\w)?(?:\s?{_UNITS}|\s(?:Plus|Pro|Max|Mini|Ultra)\b)?"
            rf"|\b{_NUMERAL}\s{_UNITS}"
        ),
    ),
)

_CAPITAL = r"[A-ZÄÖÜ][\w'’&.-]*\w|[A-ZÄÖÜ]"
_NAME = re.compile(rf"(?<!\w)(?:{_CAPITAL}|[a-z]+[A-Z]\w*)(?:\s(?:{_CAPITAL}))*")
_GERMAN_CUE = re.compile(
    r"(?:\b(?:Frau|Herrn?|Dr\.|Familie|Firma|heiße|heisse|heißt|Name ist|namens|in|aus|nach|von|bei|mit|über|per)\s)$"
)
_GERMAN_NOT_NAMES = frozenset(
    """iban tel nr mail id ordnung fragen versehen hause anfang karte rechnung bestellung gestern heute morgen ende eile zukunft zahlung
    kauf anhang freude grüßen post telefon mail chat app deutschland urlaub weihnachten ostern raten arbeit sorge
    vorkasse lastschrift kreditkarte überweisung gutschein nachnahme euch ihnen sie ich wunsch fall zeit geld problemen
    kundenservice kunden kundin kunde seiten menschen leuten jahren monaten wochen tagen stunden minuten druck glück
    vertrag verlust betrug schaden verspätung abholung lieferung rückgabe reklamation umtausch garantie""".split()
)
_GERMAN_NOUN = re.compile(
    r"(?:ung|heit|keit|schaft|tion|tät|ismus|nis|tum|ling|chen|lein|ungen|heiten|keiten|schaften|tionen|nummer|preis|"
    r"kosten|datum|zeit|paket|karte|konto|adresse|gerät|geld|weg|platz|stra(?:ß|ss)e)s?$",
    re.IGNORECASE,
)
_MIXED = re.compile(r"^(?:[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*|[A-ZÄÖÜ]{2,5})$")
_SHOUTED = frozenset(
    """IS IT TO MY ME WE NO NOT DO THE AND FOR YOU ARE WAS HAS HAD CAN WHY HOW WHO NOW PAY ALL OUT GET ANY OFF ONE BUT
    HER HIM HIS YOUR THIS THAT WITH WHAT WHEN HAVE STILL NEVER EVER VERY SO OK AM PM ON OF IN AT IF OR BE BY AN AS UP US
    DM LINK LOL WTF OMG FYI ASAP PLS PLZ THX BTW IMO TY RT HELP WHERE THERE FREE JUST MORE STOP
    ICH DU ER SIE ES WIR IHR IST DAS DIE DER UND ODER NIE NUR JA NEIN WAS WER WO WIE WANN MIR DIR UNS EIN EINE KEIN
    NICHT NOCH IMMER MEIN BITTE SOFORT JETZT ENDE MAL LG MFG VG""".split()
)
_NOT_NAMES = frozenset(
    """i im ive id ill hi hey hello dear thanks thank sorry yes no ok okay please monday tuesday wednesday thursday friday
    saturday sunday dm lol god mr mrs ms christmas xmas english german""".split()
)


def facts_of(lines: Iterable[Said]) -> tuple[Fact, ...]:
    """The facts of the lines, each once with every line that holds it, in the order they came up.

    Numbers are kept with the word that says what is counted. Names are told by their capital letter inside a sentence;
    German capitalises every noun, so there a name needs a cue ("Frau", "aus", inner capitals, several in a row).
    """
    found: dict[tuple[str, str], Fact] = {}
    for line in lines:
        for kind, text in _facts_in(" ".join(line.text.split()), line.language):
            value = _value(kind, text)
            known = found.get(("", value))
            turns = (line.seq,) if known is None else tuple(dict.fromkeys((*known.turns, line.seq)))
            first = known or Fact(kind=kind, text=text, value=value, turns=turns)
            found["", value] = Fact(kind=first.kind, text=first.text, value=value, turns=turns)
    return tuple(found.values())


def _facts_in(text: str, language: str | None) -> Iterator[tuple[FactKind, str]]:
    taken: list[tuple[int, int]] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < right and left < end for left, right in taken) or not _holds(kind, match.group()):
                continue
            taken.append((start, end))
            yield kind, _trimmed(match.group()) if kind == FactKind.NUMBER else match.group().strip()
    names = _german_names if language == "de" else _english_names
    for start, end in names(text):
        if not any(start < right and left < end for left, right in taken):
            yield FactKind.NAME, text[start:end]


def _holds(kind: FactKind, text: str) -> bool:
    if kind == FactKind.IBAN:
        return is_iban(text)
    if kind == FactKind.CARD:
        return is_card(text)
    if kind == FactKind.PHONE:
        return sum(character.isdigit() for character in text) >= 7
    return True


def _trimmed(text: str) -> str:
    """A number without the word before it, where that word says nothing about it."""
    before, separator, rest = text.partition(" ")
    if separator and not any(c.isdigit() for c in before) and before.casefold() in vocabulary.FUNCTION_WORDS:
        return rest
    return text


def _value(kind: FactKind, text: str) -> str:
    if any(character.isdigit() for character in text) and kind != FactKind.EMAIL:
        return re.sub(r"[^\w]", "", "".join(word for word in words(text) if any(c.isdigit() for c in word)))
    return text.casefold()


def _english_names(text: str) -> Iterator[tuple[int, int]]:
    for match in _NAME.finditer(text):
        start, end = match.span()
        if _opens_sentence(text, start) and not _MIXED.match(match.group().split()[0]):
            first, _, rest = match.group().partition(" ")
            if not rest:
                continue
            start += len(first) + 1
        yield from _without_ordinary(text, start, end)


def _without_ordinary(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Runs of capitalised words without those that are no names ("I", shouted words)."""
    run: list[tuple[int, int]] = []
    for word in re.finditer(r"\S+", text[start:end]):
        plain = word.group().strip("'’.,&-")
        if plain in _SHOUTED or plain.casefold().replace("'", "").replace("’", "") in _NOT_NAMES or _is_shout(plain):
            if run:
                yield run[0][0], run[-1][1]
            run = []
        else:
            run.append((start + word.start(), start + word.end()))
    if run:
        yield run[0][0], run[-1][1]


def _is_shout(word: str) -> bool:
    return len(word) > 5 and word.isupper()


def _german_names(text: str) -> Iterator[tuple[int, int]]:
    for match in _NAME.finditer(text):
        if (parts := match.group().split())[0].casefold() in vocabulary.FUNCTION_WORDS:
            continue
        opens = _opens_sentence(text, match.start())
        if any(_MIXED.match(part) and part not in _SHOUTED for part in parts):
            yield from _without_ordinary(text, *match.span())
        elif not opens and len(parts) > 1 and not any(_is_german_noun(part) for part in parts):
            yield match.span()
        elif _GERMAN_CUE.search(text[: match.start()]) and not _is_german_noun(parts[-1]):
            yield match.span()


def _is_german_noun(word: str) -> bool:
    return word.casefold() in _GERMAN_NOT_NAMES or bool(_GERMAN_NOUN.search(word))


def _opens_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \"'“„(«*")
    return not before or before[-1] in ".!?:…"
