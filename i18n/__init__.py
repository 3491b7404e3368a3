"""Words that people read: message catalogs (gettext, below `locale/`) at run time, and their upkeep."""

from i18n.catalogs import (
    N_,
    NP_,
    SOURCE_LANGUAGE,
    Domain,
    available_languages,
    catalog,
    locale_of,
    translate,
    translate_table,
)
from i18n.languages import all_catalogs, has_informal, language_name, listed, own_name
from i18n.negotiation import accepted_language

__all__ = [
    "NP_",
    "N_",
    "SOURCE_LANGUAGE",
    "Domain",
    "accepted_language",
    "all_catalogs",
    "available_languages",
    "catalog",
    "has_informal",
    "language_name",
    "listed",
    "locale_of",
    "own_name",
    "translate",
    "translate_table",
]
