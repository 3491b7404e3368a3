"""Messages with a count that stand in tables: marked once, said by count in Python, handed to scripts by category.

Where a message stands in the code that says it, `ngettext` is enough.
"""

from functools import cache
from gettext import NullTranslations
from typing import NamedTuple

from babel import Locale

#: Numbers among which every plural form of a language is found, those of Arabic and Polish included.
_COUNTED = (*range(200, -1, -1), 1_000_000)


class PluralMessage(NamedTuple):
    """The English texts for one and for several. The first may leave the number out."""

    one: str
    several: str


def NN_(one: str, several: str) -> PluralMessage:
    """Mark a message with a count that stands in a table, as `N_` does for one without."""
    return PluralMessage(one, several)


def plural_forms(messages: NullTranslations, locale: Locale, marked: PluralMessage) -> dict[str, str]:
    """A text for each plural category of the language, by the names that `Intl.PluralRules` uses in scripts.

    `other` is always there; a category that says the same is left out. In Polish only fractions are `other`: what is
    said of none stands in for them.
    """
    found = {category: messages.ngettext(*marked, count) for category, count in _examples(locale).items()}
    other = found.setdefault("other", messages.ngettext(*marked, 0))
    return {category: text for category, text in found.items() if category == "other" or text != other}


@cache
def _examples(locale: Locale) -> dict[str, int]:
    return {locale.plural_form(count): count for count in _COUNTED}
