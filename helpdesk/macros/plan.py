"""What a macro will do in a conversation, step by step, before anything is done. Pure.

Whether a step would be refused is said here for whoever looks before running it; what refuses it is in the end the same
function that is called by hand.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk.canned_replies.reply import choose_text
from helpdesk.canned_replies.reply_text import fill_text
from helpdesk.macros.macro import MacroStep, StepKind
from store.status import Status

_HOURS = timedelta(hours=3)
_LONGEST = timedelta(days=30) - timedelta(minutes=5)
"""As long as a conversation can be put off, less what a request takes."""
_MORNING = 9
_FREE = frozenset({Status.BOT, Status.QUEUED})
"""Nobody's: anybody may close it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """A team or a colleague that a conversation can be handed to. `is_away`: nobody is there just now."""

    name: str
    is_away: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What macros refer to: texts of canned replies, teams and colleagues, by id."""

    replies: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    teams: Mapping[str, Receiver] = field(default_factory=dict)
    colleagues: Mapping[str, Receiver] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A conversation as it stands. `is_answered`: who asked for a person has had a word of one; `is_waiting`: the
    customer wrote last. `values` fill in variables, `names` are what gaps are called; `undo_seconds` as in settings."""

    status: Status
    is_mine: bool
    is_answered: bool
    is_waiting: bool
    undo_seconds: float
    at: datetime
    zone: ZoneInfo
    language: str = "de"
    formality: str = "sie"
    values: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """A step as it will be taken. `text` is filled in; `gaps` are variables without a value, `other` the key of a text
    that isn't in the wanted language; `name` is who receives; `problem` the code of why it would be refused."""

    step: MacroStep
    text: str = ""
    gaps: tuple[str, ...] = ()
    other: str | None = None
    name: str = ""
    is_away: bool = False
    until: datetime | None = None
    is_undoable: bool = False
    problem: str | None = None


def plan_steps(steps: Iterable[MacroStep], situation: Situation, known: Surroundings) -> tuple[PlannedStep, ...]:
    """The steps as they would be taken now, one after the other."""
    planned = list[PlannedStep]()
    for step in steps:
        planned.append(plan_step(step, situation, known))
        if step.kind is StepKind.ANSWER:
            situation = replace(situation, is_answered=True, is_waiting=False)
    if planned and planned[-1].step.kind in {StepKind.SNOOZE, StepKind.TEAM}:
        return tuple(replace(one, is_undoable=False) for one in planned)  # what is held goes out before that
    return tuple(planned)


def plan_step(step: MacroStep, situation: Situation, known: Surroundings) -> PlannedStep:
    """One step as it would be taken now."""
    match step.kind:
        case StepKind.ANSWER | StepKind.INSERT:
            return _plan_words(step, situation, known)
        case StepKind.NOTE:
            filled = fill_text(step.text, situation.values, situation.names)
            return PlannedStep(step=step, text=filled.text, gaps=filled.gaps)
        case StepKind.ADD_TAG | StepKind.REMOVE_TAG:
            return PlannedStep(step=step, text=step.text)
        case StepKind.SNOOZE:
            problem = _mine(situation) or ("snooze_waiting" if situation.is_waiting else None)
            return PlannedStep(step=step, until=_until(step.choice, situation), problem=problem)
        case StepKind.TEAM | StepKind.AGENT:
            return _plan_handover(step, situation, known)
        case StepKind.RESOLVE:
            return _plan_end(step, situation)


def _plan_words(step: MacroStep, situation: Situation, known: Surroundings) -> PlannedStep:
    written, other = step.text, None
    if step.choice:
        chosen = choose_text(known.replies.get(step.choice, {}), situation.language, situation.formality)
        written, other = chosen.text, None if chosen.is_fitting else chosen.key
    if not written:
        return PlannedStep(step=step, problem="macro_reply_gone")
    filled = fill_text(written, situation.values, situation.names)
    is_sent = step.kind is StepKind.ANSWER
    problem = _mine(situation) or ("macro_gap" if is_sent and filled.gaps else None)
    return PlannedStep(
        step=step,
        text=filled.text,
        gaps=filled.gaps,
        other=other,
        is_undoable=is_sent and situation.undo_seconds > 0,
        problem=problem,
    )


def _plan_handover(step: MacroStep, situation: Situation, known: Surroundings) -> PlannedStep:
    receivers = known.teams if step.kind is StepKind.TEAM else known.colleagues
    receiver = receivers.get(step.choice)
    if receiver is None:
        return PlannedStep(step=step, problem="macro_receiver_gone")
    return PlannedStep(step=step, name=receiver.name, is_away=receiver.is_away, problem=_mine(situation))


def _plan_end(step: MacroStep, situation: Situation) -> PlannedStep:
    problem = None if situation.status in _FREE else _mine(situation)
    if problem is None and situation.status is not Status.BOT and not situation.is_answered and not step.choice:
        problem = "macro_unanswered"
    return PlannedStep(step=step, is_undoable=situation.undo_seconds > 0, problem=problem)


def _mine(situation: Situation) -> str | None:
    return None if situation.is_mine else "macro_not_mine"


def _until(choice: str, situation: Situation) -> datetime:
    """By a clock where the company is; in the morning where a day is meant."""
    if choice == "hours":
        return situation.at + _HOURS
    if choice == "answer":
        return situation.at + _LONGEST
    here = situation.at.astimezone(situation.zone)
    ahead = (-here.weekday()) % 7 or 7 if choice == "monday" else 1
    day = (here + timedelta(days=ahead)).date()
    return datetime(day.year, day.month, day.day, _MORNING, tzinfo=situation.zone)
