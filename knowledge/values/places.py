"""Countries, and what several of them are called together, in German, English and French."""

import re
from functools import cache

from babel import Locale
from babel.core import get_global

from knowledge.values.mention import NameTable, ValueKind, ValueTerm, name_key

LOCALES = ("de", "en", "fr")

_EU = frozenset("AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split())  # noqa: SIM905
_EURO = _EU - {"BG", "CZ", "DK", "HU", "PL", "RO", "SE"}
_UNIONS = {
    "EU": _EU,
    "EZ": _EURO,
    "EEA": _EU | {"NO", "IS", "LI"},
    "scandinavia": frozenset({"DK", "NO", "SE", "FI"}),
    "benelux": frozenset({"BE", "NL", "LU"}),
    "dach": frozenset({"DE", "AT", "CH"}),
    "baltics": frozenset({"EE", "LV", "LT"}),
}
_CONTINENTS = {"Europe": "150", "Asia": "142", "Africa": "002", "America": "019", "Australia": "009", "Pacific": "009"}
_EUROPE_TOO = frozenset({"IS", "CY", "FO", "TR", "GE", "PT", "ES"})
_ALIASES = {
    "US": "Vereinigten Staaten|USA|U.S.A.|Amerika|America|amerikanisch|United States of America",
    "GB": (
        "Vereinigten Königreich|Vereinigte Königreich|Vereinigten Königreichs|UK|U.K.|Great Britain|Britain|"
        "England|Scotland|Wales|Großbritannien|Schottland|britisch|British|Angleterre"
    ),
    "NL": "Holland|The Netherlands|niederländisch|holländisch|Dutch",
    "CZ": "Tschechische Republik|Czech Republic",
    "TR": "Turkey",
    "CI": "Ivory Coast|Elfenbeinküste",
    "MM": "Burma",
    "AE": "Emirates|Emirate|VAE|UAE|Dubai",
    "KR": "Korea",
    "RU": "Russia|Russland",
    "CH": "Swiss",
    "BR": "Brasilien|Brazil",
    "EU": "EU|EU-Ausland|EU-Länder|EU states|EU countries|Union européenne",
    "EEA": "EEA|EWR|Europäischer Wirtschaftsraum|European Economic Area",
    "EZ": "Euroraum|Euro area|SEPA-Raum",
    "scandinavia": "Skandinavien|Scandinavia|nordische Länder|Nordic countries",
    "benelux": "Benelux|Benelux-Länder",
    "dach": "DACH",
    "baltics": "Baltikum|Baltic states",
    "150": "Europa|Europe|europäisches Ausland|europaweit",
    "142": "Asien|Asia",
    "019": "Nordamerika|North America|Südamerika|South America",
    "009": "Ozeanien|Oceania",
}
#: Names that are everyday words, too, in one of the languages.
_NO_NAMES = frozenset({"reunion", "man", "us", "san", "st", "center", "easter", "wake", "nome", "troll", "phoenix"})
_NOT_PART_OF_A_NAME = re.compile(r"\(.*?\)|\bSAR China\b|\bSonderverwaltungsregion\b|\bR\.A\.S\. chinoise de\b")
_BIG_ZONES = ("Europe/", "Asia/", "Australia/")
_BIG_CITIES = ("New_York", "Los_Angeles", "Chicago", "Denver", "Toronto", "Vancouver", "Sao_Paulo", "Mexico_City")
_ADJECTIVE = re.compile(r"(?:isch(?:e[nrms]?)?|ian|ean|ese|ish|an)$")
#: Languages whose likeliest country is not the one that their name makes think of.
_NATIONS = {"pt": "PT", "es": "ES", "zh": "CN", "fr": "FR", "de": "DE"}
_OF_MANY_NATIONS = frozenset({"en", "ar", "la", "eo"})


@cache
def country_names() -> NameTable:
    """Countries and groups of them by name; cities that time zones are named after stand for their country."""
    names: dict[str, tuple[ValueTerm, ...]] = {}
    for locale in LOCALES:
        for code, name in Locale(locale).territories.items():
            if (code.isalpha() and len(code) == 2) or code in _CONTINENTS.values():
                _add(names, _NOT_PART_OF_A_NAME.sub("", name), code)
    for code, aliases in _ALIASES.items():
        for name in aliases.split("|"):
            _add(names, name, code)
    for name, code in _cities():
        if name_key(name) not in names:
            _add(names, name, code)
    return names


@cache
def language_names() -> NameTable:
    """Languages by name, in two letters of ISO 639 only: the others are everyday words too often."""
    names: dict[str, tuple[ValueTerm, ...]] = {}
    for locale in LOCALES:
        for code, name in Locale(locale).languages.items():
            if len(code) == 2 and " " not in name:
                names[name_key(name)] = (ValueTerm(kind=ValueKind.LANGUAGE, key=code),)
    return names


def named_by_adjective(spelt: str) -> tuple[ValueTerm, ...]:
    """The country that an inflected adjective such as "französische", "Brazilian" or "Polish" is made of; or none."""
    ending = _ADJECTIVE.search(spelt)
    if ending is None:
        return ()
    base = spelt[: ending.start()] + ("isch" if ending.group().startswith("isch") else ending.group())
    language = language_names().get(base)
    if language and (code := _nation(language[0].key)):
        return (_country(code),)
    stem = spelt[: ending.start()]
    return _country_with_stem(stem) if len(stem) >= 4 else ()


@cache
def _country_with_stem(stem: str) -> tuple[ValueTerm, ...]:
    """The one country whose name is `stem` but for three letters at its end."""
    found = {
        terms[0].key: terms
        for name, terms in country_names().items()
        if " " not in name and name.startswith(stem[:-1]) and len(name) <= len(stem) + 3
    }
    return next(iter(found.values())) if len(found) == 1 else ()


def _nation(language: str) -> str | None:
    if language in _OF_MANY_NATIONS:
        return None
    likely = str(get_global("likely_subtags").get(language, "")).rpartition("_")[2]
    return _NATIONS.get(language) or (likely if len(likely) == 2 else None)


def _add(names: dict[str, tuple[ValueTerm, ...]], name: str, code: str) -> None:
    key = name_key(name)
    if key and key not in _NO_NAMES:
        names[key] = (_country(code),)


@cache
def _country(code: str) -> ValueTerm:
    groups = {name for name, members in _UNIONS.items() if code in members} | _continents().get(code, set())
    if code in {"EU", "EEA", "EZ", "scandinavia", "benelux", "dach", "baltics"}:
        groups = {"150"}
    return ValueTerm(kind=ValueKind.COUNTRY, key=code, groups=frozenset(groups) - {code})


@cache
def _continents() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {code: {"150"} for code in _EUROPE_TOO}
    for zone, code in get_global("zone_territories").items():
        if continent := _CONTINENTS.get(zone.partition("/")[0]):
            found.setdefault(code, set()).add(continent)
    return found


def _cities() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for zone, code in get_global("zone_territories").items():
        english = zone.rpartition("/")[2]
        if zone.startswith(_BIG_ZONES) or english in _BIG_CITIES:
            names = (Locale(locale).time_zones.get(zone, {}).get("city") for locale in LOCALES)
            found += [(name, code) for name in {english.replace("_", " "), *filter(None, names)}]
    return found
