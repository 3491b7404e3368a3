"""What Staffel itself says to customers. The bot's own words are in domain.yml."""

from helpdesk.texts.refusals import explain
from helpdesk.texts.sentences import Say
from i18n import catalog

__all__ = ["Say", "explain", "say"]


def say(what: Say, language: str, formality: str = "sie", **values: object) -> str:
    """The sentence in the customer's language and form of address; English is what a language without catalog gets."""
    return catalog("customer", language, informal=formality == "du").gettext(what).format(**values)
