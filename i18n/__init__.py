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
from i18n.foreign import foreign_sentences, offered_languages_in
from i18n.languages import all_catalogs, has_informal, language_name, listed, own_name
from i18n.negotiation import accepted_language
from i18n.plurals import NN_, PluralMessage, plural_forms

__all__ = [
    "NN_",
    "NP_",
    "N_",
    "SOURCE_LANGUAGE",
    "Domain",
    "PluralMessage",
    "accepted_language",
    "all_catalogs",
    "available_languages",
    "catalog",
    "foreign_sentences",
    "has_informal",
    "language_name",
    "listed",
    "locale_of",
    "offered_languages_in",
    "own_name",
    "plural_forms",
    "translate",
    "translate_table",
]
