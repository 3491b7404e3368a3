"""Customers who write a language that isn't offered: in which they are answered, and that they are told so. Pure."""

from dataclasses import replace

from bot_protocol import BotMessage
from helpdesk.conversations.bot_reply import BotReply
from helpdesk.turns.claim import ClaimedTurn
from i18n import offered_languages_in


def nearest_language(turn: ClaimedTurn, preferred: str) -> str:
    """The conversation's language, if the customer has written in it; `preferred` for who begins in another.

    Nobody's first message says what else they read; a conversation's language is only a guess until then.
    """
    return turn.language if turn.foreign_language or turn.has_written else preferred


def with_offered_languages(reply: BotReply, turn: ClaimedTurn, foreign: str) -> BotReply:
    """The reply after a sentence, in the customer's own language, on which are offered; said once a conversation."""
    if turn.foreign_language:
        return reply
    sentence = offered_languages_in(foreign, first=reply.language or turn.language)
    noted = replace(reply, foreign_language=foreign)
    return replace(noted, texts=(BotMessage(text=sentence), *reply.texts)) if sentence else noted
