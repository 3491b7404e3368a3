"""Reads the request for one turn. Pure, no Rasa."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.payloads import read_payload
from bot.text import as_text

LONGEST_TEXT = 20_000
"""Characters; helpdesk's own limit is lower."""


class InvalidTurnRequest(ValueError):
    """The request is not as agreed; the text says what was expected."""


@dataclass(frozen=True)
class TurnRequest:
    """`text` is ready for Rasa. `parse_data` is there when a button was pressed, and then nothing needs parsing."""

    turn_id: str
    sender: str
    text: str
    parse_data: dict[str, Any] | None = None
    metadata: dict[str, Any] = field(default_factory=dict)


def read_turn(body: Any) -> TurnRequest:
    """The turn in a decoded JSON body, or BadTurn."""
    if not isinstance(body, Mapping):
        raise InvalidTurnRequest("expected a JSON object")
    turn_id, sender = _identifier(body, "turn_id"), _identifier(body, "sender")
    metadata = {} if body.get("metadata") is None else body["metadata"]
    if not isinstance(metadata, dict):
        raise InvalidTurnRequest("metadata: expected an object")
    text, payload = body.get("text"), body.get("payload")
    if (text is None) == (payload is None):
        raise InvalidTurnRequest("expected exactly one of text and payload")
    if payload is not None:
        return TurnRequest(turn_id, sender, payload, _parse_data(payload), metadata)
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_TEXT:
        raise InvalidTurnRequest(f"text: expected 1 to {LONGEST_TEXT} characters")
    return TurnRequest(turn_id, sender, as_text(text), None, metadata)


def _identifier(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 200:
        raise InvalidTurnRequest(f"{name}: expected a text of 1 to 200 characters")
    return value


def _parse_data(payload: Any) -> dict[str, Any]:
    parsed = read_payload(payload) if isinstance(payload, str) else None
    if parsed is None:
        raise InvalidTurnRequest("payload: not one of our buttons")
    return parsed
