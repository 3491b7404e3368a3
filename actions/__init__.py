"""What the bot can do beyond its fixed responses. Rasa calls it in helpdesk: `/internal/actions/webhook`."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from actions import answers as answering
from actions import follow_ups, language_switch, multiple_questions, opening_hours, picks
from actions.callback.call_plan import CallDesk, NoCallDesk
from actions.callback.calls import CALLBACK_ACTIONS
from actions.lookups.calls import LOOKUP_CALLS
from actions.lookups.filled_answers import FilledAnswers
from actions.lookups.inquiry import KEPT_SLOT, KeptLookups
from actions.lookups.lookup import LookupSource, NoLookups
from actions.memory import ConversationMemory, read_memory
from actions.opening_hours import HoursReport, HoursSource, NoHours
from bot_protocol import BotMessage
from knowledge.articles.answers import AnswerSource, ArticleAnswer, RelatedArticle

__all__ = [
    "Actions",
    "AnswerSource",
    "ArticleAnswer",
    "CallDesk",
    "HoursReport",
    "HoursSource",
    "LookupSource",
    "RelatedArticle",
    "UnknownAction",
]

type Said = tuple[BotMessage, ...]
type React = Callable[[ConversationMemory, AnswerSource], Awaitable[BotMessage | tuple[BotMessage, ...]]]


class UnknownAction(LookupError):
    """Rasa asked for an action that isn't here; `name` is what it asked for."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no action {name!r}")
        self.name = name


class Actions:
    """The actions named in domain.yml: each a function of the conversation and the articles, a few of the hours, too.

    rasa-sdk's server does no more for them than `run`, and brings another web server, gRPC and OpenTelemetry along.
    """

    def __init__(
        self,
        answers: AnswerSource,
        call_desk: CallDesk | None = None,
        lookups: LookupSource | None = None,
        hours: HoursSource | None = None,
    ) -> None:
        self._answers = answers
        self._call_desk = call_desk or NoCallDesk()
        self._lookups = lookups or NoLookups()
        self._hours = hours or NoHours()
        self._reactions: Mapping[str, React] = {
            **REACTIONS,
            **{name: partial(tell, hours=self._hours) for name, tell in OF_HOURS.items()},
            PICK_ACTION: partial(picks.pick, reactions=OF_BUTTONS),
        }

    async def run(self, call: Mapping[str, Any]) -> dict[str, Any]:
        """Answers one call as Rasa's protocol for action servers has it: events, and messages. Raises `UnknownAction`.

        https://rasa.com/docs/rasa/pages/action-server-api
        """
        name, tracker = str(call.get("next_action") or ""), call.get("tracker") or {}
        events, messages = await self._answer(name, tracker)
        return {"events": list(events), "responses": [_response(message) for message in messages]}

    async def _answer(self, name: str, tracker: Mapping[str, Any]) -> tuple[Sequence[dict[str, Any]], Said]:
        if name in CALLBACK_ACTIONS:
            agreed = await CALLBACK_ACTIONS[name](tracker, self._call_desk)
            return agreed.events, agreed.messages
        if name in LOOKUP_CALLS:
            looked_up = await LOOKUP_CALLS[name](tracker, self._lookups, self._answers)
            return looked_up.events, looked_up.messages
        react = self._reactions.get(name)
        if react is None:
            raise UnknownAction(name)
        reacted = await self._react(name, react, tracker)
        messages = reacted if isinstance(reacted, tuple) else (reacted,)
        return [event for message in messages for event in _events(message)], messages

    async def _react(self, name: str, react: React, tracker: Mapping[str, Any]) -> BotMessage | tuple[BotMessage, ...]:
        slots = tracker.get("slots") or {}
        past = read_memory(slots, tracker.get("latest_message") or {}, tracker.get("events") or [])
        answers = FilledAnswers(self._answers, KeptLookups.from_slot(slots.get(KEPT_SLOT)))
        if name in MAY_ASK_ON and opening_hours.goes_on(past, self._hours):
            return await opening_hours.tell_hours(past, answers, self._hours)
        return await react(replace(past, looks_up=bool(await self._lookups.switched_on())), answers)


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


REACTIONS: Mapping[str, React] = {
    "action_answer": answer,
    "action_fallback": answering.fallback,
    "action_complaint": complain,
    "action_helpful": follow_ups.helped,
    "action_not_helpful": follow_ups.did_not_help,
    "action_affirm": follow_ups.yes,
    "action_deny": follow_ups.no,
    "action_waive": follow_ups.waived,
    "action_handoff": follow_ups.ask_person,
    "action_switch_language": language_switch.switch_language,
    "action_switch_formality": language_switch.switch_formality,
    "action_unclear": follow_ups.not_understood,
    "action_nudge": follow_ups.nudged,
}
"""What each action of domain.yml does that needs no more than the articles."""
OF_BUTTONS: Mapping[str, React] = {
    "faq": answer,
    "feedback_helpful": follow_ups.helped,
    "feedback_not_helpful": follow_ups.did_not_help,
    "ask_person": follow_ups.ask_person,
    "switch_language": language_switch.switch_language,
    "switch_formality": language_switch.switch_formality,
    "help": follow_ups.nudged,
}
"""What each of our own buttons does, for who names it by its number."""


OF_HOURS = {"action_opening_hours": opening_hours.tell_hours, "action_presence": opening_hours.tell_presence}
"""What is said by the hours of the teams."""
MAY_ASK_ON = frozenset({"action_answer", "action_unclear", "action_fallback", "action_not_helpful"})
"""What a day alone may be taken for; after the hours of another day it asks for those of this one."""
PICK_ACTION = "action_pick"
ACTION_NAMES = frozenset({*REACTIONS, *OF_HOURS, PICK_ACTION, *CALLBACK_ACTIONS, *LOOKUP_CALLS})
"""All that the bot can have done here."""


def _response(message: BotMessage) -> dict[str, Any]:
    """What is not text, buttons or custom becomes the message's metadata, from which the next turn reads it."""
    return {
        "text": message.text,
        "buttons": [{"title": choice.title, "payload": choice.payload} for choice in message.choices],
        "elements": [],
        "custom": message.custom,
        "template": None,
        "response": None,
        "image": None,
        "attachment": None,
        "asked": message.asked,
        "because": message.because,
        "missed": message.missed,
        "told": message.told,
    }


def _events(message: BotMessage) -> list[dict[str, Any]]:
    """What the customer has switched holds for the rest of the conversation."""
    switched = {"language": message.language, "formality": message.formality}
    return [
        {"event": "slot", "timestamp": None, "name": slot, "value": value} for slot, value in switched.items() if value
    ]
