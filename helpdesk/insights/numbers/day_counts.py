"""From what happened in conversations to the figures of each day, for each value of each dimension."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import NamedTuple

from helpdesk.handoff.mood import BUILDS_UP
from helpdesk.insights.numbers.conversation_facts import ConversationFacts, GivenRating, HandoffFacts, PromiseFacts
from helpdesk.insights.numbers.figure_sums import Dimension, Duration, FigureName, FigureSums
from helpdesk.insights.numbers.inquiries import (
    HandoffSpan,
    Inquiry,
    InquiryLine,
    LineKind,
    QuestionResult,
    fate_of,
    read_inquiries,
)
from helpdesk.insights.questions import GAPS, QuestionRecord

#: Values of a dimension that something counts for; what it has none of is left out.
type Values = Mapping[Dimension, str | None]


class FigureKey(NamedTuple):
    """Which row figures stand in."""

    dimension: Dimension
    day: date
    value: str


class _PastInquiry(NamedTuple):
    """An inquiry whose fate is decided once all beginnings are known."""

    owner: str
    inquiry: Inquiry
    questions: Sequence[QuestionResult]
    values: Values


@dataclass(slots=True)
class DayCounts:
    """Adds up the figures of the days from `first` to `last` of a zone; with `per_agent` also those of each agent.

    `topics` are the categories of articles.
    """

    first: date
    last: date
    zone: tzinfo
    topics: Mapping[str, str]
    per_agent: bool
    rows: dict[FigureKey, FigureSums] = field(default_factory=dict)
    _inquiries: list[_PastInquiry] = field(default_factory=list)
    _spans: dict[str, list[tuple[HandoffFacts, Values]]] = field(default_factory=dict)

    def add_conversation(self, facts: ConversationFacts) -> None:
        """Everything that happened in one conversation."""
        spans = [HandoffSpan(asked_at=one.asked_at, ended_at=one.ended_at) for one in facts.handoffs]
        inquiries = read_inquiries(facts.lines, spans)
        for inquiry in inquiries:
            self._add_inquiry(facts, inquiry)
        for handoff in facts.handoffs:
            self._add_handoff(facts, handoff)
        self._spans[facts.id] = [(one, _values_of(facts, one)) for one in facts.handoffs]
        for question in facts.questions:
            self._add_question(facts, question)
        for judgement in facts.feedback:
            figure = FigureName.ANSWERS_GOOD if judgement.helped else FigureName.ANSWERS_BAD
            values = self._of_article(facts, judgement.article, facts.language)
            self._count(judgement.at, values, figure)

    def add_rating(self, rating: GivenRating) -> None:
        """What a customer said after a person had helped."""
        values = {
            Dimension.CHANNEL: rating.channel,
            Dimension.LANGUAGE: rating.language,
            Dimension.AGENT: rating.agent,
            Dimension.TEAM: rating.team,
            Dimension.TOPIC: self._topic_at(rating.conversation_id, rating.at),
        }
        self._count(rating.at, values, FigureName.RATED_GOOD if rating.helped else FigureName.RATED_BAD)

    def add_promise(self, promise: PromiseFacts) -> None:
        """A promise that was due."""
        around = self._around(promise.conversation_id, promise.due_at)
        values = {
            **{each: around.get(each) for each in (Dimension.TEAM, Dimension.TOPIC)},
            Dimension.CHANNEL: promise.channel,
            Dimension.LANGUAGE: promise.language,
            Dimension.AGENT: promise.agent,
        }
        self._count(promise.due_at, values, FigureName.PROMISES_KEPT if promise.kept else FigureName.PROMISES_BROKEN)

    def finish(self) -> Mapping[FigureKey, FigureSums]:
        """The rows, once every conversation is in: only now is known who came back."""
        begins: defaultdict[str, list[datetime]] = defaultdict(list)
        for past in self._inquiries:
            begins[past.owner].append(past.inquiry.begins_at)
        for each in begins.values():
            each.sort()
        for past in self._inquiries:
            times = begins[past.owner]
            place = bisect_right(times, past.inquiry.ends_at)
            next_at = times[place] if place < len(times) else None
            self._count(past.inquiry.begins_at, past.values, fate_of(past.inquiry, past.questions, next_at))
        self._inquiries.clear()
        return self.rows

    def _add_inquiry(self, facts: ConversationFacts, inquiry: Inquiry) -> None:
        asked = [question for question in facts.questions if inquiry.holds(question.asked_at)]
        handoffs = [one for one in facts.handoffs if inquiry.holds(one.asked_at) or _is_within(inquiry, one)]
        values = _values_of(facts, handoffs[-1]) if handoffs else _values_of(facts, None)
        if not values.get(Dimension.TOPIC):
            articles = [question.article for question in asked if question.article]
            values = {**values, Dimension.TOPIC: self.topics.get(articles[-1], "") if articles else ""}
        self._inquiries.append(_PastInquiry(facts.owner, inquiry, [_result_of(one) for one in asked], values))
        begun = inquiry.begins_at
        self._count(begun, values, FigureName.INQUIRIES)
        self._load(begun, values, inquiries=1)
        felt = inquiry.frustrations
        if len(felt) > 1:
            self._count(begun, values, FigureName.MOODS)
            self._count(begun, values, FigureName.UPSET_AT_START, felt[0] >= BUILDS_UP)
            self._count(begun, values, FigureName.UPSET_AT_END, felt[-1] >= BUILDS_UP)
        if inquiry.resolved_at is not None and inquiry.has_person:
            self._time(inquiry.resolved_at, values, Duration.RESOLUTION, begun)

    def _add_handoff(self, facts: ConversationFacts, handoff: HandoffFacts) -> None:
        values = _values_of(facts, handoff)
        self._count(handoff.asked_at, values, FigureName.HANDOFFS)
        self._load(handoff.asked_at, values, handoffs=1)
        if handoff.accepted_at is None:
            self._count(handoff.asked_at, values, FigureName.MISSED, handoff.ended_at is not None)
            return
        self._count(handoff.asked_at, values, FigureName.ACCEPTED)
        self._time(handoff.asked_at, values, Duration.WAIT, handoff.asked_at, until=handoff.accepted_at)
        answered = _first_answer(facts.lines, handoff)
        if answered is not None:
            self._time(handoff.asked_at, values, Duration.FIRST_ANSWER, handoff.asked_at, until=answered)
        if handoff.ended_at is not None:
            self._time(handoff.ended_at, values, Duration.HANDLING, handoff.accepted_at)

    def _add_question(self, facts: ConversationFacts, question: QuestionRecord) -> None:
        values = self._of_article(facts, question.article, question.language)
        self._count(question.asked_at, values, FigureName.QUESTIONS)
        self._count(question.asked_at, values, FigureName.GAPS, question.fate in GAPS)

    def _of_article(self, facts: ConversationFacts, article: str | None, language: str) -> Values:
        return {
            Dimension.CHANNEL: facts.channel,
            Dimension.LANGUAGE: language,
            Dimension.ARTICLE: article,
            Dimension.TOPIC: self.topics.get(article, "") if article else "",
        }

    def _around(self, conversation_id: str, at: datetime) -> Values:
        """The values of the last request for a person before then."""
        return next(
            (values for one, values in reversed(self._spans.get(conversation_id, [])) if one.asked_at <= at), {}
        )

    def _topic_at(self, conversation_id: str, at: datetime) -> str | None:
        return self._around(conversation_id, at).get(Dimension.TOPIC)

    def _rows_of(self, at: datetime, values: Values) -> Iterable[tuple[Dimension, datetime, FigureSums]]:
        local = at.astimezone(self.zone)
        day = local.date()
        if not self.first <= day <= self.last:
            return
        for dimension, value in ((Dimension.ALL, ""), *values.items()):
            if value is not None and (dimension is not Dimension.AGENT or self.per_agent):
                key = FigureKey(dimension, day, value[:128])
                row = self.rows.get(key)
                if row is None:
                    row = self.rows[key] = FigureSums()
                yield dimension, local, row

    def _count(self, at: datetime, values: Values, figure: FigureName, times: int = 1) -> None:
        if times:
            for _, _, row in self._rows_of(at, values):
                row.counts[figure] += times

    def _time(
        self,
        at: datetime,
        values: Values,
        duration: Duration,
        since: datetime,
        *,
        until: datetime | None = None,
    ) -> None:
        for _, _, row in self._rows_of(at, values):
            row.time(duration, ((until or at) - since).total_seconds())

    def _load(self, at: datetime, values: Values, *, inquiries: int = 0, handoffs: int = 0) -> None:
        """By hour of the week, but not for agents: when somebody works is their own."""
        for dimension, local, row in self._rows_of(at, values):
            if dimension is not Dimension.AGENT:
                row.load((local.weekday(), local.hour), inquiries=inquiries, handoffs=handoffs)


def _values_of(facts: ConversationFacts, handoff: HandoffFacts | None) -> dict[Dimension, str | None]:
    return {
        Dimension.CHANNEL: facts.channel,
        Dimension.LANGUAGE: facts.language,
        Dimension.AGENT: handoff.agent if handoff else None,
        Dimension.TEAM: handoff.team if handoff else None,
        Dimension.TOPIC: (handoff.topic or "") if handoff else None,
    }


def _is_within(inquiry: Inquiry, handoff: HandoffFacts) -> bool:
    """Whether a request for a person was still going on when an inquiry began."""
    begun = inquiry.begins_at
    return handoff.asked_at <= begun and (handoff.ended_at is None or begun < handoff.ended_at)


def _first_answer(lines: Sequence[InquiryLine], handoff: HandoffFacts) -> datetime | None:
    """When an agent first wrote to the customer after a person had been asked for, while that lasted."""
    return next(
        (
            line.at
            for line in lines
            if line.kind is LineKind.AGENT
            and line.at >= handoff.asked_at
            and (handoff.ended_at is None or line.at <= handoff.ended_at)
        ),
        None,
    )


def _result_of(question: QuestionRecord) -> QuestionResult:
    words = [helped for _, helped in question.words]
    return QuestionResult(at=question.asked_at, answered=bool(question.given), helped=words[-1] if words else None)
