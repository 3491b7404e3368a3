"""Rasa's calls about look-ups: what its tracker says, read once, and the events and messages that go back."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from actions.answers import acknowledged, article_message, first_of
from actions.lookups.form import FormStep, LookupScene, general_article, question_for, read_message
from actions.lookups.inquiry import ENDING_SLOT, INQUIRY_SLOT, KEPT_SLOT, KeptLookups, LookupInquiry
from actions.lookups.lookup import LookupSource
from actions.lookups.telling import tell_ending
from actions.memory import read_memory
from actions.reply import was_it_helpful
from bot_protocol import BotMessage, TurnContext
from knowledge.articles.answers import AnswerSource
from knowledge.message.clauses import asked_in

FORM = "lookup_form"

type RasaEvent = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupAnswer:
    """What one call comes to."""

    events: tuple[RasaEvent, ...] = ()
    messages: tuple[BotMessage, ...] = ()


type LookupCall = Callable[[Mapping[str, Any], LookupSource, AnswerSource], Awaitable[LookupAnswer]]


async def validate_form(tracker: Mapping[str, Any], source: LookupSource, _answers: AnswerSource) -> LookupAnswer:
    """What the form makes of the message."""
    step = await read_message(await _scene(tracker, source), source)
    return LookupAnswer(events=tuple(_events(step)))


async def ask_field(tracker: Mapping[str, Any], source: LookupSource, answers: AnswerSource) -> LookupAnswer:
    """The form's next question; at first below the article that answers in general, if nothing was given yet."""
    scene = await _scene(tracker, source)
    article = await _general_article(scene, answers)
    question = question_for(scene)
    if article is None or article.article is None:
        return LookupAnswer(messages=(question,))
    # Buttons stand under the last message: those on the article too.
    return LookupAnswer(messages=(article, replace(question, choices=was_it_helpful(scene.past, article.article))))


async def _general_article(scene: LookupScene, answers: AnswerSource) -> BotMessage | None:
    lookup = scene.lookup(scene.inquiry.lookup) if scene.inquiry and scene.inquiry.is_offer else None
    key = general_article(scene.past, lookup) if lookup else None
    found = await first_of(answers, [key], scene.past.language, asked_in(scene.past.text)) if key else None
    return article_message(scene.past, found, acknowledged(scene.past)) if found else None


async def tell(tracker: Mapping[str, Any], source: LookupSource, _answers: AnswerSource) -> LookupAnswer:
    """How it ended; then nothing of the inquiry is kept."""
    scene = await _scene(tracker, source)
    said = tell_ending(scene, str(_slots(tracker).get(ENDING_SLOT) or "gone"))
    return LookupAnswer(events=(_slot(INQUIRY_SLOT, None), _slot(ENDING_SLOT, None)), messages=(said,) if said else ())


LOOKUP_CALLS: Mapping[str, LookupCall] = {
    f"validate_{FORM}": validate_form,
    f"action_ask_{FORM}_{ENDING_SLOT}": ask_field,
    "action_lookup": tell,
}
"""What each action of domain.yml that has to do with look-ups does."""


async def _scene(tracker: Mapping[str, Any], source: LookupSource) -> LookupScene:
    slots, events = _slots(tracker), tracker.get("events") or []
    latest = tracker.get("latest_message") or {}
    since = list(takewhile(lambda event: event.get("event") != "user", reversed(events)))
    user: Mapping[str, Any] = next((event for event in reversed(events) if event.get("event") == "user"), {})
    return LookupScene(
        past=read_memory(slots, latest, events),
        on=tuple(await source.switched_on()),
        inquiry=LookupInquiry.from_slot(slots.get(INQUIRY_SLOT)),
        kept=KeptLookups.from_slot(slots.get(KEPT_SLOT)),
        conversation_id=str(tracker.get("sender_id") or ""),
        wanted=TurnContext.from_json(latest.get("metadata")).lookup,
        at=float(user.get("timestamp") or 0.0),
        is_rejected=_is_rejected(since),
    )


def _is_rejected(since: Sequence[Mapping[str, Any]]) -> bool:
    return any(event.get("event") == "action_execution_rejected" and event.get("name") == FORM for event in since)


def _events(step: FormStep) -> Iterator[RasaEvent]:
    yield _slot(INQUIRY_SLOT, step.inquiry.to_slot() if step.inquiry else None)
    yield _slot(KEPT_SLOT, step.kept.to_slot())
    if step.ending:
        yield _slot(ENDING_SLOT, str(step.ending))
    if step.leaves:
        yield {
            "event": "action_execution_rejected",
            "timestamp": None,
            "name": FORM,
            "policy": None,
            "confidence": None,
        }


def _slot(name: str, value: Any) -> RasaEvent:
    return {"event": "slot", "timestamp": None, "name": name, "value": value}


def _slots(tracker: Mapping[str, Any]) -> Mapping[str, Any]:
    slots: Mapping[str, Any] = tracker.get("slots") or {}
    return slots
