"""Inquiries: the stretches of a conversation in each of which a customer wants something, and how each ended.

A conversation on a web site goes on for months. An inquiry begins with a customer's line where none is open, and ends
when the conversation is resolved, or with the last line before a pause of `PAUSE` while nobody has been asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from helpdesk.insights.numbers.figure_sums import FigureName

#: After so long without a word another line of the customer's is another inquiry.
PAUSE = timedelta(hours=2)
#: Who writes again within this time after the bot's answer is back, whatever it is about.
RETURN_WITHIN = timedelta(hours=72)
#: How much earlier a line or a question may be dated than the turn that stored it.
_SAME_MOMENT = timedelta(seconds=2)


class LineKind(StrEnum):
    """What a line of the log is to an inquiry."""

    CONTACT = "contact"
    ANSWER = "answer"
    AGENT = "agent"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryLine:
    """One line; `frustration` is how a line of the customer's reads, from 0 to 1."""

    kind: LineKind
    at: datetime
    frustration: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffSpan:
    """From when to when a person was asked for."""

    asked_at: datetime
    ended_at: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether it was going on then."""
        return self.asked_at <= at + _SAME_MOMENT and (self.ended_at is None or at < self.ended_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionResult:
    """What became of a question: `answered` by an article, and what the customer said of it, if anything."""

    at: datetime
    answered: bool
    helped: bool | None = None


@dataclass(slots=True, kw_only=True)
class Inquiry:
    """One of them. `resolved_at` is set once it was resolved; `has_person`: a person was asked for or wrote."""

    begins_at: datetime
    ends_at: datetime
    resolved_at: datetime | None = None
    has_person: bool = False
    frustrations: list[float] = field(default_factory=list)

    def holds(self, at: datetime) -> bool:
        """Whether something belongs to it that was stored then."""
        return self.begins_at - _SAME_MOMENT <= at <= self.ends_at + _SAME_MOMENT


def read_inquiries(lines: Sequence[InquiryLine], handoffs: Sequence[HandoffSpan]) -> list[Inquiry]:
    """The inquiries of a conversation's lines, oldest first; what comes before the customer's first is none."""
    found: list[Inquiry] = []
    is_open = False
    for line in lines:
        waits = any(span.holds(line.at) for span in handoffs)
        if is_open and not waits and line.kind is LineKind.CONTACT and line.at - found[-1].ends_at > PAUSE:
            is_open = False
        if not is_open:
            if line.kind is not LineKind.CONTACT:
                continue
            found.append(Inquiry(begins_at=line.at, ends_at=line.at))
            is_open = True
        _take(found[-1], line, waits=waits)
        is_open = line.kind is not LineKind.RESOLVED
    return found


def _take(inquiry: Inquiry, line: InquiryLine, *, waits: bool) -> None:
    if line.kind is LineKind.RESOLVED:
        inquiry.resolved_at = line.at
        return
    inquiry.ends_at = line.at
    inquiry.has_person = inquiry.has_person or waits or line.kind is LineKind.AGENT
    if line.frustration is not None:
        inquiry.frustrations.append(line.frustration)


def fate_of(inquiry: Inquiry, questions: Sequence[QuestionResult], next_at: datetime | None) -> FigureName:
    """How an inquiry ended. `questions` are its own, oldest first; `next_at` is when the same person began the next."""
    if inquiry.has_person:
        return FigureName.PERSON
    if not questions:
        return FigureName.NOT_ASKED
    words = [question.helped for question in questions if question.helped is not None]
    is_confirmed = bool(words) and words[-1]
    is_refused = bool(words) and not words[-1]
    if is_refused or not (is_confirmed or questions[-1].answered):
        return FigureName.ABANDONED
    if next_at is not None and next_at - inquiry.ends_at <= RETURN_WITHIN:
        return FigureName.RETURNED
    return FigureName.CONFIRMED if is_confirmed else FigureName.ASSUMED
