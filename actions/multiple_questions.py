"""Answers a message that holds several questions: each in a message of its own, in order; the rest is named as open."""

from dataclasses import replace

from actions import acknowledgements, words
from actions.answers import MOST_CHOICES, acknowledged, first_of, likely_choices, told_of
from actions.memory import ArticleCandidate, ConversationMemory, MessageQuestion
from actions.reply import (
    Reply,
    ReplyChoice,
    article,
    only_in_other_language,
    paragraphs,
    payload,
    person,
    quoted,
    rephrase,
    say,
)
from knowledge.articles.answers import AnswerSource, ArticleAnswer

MOST_CHOICES_FOR_ONE = 2
"""Choices for each question that stays open; there may be several."""


async def answer_each(past: ConversationMemory, answers: AnswerSource, *, complaint: bool = False) -> tuple[Reply, ...]:
    """One message an answer, headed by the customer's words; then one that asks if that was all, or names the rest.

    An acknowledgement of annoyance stands before the first.
    """
    before = say(past, acknowledgements.acknowledgement_of(past.text)) if complaint else acknowledged(past)
    said: list[Reply] = []
    left: list[MessageQuestion] = []
    for part in past.parts:
        found = await _answer_to(part, past, answers)
        if found is None:
            left.append(part)
        elif found.key not in {reply.custom["article"] for reply in said}:
            said.append(_headed(past, part, found, before if not said else ""))
    closing = _name_open(past, tuple(left)) if left else _was_that_all(past)
    return (*said, closing if said else replace(closing, text=paragraphs((before, closing.text))))


async def _answer_to(part: MessageQuestion, past: ConversationMemory, answers: AnswerSource) -> ArticleAnswer | None:
    if part.outcome != "answer":
        return None
    return await first_of(answers, [candidate.key for candidate in part.candidates[:1]], past.language)


def _headed(past: ConversationMemory, part: MessageQuestion, found: ArticleAnswer, before: str) -> Reply:
    foreign = only_in_other_language(past, found.language) if found.language != past.language else ""
    preface = paragraphs((before, f"**{_in_marks(past, part)}**", foreign))
    return Reply(text=paragraphs((preface, found.answer)), custom=told_of(past, found, preface), asked="helpful")


def _was_that_all(past: ConversationMemory) -> Reply:
    choices = (
        ReplyChoice(title=say(past, words.YES_TITLE), payload=payload("feedback_helpful")),
        ReplyChoice(title=say(past, words.NO_TITLE), payload=payload("feedback_not_helpful")),
        person(past),
    )
    return Reply(text=say(past, words.ALL_ANSWERED), choices=choices, asked="helpful")


def _name_open(past: ConversationMemory, left: tuple[MessageQuestion, ...]) -> Reply:
    """What was asked and not answered, in the customer's words; the likeliest meanings, and a person for the rest."""
    questions = ", ".join(_in_marks(past, part) for part in left)
    named = say(past, words.STILL_OPEN).format(questions=questions)
    meant = _meant(left)
    offer = say(past, words.ONE_OF_THESE if meant else words.PERSON_FOR_THE_REST)
    choices = (*(article(one.question, one.key) for one in meant), person(past))
    return Reply(
        text=paragraphs((named, offer)),
        choices=choices if meant else (*choices, rephrase(past)),
        asked="clarify" if meant else "person",
        because="not_found",
    )


def _meant(left: tuple[MessageQuestion, ...]) -> tuple[ArticleCandidate, ...]:
    unclear = (part for part in left if part.outcome == "clarify")
    likely = {one.key: one for part in unclear for one in likely_choices(part.candidates, MOST_CHOICES_FOR_ONE)}
    return tuple(likely.values())[: MOST_CHOICES - 1]


def _in_marks(past: ConversationMemory, part: MessageQuestion) -> str:
    return say(past, words.IN_QUOTATION_MARKS).format(text=quoted(part.text))
