"""What the bot does for a contact who waits for a person: it keeps them company, and the place in the queue stays."""

import re

from actions.answers import article_message, first_of
from actions.memory import ConversationMemory
from helpdesk.conversations.bot_reply import BotReply, Company
from helpdesk.texts import Say, say
from helpdesk.turns.claim import ClaimedTurn
from knowledge.articles.answers import AnswerSource
from knowledge.message.clauses import asked_in
from knowledge.message.understanding import MessageUnderstanding
from knowledge.search.ranking import SearchOutcome

SURE_FROM = 0.7
"""Confidence from which an article is worth reading to somebody who has asked for a person; more than ANSWER_FROM."""

_WAIT = re.compile(
    r"\b(?:wie\s+lange?\b.*\b(?:wart|noch|geht|dauert\s+(?:das|es)\s*(?:noch)?\W*$)"
    r"|wart(?:e|en|ezeit)\b|wann\b.*\b(?:jemand|dran|melde)"
    r"|(?:noch|da|hier|ist|irgend)\s*jemand|jemand\s+(?:da|hier|noch)|seid\s+ihr\s+(?:noch\s+)?da|sind\s+sie\s+(?:noch\s+)?da"
    r"|how\s+(?:much\s+)?long(?:er)?\b.*\b(?:wait|take|queue|until)|how\s+much\s+longer|waiting"
    r"|(?:any|some)(?:one|body)\s+(?:there|here)|are\s+you\s+(?:still\s+)?there|when\b.*\b(?:any|some)(?:one|body)|my\s+turn"
    r"|combien\s+de\s+temps|attend(?:s|re|ez)?\b|quelqu.un\s*\?|vous\s+(?:êtes|etes)\s+l[aà])",
    re.IGNORECASE,
)
_CALLS = re.compile(r"^\W*(?:hallo|hello|hi|hey|allo|bonjour)?\W*[?!.…]+\W*$", re.IGNORECASE)
_THANKS = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|super|prima|gut|great)\W+)?(?:(?:vielen|herzlichen|besten|lieben|many)\s+)?"
    r"(?:dank\w*|thank\w*|thx|cheers|merci)\b[^?]{0,30}$"
    r"|^\W*(?:ok(?:ay)?|super|prima|perfekt|perfect|great|fine|gut|alles\s+klar|in\s+ordnung|all\s+right)\W*$",
    re.IGNORECASE,
)


async def company_for(turn: ClaimedTurn, understood: MessageUnderstanding | None, answers: AnswerSource) -> BotReply:
    """The article that surely answers, else what fits the words; `helpdesk.conversations` knows the queue and says it.

    Who asks how long it takes is told so, whatever articles say of waiting.
    """
    if asks_for_outlook(turn.text):
        return BotReply(texts=(), company=Company.OUTLOOK)
    if is_thanks(turn.text):
        return BotReply(texts=(), company=Company.THANKS)
    return await _answer(turn, understood, answers) or BotReply(texts=(), company=Company.ADDED)


def asks_for_outlook(text: str) -> bool:
    """Whether somebody who waits asks how long it takes, or calls to hear whether anybody is there."""
    return bool(_CALLS.match(text) or _WAIT.search(text))


def is_thanks(text: str) -> bool:
    """Whether a text is a thank you or an "all right", and no question after it."""
    return bool(_THANKS.match(text))


async def _answer(turn: ClaimedTurn, understood: MessageUnderstanding | None, answers: AnswerSource) -> BotReply | None:
    whole = understood.whole if understood else None
    best = next(iter(whole.candidates), None) if whole else None
    if understood and understood.is_number_alone:
        return None  # it is for the person who takes over
    if not whole or not best or whole.outcome is not SearchOutcome.ANSWER or best.confidence < SURE_FROM:
        return None
    language = whole.language or turn.language
    known = ConversationMemory(text=turn.text, language=language, formality=turn.formality)
    found = await first_of(answers, [best.article], language, asked_in(turn.text))
    if found is None:
        return None
    message = article_message(known, found, say(Say.MEANWHILE, turn.language, turn.formality))
    return BotReply(texts=(message,), company=Company.ANSWER)
