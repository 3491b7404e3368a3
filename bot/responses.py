"""Chooses the wording of a response: in the customer's language, and not one that was just said."""

import copy
from typing import Any

from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

DEFAULTS = {"language": "de", "formality": "sie"}


class VariedResponses(TemplatedNaturalLanguageGenerator):
    """Goes through the wordings in the order of domain.yml, then takes the one that was said longest ago.

    The channel is the conversation's (webchat, telegram, slack): all of them come by one channel of Rasa's.

    Rasa's own generator picks at random and so repeats itself; and without a language it finds no response at all.
    """

    def __init__(self, endpoint_config: EndpointConfig | None = None, domain: Domain | None = None) -> None:
        super().__init__(domain.responses if domain else {})

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        slots = tracker.current_slot_values()
        slots = {**slots, **{name: slots.get(name) or value for name, value in DEFAULTS.items()}}
        if utter_action not in self.responses:
            return None
        channel = tracker.get_latest_input_channel() or output_channel
        suitable = ResponseVariationFilter(self.responses).responses_for_utter_action(utter_action, channel, slots)
        if not suitable:
            return None
        return self._fill_response(copy.deepcopy(least_recent(suitable, said_by(tracker))), slots, **kwargs)


def said_by(tracker: DialogueStateTracker) -> list[str | None]:
    """What the bot has said in the remembered part of the conversation, oldest first."""
    return [event.text for event in tracker.events if isinstance(event, BotUttered)]


def least_recent(wordings: list[dict[str, Any]], said: list[str | None]) -> dict[str, Any]:
    """The first wording that has not been said, else the one that was said longest ago."""
    last_said = {text: position for position, text in enumerate(said)}
    return min(wordings, key=lambda wording: last_said.get(wording.get("text"), -1))
