"""What somebody most likely wants to know who sends a number and nothing else. Pure."""

from collections.abc import Iterable

from identifiers import Identifier
from identifiers.identifier import INVOICE_NUMBER, ORDER_NUMBER, TRACKING_NUMBER

_QUESTIONS = {
    ORDER_NUMBER: {"de": "Wie ist der Stand meiner Bestellung?", "en": "What is the status of my order?"},
    TRACKING_NUMBER: {"de": "Wo bleibt mein Paket?", "en": "Where is my parcel?"},
    INVOICE_NUMBER: {"de": "Wo finde ich meine Rechnung?", "en": "Where do I find my invoice?"},
}


def question_for(told: Iterable[Identifier], language: str) -> str | None:
    """The question that an order's, a parcel's or an invoice's number stands for; None where no number does.

    It is searched for only, and never shown: any language of the search will do.
    """
    kinds = {each.kind for each in told}
    asked = next((_QUESTIONS[kind] for kind in _QUESTIONS if kind in kinds), None)
    return asked["de" if language == "de" else "en"] if asked else None
