"""A macro as it is entered: a name and steps in their order. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from helpdesk.canned_replies.reply import MAX_TEXT
from helpdesk.canned_replies.reply_text import VARIABLES, variables_in
from helpdesk.conversations.tags import MAX_NAME as MAX_TAG
from store.errors import Invalid

MAX_NAME, MAX_STEPS = 80, 12
#: Until when a conversation is put off: some hours, the next morning, Monday's, or the customer's next line.
SNOOZES = ("hours", "tomorrow", "monday", "answer")
#: Why a conversation is closed though the customer has no answer.
REASONS = ("settled", "elsewhere", "spam", "other")


class StepKind(StrEnum):
    """What a step does. Each is something that agents do by hand too."""

    ANSWER = "answer"  # sent to the customer
    INSERT = "insert"  # put into the answer, which the agent reads and sends
    NOTE = "note"
    ADD_TAG = "add_tag"
    REMOVE_TAG = "remove_tag"
    SNOOZE = "snooze"
    TEAM = "team"  # handed to a team's queue
    AGENT = "agent"  # offered to a colleague
    RESOLVE = "resolve"


#: What the customer reads.
WORDS = frozenset({StepKind.ANSWER, StepKind.INSERT})
#: What is last: the conversation leaves the agent's hands, or their list.
ENDS = frozenset({StepKind.SNOOZE, StepKind.TEAM, StepKind.AGENT, StepKind.RESOLVE})


class MacroProblem(Invalid):
    """Something about a macro that can't work; `fields` names where it is."""

    def __init__(self, code: str, field_name: str) -> None:
        super().__init__(
            f"The macro can't work like this: {code.removeprefix('macro_')}.", code=code, fields=(field_name,)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroStep:
    """One step. `text` are its own words, or a tag's name; `choice` is the id or the word of what was chosen: a canned
    reply instead of own words, a team, a colleague, one of `SNOOZES` or of `REASONS`."""

    kind: StepKind
    text: str = ""
    choice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroDraft:
    """A macro without its figures. `team` is the id of whose it is; `owner` the agent's whose alone it is."""

    name: str
    steps: tuple[MacroStep, ...] = ()
    team: str | None = None
    owner: str = ""


def tidy_macro(draft: MacroDraft) -> MacroDraft:
    """The macro without spaces around its words. Raises `MacroProblem`."""
    tidied = replace(
        draft,
        name=" ".join(draft.name.split()),
        steps=tuple(replace(step, text=step.text.strip()) for step in draft.steps),
        team=draft.team or None,
    )
    if not 0 < len(tidied.name) <= MAX_NAME:
        raise MacroProblem("macro_name", "name")
    if not 0 < len(tidied.steps) <= MAX_STEPS:
        raise MacroProblem("macro_steps", "steps")
    for place, step in enumerate(tidied.steps):
        if problem := _problem_of(step):
            raise MacroProblem(problem, f"steps.{place}")
    _check_order(tidied.steps)
    return tidied


def write_steps(steps: Iterable[MacroStep]) -> dict[str, Any]:
    """For the database."""
    return {"steps": [{"kind": str(step.kind), "text": step.text, "choice": step.choice} for step in steps]}


def read_steps(stored: dict[str, Any]) -> tuple[MacroStep, ...]:
    """From the database."""
    return tuple(
        MacroStep(kind=StepKind(step["kind"]), text=str(step.get("text", "")), choice=str(step.get("choice", "")))
        for step in stored.get("steps", ())
    )


def _problem_of(step: MacroStep) -> str | None:
    if len(step.text) > MAX_TEXT or variables_in(step.text) - VARIABLES:
        return "macro_text"
    match step.kind:
        case StepKind.ANSWER | StepKind.INSERT:
            return None if bool(step.text) != bool(step.choice) else "macro_text"
        case StepKind.NOTE:
            return None if step.text else "macro_text"
        case StepKind.ADD_TAG | StepKind.REMOVE_TAG:
            return None if 0 < len(step.text) <= MAX_TAG else "macro_tag"
        case StepKind.TEAM | StepKind.AGENT:
            return None if step.choice else "macro_receiver"
        case StepKind.SNOOZE:
            return None if step.choice in SNOOZES else "macro_choice"
        case StepKind.RESOLVE:
            return None if step.choice in {"", *REASONS} else "macro_choice"


def _check_order(steps: Sequence[MacroStep]) -> None:
    """One answer at most, what ends the macro last, and nothing that ends it after words that are still to be sent."""
    kinds = [step.kind for step in steps]
    if sum(kind in WORDS for kind in kinds) > 1:
        raise MacroProblem("macro_one_answer", "steps")
    if any(kind in ENDS for kind in kinds[:-1]):
        raise MacroProblem("macro_end", "steps")
    if StepKind.INSERT in kinds and kinds[-1] in ENDS:
        raise MacroProblem("macro_insert", "steps")
