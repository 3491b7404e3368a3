"""What the bot gets to see of a turn: everything it needs, so that it searches and embeds nothing itself. Pure."""

import base64
from typing import Any

from helpdesk.turns.claim import ClaimedTurn
from helpdesk.turns.rasa_client import BotRequest
from knowledge.message.understanding import MessageUnderstanding
from knowledge.search.library import SearchResult


def bot_request(turn: ClaimedTurn, understood: MessageUnderstanding | None) -> BotRequest:
    """The question to the bot; without an understanding, where a button was pressed, it holds no search."""
    whole = understood.whole if understood else None
    metadata: dict[str, Any] = {
        "language": (whole.language if whole else None) or turn.language,
        "formality": turn.formality,
        "channel": turn.channel,
        "last_article": turn.last_article,
    }
    if understood and whole:
        metadata |= {"embedding": base64.b64encode(whole.embedding.astype("<f4").tobytes()).decode(), **_found(whole)}
        if understood.is_several:
            metadata["parts"] = [{"text": part.text, **_found(part.found)} for part in understood.parts]
    return BotRequest(
        turn_id=turn.turn_id,
        conversation_id=turn.conversation_id,
        text=None if turn.payload else turn.text,
        payload=turn.payload,
        metadata=metadata,
    )


def _found(found: SearchResult) -> dict[str, Any]:
    candidates = [
        {"article": one.article, "confidence": round(one.confidence, 4), "question": one.question}
        for one in found.candidates
    ]
    return {"outcome": str(found.outcome), "candidates": candidates}
