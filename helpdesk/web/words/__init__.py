"""The words of the pages for customers, in German and in English."""

from collections.abc import Mapping
from functools import cache

from helpdesk.web.words.continuing import CONTINUING
from helpdesk.web.words.help import HELP

LANGUAGES = ("de", "en")

# Each row holds both languages, so that none can be forgotten.
WORDS: Mapping[str, tuple[str, str]] = {
    "staffel": ("Staffel", "Staffel"),
    "skip": ("Zum Inhalt springen", "Skip to content"),
    "language": ("Sprache", "Language"),
    "language_de": ("Deutsch", "Deutsch"),
    "language_en": ("English", "English"),
    **CONTINUING,
    **HELP,
}


@cache
def words_in(language: str) -> Mapping[str, str]:
    """Every word of the pages in one language; German for a language we don't speak."""
    column = LANGUAGES.index(language) if language in LANGUAGES else 0
    return {key: row[column] for key, row in WORDS.items()}
