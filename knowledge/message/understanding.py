"""What a customer's message asks: one question or several, by itself or going on from the turn before.

The form of a message proposes (`knowledge.message.clauses`, `knowledge.message.followups`), the search decides: a
split stands only when its parts find different articles with confidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from identifiers import Identifier, find_identifiers, is_nothing_else, without_identifiers
from knowledge.message.clauses import MessageClause, clauses_of, without_hesitation
from knowledge.message.followups import (
    SAID_THERE,
    STANDS_ALONE,
    answer_from,
    behind_what_is_done,
    best_candidate,
    intersect_candidates,
    is_said_there,
    join_to_topic,
    looks_like_followup,
    may_go_on,
    reports_back,
    resolve,
    says_nothing_alone,
    stands_alone,
)
from knowledge.message.language_choice import choose_language
from knowledge.message.number_questions import question_for
from knowledge.message.searchers import MAX_SEARCHED_CHARACTERS, ForeignSearcher, Searcher, TrialSearcher, search_texts
from knowledge.message.stories import is_story
from knowledge.message.story_search import search_story
from knowledge.normalization import compact, excerpt
from knowledge.search.library import SearchResult
from knowledge.search.ranking import ANSWER_FROM, SearchOutcome

__all__ = [
    "MAX_READ_CHARACTERS",
    "MAX_SEARCHED_CHARACTERS",
    "ConversationTopic",
    "MessageUnderstanding",
    "QuestionPart",
    "Searcher",
    "TrialSearcher",
    "understand",
]

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
FOREIGN_FROM = 0.18
"""Confidence from which a question in a language that isn't offered is asked back about, with what is likeliest."""
CERTAINLY_ANOTHER = 0.95
"""Confidence from which who reports on an answer means another article all the same."""
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
    """A message taken as a whole, and the questions in it, in order; one part is the whole message.

    `identifiers` are the order numbers, addresses, dates and the like that it names; with `is_number_alone` it says
    nothing else, and what was searched for is where such a number leads. `foreign` is the code of the language that
    it is written in, where that isn't one of those offered.
    """

    whole: SearchResult
    parts: tuple[QuestionPart, ...]
    identifiers: tuple[Identifier, ...] = ()
    is_number_alone: bool = False
    foreign: str | None = None

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


async def understand(
    library: Searcher,
    text: str,
    language: str | None,
    topic: ConversationTopic | None = None,
    *,
    for_others: str | None = None,
) -> MessageUnderstanding:
    """What `text` asks. `language` is the conversation's, `topic` what it was about before. Raises nothing of its own.

    `for_others` is the language in which somebody is answered who writes one that isn't offered. Only what can still
    change the result is searched for: mostly the whole message alone. What that costs has a limit, however long the
    text is.
    """
    text = excerpt(compact(text), MAX_READ_CHARACTERS)
    told = tuple(find_identifiers(text))
    if is_nothing_else(text, told):
        asked = question_for(told, language or DEFAULT_LANGUAGE) or text
        whole = (await search_texts(library, [asked], language))[asked]
        return replace(_alone(text, whole), identifiers=told, is_number_alone=True)
    bare = without_identifiers(text, told, values=True) or text
    choice = choose_language(bare, language)
    spoken = (for_others if choice.foreign else choice.language) or language
    bare = without_hesitation(bare, spoken).strip() or bare
    searcher = ForeignSearcher(inner=library, language=choice.foreign) if choice.foreign else library
    valued = without_identifiers(text, told) or text
    understood = await _understand_bare(searcher, bare, valued, spoken, topic)
    understood = await _understand_mended(searcher, understood, bare, valued, spoken, topic)
    understood = _ask_back(understood) if choice.foreign else understood
    return replace(understood, identifiers=told, foreign=choice.foreign)


async def _understand_mended(
    library: Searcher,
    understood: MessageUnderstanding,
    text: str,
    valued: str,
    language: str | None,
    topic: ConversationTopic | None,
) -> MessageUnderstanding:
    """What the text asks without its typing errors, where nothing was found as it is written, and something then."""
    if understood.is_several or understood.whole.outcome is SearchOutcome.ANSWER:
        return understood
    mended = await library.mend(text)
    if mended == text:
        return understood
    again = await _understand_bare(library, mended, await library.mend(valued), language, topic)
    is_better = not again.is_several and again.whole.outcome is SearchOutcome.ANSWER
    is_better = is_better and _sureness(again.whole) >= STANDS_ALONE
    return _alone(understood.parts[0].text, again.whole) if is_better else understood


async def _understand_bare(
    library: Searcher, text: str, valued: str, language: str | None, topic: ConversationTopic | None
) -> MessageUnderstanding:
    """What a text without identifiers asks; `valued` is the same with its dates and amounts."""
    if is_story(text):
        return await _understand_story(library, text, language)
    if topic and topic.article and reports_back(text):
        return _alone(text, await _report(library, text, topic.article, language))
    clauses = clauses_of(text)
    core = _core(text, clauses)
    if len(clauses) > 1:
        return await _understand_several(library, core, clauses, language)
    whole = (await search_texts(library, [core], language))[core]
    if topic and clauses and may_go_on(text, whole, topic.article or ""):
        followed = await _follow_up(library, text, _core(valued, clauses_of(valued)), whole, topic, language)
        return _alone(core, followed)
    return await _understand_one(library, core, whole, clauses, language)


def _ask_back(understood: MessageUnderstanding) -> MessageUnderstanding:
    """For a language in which the search is less sure of what it finds: what is likely is asked for."""
    whole, first = understood.whole, best_candidate(understood.whole)
    if understood.is_several or whole.outcome is not SearchOutcome.NONE or not first or first.confidence < FOREIGN_FROM:
        return understood
    return _alone(understood.parts[0].text, replace(whole, outcome=SearchOutcome.CLARIFY))


async def _report(library: Searcher, text: str, article: str, language: str | None) -> SearchResult:
    """What is found for who says how it went with an answer: no other article, unless that is meant for certain."""
    asked = behind_what_is_done(text) or text
    found = (await search_texts(library, [asked], language))[asked]
    first = best_candidate(found)
    if asked != text:
        return found
    is_meant = first is None or first.article == article or first.confidence >= CERTAINLY_ANOTHER
    return found if is_meant else replace(found, outcome=SearchOutcome.NONE)


async def _understand_story(library: Searcher, text: str, language: str | None) -> MessageUnderstanding:
    """A long message by the sentences that ask; its intent is that of the first, too."""
    found = await search_story(library, text, language)
    parts = tuple(QuestionPart(text=asked, found=result) for asked, result in found)
    return MessageUnderstanding(whole=parts[0].found, parts=parts)


async def _understand_several(
    library: Searcher, core: str, clauses: Sequence[MessageClause], language: str | None
) -> MessageUnderstanding:
    """A message of several clauses, each of which may be a question."""
    found = await search_texts(library, [core, *(clause.text for clause in clauses)], language)
    items = [item for clause in clauses for item in await _cut(library, clause, found[clause.text], language)]
    kept = await _settle(library, items, found[core], language)
    return _kept(core, found[core], kept)


async def _understand_one(
    library: Searcher, core: str, whole: SearchResult, clauses: Sequence[MessageClause], language: str | None
) -> MessageUnderstanding:
    """A message of one clause, which may be cut, and which may say more clearly what the whole message is unsure of."""
    if not clauses:
        return _alone(core, whole)
    [clause] = clauses
    if len(clause.bits) < 2 and (clause.text == core or not _may_be_clearer(whole)):
        return _alone(core, whole)
    alone = whole if clause.text == core else (await search_texts(library, [clause.text], language))[clause.text]
    items = await _cut(library, clause, alone, language)
    kept = await _settle(library, items, whole, language) if len(items) > 1 else items
    return _kept(core, whole, kept)


def _kept(core: str, whole: SearchResult, kept: Sequence[_Item]) -> MessageUnderstanding:
    if len(kept) > 1 and any(item.article for item in kept):
        return MessageUnderstanding(
            whole=whole, parts=tuple(QuestionPart(text=item.text, found=item.found) for item in kept)
        )
    return _alone(core, _clearest(whole, [item for item in kept if item.article]))


def _may_be_clearer(found: SearchResult) -> bool:
    """Whether it helps to search for a part of it: something is meant, and not surely."""
    return found.outcome is not SearchOutcome.NONE and _sureness(found) < STANDS_ALONE


def _alone(text: str, found: SearchResult) -> MessageUnderstanding:
    """One question."""
    return MessageUnderstanding(whole=found, parts=(QuestionPart(text=text, found=found),))


async def _follow_up(
    library: Searcher, text: str, core: str, alone: SearchResult, topic: ConversationTopic, language: str | None
) -> SearchResult:
    """First the text of the article just shown is looked into; what it does not say is searched for."""
    short = None
    if topic.article:
        short = await library.short_answer(topic.article, alone.language or language or DEFAULT_LANGUAGE, core)
    if topic.article and short and is_said_there(text, short, alone, topic.article):
        return answer_from(alone, topic.article, topic.question, SAID_THERE)
    resolved = await _resolve(library, alone, core, topic, language) if looks_like_followup(text) else alone
    if topic.article and short and short.missing and resolved.outcome is not SearchOutcome.ANSWER:
        return answer_from(alone, topic.article, topic.question)
    return resolved


async def _resolve(
    library: Searcher, whole: SearchResult, text: str, topic: ConversationTopic, language: str | None
) -> SearchResult:
    """What looks like a follow-up, read after its topic unless it stands for itself."""
    if stands_alone(whole):
        return whole
    joined = join_to_topic(topic.question, text)
    return resolve(whole, (await search_texts(library, [joined], language))[joined], topic.article)


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


async def _cut(library: Searcher, clause: MessageClause, found: SearchResult, language: str | None) -> list[_Item]:
    """A clause; or its bits, when each of them surely finds another article that the clause as a whole sees, too.

    Where only one bit finds something, and the clause as a whole less surely the same, the others are beside the point.
    One bit that finds nothing is enough to leave it whole: the shortest costs the least to ask.
    """
    whole = _Item(text=clause.text, found=found, asks=clause.asks)
    if len(clause.bits) < 2:
        return [whole]
    seen, shortest = _seen(found), min(clause.bits, key=len)
    searched = await search_texts(library, [shortest], language)
    if not _is_bit(searched[shortest], seen) and not _may_be_clearer(found):
        return [whole]
    searched |= await search_texts(library, [bit for bit in clause.bits if bit != shortest], language)
    items = [_Item(text=bit, found=searched[bit], asks=clause.asks) for bit in clause.bits]
    surely = all(_is_bit(item.found, seen) for item in items)
    if surely and len({item.article for item in items}) == len(items):
        return items
    return [replace(whole, found=_clearest(found, [item for item in items if item.article in seen]))]


def _is_bit(found: SearchResult, seen: frozenset[str]) -> bool:
    """Whether a bit of a clause surely finds an article that the clause as a whole sees."""
    best = best_candidate(found)
    is_answer = best is not None and found.outcome is SearchOutcome.ANSWER
    return is_answer and best is not None and best.article in seen and best.confidence >= BIT_FROM


async def _settle(library: Searcher, items: list[_Item], whole: SearchResult, language: str | None) -> list[_Item]:
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
