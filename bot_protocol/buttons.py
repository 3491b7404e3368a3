"""The bot's buttons: what is shown, and what pressing one means to the bot."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot_protocol.json_object import BotProtocolError, JsonObject

#: The intents of our own buttons, with the entities of each. Others are the domain's, with entities of any name.
BUTTONS: Mapping[str, frozenset[str]] = {
    "faq": frozenset({"article"}),
    "feedback_helpful": frozenset({"article"}),
    "feedback_not_helpful": frozenset({"article"}),
    "ask_person": frozenset(),
    "switch_language": frozenset({"language"}),
    "switch_formality": frozenset(),
    "help": frozenset(),
    "ask_callback": frozenset({"time"}),
    "cancel_lookup": frozenset(),
}
#: Rasa's own, which change what it remembers.
RESERVED = frozenset({"restart", "back", "session_start", "nlu_fallback"})
BUTTON_FORM = re.compile(r"/(?P<intent>[A-Za-z_][\w-]*)(?P<entities>\{.*\})?", re.DOTALL)
ENTITY_NAME = re.compile(r"[A-Za-z_][\w-]*")
MAX_ENTITY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonPayload:
    """What a button means to the bot, as text `/faq{"article": "returns"}`.

    Whether the domain has this intent the bot knows. No channel can make it run one of Rasa's own such as `/restart`,
    and none can offer a button: its payload is read from the stored message that did.
    """

    intent: str
    entities: Mapping[str, str] = field(default_factory=dict)

    def to_text(self) -> str:
        """The payload of the button."""
        return f"/{self.intent}" + (json.dumps(dict(self.entities), ensure_ascii=False) if self.entities else "")

    @classmethod
    def from_text(cls, payload: str) -> "ButtonPayload":
        """The button with this payload. Raises `BotProtocolError` if it is none, or one of ours with other entities."""
        match = BUTTON_FORM.fullmatch(payload)
        if match is None or match["intent"] in RESERVED:
            raise BotProtocolError(
                'payload: expected /intent or /intent{"entity": "value"}, and no intent of Rasa\'s own'
            )
        return cls(
            intent=match["intent"], entities=_read_entities(match["entities"] or "{}", BUTTONS.get(match["intent"]))
        )


def _read_entities(written: str, allowed: frozenset[str] | None) -> dict[str, str]:
    try:
        values = json.loads(written)
    except json.JSONDecodeError as error:
        raise BotProtocolError("payload: expected a button's entities as JSON") from error
    entities = JsonObject.read(values, "payload")
    for name in entities.fields:
        if not ENTITY_NAME.fullmatch(name) if allowed is None else name not in allowed:
            raise BotProtocolError(f"payload: unknown entity {name!r}, expected {', '.join(sorted(allowed or ()))}")
    return {name: entities.text(name, MAX_ENTITY) for name in entities.fields}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A button: `title` is shown, `payload` is what it means to the bot and never leaves the server unsigned."""

    title: str
    payload: str
