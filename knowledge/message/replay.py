"""What a draft would do to the questions that customers really asked. Pure: what was said before and after goes in.

Customers' own word decides what is better or worse: an answer that helped is lost, one that didn't is replaced.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.message.understanding import MessageUnderstanding
from knowledge.search.library import SearchResult
from knowledge.search.ranking import SearchOutcome

OFFERED = 3
"""Candidates that the bot offers when it asks which one is meant."""


class ReplayEffect(StrEnum):
    """What a draft does to a question, in the order in which an admin wants to know."""

    WORSE = "worse"  # an answer that helped is lost, or any answer becomes none
    UNCLEAR = "unclear"  # was answered, and would now be asked back
    DIFFERENT = "different"  # something else, and nobody said which is better
    BETTER = "better"  # had no answer, or one that didn't help, and now gets one
    REWORDED = "reworded"  # the same article with its new text


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayQuestion:
    """What customers asked in the same words, `times` in all, and what came of it.

    `helped` and `unhelped` count customers' words by article; `failed` how often it ended without an answer, with one
    that didn't help, or with a person.
    """

    text: str
    language: str
    times: int = 1
    customers: int = 1
    failed: int = 0
    helped: Mapping[str, int] = field(default_factory=dict)
    unhelped: Mapping[str, int] = field(default_factory=dict)

    def liked(self, article: str | None) -> bool:
        """Whether this article helped more customers than it didn't."""
        return article is not None and self.helped.get(article, 0) > self.unhelped.get(article, 0)

    def disliked(self, article: str | None) -> bool:
        """Whether more customers said that this article didn't help than that it did."""
        return article is not None and self.unhelped.get(article, 0) > self.helped.get(article, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayReply:
    """What the bot says to a question: an article, a few to choose from, or nothing; and how sure it is.

    A message that holds several questions gets an article for each that has one.
    """

    outcome: SearchOutcome
    confidence: float
    offered: tuple[str, ...] = ()

    @property
    def article(self) -> str | None:
        """The article that is given as the answer, the first of several."""
        return self.offered[0] if self.outcome is SearchOutcome.ANSWER else None

    @property
    def answers(self) -> frozenset[str]:
        """All articles that are given as answers."""
        return frozenset(self.offered if self.outcome is SearchOutcome.ANSWER else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayChange:
    """A question that fares differently with the draft."""

    kind: ReplayEffect
    question: ReplayQuestion
    before: ReplayReply
    after: ReplayReply


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAmbiguity:
    """Two articles between which the bot would newly ask, in how many questions."""

    articles: tuple[str, str]
    questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """The result: `changes` with losses first, then by customers; `asked` distinct questions, `times` in all."""

    asked: int
    times: int
    changes: tuple[ReplayChange, ...]
    clashes: tuple[NewAmbiguity, ...]

    def count(self, *kinds: ReplayEffect) -> int:
        """How many questions changed in one of these ways."""
        return sum(change.kind in kinds for change in self.changes)


def search_reply(found: SearchResult) -> ReplayReply:
    """What the bot makes of a search."""
    kept = {SearchOutcome.ANSWER: 1, SearchOutcome.CLARIFY: OFFERED, SearchOutcome.NONE: 0}[found.outcome]
    return ReplayReply(
        outcome=found.outcome,
        confidence=found.candidates[0].confidence if found.candidates else 0.0,
        offered=tuple(candidate.article for candidate in found.candidates[:kept]),
    )


def message_reply(understood: MessageUnderstanding) -> ReplayReply:
    """What the bot makes of a whole message, as it would in a conversation."""
    parts = [search_reply(part.found) for part in understood.parts]
    answering = [said for said in parts if said.article]
    if not understood.is_several or not answering:
        return search_reply(understood.whole)
    return ReplayReply(
        outcome=SearchOutcome.ANSWER,
        confidence=min(said.confidence for said in answering),
        offered=tuple(said.offered[0] for said in answering),
    )


def compare_replies(
    questions: Sequence[ReplayQuestion],
    before: Sequence[ReplayReply],
    after: Sequence[ReplayReply],
    *,
    drafted: Collection[str],
    reworded: Collection[str],
) -> Replay:
    """What changes. `drafted` are the articles that are tried, `reworded` those of them with another answer."""
    changes = [
        ReplayChange(kind=kind, question=question, before=was, after=will)
        for question, was, will in zip(questions, before, after, strict=True)
        if (kind := assess_question(question, was, will, drafted=drafted, reworded=reworded)) is not None
    ]
    ranks = {kind: rank for rank, kind in enumerate(ReplayEffect)}
    changes.sort(key=lambda one: (ranks[one.kind], -one.question.customers, -one.question.times, one.question.text))
    return Replay(
        asked=len(questions),
        times=sum(question.times for question in questions),
        changes=tuple(changes),
        clashes=_new_clashes(changes, drafted),
    )


def assess_question(
    question: ReplayQuestion,
    before: ReplayReply,
    after: ReplayReply,
    *,
    drafted: Collection[str],
    reworded: Collection[str],
) -> ReplayEffect | None:
    """How one question fares; `None` when the customer would read the same."""
    if _says(before, drafted) == _says(after, drafted):
        return ReplayEffect.REWORDED if after.answers & frozenset(reworded) else None
    lost, new = before.answers - after.answers, after.answers - before.answers
    if any(question.liked(article) for article in lost):
        return ReplayEffect.WORSE
    if after.article is None:
        return _without_answer(question, before, after)
    if any(question.disliked(article) and article not in reworded for article in new):
        return ReplayEffect.WORSE
    if question.failed or any(question.liked(article) for article in new) or before.outcome is SearchOutcome.NONE:
        return ReplayEffect.BETTER
    return ReplayEffect.DIFFERENT


def _without_answer(question: ReplayQuestion, before: ReplayReply, after: ReplayReply) -> ReplayEffect:
    if after.outcome is SearchOutcome.NONE:
        return (
            ReplayEffect.WORSE if before.article and not question.disliked(before.article) else ReplayEffect.DIFFERENT
        )
    return ReplayEffect.UNCLEAR if before.article else ReplayEffect.DIFFERENT


def _says(said: ReplayReply, drafted: Collection[str]) -> tuple[SearchOutcome, frozenset[str]]:
    """What the customer reads. Of several choices only the drafted ones count: the rest shuffles with any edit."""
    shown = frozenset(said.offered)
    return said.outcome, shown & frozenset(drafted) if said.outcome is SearchOutcome.CLARIFY else shown


def _new_clashes(changes: Iterable[ReplayChange], drafted: Collection[str]) -> tuple[NewAmbiguity, ...]:
    """Between which two articles the bot would ask where it didn't before; a draft is always one of them."""
    pairs = Counter(
        (min(first, second), max(first, second))
        for first, second in (
            change.after.offered[:2]
            for change in changes
            if change.after.outcome is SearchOutcome.CLARIFY
            and change.before.outcome is not SearchOutcome.CLARIFY
            and len(change.after.offered) > 1
        )
        if first in drafted or second in drafted
    )
    return tuple(NewAmbiguity(articles=pair, questions=count) for pair, count in pairs.most_common())
