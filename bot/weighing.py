"""Weighs the intent against what the knowledge base found. Pure, no Rasa.

The classifier knows how people talk, the search knows the articles. What is clearly talk (a greeting, the wish for a
person) stays; a weak guess yields to a good hit; and nothing is called "out of scope" that the knowledge base answers.
"""

from collections.abc import Mapping
from typing import Any

FAQ = "faq"
OUT_OF_SCOPE = "out_of_scope"
CLEAR = 0.5
"""From here on an intent of talk is taken at its word, whatever the search found."""
CLEAR_BESIDE_AN_ANSWER = {"feedback": 0.75, "help": 0.75, "affirm": 0.6, "deny": 0.6}
"""Intents whose words also occur in questions ("ich brauche Hilfe bei …") must be surer when there is an answer."""
SURELY_OUTSIDE = 0.9
OUTSIDE = 0.6
"""Below this, what sounds like no question to us may still be one that no article answers yet: the kinder reading."""


def weigh(intent: str, confidence: float, metadata: Mapping[str, Any] | None) -> str:
    """The intent to act on.

    `metadata` is the message's, with `outcome` "answer", "clarify" or "none"; without an outcome the classifier decides
    alone and only an unsure intent becomes a question to the knowledge base.
    """
    outcome = (metadata or {}).get("outcome")
    if intent == FAQ:
        return FAQ
    if intent == OUT_OF_SCOPE:
        return _outside(confidence, outcome)
    if outcome == "answer":
        return intent if confidence >= CLEAR_BESIDE_AN_ANSWER.get(intent, CLEAR) else FAQ
    return intent if confidence >= CLEAR else FAQ


def _outside(confidence: float, outcome: Any) -> str:
    if outcome == "answer":
        return FAQ if confidence < SURELY_OUTSIDE else OUT_OF_SCOPE
    return FAQ if confidence < OUTSIDE else OUT_OF_SCOPE
