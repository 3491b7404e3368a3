"""Answers a message that holds several questions: each in a message of its own, in order; the rest is named as open."""

from collections.abc import Iterable
from dataclasses import replace

from actions import words
from actions.answers import MAX_CHOICES, acknowledged, acknowledgement, article_message, first_of, likely_choices
from actions.memory import ConversationMemory
from actions.reply import (
    article,
    only_in_other_language,
    paragraphs,
    payload,
    person,
    quoted,
    rephrase,
    say,
)
from bot_protocol import ArticleCandidate, BotMessage, Choice, MessageQuestion
from knowledge.articles.answers import AnswerSource, ArticleAnswer

MAX_CHOICES_FOR_ONE = 2
"""Choices for each question that stays open; there may be several."""


async def answer_each(
    past: ConversationMemory, answers: AnswerSource, *, complaint: bool = False
) -> tuple[BotMessage, ...]:
    """Answers every question of the message; an acknowledgement of annoyance stands before the first."""
    before = acknowledgement(past) if complaint else acknowledged(past)
    return answer_questions(past, await find_articles(past.parts, answers, past.language), before)


async def find_articles(
    questions: Iterable[MessageQuestion], answers: AnswerSource, language: str
) -> list[tuple[MessageQuestion, ArticleAnswer | None]]:
    """Each question with the article that surely answers it and is still published, else None."""
    return [(question, await _answer_to(question, answers, language)) for question in questions]


def answer_questions(
    past: ConversationMemory, found: Iterable[tuple[MessageQuestion, ArticleAnswer | None]], before: str
) -> tuple[BotMessage, ...]:
    """One message an answer, headed by the customer's words; then one that asks if that was all, or names the rest.

    `before` stands before the first. Pure.
    """
    said: list[BotMessage] = []
    left: list[MessageQuestion] = []
    for question, article_answer in found:
        if article_answer is None:
            left.append(question)
        elif article_answer.key not in {message.article for message in said}:
            said.append(_headed(past, question, article_answer, before if not said else ""))
    closing = _name_open(past, tuple(left)) if left else _was_that_all(past)
    return (*said, closing if said else replace(closing, text=paragraphs((before, closing.text))))


async def _answer_to(question: MessageQuestion, answers: AnswerSource, language: str) -> ArticleAnswer | None:
    if question.outcome != "answer":
        return None
    return await first_of(answers, [candidate.key for candidate in question.candidates[:1]], language, question.text)


def _headed(past: ConversationMemory, part: MessageQuestion, found: ArticleAnswer, before: str) -> BotMessage:
    foreign = only_in_other_language(past, found.language) if found.language != past.language else ""
    preface = paragraphs((before, f"**{_in_marks(past, part)}**", foreign))
    return article_message(past, found, preface)


def _was_that_all(past: ConversationMemory) -> BotMessage:
    choices = (
        Choice(title=say(past, words.YES_TITLE), payload=payload("feedback_helpful")),
        Choice(title=say(past, words.NO_TITLE), payload=payload("feedback_not_helpful")),
        person(past),
    )
    return BotMessage(text=say(past, words.ALL_ANSWERED), choices=choices, asked="helpful")


def _name_open(past: ConversationMemory, left: tuple[MessageQuestion, ...]) -> BotMessage:
    """What was asked and not answered, in the customer's words; the likeliest meanings, and a person for the rest."""
    questions = ", ".join(_in_marks(past, part) for part in left)
    named = say(past, words.STILL_OPEN).format(questions=questions)
    meant = _meant(left)
    offer = say(past, words.ONE_OF_THESE if meant else words.PERSON_FOR_THE_REST)
    choices = (*(article(one.question, one.key) for one in meant), person(past))
    return BotMessage(
        text=paragraphs((named, offer)),
        choices=choices if meant else (*choices, rephrase(past)),
        asked="clarify" if meant else "person",
        because="not_found",
    )


def _meant(left: tuple[MessageQuestion, ...]) -> tuple[ArticleCandidate, ...]:
    unclear = (part for part in left if part.outcome == "clarify")
    likely = {one.key: one for part in unclear for one in likely_choices(part.candidates, MAX_CHOICES_FOR_ONE)}
    return tuple(likely.values())[: MAX_CHOICES - 1]


def _in_marks(past: ConversationMemory, part: MessageQuestion) -> str:
    return say(past, words.IN_QUOTATION_MARKS).format(text=quoted(part.text))
