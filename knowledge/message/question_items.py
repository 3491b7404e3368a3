"""The questions of a message of several: each clause, cut where its bits ask for different things, and those that stay.

A split stands only when its parts find different articles with confidence.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.message.clauses import MessageClause
from knowledge.message.followups import (
    HEARD_FROM,
    STANDS_ALONE,
    best_candidate,
    intersect_candidates,
    join_to_topic,
    looks_like_followup,
    resolve,
    says_nothing_alone,
)
from knowledge.message.searchers import Searcher, search_texts
from knowledge.search.library import SearchResult
from knowledge.search.ranking import ANSWER_FROM, SearchOutcome

BIT_FROM = 0.7
"""Confidence from which two bits around an "and" or a comma count as two questions."""
STATED_FROM = 0.7
"""The same for a statement: it may be a question ("password forgotten"), and is more often what led to one."""
STATED_ALONE_FROM = 0.9
"""The same where the message around it is a muddle and says nothing for it or against it."""
SEEN_BY_THE_WHOLE = 3
"""What the message around it is said to see: its first few articles."""
MIN_OPEN_WORDS = 3
_WANTS_NO_CALL = re.compile(
    r"\W*(?:bitte |please )?(?:kein(?:e[nrms]?)?|ohne|no|without(?: an?)?)\s+"
    r"(?:(?:rück|telefon)?anrufe?|rückrufe?|telefonate?|(?:phone |call)?(?:calls?|backs?))\b",
    re.IGNORECASE,
)
"""A call that is not wanted is no question about calls: "no call please, I just need the manual"."""
MAY_MEAN = 0.15
"""Confidence from which a question without an answer may mean an article that was said anyway."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QuestionItem:
    """A clause or a bit of one, in the customer's words, what was found for it, and whether its form asks."""

    text: str
    found: SearchResult
    asks: bool

    @property
    def article(self) -> str | None:
        """The article that answers, if one does."""
        best = best_candidate(self.found)
        return best.article if best and self.found.outcome is SearchOutcome.ANSWER else None

    @property
    def is_sure(self) -> bool:
        """Whether nothing around it could say it more clearly."""
        return self.article is not None and sureness(self.found) >= STANDS_ALONE


def may_be_clearer(found: SearchResult) -> bool:
    """Whether it helps to search for a part of it: something is meant, and not surely."""
    return found.outcome is not SearchOutcome.NONE and sureness(found) < STANDS_ALONE


def clearest(whole: SearchResult, items: Sequence[QuestionItem]) -> SearchResult:
    """What surrounds a question makes the search less sure of it: then the question alone counts.

    But it has to be what the whole is taken to mean at first, if it is taken to mean anything.
    """
    first = best_candidate(whole)
    meant = first.article if first and whole.outcome is not SearchOutcome.NONE else None
    same = (item.found for item in items if item.article == meant)
    return max((whole, *same), key=sureness)


async def cut_clause(
    library: Searcher, clause: MessageClause, found: SearchResult, language: str | None
) -> list[QuestionItem]:
    """A clause; or its bits, when each of them surely finds another article that the clause as a whole sees, too.

    Where only one bit finds something, and the clause as a whole less surely the same, the others are beside the point.
    One bit that finds nothing is enough to leave it whole: the shortest costs the least to ask.
    """
    whole = QuestionItem(text=clause.text, found=found, asks=clause.asks)
    if len(clause.bits) < 2:
        return [whole]
    seen, shortest = _seen(found, HEARD_FROM), min(clause.bits, key=len)
    searched = await search_texts(library, [shortest], language)
    if not _is_bit(searched[shortest], seen) and not may_be_clearer(found):
        return [whole]
    searched |= await search_texts(library, [bit for bit in clause.bits if bit != shortest], language)
    items = [QuestionItem(text=bit, found=searched[bit], asks=clause.asks) for bit in clause.bits]
    surely = all(_is_bit(item.found, seen) for item in items)
    if surely and len({item.article for item in items}) == len(items):
        return items
    return [replace(whole, found=clearest(found, [item for item in items if item.article in seen]))]


def _is_bit(found: SearchResult, seen: frozenset[str]) -> bool:
    """Whether a bit of a clause surely finds an article that the clause as a whole sees."""
    best = best_candidate(found)
    is_answer = best is not None and found.outcome is SearchOutcome.ANSWER
    return is_answer and best is not None and best.article in seen and best.confidence >= BIT_FROM


async def settle_items(
    library: Searcher, items: list[QuestionItem], whole: SearchResult, language: str | None
) -> list[QuestionItem]:
    """The items that are questions of their own; the others belong to a neighbour, or to none.

    Beside a statement that finds its article nothing is open: "I've a new address, where do I put it?" is one question.
    """
    leaning = {
        n: join_to_topic(items[n - 1].text, item.text) for n, item in enumerate(items) if n and _needs_more(item)
    }
    searched = await search_texts(library, leaning.values(), language)
    together = {n: searched[text] for n, text in leaning.items()}
    sure = {item.article for item in items if item.is_sure}
    read = [
        _reread(item, together.get(n), None if says_nothing_alone(item.text) else items[n - 1].article, whole, sure)
        for n, item in enumerate(items)
    ]
    answered = [item.article for item in read if _answers(item, whole)]
    kept: list[QuestionItem] = []
    for item in read:
        if _answers(item, whole):
            if item.article not in {other.article for other in kept}:
                kept.append(item)
        elif _stays_open(item) and not _belongs_to(item, answered):
            kept.append(item)
    found = [item for item in kept if item.article]
    return found if len(found) == 1 and not found[0].asks else kept


def _answers(item: QuestionItem, whole: SearchResult) -> bool:
    """A question with an article does; a statement only surely, and with the whole message not against it.

    What a sentence of its own tells has to be heard in the whole, too: "My parcel came yesterday. One of the lamps is
    missing." is about the lamp.
    """
    if _WANTS_NO_CALL.match(item.text):
        return False
    if item.article is None or item.asks:
        return item.article is not None
    is_told = item.text.endswith(".") and whole.outcome is SearchOutcome.ANSWER
    heard = _seen(whole, MAY_MEAN if is_told else 0.0)
    allowed = STATED_FROM if item.article in heard else STATED_ALONE_FROM
    return sureness(item.found) >= allowed and (whole.outcome is not SearchOutcome.ANSWER or allowed == STATED_FROM)


def _belongs_to(item: QuestionItem, answered: Sequence[str | None]) -> bool:
    """It may well mean an article that another item surely means."""
    return any(one.article in answered and one.confidence >= MAY_MEAN for one in item.found.candidates)


def _needs_more(item: QuestionItem) -> bool:
    return not item.is_sure and (looks_like_followup(item.text) or says_nothing_alone(item.text))


def _reread(
    item: QuestionItem, together: SearchResult | None, before: str | None, whole: SearchResult, sure: set[str | None]
) -> QuestionItem:
    """An unsure item in the light of what stands before it, or of the whole message."""
    if item.is_sure:
        return item
    if together is not None:
        return replace(item, found=resolve(item.found, together, before))
    besides = {key for key in sure if key is not None}
    candidates = intersect_candidates(item.found, whole, besides=besides)
    if not candidates or not _agree(item.found, whole, candidates[0].article) or candidates[0].confidence < ANSWER_FROM:
        return item
    return replace(item, found=replace(item.found, outcome=SearchOutcome.ANSWER, candidates=candidates))


def _agree(one: SearchResult, other: SearchResult, article: str) -> bool:
    """Both searches have the article among their first."""
    return article in _seen(one) and article in _seen(other)


def _stays_open(item: QuestionItem) -> bool:
    """It asks for something that nothing was found for."""
    is_whole = not says_nothing_alone(item.text) and len(item.text.split()) >= MIN_OPEN_WORDS
    return item.asks and is_whole and not _WANTS_NO_CALL.match(item.text)


def _seen(found: SearchResult, least: float = 0.0) -> frozenset[str]:
    """The first few articles of a search, those less sure than `least` left out."""
    return frozenset(one.article for one in found.candidates[:SEEN_BY_THE_WHOLE] if one.confidence >= least)


def sureness(found: SearchResult) -> float:
    """The confidence of its first candidate, from 0 to 1; 0 without any."""
    best = best_candidate(found)
    return best.confidence if best else 0.0
