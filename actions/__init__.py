"""What the bot can do beyond its fixed responses. Rasa calls it in helpdesk: `/internal/actions/webhook`."""

from collections.abc import Awaitable, Callable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import answers as answering
from actions import follow_ups, language_switch, multiple_questions
from actions.memory import ConversationMemory, read_memory
from bot_protocol import BotMessage
from knowledge.articles.answers import AnswerSource, ArticleAnswer, RelatedArticle

__all__ = ["AnswerSource", "ArticleAnswer", "ConversationAction", "RelatedArticle", "build_actions"]

type React = Callable[[ConversationMemory, AnswerSource], Awaitable[BotMessage | tuple[BotMessage, ...]]]


class ConversationAction(Action):  # type: ignore[misc]  # rasa-sdk is untyped
    """Binds one reaction, a function of the conversation and the knowledge base, to its name in domain.yml."""

    def __init__(self, name: str, react: React, answers: AnswerSource) -> None:
        self._name = name
        self._react = react
        self._answers = answers

    def name(self) -> str:
        return self._name

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        past = read_memory(tracker.slots, tracker.latest_message, tracker.events)
        reacted = await self._react(past, self._answers)
        messages = reacted if isinstance(reacted, tuple) else (reacted,)
        for message in messages:
            _utter(dispatcher, message)
        return [SlotSet(slot, value) for message in messages for slot, value in _slots(message).items()]


async def answer(past: ConversationMemory, answers: AnswerSource) -> tuple[BotMessage, ...]:
    """Each question of the message, or the one."""
    if past.parts and "article" not in past.entities:
        return await multiple_questions.answer_each(past, answers)
    return (await answering.answer(past, answers),)


async def complain(past: ConversationMemory, answers: AnswerSource) -> tuple[BotMessage, ...]:
    """The acknowledgement first; then each question of the message, or the one."""
    if past.parts:
        return await multiple_questions.answer_each(past, answers, complaint=True)
    return (await answering.complain(past, answers),)


def build_actions(answers: AnswerSource) -> list[Action]:
    """All actions named in domain.yml, answering from `answers`."""
    table: dict[str, React] = {
        "action_answer": answer,
        "action_fallback": answering.fallback,
        "action_complaint": complain,
        "action_helpful": follow_ups.helped,
        "action_not_helpful": follow_ups.did_not_help,
        "action_affirm": follow_ups.yes,
        "action_deny": follow_ups.no,
        "action_handoff": follow_ups.ask_person,
        "action_switch_language": language_switch.switch_language,
        "action_switch_formality": language_switch.switch_formality,
    }
    return [ConversationAction(name, react, answers) for name, react in table.items()]


def _utter(dispatcher: CollectingDispatcher, message: BotMessage) -> None:
    """What is not text, buttons or custom becomes the message's metadata, from which the next turn reads it."""
    dispatcher.utter_message(
        text=message.text,
        buttons=[{"title": choice.title, "payload": choice.payload} for choice in message.choices],
        json_message=message.custom,
        asked=message.asked,
        because=message.because,
        missed=message.missed,
    )


def _slots(message: BotMessage) -> dict[str, str]:
    """What the customer has switched holds for the rest of the conversation."""
    switched = {"language": message.language, "formality": message.formality}
    return {slot: value for slot, value in switched.items() if value}
