"""The last step of the pipeline: the intent as `bot.signs` and `bot.intent_choice` decide it."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.intent_choice import (
    choose_intent,
    intent_of_number,
    pleased_intent,
    with_all_contentment,
    without_hours_of_others,
    without_parting_question,
)
from bot.picks import picked
from bot.signs import NUDGE, asks_for_time, intent_of_signs
from bot.text import as_written
from bot_protocol import TurnContext

PICK = "pick"
"""The intent of a message that only counts, and the entity that holds the number."""
SURE_OF_SIGNS = 0.99
"""Exactly 1 is the confidence of a pressed button."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class KnowledgeGate(GraphComponent):
    """Replaces the classifier's intent where the knowledge base knows better; the confidence stays the classifier's.

    A message without a word is read by its signs, and one that is nothing but a number asks for what it numbers; both
    for certain.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "KnowledgeGate":
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            said = message.get(INTENT)
            if said and said.get("name"):
                context = TurnContext.from_json(message.get("metadata"))
                text = as_written(message.get(TEXT) or "")
                if (number := picked(text)) is not None:
                    _note_pick(message, number)
                    continue
                certain = intent_of_signs(text, has_answered=context.last_article is not None)
                certain = certain or (NUDGE if asks_for_time(text) else None)
                if context.lookup is None:  # else a number alone is one that is looked up
                    certain = certain or intent_of_number(text)
                if certain:
                    message.set(INTENT, {"name": certain, "confidence": SURE_OF_SIGNS}, add_to_output=True)
                    continue
                if pleased := pleased_intent(message.get(INTENT_RANKING_KEY) or [], context, text):
                    message.set(INTENT, pleased, add_to_output=True)
                    continue
                said = without_parting_question(said, message.get(INTENT_RANKING_KEY) or [], text)
                said = with_all_contentment(said, message.get(INTENT_RANKING_KEY) or [], context)
                name = without_hours_of_others(choose_intent(said["name"], said["confidence"], context), text)
                message.set(INTENT, {**said, "name": name}, add_to_output=True)
        return messages


def _note_pick(message: Message, number: int) -> None:
    """Which of the choices that were offered last is meant; the action sees whether there were any."""
    found = {
        "entity": PICK,
        "value": str(number),
        "start": 0,
        "end": len(message.get(TEXT)),
        "extractor": "KnowledgeGate",
    }
    message.set(ENTITIES, [*(message.get(ENTITIES) or []), found], add_to_output=True)
    message.set(INTENT, {"name": PICK, "confidence": SURE_OF_SIGNS}, add_to_output=True)
