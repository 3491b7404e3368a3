"""Answers from the knowledge base, and what is said when there is nothing to answer with.

The bot never says what no article says: without one it asks, or offers a person.
"""

from dataclasses import replace

from actions import acknowledgements, words
from actions.memory import ConversationMemory
from actions.reply import (
    article,
    offer_person,
    only_in_other_language,
    paragraphs,
    person,
    rephrase,
    say,
    was_it_helpful,
)
from bot_protocol import ArticleCandidate, BotMessage, Choice
from bot_protocol.turn_answer import MAX_RELATED
from knowledge.articles.answers import AnswerSource, ArticleAnswer
from knowledge.message.fold import fold

MAX_CHOICES = 4
WORTH_NAMING = 0.05
"""A candidate below this confidence is no choice worth reading, unless there would be only one."""


async def answer(past: ConversationMemory, answers: AnswerSource) -> BotMessage:
    """The article that was asked for by button, else what the search found."""
    wanted = past.entities.get("article")
    if wanted:
        return await _show(past, answers, (wanted,))
    before = acknowledged(past)
    if past.outcome == "answer":
        return await _show(past, answers, tuple(candidate.key for candidate in past.candidates[:2]), before)
    reply = ask_which(past) if past.outcome == "clarify" and past.candidates else miss(past)
    return replace(reply, text=paragraphs((before, reply.text)))


def acknowledged(past: ConversationMemory) -> str:
    """A word on the annoyance that a question carries, unless the last turn had one already; empty when calm."""
    if not acknowledgements.shows_annoyance(past.text) or acknowledgements.was_shown(
        said.text for said in past.last_said
    ):
        return ""
    return say(past, acknowledgements.acknowledgement_of(past.text))


async def fallback(past: ConversationMemory, answers: AnswerSource) -> BotMessage:
    """Something that is no question to us. Says so, and what is possible instead; counts as a miss all the same."""
    if past.misses:
        return miss(past)
    return BotMessage(text=say(past, words.OUTSIDE), choices=(person(past),), missed=True)


async def complain(past: ConversationMemory, answers: AnswerSource) -> BotMessage:
    """First the acknowledgement of this trouble, then a solution: the article that fits, or a person."""
    acknowledged = say(past, acknowledgements.acknowledgement_of(past.text))
    found = (
        await first_of(answers, [c.key for c in past.candidates[:1]], past.language)
        if past.outcome == "answer"
        else None
    )
    if found is None or found.key in past.shown:
        return offer_person(past, acknowledgements.OFFER_PERSON, because="complaint", before=acknowledged)
    return show(past, found, before=acknowledged)


async def _show(past: ConversationMemory, answers: AnswerSource, keys: tuple[str, ...], before: str = "") -> BotMessage:
    found = await first_of(answers, keys, past.language)
    if found is None:
        return miss(past)
    if found.key in past.last_answers and not past.entities.get("article"):
        return offer_person(past, words.SAME_ANSWER, because="not_helpful", before=before)
    return show(past, found, before)


async def first_of(answers: AnswerSource, keys: tuple[str, ...] | list[str], language: str) -> ArticleAnswer | None:
    """The first article that is still published: it may have gone since the search."""
    for key in keys:
        found = await answers.answer(key, language)
        if found is not None:
            return found
    return None


def show(past: ConversationMemory, found: ArticleAnswer, before: str = "") -> BotMessage:
    """An article's answer, and by its buttons the question whether it helped."""
    foreign = only_in_other_language(past, found.language) if found.language != past.language else ""
    preface = paragraphs((before, foreign))
    return replace(article_message(past, found, preface), choices=was_it_helpful(past, found.key))


def article_message(past: ConversationMemory, found: ArticleAnswer, preface: str) -> BotMessage:
    """An article's answer below `preface`, with its fold and what else belongs to it that was not shown yet."""
    text = paragraphs((preface, found.answer))
    lead = fold(found.answer)
    related = [(one.key, one.question) for one in found.related if one.key not in past.shown | {found.key}]
    return BotMessage(
        text=text,
        article=found.key,
        lead=None if lead is None else lead + len(text) - len(found.answer),
        related=tuple(related[:MAX_RELATED]),
        asked="helpful",
    )


def ask_which(past: ConversationMemory) -> BotMessage:
    """One question and the likeliest articles as choices; where that led nowhere a moment ago, a person."""
    likely = likely_choices(past.candidates)
    if past.last is not None and past.last.asked == "clarify" and _offered_before(past, likely):
        return offer_person(past, words.NOT_FOUND_AGAIN, because="not_found", missed=True)
    choices = (*(article(one.question, one.key) for one in likely), person(past))
    return BotMessage(text=say(past, words.WHICH_ONE), choices=choices, asked="clarify", missed=True)


def likely_choices(
    candidates: tuple[ArticleCandidate, ...], most: int = MAX_CHOICES - 1
) -> tuple[ArticleCandidate, ...]:
    """Two at least, if there are two; more only when they are worth reading."""
    return tuple(one for n, one in enumerate(candidates[:most]) if n < 2 or one.confidence >= WORTH_NAMING)


def _offered_before(past: ConversationMemory, likely: tuple[ArticleCandidate, ...]) -> bool:
    before = {one.key for one in next((found for found in past.earlier if found), ())[: MAX_CHOICES - 1]}
    return {one.key for one in likely} <= before


def miss(past: ConversationMemory) -> BotMessage:
    """The first time an invitation to say it differently, from the second in a row on the offer of a person."""
    if past.misses:
        return offer_person(past, words.NOT_FOUND_AGAIN, because="not_found", missed=True)
    choices: tuple[Choice, ...] = (person(past), rephrase(past))
    return BotMessage(text=say(past, words.NOT_FOUND), choices=choices, missed=True, because="not_found")
