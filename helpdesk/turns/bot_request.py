"""What the bot gets to see of a turn: everything it needs, so that it searches and embeds nothing itself. Pure."""

from dataclasses import replace

from bot_protocol import ArticleCandidate, MessageQuestion, TurnContext, TurnRequest
from helpdesk.turns.claim import ClaimedTurn
from knowledge.message.understanding import MAX_READ_CHARACTERS, MessageUnderstanding
from knowledge.normalization import compact, excerpt
from knowledge.search.library import SearchResult


def bot_request(turn: ClaimedTurn, understood: MessageUnderstanding | None, lookup: str | None = None) -> TurnRequest:
    """The question to the bot; without an understanding, where a button was pressed, it holds no search."""
    return TurnRequest(
        turn_id=turn.turn_id,
        conversation_id=turn.conversation_id,
        text=None if turn.payload else excerpt(compact(turn.text), MAX_READ_CHARACTERS),
        payload=turn.payload,
        context=replace(_context(turn, understood), lookup=lookup),
    )


def _context(turn: ClaimedTurn, understood: MessageUnderstanding | None) -> TurnContext:
    known = TurnContext(
        language=turn.language, formality=turn.formality, channel=turn.channel, last_article=turn.last_article
    )
    if understood is None:
        return known
    whole = understood.whole
    return replace(
        known,
        language=whole.language or turn.language,
        outcome=str(whole.outcome),
        candidates=candidates_of(whole),
        goes_on=understood.goes_on,
        questions=message_questions(understood) if understood.is_several else (),
        embedding=whole.embedding.astype("<f4").tobytes(),
    )


def message_questions(understood: MessageUnderstanding) -> tuple[MessageQuestion, ...]:
    """The questions of a message with what was found for each, in the customer's order."""
    return tuple(
        MessageQuestion(text=part.text, outcome=str(part.found.outcome), candidates=candidates_of(part.found))
        for part in understood.parts
    )


def candidates_of(found: SearchResult) -> tuple[ArticleCandidate, ...]:
    """The articles of a search, best first."""
    return tuple(
        ArticleCandidate(key=one.article, question=one.question, confidence=round(one.confidence, 4))
        for one in found.candidates
    )
