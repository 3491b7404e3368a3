"""Names of people, places and products, told by how they are written."""

import re
from collections.abc import Iterator, Sequence

from helpdesk.handoff.summary import vocabulary
from helpdesk.handoff.summary.numbers import Span
from helpdesk.handoff.summary.vocabulary import word_set

_CAPITAL = r"[A-ZÄÖÜ][\w'’&.-]*\w|[A-ZÄÖÜ]"
_NAME = re.compile(rf"(?<!\w)(?:{_CAPITAL}|[a-z]+[A-Z]\w*)(?:\s(?:{_CAPITAL}))*")
_GERMAN_CUE = re.compile(
    r"(?:\b(?:Frau|Herrn?|Dr\.|Familie|Firma|heiße|heisse|heißt|Name ist|namens|in|aus|nach|von|bei|mit|über|per)\s)$"
)
_TITLES = {"Frau", "Herr", "Herrn", "Familie", "Firma", "Dr."}
_GERMAN_NOT_NAMES = word_set(
    """
    iban tel nr mail id ordnung fragen versehen hause anfang karte rechnung bestellung gestern heute morgen ende
    eile zukunft zahlung kauf anhang freude grüßen post telefon mail chat app deutschland urlaub weihnachten
    ostern raten arbeit sorge vorkasse lastschrift kreditkarte überweisung gutschein nachnahme euch ihnen sie
    ich wunsch fall zeit geld problemen kundenservice kunden kundin kunde seiten menschen leuten jahren monaten
    wochen tagen stunden minuten druck glück vertrag verlust betrug schaden verspätung abholung lieferung
    rückgabe reklamation umtausch garantie
    """
)
_GERMAN_NOUN = re.compile(
    r"(?:ung|heit|keit|schaft|tion|tät|ismus|nis|tum|ling|ungen|heiten|keiten|schaften|tionen|nummer|preis|"
    r"kosten|datum|zeit|paket|karte|konto|adresse|gerät|geld|weg|platz|stra(?:ß|ss)e)s?$",
    re.IGNORECASE,
)
_MIXED = re.compile(r"^(?:[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*|[A-ZÄÖÜ]{2,5})$")
_SHOUTED = word_set(
    """IS IT TO MY ME WE NO NOT DO THE AND FOR YOU ARE WAS HAS HAD CAN WHY HOW WHO NOW PAY ALL OUT GET ANY OFF ONE BUT
    HER HIM HIS YOUR THIS THAT WITH WHAT WHEN HAVE STILL NEVER EVER VERY SO OK AM PM ON OF IN AT IF OR BE BY AN AS UP US
    DM LINK LOL WTF OMG FYI ASAP PLS PLZ THX BTW IMO TY RT HELP WHERE THERE FREE JUST MORE STOP
    ICH DU ER SIE ES WIR IHR IST DAS DIE DER UND ODER NIE NUR JA NEIN WAS WER WO WIE WANN MIR DIR UNS EIN EINE KEIN
    NICHT NOCH IMMER MEIN BITTE SOFORT JETZT ENDE MAL LG MFG VG"""
)
_NOT_NAMES = word_set(
    """i im ive id ill hi hey hello dear thanks thank sorry yes no ok okay please monday tuesday wednesday thursday
    friday saturday sunday dm lol god lord mr mrs ms christmas xmas english german"""
)


def names_in(text: str, language: str | None) -> Iterator[Span]:
    """Where names stand. In English a capital inside a sentence tells; German capitalises every noun and needs more."""
    if _is_shouted(text):
        return iter(())
    return _german_names(text) if language == "de" else _english_names(text)


def _is_shouted(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return 2 * sum(map(str.isupper, letters)) > len(letters)


def _english_names(text: str) -> Iterator[Span]:
    for match in _NAME.finditer(text):
        start, end = match.span()
        if _opens_sentence(text, start) and not _MIXED.match(match.group().split()[0]):
            first, _, rest = match.group().partition(" ")
            if not rest:
                continue
            if first.casefold() in vocabulary.FUNCTION_WORDS | vocabulary.COURTESY:
                start += len(first) + 1
        yield from _without_ordinary(text, start, end)


def _without_ordinary(text: str, start: int, end: int) -> Iterator[Span]:
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


def _german_names(text: str) -> Iterator[Span]:
    for match in _NAME.finditer(text):
        parts = match.group().split()
        if parts[0].casefold() in vocabulary.FUNCTION_WORDS:
            continue
        if any(_MIXED.match(part) and part not in _SHOUTED for part in parts):
            yield from _without_ordinary(text, *match.span())
        elif _has_title(parts) or (
            not _opens_sentence(text, match.start()) and _is_german_name(text[: match.start()], parts)
        ):
            yield match.span()


def _has_title(parts: Sequence[str]) -> bool:
    return len(parts) > 1 and parts[0] in _TITLES


def _is_german_name(before: str, parts: Sequence[str]) -> bool:
    if len(parts) > 1 and not any(_is_german_noun(part) for part in parts):
        return True
    return bool(_GERMAN_CUE.search(before)) and not _is_german_noun(parts[-1])


def _is_german_noun(word: str) -> bool:
    return word.casefold() in _GERMAN_NOT_NAMES or bool(_GERMAN_NOUN.search(word))


def _opens_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \"'“„(«*")
    return not before or before[-1] in ".!?:…"
