"""Runs one turn on Rasa's loaded model and says honestly how it went.

Rasa hides failures: a failed action is logged and skipped, a broken tracker store becomes an empty memory, a response
without wording becomes silence. Here each of them is noted, and the channel reports it.
"""

import asyncio
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.exceptions import ActionLimitReached
from rasa.shared.constants import UTTER_PREFIX
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet
from rasa.shared.core.slots import CategoricalSlot
from rasa.shared.core.trackers import DialogueStateTracker

import tracing
from bot.action_call import ACTION_SECONDS, ActionEndpoint, use_for_all_calls
from bot.custom_actions import CustomActionError, CustomActions
from bot.graph_runner import SequentialGraphRunner
from bot.tracker_store import BoundedTrackerStore
from bot_protocol import BotMessage, BotProtocolError, TurnContext


@dataclass
class TurnOutput(OutputChannel):
    """Collects what the bot says in one turn, one message with its choices and its custom part together."""

    messages: list[BotMessage] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    answered: str | None = None
    """The slot that the form in progress read the customer's message as the value of."""

    @classmethod
    def name(cls) -> str:
        return "staffel"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        try:
            said = BotMessage.from_rasa(message)
        except BotProtocolError as error:
            self.failures.append(str(error))
            return
        if said.to_json():
            self.messages.append(said)

    def ask_for(self, slot: str | None) -> None:
        """The last thing said is the question for this slot."""
        if slot and self.messages:
            self.messages[-1] = replace(self.messages[-1], awaits=slot)


def awaited_slot(tracker: DialogueStateTracker) -> str | None:
    """The slot that the form in progress has asked for; None without a form."""
    slot = tracker.get_slot(REQUESTED_SLOT) if tracker.active_loop_name else None
    return str(slot) if slot else None


def first_action_after(tracker: DialogueStateTracker, message: Event | None) -> str | None:
    """What answered a message first; a form that left it to others did not."""
    later = list(takewhile(lambda event: event is not message, reversed(tracker.events)))
    return next((event.action_name for event in reversed(later) if isinstance(event, ActionExecuted)), None)


class _Watched(Action):
    """An action whose failure is noted before Rasa catches it."""

    def __init__(self, action: Action, output: TurnOutput) -> None:
        self._action = action
        self._output = output

    def __getattr__(self, name: str) -> Any:
        return getattr(self._action, name)

    def name(self) -> str:
        return self._action.name()

    def event_for_successful_execution(self, prediction: PolicyPrediction) -> Any:
        return self._action.event_for_successful_execution(prediction)

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        try:
            with tracing.span("bot.action", action=self.name()):
                run = self._action.run(output_channel, nlg, tracker, domain)
                events = await asyncio.wait_for(run, timeout=ACTION_SECONDS)
        except ActionExecutionRejection:
            raise  # no failure: the policies choose another action
        except BaseException as error:
            where = f" at {error}" if isinstance(error, CustomActionError) else ""
            self._output.failures.append(f"{self.name()} failed{where}")
            raise
        if self.name().startswith(UTTER_PREFIX) and not any(isinstance(e, BotUttered) for e in events):
            self._output.failures.append(f"{self.name()} has no wording for this conversation")
        return events


class TurnProcessor(MessageProcessor):
    """The model that Rasa has loaded, run turn by turn by our channel."""

    def __init__(self, loaded: MessageProcessor, custom: CustomActions | None = None) -> None:
        self.__dict__.update(vars(loaded))
        self.tracker_store = memory_of(loaded)
        self.action_endpoint = (
            ActionEndpoint.like(loaded.action_endpoint, custom, loaded.domain) if loaded.action_endpoint else None
        )
        use_for_all_calls()
        if isinstance(loaded.graph_runner, DaskGraphRunner):
            self.graph_runner = SequentialGraphRunner.of(loaded.graph_runner)

    async def run_turn(self, message: UserMessage, context: TurnContext) -> tuple[TurnOutput, DialogueStateTracker]:
        """One message of the customer to its answer. Stores nothing: that is for the caller, with the reply."""
        output = TurnOutput()
        tracker = await self.fetch_tracker_and_update_session(message.sender_id, output)
        self._tell_slots(tracker, context)
        form, asked_for = tracker.active_loop_name, awaited_slot(tracker)
        await self._handle_message_with_tracker(message, tracker)
        written = tracker.latest_message
        tracker = await self.run_action_extract_slots(output, tracker)
        await self._run_prediction_loop(output, tracker)
        output.answered = asked_for if first_action_after(tracker, written) == form else None
        output.ask_for(awaited_slot(tracker))
        return output, tracker

    async def close(self) -> None:
        """Gives the connections to the actions back."""
        if self.action_endpoint is not None:
            await self.action_endpoint.close()

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> tuple[Action, PolicyPrediction]:
        """Rasa only logs that a turn ran in circles; here it is an error of the turn."""
        try:
            return super().predict_next_with_tracker_if_should(tracker)
        except ActionLimitReached as error:
            raise RuntimeError("the bot ran in circles: too many actions in one turn") from error

    def _tell_slots(self, tracker: DialogueStateTracker, context: TurnContext) -> None:
        for name, value in (("language", context.language), ("formality", context.formality)):
            if value in self._values_of(name) and tracker.get_slot(name) != value:
                tracker.update(SlotSet(name, value), self.domain)

    def _values_of(self, slot: str) -> tuple[str, ...]:
        """What the domain allows a slot to hold: with a language more, only domain.yml changes."""
        found = next((each for each in self.domain.slots if each.name == slot), None)
        return tuple(found.values) if isinstance(found, CategoricalSlot) else ()

    async def _handle_message_with_tracker(self, message: UserMessage, tracker: DialogueStateTracker) -> None:
        """The embedding has served its purpose once the message is parsed; it is not remembered."""
        if not message.parse_data:
            with tracing.span("bot.parse"):
                message.parse_data = await self.parse_message(message, tracker)
        message.metadata = replace(TurnContext.from_json(message.metadata), embedding=None).to_json()
        await super()._handle_message_with_tracker(message, tracker)

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        watched = _Watched(action, output_channel) if isinstance(output_channel, TurnOutput) else action
        return await super()._run_action(watched, tracker, output_channel, nlg, prediction)


def memory_of(processor: MessageProcessor) -> BoundedTrackerStore:
    """The tracker store without Rasa's wrapper, which answers its errors with an empty memory."""
    store = processor.tracker_store
    inner = store._tracker_store if isinstance(store, FailSafeTrackerStore) else store
    if not isinstance(inner, BoundedTrackerStore):
        raise TypeError("endpoints.yml must name bot.tracker_store.BoundedTrackerStore as its tracker_store")
    return inner
