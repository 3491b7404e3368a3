"""Rasa's calls about the form for a call: its tracker is read once, events and messages go back."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from actions.callback.call_draft import DRAFT_SLOT, FORM, PHONE_SLOT, TIME_SLOT, CallDraft
from actions.callback.call_plan import CallDesk
from actions.callback.form import CallScene, question_for, read_message, tell_ending
from actions.memory import read_memory
from bot_protocol import BotMessage

REQUESTED_SLOT = "requested_slot"

type RasaEvent = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswer:
    """What one of Rasa's calls comes to."""

    events: tuple[RasaEvent, ...] = ()
    messages: tuple[BotMessage, ...] = ()


type CallbackAction = Callable[[Mapping[str, Any], CallDesk], Awaitable[CallAnswer]]


async def validate_form(tracker: Mapping[str, Any], desk: CallDesk) -> CallAnswer:
    """What the form makes of the message; nothing of it, and Rasa leaves it to the rules."""
    step = read_message(await _load_scene(tracker, desk), desk)
    if step.leaves:
        return CallAnswer()
    events = [_slot(name, value) for name, value in step.draft.to_slots().items()]
    over = [_slot(REQUESTED_SLOT, None)] if step.draft.ending else []
    return CallAnswer(events=(*events, *over))


async def ask_next(tracker: Mapping[str, Any], desk: CallDesk) -> CallAnswer:
    """The form's next question."""
    return CallAnswer(messages=(question_for(await _load_scene(tracker, desk)),))


async def tell(tracker: Mapping[str, Any], desk: CallDesk) -> CallAnswer:
    """How it ended; then nothing of it is kept."""
    said = tell_ending(await _load_scene(tracker, desk))
    forgotten = tuple(_slot(name, None) for name in (TIME_SLOT, PHONE_SLOT, DRAFT_SLOT))
    return CallAnswer(events=forgotten, messages=(said,) if said else ())


CALLBACK_ACTIONS: Mapping[str, CallbackAction] = {
    f"validate_{FORM}": validate_form,
    f"action_ask_{TIME_SLOT}": ask_next,
    f"action_ask_{PHONE_SLOT}": ask_next,
    "action_callback": tell,
}
"""What each action of domain.yml that has to do with calls does."""


async def _load_scene(tracker: Mapping[str, Any], desk: CallDesk) -> CallScene:
    slots: Mapping[str, Any] = tracker.get("slots") or {}
    events: Sequence[Mapping[str, Any]] = tracker.get("events") or []
    past = read_memory(slots, tracker.get("latest_message") or {}, events)
    draft = CallDraft.from_slots(slots)
    return CallScene(
        past=past,
        known_phone=None if draft.phone else await desk.load_phone(str(tracker.get("sender_id") or "")),
        plan=await desk.load_plan(past.language),
        draft=draft,
        awaited=slots.get(REQUESTED_SLOT),
        is_rejected=any(_rejections(events)),
    )


def _rejections(events: Sequence[Mapping[str, Any]]) -> Iterator[bool]:
    """Whether the form has left the latest message to others."""
    since = takewhile(lambda event: event.get("event") != "user", reversed(events))
    return (event.get("event") == "action_execution_rejected" and event.get("name") == FORM for event in since)


def _slot(name: str, value: Any) -> RasaEvent:
    return {"event": "slot", "timestamp": None, "name": name, "value": value}
