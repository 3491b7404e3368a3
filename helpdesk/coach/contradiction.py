"""A period, an amount or a time of day in the draft that is not the article's. Pure.

Only where draft and article speak of the same thing, the article names figures of that dimension, and the draft none of
them. What is about this very order ("Your order of €72.30", "18 days left") is not the article's matter.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from helpdesk.coach.draft import WORD, Draft, split_sentences
from helpdesk.coach.hint import CoachHint, HintKind
from helpdesk.coach.open_questions import _content, _is_like
from helpdesk.coach.signs import any_of, shortened

MAX_ARTICLE_LENGTH = 6_000
_NUMBERS = {
    "ein": 1, "eine": 1, "einen": 1, "einem": 1, "einer": 1, "one": 1, "a": 1, "zwei": 2, "two": 2, "drei": 3,
    "three": 3, "vier": 4, "four": 4, "fünf": 5, "five": 5, "sechs": 6, "six": 6, "sieben": 7, "seven": 7,
    "acht": 8, "eight": 8,
    "neun": 9, "nine": 9, "zehn": 10, "ten": 10, "zwölf": 12, "twelve": 12, "vierzehn": 14, "fourteen": 14,
    "dreißig": 30, "thirty": 30, "hundert": 100,
}  # fmt: skip
_NUMBER = r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_COUNT = rf"(?:{_NUMBER}|{'|'.join(_NUMBERS)})"
_MONEY = re.compile(
    rf"(?P<sign>[€$£])\s?(?P<a>{_NUMBER})|(?P<b>{_NUMBER})\s?(?:€|\$|£|euros?\b|eur\b|chf\b|franken\b|pounds?\b|"
    rf"dollars?\b)",
    re.IGNORECASE,
)
_PERCENT = re.compile(rf"(?P<a>{_NUMBER})\s?(?:%|prozent\b|percent\b|per cent\b)", re.IGNORECASE)
_UNITS = (
    ("day", r"(?:werk|arbeits|kalender)?tag(?:e[ns]?|s)?|(?:working |business |calendar )?days?"),
    ("hour", r"stunden?|std|hours?|hrs?"),
    ("week", r"wochen?|weeks?"),
    ("month", r"monat(?:e[ns]?|s)?|months?"),
    ("year", r"jahr(?:e[ns]?|s)?|years?"),
    ("minute", r"minuten?|min|minutes?|mins?"),
)
_DAYS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.4, "year": 365.0}
_PERIODS = tuple(
    (
        unit,
        re.compile(
            rf"(?<![\w.,])(?P<low>{_COUNT})(?:\s?(?:-|–|bis|to|oder|or)\s?(?P<high>{_COUNT}))?[\s-](?:volle |"
            rf"ganze |full )?"
            rf"(?:{names})\b",
            re.IGNORECASE,
        ),
    )
    for unit, names in _UNITS
)
_CLOCK = re.compile(
    r"(?<![\d.,:])(?P<hour>[01]?\d|2[0-4])(?:[:.](?P<minute>[0-5]\d))?\s?(?:(?P<uhr>uhr|h)\b|(?P<half>[ap])\.?m\b\.?)"
    r"|(?<![\d.,:])(?P<low>[01]?\d|2[0-4])(?:[:.](?P<lowm>[0-5]\d))?\s?(?P<lowhalf>[ap]\.?m\.?)?\s?"
    r"(?:-|–|bis|to|till|until|und|and)\s?(?P<high>[01]?\d|2[0-4])(?:[:.](?P<highm>[0-5]\d))?\s?(?:(?P<highuhr>uhr|"
    r"h)\b|"
    r"(?P<highhalf>[ap])\.?m\b\.?)",
    re.IGNORECASE,
)
#: The figure is this customer's own, or it isn't said as a rule.
_OWN_CASE = any_of(
    r"\bnoch\b|\bübrig\b|\bleft\b|\bremaining\b|\bschon\b|\bseit\b|\bsince\b|\bvor (?:\d|ein|zwei|drei)|\bago\b",
    r"\b(?:ihr(?:e[mnrs]?)?|dein(?:e[mnrs]?)?) (?:\w+ )?(?:bestellung|paket|rechnung|guthaben|betrag|warenkorb|"
    r"konto|gutschrift|"
    r"buchung|vertrag|termin|lieferung|erstattung)\b",
    r"\byour (?:\w+ )?(?:order|basket|parcel|invoice|balance|amount|account|booking|credit|cart|appointment|"
    r"refund of|delivery)\b",
    r"\b(?:yours|ihrer|deiner|ihres)\b|\bzurück\b.{0,12}$|\b(?:überwiesen|erstattet|gutgeschrieben|bezahlt|"
    r"refunded|credited|paid)\b",
    r"\b(?:statt|instead of|anstelle|kulanz\w*|ausnahmsweise|goodwill|exception\w*|anbieten|biete|offer|gutschein über|"
    r"voucher (?:of|for)|rabatt von|discount of|kostenlos dazu)\b",
    r"\b(?:das sind|macht|zusammen|insgesamt|in total|altogether|which makes|so that['’]s|also)\b",
)


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure: what it measures, its value (two of a range), its words and the sentence it stands in."""

    dimension: str
    values: tuple[float, ...]
    words: str
    sentence: str


def find_contradiction(draft: Draft, article: str) -> CoachHint | None:
    """The first figure of the draft that the article has otherwise."""
    theirs = [figure for sentence in split_sentences(article[:MAX_ARTICLE_LENGTH]) for figure in _figures(sentence)]
    ours = [figure for sentence in draft.sentences for figure in _figures(sentence)]
    for dimension in dict.fromkeys(figure.dimension for figure in ours):
        said = [figure for figure in ours if figure.dimension == dimension]
        known = [figure for figure in theirs if figure.dimension == dimension]
        if not known or any(_agrees(figure, other) for figure in said for other in known):
            continue
        for figure in said:
            if _OWN_CASE.search(figure.sentence) or any(_is_derived(figure, other) for other in known):
                continue
            if matching := [other for other in known if _is_about_the_same(figure, other, draft)]:
                return CoachHint(
                    kind=HintKind.ARTICLE, found=shortened(figure.words), instead=shortened(matching[0].sentence, 160)
                )
    return None


def _figures(sentence: str) -> Iterator[_Figure]:
    for found in _MONEY.finditer(sentence):
        yield _Figure("money", (_read(found["a"] or found["b"]),), found[0], sentence)
    for found in _PERCENT.finditer(sentence):
        yield _Figure("percent", (_read(found["a"]),), found[0], sentence)
    for unit, pattern in _PERIODS:
        for found in pattern.finditer(sentence):
            counts = [_read(each) for each in (found["low"], found["high"]) if each]
            if found["low"].lower() == "a" and unit not in {"week", "month", "year"}:
                continue
            yield _Figure("period", tuple(count * _DAYS[unit] for count in counts), found[0], sentence)
    for found in _CLOCK.finditer(sentence):
        yield _Figure("clock", _clock(found), found[0], sentence)


def _clock(found: re.Match[str]) -> tuple[float, ...]:
    if found["hour"]:
        return (_hour(found["hour"], found["minute"], found["half"]),)
    half = found["highhalf"]
    low = _hour(found["low"], found["lowm"], (found["lowhalf"] or "")[:1] or None)
    high = _hour(found["high"], found["highm"], half)
    return (low, high)


def _hour(hour: str, minute: str | None, half: str | None) -> float:
    at = int(hour) + int(minute or 0) / 60
    if half and half.lower() == "p" and at < 12:
        return at + 12
    return at


def _read(written: str) -> float:
    if written.lower() in _NUMBERS:
        return float(_NUMBERS[written.lower()])
    digits = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", written).replace(",", ".")
    return float(digits)


def _agrees(ours: _Figure, theirs: _Figure) -> bool:
    if len(ours.values) == len(theirs.values) == 2:
        return ours.values == theirs.values
    if ours.dimension == "clock" and len(ours.values) != len(theirs.values):
        return bool(set(ours.values) & set(theirs.values))
    return bool({round(each, 2) for each in ours.values} & {round(each, 2) for each in theirs.values})


def _is_derived(ours: _Figure, theirs: _Figure) -> bool:
    """Twice €35 is €70."""
    if ours.dimension != "money":
        return False
    times = ours.values[0] / theirs.values[0] if theirs.values[0] else 0.0
    return times > 1 and abs(times - round(times)) < 1e-6


def _is_about_the_same(ours: _Figure, theirs: _Figure, draft: Draft) -> bool:
    """Words of content in common, in the sentence or through what was asked."""
    words, others = _content(ours.sentence), _content(theirs.sentence)
    asked = _content(" ".join(draft.asked))
    wanted = {word for word in words | asked if not WORD.fullmatch(word) or word.lower() not in _UNIT_WORDS}
    return any(_is_like(word, other) for word in wanted for other in others - _UNIT_WORDS)


_UNIT_WORDS = frozenset(
    """
    tage tagen tag stunden stunde wochen woche monate monaten monat jahre jahren jahr minuten uhr euro days
    day hours hour weeks week months month years year minutes working business werktage werktagen arbeitstage
    within innerhalb
    """.split()  # noqa: SIM905 - read as a list of words
)
