"""Reads what our own buttons carry: `/faq{"article":"returns"}`. Pure, no Rasa.

Only these intents and entities exist for a button; anything else is refused, so that no channel can make the bot run
an intent of Rasa's own such as `/restart`.
"""

import json
import re
from typing import Any

BUTTON_INTENTS: dict[str, frozenset[str]] = {
    "faq": frozenset({"article"}),
    "feedback_helpful": frozenset({"article"}),
    "feedback_not_helpful": frozenset({"article"}),
    "ask_person": frozenset(),
    "switch_language": frozenset({"language"}),
    "switch_formality": frozenset(),
    "help": frozenset(),
}
FORM = re.compile(r"/(?P<intent>[a-z_]+)(?P<entities>\{.*\})?", re.DOTALL)
LONGEST_VALUE = 200


def read_payload(payload: str) -> dict[str, Any] | None:
    """Rasa's parse data for a button's payload; None if it is none of ours."""
    match = FORM.fullmatch(payload)
    allowed = BUTTON_INTENTS.get(match["intent"]) if match else None
    entities = _read_entities(match["entities"]) if match else None
    if match is None or allowed is None or entities is None or not entities.keys() <= allowed:
        return None
    intent = {"name": match["intent"], "confidence": 1.0}
    return {
        "text": payload,
        "intent": intent,
        "intent_ranking": [intent],
        "entities": [{"entity": name, "value": value, "start": 0, "end": 0} for name, value in entities.items()],
    }


def _read_entities(written: str | None) -> dict[str, str] | None:
    try:
        entities = json.loads(written or "{}")
    except json.JSONDecodeError:
        return None
    values = entities.values() if isinstance(entities, dict) else [None]
    fits = all(isinstance(value, str) and len(value) <= LONGEST_VALUE for value in values)
    return entities if fits else None
