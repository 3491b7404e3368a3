"""What follows on an answer of the bot: it helped, it didn't, yes, no, a person please."""

from collections.abc import Iterator
from dataclasses import replace

from actions import words
from actions.acknowledgements import OFFER_PERSON
from actions.answers import MAX_CHOICES, answer, miss, show
from actions.memory import ConversationMemory
from actions.reply import article, hand_over, offer_person, paragraphs, payload, person, rephrase, say
from bot_protocol import AnswerJudgement, ArticleCandidate, BotMessage, Choice
from knowledge.articles.answers import AnswerSource
from knowledge.message.agreement import asks_else, has_letters, is_yes

WORTH_TRYING = 0.15
"""A candidate below this confidence is no second answer, only noise."""
ANSWERS_TO_TRY = 2
"""Articles shown for one question before a person is offered."""


async def helped(past: ConversationMemory, answers: AnswerSource) -> BotMessage:
    """Thanks, the note for the article, and what is often asked along with it."""
    key = past.entities.get("article") or past.last_article
    if key is None:
        return BotMessage(text=say(past, words.GLAD))
    found = await answers.answer(key, past.language)
    related = [r for r in found.related if r.key not in past.shown] if found else []
    return BotMessage(
        text=paragraphs((say(past, words.GLAD), say(past, words.RELATED) if related else "")),
        choices=tuple(article(r.question, r.key) for r in related[: MAX_CHOICES - 1]),
        judgement=AnswerJudgement(article=key, helpful=True),
    )


async def did_not_help(past: ConversationMemory, answers: AnswerSource) -> BotMessage:
    """The next likely article, once; then a person. With no answer before, something is wrong: it asks what."""
    if len(past.last_answers) > 1 and "article" not in past.entities:
        return await _ask_which_did_not(past, answers)
    if past.last is not None and past.last.asked == "clarify" and "article" not in past.entities:
        return miss(past)
    key = past.entities.get("article") or past.last_article
    if key is None:
        return BotMessage(text=say(past, words.WHAT_IS_WRONG), choices=(person(past),))
    judgement = AnswerJudgement(article=key, helpful=False)
    candidates = _candidates_with(past, key)
    if len(past.shown & {candidate.key for candidate in candidates}) < ANSWERS_TO_TRY:
        for candidate in _untried(past, candidates):
            found = await answers.answer(candidate.key, past.language)
            if found is not None:
                reply = show(past, found, before=say(past, words.ANOTHER_TRY))
                return replace(reply, judgement=judgement)
    return replace(offer_person(past, words.PERSON_INSTEAD, because="not_helpful"), judgement=judgement)


async def _ask_which_did_not(past: ConversationMemory, answers: AnswerSource) -> BotMessage:
    """Several questions were answered in one breath."""
    shown = [await answers.answer(key, past.language) for key in past.last_answers]
    choices = (
        Choice(title=found.question, payload=payload("feedback_not_helpful", article=found.key))
        for found in shown[: MAX_CHOICES - 1]
        if found
    )
    return BotMessage(text=say(past, words.WHICH_DID_NOT_HELP), choices=(*choices, person(past)))


async def yes(past: ConversationMemory, answers: AnswerSource) -> BotMessage:
    """Whatever the bot asked last. A yes to a choice of several says which one was meant least of all."""
    last = past.last
    match last.asked if last else None:
        case "helpful":
            return await helped(past, answers)
        case "person" if asks_else(past.text) and past.outcome in ("answer", "clarify"):
            return await answer(past, answers)
        case "person" if has_letters(past.text) and not is_yes(past.text):  # "läuft" may be a yes, and costs a person
            return offer_person(past, OFFER_PERSON, because=(last.because if last else None) or "asked")
        case "person":
            return hand_over(past, (last.because if last else None) or "asked", past.written[1:] or past.written)
        case "clarify":
            return _ask_which_again(past)
        case _:
            return BotMessage(text=say(past, words.YES_TO_NOTHING))


async def no(past: ConversationMemory, answers: AnswerSource) -> BotMessage:
    match past.last.asked if past.last else None:
        case "helpful":
            return await did_not_help(past, answers)
        case "person":
            return BotMessage(text=say(past, words.NO_PERSON_THEN))
        case "clarify":
            return miss(past)
        case _:
            return BotMessage(text=say(past, words.NO_TO_NOTHING))


async def waived(past: ConversationMemory, answers: AnswerSource) -> BotMessage:
    """Nothing is needed any more, whatever was asked or offered last."""
    return BotMessage(text=say(past, words.NO_TO_NOTHING))


async def ask_person(past: ConversationMemory, answers: AnswerSource) -> BotMessage:
    return hand_over(past, "asked", past.written)


async def not_understood(past: ConversationMemory, answers: AnswerSource) -> BotMessage:
    """Which part of the answer isn't clear; without one, what is meant."""
    text = say(past, words.UNCLEAR if past.last_answers else words.WHAT_IS_MEANT)
    return BotMessage(text=text, choices=(person(past), rephrase(past)) if past.last_answers else (person(past),))


async def nudged(past: ConversationMemory, answers: AnswerSource) -> BotMessage:
    """A sign that somebody waits or thinks, or the words that they look for something: that the bot is there."""
    has_words = any(letter.isalpha() for letter in past.text) and not past.text.startswith("/")
    return BotMessage(text=say(past, words.TAKE_TIME if has_words else words.STILL_HERE), choices=(person(past),))


def _candidates_with(past: ConversationMemory, key: str) -> tuple[ArticleCandidate, ...]:
    """What the search had found for the question that `key` was the answer to."""
    return next((found for found in past.earlier if any(c.key == key for c in found)), ())


def _untried(past: ConversationMemory, candidates: tuple[ArticleCandidate, ...]) -> Iterator[ArticleCandidate]:
    return (c for c in candidates if c.key not in past.shown and c.confidence >= WORTH_TRYING)


def _ask_which_again(past: ConversationMemory) -> BotMessage:
    candidates = next((found for found in past.earlier if found), ())
    choices = tuple(article(c.question, c.key) for c in candidates[: MAX_CHOICES - 1])
    return BotMessage(text=say(past, words.WHICH_ONE), choices=(*choices, person(past)), asked="clarify")
