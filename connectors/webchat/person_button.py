"""The web chat's button for a person, in the languages that the bot does not read."""

from functools import cache

from connectors.contract import ASK_PERSON
from i18n import N_, available_languages, catalog

#: What the button says for the customer. In these languages the bot reads it like every other message.
_WISH = N_("I would like to talk to a person.")
_READ_BY_THE_BOT = frozenset({"de", "en"})


def wish_in(text: str) -> str | None:
    """The payload of the wish for a person if `text` is the button's sentence in another language."""
    return ASK_PERSON if text.strip() in _sentences() else None


@cache
def _sentences() -> frozenset[str]:
    languages = set(available_languages("customer")) - _READ_BY_THE_BOT
    return frozenset(catalog("customer", language).gettext(_WISH) for language in languages)
