"""What a customer's message asks: one question or several, by itself or going on from the turn before.

The form of a message proposes (`knowledge.message.clauses`, `knowledge.message.followups`), the search decides: a
split stands only when its parts find different articles with confidence.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from knowledge.articles.answers import ShortAnswer
from knowledge.message.clauses import MessageClause, clauses_of
from knowledge.message.followups import (
    SAID_THERE,
    STANDS_ALONE,
    answer_from,
    best_candidate,
    goes_on_at_length,
    intersect_candidates,
    is_said_there,
    join_to_topic,
    looks_like_followup,
    resolve,
    says_nothing_alone,
)
from knowledge.normalization import compact, excerpt
from knowledge.search.index import Snapshot
from knowledge.search.library import Library, SearchResult
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
DEFAULT_LANGUAGE = "de"
MAX_READ_CHARACTERS = 1_000
"""Of a message: so many are taken apart and searched; of a longer one, the beginning and the end."""
MAX_SEARCHED_CHARACTERS = 400
"""Of one text that is searched for: about ninety word pieces for the embedder."""
MAY_MEAN = 0.15
"""Confidence from which a question without an answer may mean an article that was said anyway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationTopic:
    """What the conversation was about last: an article and its question in the customer's language.

    Without an article it is what the customer asked in vain.
    """

    article: str | None
    question: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QuestionPart:
    """One question of a message, in the customer's words, and what was found."""

    text: str
    found: SearchResult


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MessageUnderstanding:
    """A message taken as a whole, and the questions in it, in order; one part is the whole message."""

    whole: SearchResult
    parts: tuple[QuestionPart, ...]

    @property
    def is_several(self) -> bool:
        """Whether more than one thing was asked."""
        return len(self.parts) > 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Item:
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
        return self.article is not None and _sureness(self.found) >= STANDS_ALONE


class Searcher(Protocol):
    """What answers several texts at once: the library, or a snapshot of it that is tried."""

    async def search_many(self, asked: Sequence[tuple[str, str | None]]) -> list[SearchResult]:
        """What is found for each text, given with its conversation's language."""
        ...

    async def short_answer(self, key: str, language: str, question: str) -> ShortAnswer | None:
        """What of an article a question is about."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrialSearcher:
    """The library, asked about a snapshot that customers don't see."""

    library: Library
    snapshot: Snapshot

    async def search_many(self, asked: Sequence[tuple[str, str | None]]) -> list[SearchResult]:
        """What is found for each text in the snapshot."""
        return await self.library.search_many(asked, snapshot=self.snapshot)

    async def short_answer(self, key: str, language: str, question: str) -> ShortAnswer | None:
        """What of an article of the snapshot a question is about."""
        return await self.library.short_answer(key, language, question, snapshot=self.snapshot)


async def understand(
    library: Searcher, text: str, language: str | None, topic: ConversationTopic | None = None
) -> MessageUnderstanding:
    """What `text` asks. `language` is the conversation's, `topic` what it was about before. Raises nothing of its own.

    Costs one search of several texts at once, and a second one only where something leans on what stands before it.
    What that costs has a limit, however long the text is.
    """
    text = excerpt(compact(text), MAX_READ_CHARACTERS)
    clauses = clauses_of(text)
    core = _core(text, clauses)
    following = (
        join_to_topic(topic.question, core) if topic and len(clauses) == 1 and looks_like_followup(text) else None
    )
    texts = list(dict.fromkeys((core, *_texts_of(clauses), *((following,) if following else ()))))
    found = dict(zip(texts, await _search(library, texts, language), strict=True))
    whole = found[core]
    if topic and len(clauses) == 1 and (following or goes_on_at_length(text)):
        whole = await _follow_up(library, text, core, whole, found.get(following or ""), topic, language)
        return MessageUnderstanding(whole=whole, parts=(QuestionPart(text=core, found=whole),))
    items = [item for clause in clauses for item in _cut(clause, found)]
    kept = await _settle(library, items, whole, language) if len(items) > 1 else items
    if len(kept) > 1 and any(item.article for item in kept):
        return MessageUnderstanding(
            whole=whole, parts=tuple(QuestionPart(text=item.text, found=item.found) for item in kept)
        )
    clearest = _clearest(whole, [item for item in kept if item.article])
    return MessageUnderstanding(whole=clearest, parts=(QuestionPart(text=core, found=clearest),))


async def _follow_up(
    library: Searcher,
    text: str,
    core: str,
    alone: SearchResult,
    together: SearchResult | None,
    topic: ConversationTopic,
    language: str | None,
) -> SearchResult:
    """First the text of the article just shown is looked into; what it does not say is searched for."""
    short = None
    if topic.article:
        short = await library.short_answer(topic.article, alone.language or language or DEFAULT_LANGUAGE, core)
    if topic.article and short and is_said_there(text, short, alone, topic.article):
        return answer_from(alone, topic.article, topic.question, SAID_THERE)
    resolved = resolve(alone, together, topic.article) if together else alone
    if topic.article and short and short.missing and resolved.outcome is not SearchOutcome.ANSWER:
        return answer_from(alone, topic.article, topic.question)
    return resolved


async def _search(library: Searcher, texts: Sequence[str], language: str | None) -> list[SearchResult]:
    return await library.search_many([(excerpt(text, MAX_SEARCHED_CHARACTERS), language) for text in texts])


def _clearest(whole: SearchResult, items: Sequence[_Item]) -> SearchResult:
    """What surrounds a question makes the search less sure of it: then the question alone counts.

    But it has to be what the whole is taken to mean at first, if it is taken to mean anything.
    """
    first = best_candidate(whole)
    meant = first.article if first and whole.outcome is not SearchOutcome.NONE else None
    same = (item.found for item in items if item.article == meant)
    return max((whole, *same), key=_sureness)


def _core(text: str, clauses: Sequence[MessageClause]) -> str:
    """What is searched for as the whole message: a single question goes without the courtesy around it."""
    alone = len(clauses) == 1 and clauses[0].asks
    return clauses[0].text if alone else " ".join(text.split())


def _texts_of(clauses: Sequence[MessageClause]) -> Iterable[str]:
    for clause in clauses:
        yield clause.text
        if len(clause.bits) > 1:
            yield from clause.bits


def _cut(clause: MessageClause, found: dict[str, SearchResult]) -> list[_Item]:
    """A clause; or its bits, when each of them surely finds another article that the clause as a whole sees, too.

    Where only one bit finds something, and the clause as a whole less surely the same, the others are beside the point.
    """
    whole = _Item(text=clause.text, found=found[clause.text], asks=clause.asks)
    if len(clause.bits) < 2:
        return [whole]
    items = [_Item(text=bit, found=found[bit], asks=clause.asks) for bit in clause.bits]
    answering = [item for item in items if item.article in _seen(whole.found)]
    surely = len(answering) == len(items) and all(_sureness(item.found) >= BIT_FROM for item in items)
    if surely and len({item.article for item in items}) == len(items):
        return items
    return [replace(whole, found=_clearest(whole.found, answering))]


async def _settle(library: Searcher, items: list[_Item], whole: SearchResult, language: str | None) -> list[_Item]:
    """The items that are questions of their own; the others belong to a neighbour, or to none.

    Beside a statement that finds its article nothing is open: "I've a new address, where do I put it?" is one question.
    """
    leaning = {
        n: join_to_topic(items[n - 1].text, item.text) for n, item in enumerate(items) if n and _needs_more(item)
    }
    searched = await _search(library, list(leaning.values()), language) if leaning else []
    together = dict(zip(leaning, searched, strict=True))
    sure = {item.article for item in items if item.is_sure}
    read = [
        _reread(item, together.get(n), None if says_nothing_alone(item.text) else items[n - 1].article, whole, sure)
        for n, item in enumerate(items)
    ]
    answered = [item.article for item in read if _answers(item, whole)]
    kept: list[_Item] = []
    for item in read:
        if _answers(item, whole):
            if item.article not in {other.article for other in kept}:
                kept.append(item)
        elif _stays_open(item) and not _belongs_to(item, answered):
            kept.append(item)
    found = [item for item in kept if item.article]
    return found if len(found) == 1 and not found[0].asks else kept


def _answers(item: _Item, whole: SearchResult) -> bool:
    """A question with an article does; a statement only surely, and with the whole message not against it."""
    if item.article is None or item.asks:
        return item.article is not None
    allowed = STATED_FROM if item.article in _seen(whole) else STATED_ALONE_FROM
    return _sureness(item.found) >= allowed and (whole.outcome is not SearchOutcome.ANSWER or allowed == STATED_FROM)


def _belongs_to(item: _Item, answered: Sequence[str | None]) -> bool:
    """It may well mean an article that another item surely means."""
    return any(one.article in answered and one.confidence >= MAY_MEAN for one in item.found.candidates)


def _needs_more(item: _Item) -> bool:
    return not item.is_sure and (looks_like_followup(item.text) or says_nothing_alone(item.text))


def _reread(
    item: _Item, together: SearchResult | None, before: str | None, whole: SearchResult, sure: set[str | None]
) -> _Item:
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


def _stays_open(item: _Item) -> bool:
    """It asks for something that nothing was found for."""
    return item.asks and not says_nothing_alone(item.text) and len(item.text.split()) >= MIN_OPEN_WORDS


def _seen(found: SearchResult) -> frozenset[str]:
    return frozenset(candidate.article for candidate in found.candidates[:SEEN_BY_THE_WHOLE])


def _sureness(found: SearchResult) -> float:
    best = best_candidate(found)
    return best.confidence if best else 0.0
