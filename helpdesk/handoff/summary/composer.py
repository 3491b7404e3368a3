"""The story so far, for the person who takes over: short, in the customer's words, every line with its evidence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, tzinfo

from helpdesk.handoff.dialogue import CONTACT, DialogueLine
from helpdesk.handoff.summary.advice import advice_pieces
from helpdesk.handoff.summary.answers import answered_pieces, open_topic_pieces
from helpdesk.handoff.summary.facts import Fact, FactKind, facts_of
from helpdesk.handoff.summary.inputs import Correction, MoodOfLine, RegisteredPromise, SuggestedArticle
from helpdesk.handoff.summary.lines import Label, Summary
from helpdesk.handoff.summary.mood_course import mood_pieces
from helpdesk.handoff.summary.open_questions import waiting_pieces
from helpdesk.handoff.summary.phrases import SummaryPhrases
from helpdesk.handoff.summary.pieces import SummaryPiece, fit
from helpdesk.handoff.summary.promises import promise_pieces
from helpdesk.handoff.summary.requests import QuotedRequest, request_in
from helpdesk.handoff.summary.topics import telling_topics
from helpdesk.handoff.summary.turns import SummaryTurn, is_same_ask, quote, turns_of, worth_telling

MAX_DETAIL_WORDS = 12
MAX_FITTING = 2

_NAMED = {FactKind.ORDER, FactKind.SHIPMENT, FactKind.INVOICE, FactKind.ACCOUNT}
_ALWAYS = _NAMED | {FactKind.IBAN, FactKind.CARD, FactKind.EMAIL, FactKind.PHONE, FactKind.ADDRESS}


def summarise(
    said: Sequence[DialogueLine],
    *,
    phrases: SummaryPhrases,
    spoken: str | None = None,
    moods: Sequence[MoodOfLine] = (),
    promises: Sequence[RegisteredPromise] = (),
    correction: Correction | None = None,
    articles: Sequence[SuggestedArticle] = (),
    email: str | None = None,
    phone: str | None = None,
    zone: tzinfo = UTC,
) -> Summary:
    """The summary of a dialogue in the language of its reader; the time is linear in the dialogue's length.

    `said` is the log in order, `spoken` the contact's language. Without a language model the contact's words can't be
    translated, so they are quoted as they are; all that is ours, and the titles of articles, is in the reader's.
    """
    topics, turns = telling_topics(said), turns_of(said)
    request = request_in(said, topics, correction)
    language = spoken or next(
        (line.language for line in said if line.is_contacts_words and line.language), phrases.language
    )
    facts = facts_of(replace(line, language=language) for line in said if line.is_contacts_words)
    texts = {line.seq: " ".join(line.text.split()) for line in said}
    promised = list(promise_pieces(turns, promises, texts, phrases, zone))
    waiting = list(waiting_pieces(turns, _answered_to(said), request, phrases))
    told = _turns(promised, waiting) | frozenset(request.turns if request else ())
    worths = worth_telling(turns, told)
    advice = list(advice_pieces(turns, worths, told, phrases))
    open_topics = list(open_topic_pieces(topics, request, phrases))
    pieces = [
        *_request(request, phrases, _topic_title(request, articles) if language != phrases.language else None),
        *_facts(facts, phrases, language),
        *_details(
            [turn for turn in turns if turn.seq in worths.keys() - _turns(advice)], worths, facts, request, phrases
        ),
        *answered_pieces(topics, request, phrases),
        *advice,
        *open_topics,
        *waiting,
        *mood_pieces(moods, texts, phrases),
        *promised,
        *_next([*promised, *open_topics, *waiting], request, articles, phrases),
        *_language(said, language, phrases),
        *_reachable(said, email, phone),
    ]
    return Summary(phrases=phrases, lines=fit(pieces, phrases))


def _turns(*pieces: Iterable[SummaryPiece]) -> frozenset[int]:
    return frozenset(seq for each in pieces for piece in each for seq in piece.turns)


def _answered_to(said: Sequence[DialogueLine]) -> int:
    """The `seq` up to which our side has answered; a line that says the bot found nothing is no answer."""
    return max((line.seq for line in said if line.author != CONTACT and line.outcome is None), default=-1)


def _request(request: QuotedRequest | None, phrases: SummaryPhrases, title: str | None) -> Iterator[SummaryPiece]:
    if request is None:
        return
    text = phrases.quoted(request.quote.text)
    yield SummaryPiece(
        label=Label.REQUEST,
        text=f"{phrases.phrase('topic', title=title)}: {text}" if title else text,
        turns=request.turns,
        weight=9,
        said=request.quote.pieces,
        outcome="still_open" if request.topic and request.topic.is_open else None,
    )


def _topic_title(request: QuotedRequest | None, articles: Sequence[SuggestedArticle]) -> str | None:
    """The article that the request is about, as its reader would put it."""
    if request and request.topic and request.topic.answer and request.topic.answer.title:
        return request.topic.answer.title
    return articles[0].title if articles else None


def _facts(facts: Sequence[Fact], phrases: SummaryPhrases, spoken: str) -> Iterator[SummaryPiece]:
    order = list(FactKind)
    for place, fact in enumerate(facts):
        text = _with_kind(fact, phrases, spoken)
        yield SummaryPiece(
            label=Label.KNOWN,
            text=text,
            turns=fact.turns[:3],
            weight=(0.95 if fact.kind in _ALWAYS else 0.75) - order.index(fact.kind) / 1000,
            said=(fact.text,),
            place=order.index(fact.kind) * 1_000 + place,
            only_if_new=fact.kind not in _ALWAYS,
        )


def _with_kind(fact: Fact, phrases: SummaryPhrases, spoken: str) -> str:
    """What the fact is, in the reader's language, where its own words don't say it."""
    needs = fact.kind in _ALWAYS - _NAMED or (fact.kind in _NAMED and spoken != phrases.language)
    return f"{phrases.phrase(fact.kind)}: {fact.text}" if needs else fact.text


def _details(
    turns: Sequence[SummaryTurn],
    worths: Mapping[int, float],
    facts: Sequence[Fact],
    request: QuotedRequest | None,
    phrases: SummaryPhrases,
) -> Iterator[SummaryPiece]:
    """What else the contact told, once each; sentences that only bring a fact that is listed anyway are left to it."""
    known = request.content if request else frozenset[str]()
    listed = [fact.text for fact in facts if fact.kind in _ALWAYS]
    for turn in turns:
        telling = [each for each in turn.sentences if not any(text in each.text for text in listed)]
        if turn.by_contact and telling and not is_same_ask(turn.content, known):
            known |= turn.content
            detail = quote(telling, MAX_DETAIL_WORDS)
            yield SummaryPiece(
                label=Label.KNOWN,
                text=phrases.quoted(detail.text),
                turns=detail.turns,
                weight=worths[turn.seq],
                said=detail.pieces,
                place=1_000_000 + turn.seq,
            )


def _next(
    owed: Sequence[SummaryPiece],
    request: QuotedRequest | None,
    articles: Sequence[SuggestedArticle],
    phrases: SummaryPhrases,
) -> Iterator[SummaryPiece]:
    """What is to be done first, and the articles that fit."""
    first = max(owed, key=lambda piece: piece.weight, default=None)
    if first is not None:
        name = "wait" if first.outcome == "awaited" else f"do_{first.label}"
        yield SummaryPiece(label=Label.NEXT, text=phrases.phrase(name), turns=first.turns, weight=0.6)
    for place, fitting in enumerate(articles[:MAX_FITTING], start=1):
        yield SummaryPiece(
            label=Label.NEXT,
            text=phrases.phrase("article", title=fitting.title),
            turns=request.turns if request else (),
            weight=0.71 - place / 100,
            place=place,
        )


def _language(said: Sequence[DialogueLine], language: str, phrases: SummaryPhrases) -> Iterator[SummaryPiece]:
    first = next((line.seq for line in said if line.is_contacts_words), None)
    if first is not None and language != phrases.language:
        yield SummaryPiece(label=Label.LANGUAGE, text=phrases.language_name(language), turns=(first,), weight=0.97)


def _reachable(said: Sequence[DialogueLine], email: str | None, phone: str | None) -> Iterator[SummaryPiece]:
    for place, text in enumerate(each for each in (email, phone) if each):
        turns = tuple(line.seq for line in said if line.is_contacts_words and text in line.text)[:1]
        yield SummaryPiece(label=Label.CONTACT, text=text, turns=turns, weight=0.98, said=(text,), place=place)
