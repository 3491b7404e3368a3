"""Catalogs at run time: read from their .po file when a language is first asked for, so that nothing has to be built.

A message's id is its English text. English therefore has no catalog. `de@informal` holds what differs from `de` for
customers who are addressed with du; what it doesn't hold is said as in `de`.
"""

from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Literal

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

#: Who reads a message. Each reader has catalogs of their own, and so may have languages that the other has not.
Domain = Literal["customer", "staff"]

#: The language of the message ids.
SOURCE_LANGUAGE = "en"
#: Ends the name of a catalog for readers who are addressed with du.
INFORMAL = "@informal"
#: Between context and text, as in the files of gettext.
CONTEXT_END = "\x04"
LOCALE_FOLDER = Path(__file__).parents[1] / "locale"


def catalog(domain: Domain, language: str, *, informal: bool = False) -> NullTranslations:
    """The messages for one reader: `gettext`, `ngettext`, `pgettext` and `npgettext` of the standard library.

    A language without a catalog gets the English source text. `informal` asks for the variant that says du (tu, …),
    where there is one.
    """
    if language not in available_languages(domain):  # it may come from outside: no file is looked for by that name
        return NullTranslations()
    if informal and _path(domain, language + INFORMAL).is_file():
        return _load(domain, language + INFORMAL)
    return _load(domain, language)


def N_(text: str) -> str:
    """Mark a message that stands in a table; `translate` says it once the reader is known."""
    return text


def NP_(context: str, text: str) -> str:
    """Mark a message that stands in a table and needs a context, because its text means several things."""
    return f"{context}{CONTEXT_END}{text}"


def translate(messages: NullTranslations, marked: str) -> str:
    """A message that `N_` or `NP_` has marked, in the reader's language."""
    context, end, text = marked.rpartition(CONTEXT_END)
    return messages.pgettext(context, text) if end else messages.gettext(text)


def translate_table[Key](messages: NullTranslations, table: Mapping[Key, str]) -> dict[Key, str]:
    """A table of marked messages, in the reader's language."""
    return {key: translate(messages, marked) for key, marked in table.items()}


@cache
def available_languages(domain: Domain) -> tuple[str, ...]:
    """Every language that has a catalog for this reader, the source language among them, in alphabetical order."""
    found = {path.parents[1].name for path in LOCALE_FOLDER.glob(f"*/LC_MESSAGES/{domain}.po")}
    return tuple(sorted({SOURCE_LANGUAGE, *(name for name in found if "@" not in name)}))


@cache
def locale_of(language: str) -> Locale:
    """Babel's locale, for dates, numbers and lists; of the source language where a language has none.

    English is British: the day stands before the month, and 24 hours are usual.
    """
    if language == SOURCE_LANGUAGE or language not in {*available_languages("staff"), *available_languages("customer")}:
        return Locale("en", "GB")
    return Locale.parse(language)


@cache
def _load(domain: Domain, name: str) -> NullTranslations:
    path = _path(domain, name)
    if not path.is_file():
        return NullTranslations()
    base = name.removesuffix(INFORMAL)
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=base))
    compiled.seek(0)
    found = GNUTranslations(compiled)
    if base != name:
        found.add_fallback(_load(domain, base))
    return found


def _path(domain: Domain, name: str) -> Path:
    return LOCALE_FOLDER / name / "LC_MESSAGES" / f"{domain}.po"
