"""What is found for a story: each of its questions alone and after what stands before it; the surer reading counts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from knowledge.message.followups import STANDS_ALONE, best_candidate, intersect_candidates, says_nothing_alone
from knowledge.message.searchers import Searcher, search_texts
from knowledge.message.stories import StoryQuestion, questions_of, trouble_of
from knowledge.search.library import SearchCandidate, SearchResult
from knowledge.search.ranking import ANSWER_FROM, CLARIFY_FROM, SearchOutcome

type Found = tuple[str, SearchResult]
"""A question in the customer's words, and what was found."""


async def search_story(library: Searcher, message: str, language: str | None) -> tuple[Found, ...]:
    """The questions of a story with what was found, in order; at least one, and where nothing is asked, its trouble.

    Two texts are searched for a question, and three where there is none: fewer than a story has sentences. The whole is
    one more, for questions such as "where can I take them?".
    """
    questions = questions_of(message)
    if not questions:
        return (await _search_trouble(library, message, language),)
    texts = [text for question in questions for text in _readings(question)]
    found = await search_texts(library, texts, language)
    read = [
        (question.text, _clearer([found[text] for text in _readings(question)], question)) for question in questions
    ]
    if any(result.outcome is SearchOutcome.ANSWER for _, result in read):
        return _kept(read)
    whole = (await search_texts(library, [message], language))[message]
    return _kept([(text, _agreed(result, whole)) for text, result in read])


async def _search_trouble(library: Searcher, message: str, language: str | None) -> Found:
    """What went wrong: the last two sentences, the last, or all of it, whichever is surest."""
    last, last_two = trouble_of(message)
    found = await search_texts(library, [last, last_two, message], language)
    return last_two, _agreed(found[last_two], found[message], found[last])


def _agreed(*readings: SearchResult) -> SearchResult:
    """What fits all readings best, as sure as the surest of them is."""
    both = readings[0]
    for other in readings[1:]:
        candidates = intersect_candidates(both, other)
        both = replace(both, candidates=candidates, outcome=_outcome_of(candidates))
    return both


def _outcome_of(candidates: Sequence[SearchCandidate]) -> SearchOutcome:
    sure = candidates[0].confidence if candidates else 0.0
    if sure >= ANSWER_FROM:
        return SearchOutcome.ANSWER
    return SearchOutcome.CLARIFY if sure >= CLARIFY_FROM else SearchOutcome.NONE


def _readings(question: StoryQuestion) -> tuple[str, ...]:
    return (question.text, f"{question.before} {question.text}") if question.before else (question.text,)


def _clearer(readings: Sequence[SearchResult], question: StoryQuestion) -> SearchResult:
    """The question alone, if it says enough by itself; else the surer of both. Its meaning is that of both together."""
    alone, joined = readings[0], readings[-1]
    is_clear = alone.outcome is SearchOutcome.ANSWER and _sureness(alone) >= STANDS_ALONE
    found = alone if is_clear and not says_nothing_alone(question.text) else max(readings, key=_sureness)
    return replace(found, embedding=joined.embedding)


def _kept(found: Sequence[Found]) -> tuple[Found, ...]:
    """Each article once; what finds none, only where nothing else does: in a story it was rather said than asked."""
    answered = list(_each_once(found))
    return tuple(answered) or (max(found, key=lambda one: _sureness(one[1])),)


def _each_once(found: Sequence[Found]) -> Iterator[Found]:
    said: set[str] = set()
    for text, result in found:
        first = best_candidate(result)
        if first and result.outcome is SearchOutcome.ANSWER and first.article not in said:
            said.add(first.article)
            yield text, result


def _sureness(found: SearchResult) -> float:
    first = best_candidate(found)
    return first.confidence if first else 0.0
