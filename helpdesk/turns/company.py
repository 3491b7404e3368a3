"""What the bot does for a contact who waits for a person: it keeps them company, and the place in the queue stays."""

from collections.abc import Sequence

from actions.answers import article_message, first_of
from actions.memory import ConversationMemory
from bot_protocol import BotMessage, BotProtocolError, ButtonPayload
from connectors.contract import ASK_HELP, ASK_PERSON
from helpdesk.conversations.bot_reply import BotReply, Company
from helpdesk.conversations.waiting.wait_talk import asks_something, read_wait_talk
from helpdesk.handoff.sensitive_topics import SensitiveTopic
from helpdesk.texts import Say, say
from helpdesk.turns.claim import ClaimedTurn
from helpdesk.turns.reply_policy import DANGER, FIRST
from knowledge.articles.answers import AnswerSource
from knowledge.message.clauses import asked_in
from knowledge.message.understanding import MessageUnderstanding
from knowledge.search.ranking import SearchOutcome

SURE_FROM = 0.8
"""Confidence from which an article is worth reading to somebody who has asked for a person; more than ANSWER_FROM."""


INTENTS = {
    Company.OUTLOOK: "waiting",
    Company.THANKS: "thanks",
    Company.SETTLED: "goodbye",
    Company.IDENTITY: "bot_challenge",
}
"""What a line about the waiting itself is taken for: small talk, and so no part of the request."""


async def company_for(turn: ClaimedTurn, understood: MessageUnderstanding | None, answers: AnswerSource) -> BotReply:
    """The article that surely answers, else what fits the words; `helpdesk.conversations` knows the queue and says it.

    Who asks how long it takes is told so, whatever articles say of waiting.
    """
    if turn.payload:
        return await _answer_button(turn, turn.payload, answers)
    if not turn.text:  # files alone
        return BotReply(texts=(), company=Company.ADDED)
    if talk := read_wait_talk(turn.text):
        return BotReply(texts=(), company=talk, intent=INTENTS[talk])
    return await _answer(turn, understood, answers) or BotReply(texts=(), company=Company.ADDED)


def urgent_company(turn: ClaimedTurn, touched: Sequence[SensitiveTopic]) -> BotReply | None:
    """What can't wait as long as the rest, by the sensitive topics that it touches; None for everything else.

    The request moves up, and what has to be said first is said.
    """
    touched = [topic for topic in touched if topic.at_once]
    if not touched:
        return None
    first = next((FIRST[topic.first] for topic in touched if topic.first in FIRST), None)
    texts = (BotMessage(text=say(first, turn.language, turn.formality)),) if first else ()
    urgency = 2 if any(topic.name in DANGER for topic in touched) else 1
    return BotReply(texts=texts, company=Company.URGENT, urgency=urgency)


async def _answer_button(turn: ClaimedTurn, payload: str, answers: AnswerSource) -> BotReply:
    """An older button of the bot's: an article's is answered, the others say no more than that somebody is there."""
    if payload in {ASK_PERSON, ASK_HELP}:
        return BotReply(texts=(), company=Company.OUTLOOK)
    try:
        button = ButtonPayload.from_text(payload)
    except BotProtocolError:
        return BotReply(texts=(), company=Company.OUTLOOK)
    if button.intent == "feedback_helpful":
        return BotReply(texts=(), company=Company.SETTLED)
    if button.intent == "faq" and (article := button.entities.get("article")):
        return await _read_to(turn, article, turn.language, answers) or BotReply(texts=(), company=Company.ADDED)
    return BotReply(texts=(), company=Company.OUTLOOK)


async def _answer(turn: ClaimedTurn, understood: MessageUnderstanding | None, answers: AnswerSource) -> BotReply | None:
    whole = understood.whole if understood else None
    best = next(iter(whole.candidates), None) if whole else None
    if understood and understood.is_number_alone:
        return None  # it is for the person who takes over
    said = turn.last_asked[-1].article if turn.last_asked else turn.last_article
    if understood and understood.goes_on and said and asks_something(turn.text):
        return await _read_on(turn, said, understood.whole.language or turn.language, answers)
    if not whole or not best or whole.outcome is not SearchOutcome.ANSWER or best.confidence < SURE_FROM:
        return None
    if not asks_something(turn.text):  # what only tells more of the matter is for the person, whatever article is near
        return None
    return await _read_to(turn, best.article, whole.language or turn.language, answers)


async def _read_on(turn: ClaimedTurn, article: str, language: str, answers: AnswerSource) -> BotReply | None:
    """The sentence of the article just shown that a question after it is about; None where it has none."""
    found = await first_of(answers, [article], language, asked_in(turn.text))
    if found is None or found.short is None or not (found.short.goes_first or found.short.is_expected):
        return None
    text = f"{say(Say.MEANWHILE, language, turn.formality)}\n\n{found.short.text}"
    said = BotMessage(text=text, article=article, short=len(found.short.text))
    return BotReply(texts=(said,), company=Company.ANSWER)


async def _read_to(turn: ClaimedTurn, article: str, language: str, answers: AnswerSource) -> BotReply | None:
    known = ConversationMemory(text=turn.text, language=language, formality=turn.formality)
    found = await first_of(answers, [article], language, asked_in(turn.text))
    if found is None:
        return None
    message = article_message(known, found, say(Say.MEANWHILE, language, turn.formality))
    return BotReply(texts=(message,), company=Company.ANSWER)
