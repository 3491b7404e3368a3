"""Numbers by which a company knows its orders, parcels, invoices, customers and goods, in any common form.

A word before or behind tells what a number is ("Best.-Nr. 4711-22", "88317 is my order number"); without one its form
does (LH-2024-88317, 1Z999AA10123456784). What nothing tells is a `number`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from identifiers.identifier import (
    ARTICLE_NUMBER,
    CUSTOMER_NUMBER,
    INVOICE_NUMBER,
    NUMBER,
    ORDER_NUMBER,
    TRACKING_NUMBER,
    VOUCHER_CODE,
    Identifier,
)

MIN_DIGITS = 4
"""Of a number behind a word that names a thing as well ("Bestellung 4711"); behind "Nr." three are enough."""
MIN_DIGITS_BEHIND_NUMBER = 3
_NR = r"(?:[- ]?(?:nummern?|nr|numbers?|num|no|id|code|kennung|n°|№)\b\.?|[- ]?№|[- ]?n°|\s?#)"
_GLUE = (
    r"\s*(?:(?:ist|is|lautet|lautete|war|wäre|was|heißt|mit der nummer|with the number|est|nr\.?|no\.?|number|nummer|"
    r":|=|#|-)"
    r"\s*){0,3}"
)
_CODE = (
    r"(?<![\w-])(?P<value>(?:[A-Z]{1,5}[-_/.]?)?\d[\dA-Z]*(?:[-_/.](?:\d[\dA-Z]*|[A-Z]{1,2}(?![\w]))){0,4})(?![\w€%-])"
)
_SPACED_DIGITS = r"(?<![\w-])(?P<spaced>\d{2,}(?: \d{2,}){1,4})(?![\w€%-])"
_SPACED_CODE = r"(?<![\w-])(?P<value>[A-Z]{0,4}\d[\dA-Z]*(?:[ -][\dA-Z]*\d[\dA-Z]*){0,6})(?![\w€%-])"
_PRONOUN = r"(?:\b(?P<pronoun>meine[rn]?|mein|die|der|das|unsere?r?|my|the|our|ma|mon|la|le)\s+)?"


@dataclass(frozen=True)
class _Naming:
    """What names a kind of number: words that need "number" behind them, others, and what they leave behind."""

    kind: str
    numbered: str
    bare: str
    german: str
    english: str


_NAMINGS = (
    _Naming(
        VOUCHER_CODE, r"gutschein|rabatt|aktions|voucher|promo|discount|coupon", "", "Gutscheincode", "voucher code"
    ),
    _Naming(CUSTOMER_NUMBER, r"kunden|kd\.?|customer|client|mitglieds?|member(?:ship)?|account|konto", "", "", ""),
    _Naming(INVOICE_NUMBER, r"rechnungs?|re|rg|invoice|facture", r"rechnung|invoice|facture", "Rechnung", "invoice"),
    _Naming(
        TRACKING_NUMBER,
        r"sendungs?|sendungsverfolgungs?|tracking|track(?:ing)?[ -]?(?:&|and)?[ -]?trace|paket|parcel|shipment|"
        r"consignment|"
        r"package|dhl|ups|dpd|hermes|gls|fedex|colis|suivi|verfolgungs?",
        r"sendung|paket|päckchen|parcel|shipment|package|tracking|dhl|ups|dpd|hermes|gls|fedex|colis",
        "Paket",
        "parcel",
    ),
    _Naming(ARTICLE_NUMBER, r"artikel|art\.?|produkt|item|product|article|sku", r"sku", "Artikel", "item"),
    _Naming(
        ORDER_NUMBER,
        r"bestell(?:ungs?)?|best\.?|auftrags?|auftr\.?|order|purchase|po|vorgangs?|referenz|ref(?:erence)?\.?|"
        r"commande|b",
        r"bestellung|auftrag|order|commande|purchase|bestellnummer|ordernummer",
        "Bestellung",
        "order",
    ),
)
_ENGLISH_CUE = re.compile(
    r"order|number|invoice|parcel|shipment|package|tracking|item|voucher|\bno\b|purchase|my|the|consignment",
    re.IGNORECASE,
)
_GERMAN_CUE = re.compile(r"nummer|\bnr|meine?|die|ordernummer|bestell|paket|sendung|rechnung", re.IGNORECASE)


def _before(naming: _Naming) -> "re.Pattern[str]":
    """The words before the number, as far as they are about it."""
    numbered = rf"(?:{naming.numbered})(?:[-. ]{{0,2}}){_NR}"
    code = _SPACED_CODE if naming.kind == TRACKING_NUMBER else rf"(?:{_SPACED_DIGITS}|{_CODE})"
    bare = rf"|\b(?P<bare>{naming.bare})" if naming.bare else r"|(?P<bare>(?!))"
    return re.compile(rf"{_PRONOUN}(?:(?P<numbered>\b{numbered}){bare})(?P<glue>{_GLUE}){code}", re.IGNORECASE)


_BEFORE = tuple((naming, _before(naming)) for naming in _NAMINGS)
_BEHIND = tuple(
    (
        naming,
        re.compile(
            rf"{_CODE}\s*(?:,\s*)?(?:\(|ist|is|lautet|das ist|that's|that is|=|-)\s*{_PRONOUN}(?:{naming.numbered})"
            rf"(?:[-. ]{{0,2}}){_NR}",
            re.IGNORECASE,
        ),
    )
    for naming in _NAMINGS
)
_VOUCHER = re.compile(
    r"\b(?P<cue>(?:gutschein|rabatt|aktions|voucher|promo|discount|coupon)[- ]?(?:code)?)(?:\s+(?:lautet|ist|is|"
    r":))?[\s:\"„“']+"
    r"(?P<value>(?-i:[A-ZÄÖÜ]{2,}[A-ZÄÖÜ\d-]*\d[A-ZÄÖÜ\d-]*|[A-ZÄÖÜ\d]{2,}(?:-[A-ZÄÖÜ\d]+)+))(?!\w)[\"“”']?",
    re.IGNORECASE,
)
_TRACKING_FORM = re.compile(
    r"(?<![\w-])(?:1Z[ ]?[\dA-Z]{3}[ ]?[\dA-Z]{3}[ ]?[\dA-Z]{2}(?:[ ]?[\dA-Z]{4}){2}|JJ?D\d{14,20}|H\d{15,19}|"
    r"[A-Z]{2}\d{9}[A-Z]{2}|"
    r"00340\d{3}\s?\d{4}\s?\d{4}\s?\d{4}|00340[ ]?\d{4}(?:[ ]?\d{4}){2,3}[ ]?\d{0,3}|\d{12}|\d{14}|\d{18,20})(?![\w-])",
    re.IGNORECASE,
)
_ORDER_FORM = re.compile(
    r"(?<![\w-])(?:#\s?(?P<hash>[A-Z]{0,3}-?\d{3,12}(?:-\d+)*)|"
    r"(?P<code>[A-Z]{1,5}[-_/]?(?:\d{2,4}[-_/])?\d{5,12}(?:[-_/]\d+)*|"
    r"[A-Z]{1,5}[-_/]\d{3,4}[-_/]\d{3,12}))(?![\w-])",
    re.IGNORECASE,
)
_INVOICE_FORM = re.compile(r"re|rg|inv", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.,/#+-])\d{5,11}(?:-\d{1,6}){0,2}(?![\w/€%-]|[.,]\d)")
_COUNTED = re.compile(
    r"\s*(?:€|%|eur|chf|kg|g\b|km|m\b|cm|mm|ml|l\b|stück|stk|pcs|pieces|mal|x\b|punkte|points|watt|mah)", re.IGNORECASE
)
_ABOUT_ORDERS = re.compile(
    r"bestell|auftrag|order|paket|päckchen|sendung|liefer|parcel|package|deliver|shipp|purchase|commande|colis|"
    r"livraison",
    re.IGNORECASE,
)


_NUMBER_WORD = re.compile(r"\b(?:nummer|nr|number)\b", re.IGNORECASE)


def find_named_numbers(text: str) -> Iterator[Identifier]:
    """Numbers that words beside them name."""
    for match in _VOUCHER.finditer(text):
        yield _identifier(_NAMINGS[0], match, match["cue"])
    for naming, pattern in _BEFORE:
        for match in pattern.finditer(text):
            if _is_number(text, match):
                yield _identifier(naming, match, match["numbered"] or match["bare"])
    for naming, pattern in _BEHIND:
        for match in pattern.finditer(text):
            if _digits(match["value"]) >= MIN_DIGITS_BEHIND_NUMBER:
                yield _identifier(naming, match, match[0][match.end("value") - match.start() :])


def find_tracking_numbers(text: str) -> Iterator[Identifier]:
    """Numbers of parcels as DHL, UPS, DPD, Hermes and the world's posts write them."""
    for match in _TRACKING_FORM.finditer(text):
        yield Identifier(TRACKING_NUMBER, match.start(), match.end(), re.sub(r"\s", "", match[0]).upper())


def find_formed_numbers(text: str) -> Iterator[Identifier]:
    """Numbers that look like orders', or like invoices'."""
    for match in _ORDER_FORM.finditer(text):
        group = "hash" if match["hash"] else "code"
        kind = INVOICE_NUMBER if _INVOICE_FORM.match(match[group]) else ORDER_NUMBER
        yield Identifier(kind, match.start(group), match.end(group), match[group].upper(), match.start(), match.end())


def find_bare_numbers(text: str) -> Iterator[Identifier]:
    """Five digits and more: an order's where the message is of orders, or says nothing else."""
    for match in _NUMBER.finditer(text):
        if _COUNTED.match(text[match.end() :]):
            continue
        rest = text[: match.start()] + text[match.end() :]
        is_order = bool(_ABOUT_ORDERS.search(rest) or _NUMBER_WORD.search(rest)) or not re.search(r"[^\W\d_]{3}", rest)
        yield Identifier(ORDER_NUMBER if is_order else NUMBER, match.start(), match.end(), match[0])


def _identifier(naming: _Naming, match: "re.Match[str]", cue: str) -> Identifier:
    groups = match.groupdict()
    group = "spaced" if groups.get("spaced") else "value"
    value = re.sub(r"\s", "", match[group]).upper()
    thing = groups.get("bare") or (naming.english if _is_english(cue) else naming.german)
    before = f"{_pronoun(match['pronoun'], thing)}{thing}" if thing and groups.get("pronoun") else thing
    return Identifier(naming.kind, match.start(group), match.end(group), value, match.start(), match.end(), before)


def _is_english(cue: str) -> bool:
    return bool(_ENGLISH_CUE.search(cue)) and not _GERMAN_CUE.search(cue)


def _pronoun(said: str, thing: str) -> str:
    """As the thing wants it: "meine Sendungsnummer" becomes "mein Paket"."""
    if thing in ("Paket", "Gutscheincode", "Artikel"):
        return "mein "
    return "meine " if thing in ("Bestellung", "Rechnung") else f"{said} "


def _digits(value: str) -> int:
    return sum(map(str.isdigit, value))


def _is_number(text: str, match: "re.Match[str]") -> bool:
    """Behind a bare "Bestellung" it may be a year, a date or what is counted: "order 10000 pieces"."""
    value = match["value"] or match.groupdict().get("spaced") or ""
    if match["numbered"]:
        return _digits(value) >= MIN_DIGITS_BEHIND_NUMBER
    is_year = bool(re.fullmatch(r"(?:19|20)\d\d", value)) and "#" not in match["glue"]
    is_date = bool(re.fullmatch(r"\d+\.\d+(?:\.\d+)?", value))
    return _digits(value) >= MIN_DIGITS and not (is_year or is_date or _COUNTED.match(text[match.end() :]))
