"""The reply where the bot gives none in time: the articles that surely answer, else an honest sentence and a person."""

from actions.answers import acknowledged, first_of, show
from actions.memory import ConversationMemory
from actions.multiple_questions import answer_questions, find_articles
from bot_protocol import BotMessage, Choice, HandoffWish
from connectors.contract import ASK_PERSON, AttachmentKind
from helpdesk.conversations.bot_reply import BotReply
from helpdesk.handoff.wish import declines_person, find_wish
from helpdesk.texts import Say, say
from helpdesk.turns.bot_request import message_questions
from helpdesk.turns.claim import ClaimedTurn
from knowledge.articles.answers import AnswerSource
from knowledge.message.clauses import asked_in
from knowledge.message.understanding import MessageUnderstanding
from knowledge.search.ranking import SearchOutcome
from store.triggers import TriggerKind


async def reply_from_articles(
    turn: ClaimedTurn, understood: MessageUnderstanding | None, answers: AnswerSource
) -> BotReply | None:
    """The articles that surely answer, in the words of the bot's actions; None when nothing does.

    Only this message is known here, not what the bot remembers of the conversation.
    """
    if understood is None:
        return None
    language = understood.whole.language or turn.language
    known = ConversationMemory(text=turn.text, language=language, formality=turn.formality)
    texts = await _texts(known, understood, answers)
    if not any(text.article for text in texts):
        return None
    return BotReply(texts=texts, language=language, degraded=True)


async def _texts(
    known: ConversationMemory, understood: MessageUnderstanding, answers: AnswerSource
) -> tuple[BotMessage, ...]:
    if understood.is_several:
        found = await find_articles(message_questions(understood), answers, known.language)
        return answer_questions(known, found, acknowledged(known))
    if understood.whole.outcome is not SearchOutcome.ANSWER:
        return ()
    best = [candidate.article for candidate in understood.whole.candidates[:2]]
    article = await first_of(answers, best, known.language, asked_in(known.text))
    return (show(known, article, acknowledged(known)),) if article else ()


def files_reply(turn: ClaimedTurn) -> BotReply:
    """What is said to files without words: that they have arrived, and who can look at them."""
    kinds = {AttachmentKind(kind) for kind in turn.attached}
    if kinds & {AttachmentKind.PHOTO, AttachmentKind.DOCUMENT, AttachmentKind.VIDEO}:
        honest = Say.CANT_SEE
    else:
        honest = Say.CANT_HEAR if AttachmentKind.VOICE in kinds else Say.NOTED
    person = Choice(title=say(Say.PERSON, turn.language, turn.formality), payload=ASK_PERSON)
    text = say(honest, turn.language, turn.formality)
    return BotReply(texts=(BotMessage(text=text, choices=(person,)),))


def wants_nobody(turn: ClaimedTurn) -> bool:
    """Whether the contact has just said in words that no person is wanted, and asks for none beside that."""
    is_said = not turn.payload and declines_person(turn.text)
    return is_said and find_wish(turn.text, turn.language) is None


def go_on_reply(turn: ClaimedTurn) -> BotReply:
    """That we go on without a person."""
    return BotReply(texts=(BotMessage(text=say(Say.CANCELLED, turn.language, turn.formality)),))


def fallback_reply(turn: ClaimedTurn, bot_name: str) -> BotReply:
    """An honest sentence and a person."""
    text = say(Say.UNAVAILABLE, turn.language, turn.formality, bot=bot_name)
    return BotReply(
        texts=(BotMessage(text=text),), handoff=HandoffWish(kind=TriggerKind.BOT_UNAVAILABLE), degraded=True
    )
