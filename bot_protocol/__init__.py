"""What helpdesk, bot and actions send one another: written and read here only, and refused when it is not as agreed.

    helpdesk ── TurnRequest ──► bot ── TurnContext, BotMessage (in Rasa's tracker) ──► actions
    helpdesk ◄── TurnAnswer ─── bot ◄── BotMessage ──────────────────────────────── actions

The one package of ours that the bot imports too: it runs on Python 3.10, on the standard library alone.
"""

from bot_protocol.buttons import ButtonPayload, Choice
from bot_protocol.call_appointment import CallAppointment
from bot_protocol.json_object import BotProtocolError
from bot_protocol.turn_answer import AnswerJudgement, BotMessage, HandoffWish, TurnAnswer
from bot_protocol.turn_request import LOOKUP_INTENT, ArticleCandidate, MessageQuestion, TurnContext, TurnRequest

__all__ = [
    "LOOKUP_INTENT",
    "AnswerJudgement",
    "ArticleCandidate",
    "BotMessage",
    "BotProtocolError",
    "ButtonPayload",
    "CallAppointment",
    "Choice",
    "HandoffWish",
    "MessageQuestion",
    "TurnAnswer",
    "TurnContext",
    "TurnRequest",
]
