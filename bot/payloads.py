"""What a pressed button of ours is to Rasa: parse data, so that nothing needs to be understood. Pure, no Rasa."""

from typing import Any

from bot_protocol import ButtonPayload


def parse_data(payload: str) -> dict[str, Any]:
    """Rasa's parse data for a button's payload. Raises `BotProtocolError` if it is none of ours."""
    button = ButtonPayload.from_text(payload)
    intent = {"name": button.intent, "confidence": 1.0}
    return {
        "text": payload,
        "intent": intent,
        "intent_ranking": [intent],
        "entities": [{"entity": name, "value": value, "start": 0, "end": 0} for name, value in button.entities.items()],
    }
