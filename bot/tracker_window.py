"""The remembered part of a conversation: its last turns, and the state that what came before has left. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    ConversationPaused,
    Event,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker


@dataclass(frozen=True)
class TrackerWindow:
    """`slots` as they were before `events`, those that had another value than their first; applied in this order."""

    slots: dict[str, Any]
    events: list[Event]


def last_turns(events: Sequence[Event], turns: int, blank: DialogueStateTracker) -> TrackerWindow:
    """The events of the last `turns` messages of the customer, after those few that stand for all before them.

    Rasa keeps its state in events: a form that was begun before the window would be forgotten with them. `blank` is a
    tracker without events; afterwards it holds the dropped ones.
    """
    starts = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
    if not starts:
        return TrackerWindow(slots={}, events=list(events))
    first = starts[-turns:][0]
    for event in events[:first]:
        blank.update(event)
    listening = ActionExecuted(ACTION_LISTEN_NAME, timestamp=events[first].timestamp)
    changed = {name: slot.value for name, slot in blank.slots.items() if slot.value != slot.initial_value}
    return TrackerWindow(slots=changed, events=[*_state_of(blank), listening, *events[first:]])


def _state_of(past: DialogueStateTracker) -> Iterator[Event]:
    """What a tracker has beside slots when the next message of the customer comes: the form, and whether it rests.

    An action that is to follow, and an interruption, do not outlive the turn.
    """
    if past.active_loop_name:
        began = _beginning_of(past)
        if began is not None:
            yield from (ActionExecuted(ACTION_LISTEN_NAME, timestamp=began.timestamp), began)
        at = began.timestamp if began is not None else past.events[-1].timestamp
        yield ActionExecuted(past.active_loop_name, timestamp=at)
        yield ActiveLoop(past.active_loop_name, timestamp=at)
        if past.is_active_loop_rejected:
            yield ActionExecutionRejected(past.active_loop_name, timestamp=at)
    if past.is_paused():
        yield ConversationPaused(timestamp=past.events[-1].timestamp)


def _beginning_of(past: DialogueStateTracker) -> UserUttered | None:
    """The message that began the form; Rasa hands it to the form's actions with every turn."""
    said: UserUttered | None = None
    began: UserUttered | None = None
    for event in past.applied_events():
        if isinstance(event, UserUttered):
            said = event
        elif isinstance(event, ActiveLoop):
            began = said
    return began
