"""What a customer's message asks: one question or several, by itself or going on from the turn before.

The form of a message proposes (`knowledge.message.clauses`, `knowledge.message.followups`), the search decides: a
split stands only when its parts find different articles with confidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from identifiers import Identifier, find_identifiers, is_nothing_else, without_identifiers
from knowledge.message.clauses import MessageClause, clauses_of, without_courteous_sentences, without_hesitation
from knowledge.message.corrections import without_correction
from knowledge.message.dialects import in_standard_german
from knowledge.message.followups import (
    SAID_THERE,
    STANDS_ALONE,
    answer_from,
    behind_what_is_done,
    best_candidate,
    goes_on_about,
    is_said_there,
    join_to_topic,
    leaves_room,
    looks_like_followup,
    may_add,
    may_go_on,
    may_lean,
    meant_after,
    reports_back,
    resolve,
    stands_alone,
)
from knowledge.message.language_choice import choose_language
from knowledge.message.number_questions import question_for
from knowledge.message.question_items import QuestionItem, clearest, cut_clause, may_be_clearer, settle_items, sureness
from knowledge.message.searchers import MAX_SEARCHED_CHARACTERS, ForeignSearcher, Searcher, TrialSearcher, search_texts
from knowledge.message.stories import is_story
from knowledge.message.story_search import search_story
from knowledge.normalization import compact, excerpt
from knowledge.search.applied_things import applied_thing
from knowledge.search.library import SearchResult
from knowledge.search.ranking import SearchOutcome

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

DEFAULT_LANGUAGE = "de"
MAX_READ_CHARACTERS = 1_000
"""Of a message: so many are taken apart and searched; of a longer one, the beginning and the end."""
FOREIGN_FROM = 0.18
"""Confidence from which a question in a language that isn't offered is asked back about, with what is likeliest."""
CERTAINLY_ANOTHER = 0.95
"""Confidence from which who reports on an answer means another article all the same."""


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
    nothing else, and what was searched for is where such a number leads. `goes_on`: no article answers it by itself,
    and it goes on about the one of the topic. `foreign` is the code of the language that it is written in, where that
    isn't one of those offered.
    """

    whole: SearchResult
    parts: tuple[QuestionPart, ...]
    identifiers: tuple[Identifier, ...] = ()
    is_number_alone: bool = False
    goes_on: bool = False
    foreign: str | None = None

    @property
    def is_several(self) -> bool:
        """Whether more than one thing was asked."""
        return len(self.parts) > 1


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
    bare = without_correction(without_hesitation(bare, spoken).strip() or bare)
    searcher = ForeignSearcher(inner=library, language=choice.foreign) if choice.foreign else library
    valued = without_identifiers(text, told) or text
    understood = await _understand_bare(searcher, bare, valued, spoken, topic)
    understood = await _understand_mended(searcher, understood, bare, valued, spoken, topic)
    understood = _ask_back(understood) if choice.foreign else understood
    understood = await _after_topic(searcher, understood, bare, spoken, topic)
    return replace(understood, identifiers=told, foreign=choice.foreign)


async def _after_topic(
    library: Searcher,
    understood: MessageUnderstanding,
    text: str,
    language: str | None,
    topic: ConversationTopic | None,
) -> MessageUnderstanding:
    """What is understood of a message by itself, weighed with what the search says of it after the last question."""
    whole = understood.whole
    is_answered = whole.outcome is SearchOutcome.ANSWER
    if topic is None or topic.article is None or understood.is_several or is_story(text):
        return understood
    if not (leaves_room(whole) and may_lean(text) if is_answered else may_add(text)):
        return understood  # nothing that another search could change
    joined = join_to_topic(topic.question, text)
    together = (await search_texts(library, [joined], language))[joined]
    if not is_answered:
        return replace(understood, goes_on=goes_on_about(text, together, topic.article))
    meant = meant_after(whole, together, topic.article)
    return _alone(understood.parts[0].text, meant) if meant else understood


async def _understand_mended(
    library: Searcher,
    understood: MessageUnderstanding,
    text: str,
    valued: str,
    language: str | None,
    topic: ConversationTopic | None,
) -> MessageUnderstanding:
    """What the text asks without typing errors and dialect, where only that finds something."""
    if understood.is_several or understood.whole.outcome is SearchOutcome.ANSWER:
        return understood
    standard = in_standard_german if language == "de" else str
    mended = await library.mend(standard(text))
    if mended == text:
        return understood
    again = await _understand_bare(library, mended, await library.mend(standard(valued)), language, topic)
    if again.is_several:
        return again if standard(text) != text and _is_sure_of_what_it_answers(again) else understood
    is_better = again.whole.outcome is SearchOutcome.ANSWER and sureness(again.whole) >= STANDS_ALONE
    return _alone(understood.parts[0].text, again.whole) if is_better else understood


def _is_sure_of_what_it_answers(several: MessageUnderstanding) -> bool:
    """Some questions of a message put in other words may have no answer; those that have one are surely meant."""
    answered = [sureness(part.found) for part in several.parts if part.found.outcome is SearchOutcome.ANSWER]
    return bool(answered) and min(answered) >= STANDS_ALONE


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
    items = [item for clause in clauses for item in await cut_clause(library, clause, found[clause.text], language)]
    kept = await settle_items(library, items, found[core], language)
    return _kept(core, found[core], kept)


async def _understand_one(
    library: Searcher, core: str, whole: SearchResult, clauses: Sequence[MessageClause], language: str | None
) -> MessageUnderstanding:
    """A message of one clause, which may be cut, and which may say more clearly what the whole message is unsure of."""
    if not clauses:
        return _alone(core, whole)
    [clause] = clauses
    if len(clause.bits) < 2 and (clause.text == core or not may_be_clearer(whole)):
        return _alone(core, whole)
    alone = whole if clause.text == core else (await search_texts(library, [clause.text], language))[clause.text]
    items = await cut_clause(library, clause, alone, language)
    kept = await settle_items(library, items, whole, language) if len(items) > 1 else items
    return _kept(core, whole, kept)


def _kept(core: str, whole: SearchResult, kept: Sequence[QuestionItem]) -> MessageUnderstanding:
    if len(kept) > 1 and any(item.article for item in kept):
        return MessageUnderstanding(
            whole=whole, parts=tuple(QuestionPart(text=item.text, found=item.found) for item in kept)
        )
    asked = [item for item in kept if item.asks and item.is_sure]
    if asked and may_be_clearer(whole):  # what is told around it is about its writer, and no article's
        return _alone(core, asked[0].found)
    return _alone(core, clearest(whole, [item for item in kept if item.article]))


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
    if topic.article and short and short.missing and applied_thing(core):
        return answer_from(alone, topic.article, topic.question)
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


def _core(text: str, clauses: Sequence[MessageClause]) -> str:
    """What is searched for as the whole message: without sentences of courtesy, a single question without any."""
    if len(clauses) == 1 and clauses[0].asks:
        return clauses[0].text
    return " ".join((without_courteous_sentences(text) if clauses else text).split())
