"""What a pressed button of ours is to Rasa: parse data, so that nothing needs to be understood. Pure, no Rasa."""

from typing import Any

from bot_protocol import ButtonPress


def parse_data(payload: str) -> dict[str, Any]:
    """Rasa's parse data for a button's payload. Raises `BotProtocolError` if it is none of ours."""
    press = ButtonPress.from_text(payload)
    intent = {"name": press.intent, "confidence": 1.0}
    return {
        "text": payload,
        "intent": intent,
        "intent_ranking": [intent],
        "entities": [{"entity": name, "value": value, "start": 0, "end": 0} for name, value in press.entities.items()],
    }
