"""What Staffel itself says to customers, in German (Sie and du) and English. The bot's own words are in domain.yml."""

from helpdesk.texts.english import ENGLISH
from helpdesk.texts.german import GERMAN
from helpdesk.texts.names import Say
from helpdesk.texts.refusals import explain

__all__ = ["Say", "explain", "say"]


def say(what: Say, language: str, formality: str = "sie", **values: object) -> str:
    """The sentence in the customer's language and form of address; German is what an unknown language gets."""
    if language == "en":
        return ENGLISH[what].format(**values)
    return GERMAN[what][1 if formality == "du" else 0].format(**values)
