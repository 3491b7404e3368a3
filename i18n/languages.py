"""The languages there are, by name and all together."""

from collections.abc import Iterable, Iterator
from gettext import NullTranslations

from babel.lists import format_list

from i18n.catalogs import Domain, available_languages, catalog, locale_of


def language_name(language: str, reader: str) -> str:
    """What the language with this code is called in a sentence of the reader's language: "Englisch", "anglais"."""
    return str(locale_of(reader).languages.get(language, language))


def own_name(language: str) -> str:
    """What a language calls itself, as a title: "Deutsch", "English", "Français"."""
    name = language_name(language, language)
    return name[:1].upper() + name[1:]


def listed(words: Iterable[str], reader: str) -> str:
    """One after the other as the reader's language lists them: "Deutsch, Englisch und Französisch"."""
    return format_list(list(words), locale=locale_of(reader))


def all_catalogs(domain: Domain) -> Iterator[NullTranslations]:
    """Every language that a reader may be addressed in, with both forms of address."""
    for language in available_languages(domain):
        for informal in (False, True):
            yield catalog(domain, language, informal=informal)


def has_informal(domain: Domain, language: str) -> bool:
    """Whether the language has two forms of address, so that du (tu, …) has a catalog of its own."""
    return catalog(domain, language, informal=True) is not catalog(domain, language)
