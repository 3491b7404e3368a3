"""What a pressed button is to Rasa: parse data, so that nothing needs to be understood. Pure, no Rasa."""

from collections.abc import Collection
from typing import Any

from bot_protocol import BotProtocolError, ButtonPayload


def parse_data(payload: str) -> dict[str, Any]:
    """Rasa's parse data for a button's payload. Raises `BotProtocolError` if it is none."""
    button = ButtonPayload.from_text(payload)
    intent = {"name": button.intent, "confidence": 1.0}
    return {
        "text": payload,
        "intent": intent,
        "intent_ranking": [intent],
        "entities": [{"entity": name, "value": value, "start": 0, "end": 0} for name, value in button.entities.items()],
    }


def check_payload(payload: str, intents: Collection[str], entities: Collection[str]) -> None:
    """Raises `BotProtocolError` unless the domain has the button's intent and its entities."""
    button = ButtonPayload.from_text(payload)
    if button.intent not in intents:
        raise BotProtocolError(f"payload: domain.yml has no intent {button.intent!r}")
    unknown = sorted(name for name in button.entities if name not in entities)
    if unknown:
        raise BotProtocolError(f"payload: domain.yml has no entity {unknown[0]!r}")
