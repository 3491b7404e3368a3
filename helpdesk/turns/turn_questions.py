"""What was asked in a turn and what became of it, for the admin's gaps and figures; and what a follow-up leans on."""

from collections.abc import Sequence
from dataclasses import replace

from bot_protocol import LOOKUP_INTENT, ButtonPayload
from helpdesk.conversations.bot_reply import BotReply, TurnQuestion
from helpdesk.handoff.dialogue import SMALL_TALK
from helpdesk.turns.claim import ClaimedTurn
from knowledge.message.understanding import ConversationTopic, MessageUnderstanding, QuestionPart
from knowledge.search.library import Library
from knowledge.search.ranking import SearchOutcome
from store.models import QuestionCandidate

MAX_CANDIDATES = 5  # of a question that are remembered


async def load_topic(library: Library, turn: ClaimedTurn) -> ConversationTopic | None:
    """What a follow-up would lean on: the article that was said last, else what was asked last in vain."""
    asked = turn.last_asked[-1] if turn.last_asked else None
    key = asked.article if asked else turn.last_article
    answer = await library.answer(key, turn.language) if key else None
    if answer:
        return ConversationTopic(article=answer.key, question=answer.question)
    return ConversationTopic(article=None, question=asked.text) if asked else None


async def load_questions(
    library: Library, turn: ClaimedTurn, understood: MessageUnderstanding | None, reply: BotReply
) -> tuple[TurnQuestion, ...]:
    """The questions of a turn in the customer's order; small talk asks nothing, and what is looked up no article."""
    if understood:
        return (
            ()
            if is_for_no_article(reply) or reply.intent in SMALL_TALK or understood.is_number_alone
            else written_questions(turn, understood, reply)
        )
    said = next((text.article for text in reply.texts if text.article), None)
    if said is None or turn.payload != ButtonPayload(intent="faq", entities={"article": said}).to_text():
        return ()
    answer = await library.answer(said, turn.language)
    return (tapped_question(turn, said, answer.question if answer else said),)


def is_for_no_article(reply: BotReply) -> bool:
    """Whether a message was the wish to look something up, or the answer to a question of the bot's."""
    if any(text.article for text in reply.texts):
        return False
    return reply.intent == LOOKUP_INTENT or reply.answered is not None


def written_questions(turn: ClaimedTurn, understood: MessageUnderstanding, reply: BotReply) -> tuple[TurnQuestion, ...]:
    """The questions of a message that was written, each with the article that was said for it, if one was."""
    said = [text.article for text in reply.texts if text.article]
    return tuple(
        TurnQuestion(
            text=part.text if understood.is_several else turn.text,
            language=part.found.language or understood.whole.language or turn.language,
            outcome=str(part.found.outcome),
            article=_said_for(part, said) if understood.is_several else next(iter(said), None),
            confidence=part.found.candidates[0].confidence if part.found.candidates else None,
            candidates=tuple(
                QuestionCandidate(one.article, round(one.confidence, 4))
                for one in part.found.candidates[:MAX_CANDIDATES]
            ),
        )
        for part in understood.parts
    )


def _said_for(part: QuestionPart, said: Sequence[str]) -> str | None:
    first = next(iter(part.found.candidates), None)
    answered = part.found.outcome is SearchOutcome.ANSWER and first is not None and first.article in said
    return first.article if first and answered else None


def tapped_question(turn: ClaimedTurn, article: str, question: str) -> TurnQuestion:
    """The question that was asked back and is now cleared up, else the article's own (`question`)."""
    for asked in turn.last_asked:
        if asked.article is None and article in (one.article for one in asked.candidates):
            return replace(asked, outcome=str(SearchOutcome.ANSWER), article=article)
    return TurnQuestion(text=question, language=turn.language, outcome=str(SearchOutcome.ANSWER), article=article)
