"""The bot's buttons: what is shown, and what pressing one means to the bot."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot_protocol.json_object import BotProtocolError, JsonObject

#: The intents that a button may carry, with the entities of each.
BUTTONS: Mapping[str, frozenset[str]] = {
    "faq": frozenset({"article"}),
    "feedback_helpful": frozenset({"article"}),
    "feedback_not_helpful": frozenset({"article"}),
    "ask_person": frozenset(),
    "switch_language": frozenset({"language"}),
    "switch_formality": frozenset(),
    "help": frozenset(),
}
BUTTON_FORM = re.compile(r"/(?P<intent>[a-z_]+)(?P<entities>\{.*\})?", re.DOTALL)
MAX_ENTITY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonPayload:
    """What a button means to the bot, as text `/faq{"article": "returns"}`.

    Only `BUTTONS` exist: no channel can make the bot run an intent of Rasa's own such as `/restart`.
    """

    intent: str
    entities: Mapping[str, str] = field(default_factory=dict)

    def to_text(self) -> str:
        """The payload of the button."""
        return f"/{self.intent}" + (json.dumps(dict(self.entities), ensure_ascii=False) if self.entities else "")

    @classmethod
    def from_text(cls, payload: str) -> "ButtonPayload":
        """The button with this payload. Raises `BotProtocolError` if it is none of ours."""
        match = BUTTON_FORM.fullmatch(payload)
        allowed = BUTTONS.get(match["intent"]) if match else None
        if match is None or allowed is None:
            raise BotProtocolError(f"payload: expected one of our buttons: {', '.join(BUTTONS)}")
        return cls(intent=match["intent"], entities=_read_entities(match["entities"] or "{}", allowed))


def _read_entities(written: str, allowed: frozenset[str]) -> dict[str, str]:
    try:
        entities = JsonObject.read(json.loads(written), "payload", allowed)
    except json.JSONDecodeError as error:
        raise BotProtocolError("payload: expected a button's entities as JSON") from error
    return {name: entities.text(name, MAX_ENTITY) for name in entities.fields}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A button: `title` is shown, `payload` is what it means to the bot and never leaves the server unsigned."""

    title: str
    payload: str
