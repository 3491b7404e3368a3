"""The reply where the bot gives none in time: the articles that surely answer, else an honest sentence and a person."""

from actions import answer as answer_from_articles
from actions.memory import read_memory
from actions.reply import Reply
from connectors.contract import Choice
from helpdesk.conversations.bot_reply import BotReply, BotText, HandoffWish
from helpdesk.handoff.triggers import TriggerKind
from helpdesk.texts import Say, say
from helpdesk.turns.bot_request import bot_request
from helpdesk.turns.claim import ClaimedTurn
from knowledge.articles.answers import AnswerSource
from knowledge.message.understanding import MessageUnderstanding
from knowledge.search.ranking import SearchOutcome


async def reply_from_articles(
    turn: ClaimedTurn, understood: MessageUnderstanding | None, answers: AnswerSource
) -> BotReply | None:
    """What surely answers, said as the bot's own actions say it; None when nothing does."""
    if understood is None or not any(part.found.outcome is SearchOutcome.ANSWER for part in understood.parts):
        return None
    metadata = bot_request(turn, understood).metadata
    past = read_memory({}, {"text": turn.text, "metadata": metadata}, [{"event": "user", "text": turn.text}])
    texts = tuple(_as_text(reply) for reply in await answer_from_articles(past, answers))
    if not any(text.article for text in texts):
        return None
    return BotReply(texts=texts, language=metadata["language"], degraded=True)


def fallback_reply(turn: ClaimedTurn, bot_name: str) -> BotReply:
    """An honest sentence and a person."""
    text = say(Say.UNAVAILABLE, turn.language, turn.formality, bot=bot_name)
    return BotReply(texts=(BotText(text=text),), handoff=HandoffWish(kind=TriggerKind.BOT_UNAVAILABLE), degraded=True)


def _as_text(reply: Reply) -> BotText:
    related = tuple((str(one["article"]), str(one["question"])) for one in reply.custom.get("related", ()))
    return BotText(
        text=reply.text,
        choices=tuple(Choice(title=choice.title, payload=choice.payload) for choice in reply.choices),
        article=reply.custom.get("article"),
        lead=reply.custom.get("lead"),
        related=related,
    )
