"""What helpdesk asks the bot for one turn, and what Rasa's tracker carries of it to the actions.

Every reader raises `BotProtocolError`, with what was expected, for a field that is not as agreed.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from bot_protocol.buttons import ButtonPayload
from bot_protocol.json_object import BotProtocolError, JsonObject
from bot_protocol.voice import FORMALITIES, read_language

EMBEDDING_DIMENSION = 384
EMBEDDING_BYTES = 4 * EMBEDDING_DIMENSION
#: Characters of a turn; helpdesk's own limit is lower.
MAX_TEXT = 20_000
MAX_ID = 200
#: What a message with a `lookup` is taken for, unless a person is wanted.
LOOKUP_INTENT = "lookup"
OUTCOMES = ("answer", "clarify", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCandidate:
    """An article the search found: its key, its question in the customer's language, how sure the search is (0–1)."""

    key: str
    question: str
    confidence: float

    def to_json(self) -> dict[str, Any]:
        """As it is sent."""
        return {"article": self.key, "confidence": self.confidence, "question": self.question}

    @classmethod
    def all_in(cls, found: JsonObject) -> "tuple[ArticleCandidate, ...]":
        """The candidates of a search, best first."""
        return tuple(
            cls(
                key=one.text("article"),
                question=one.text_or_none("question") or one.text("article"),
                confidence=one.share("confidence"),
            )
            for one in found.objects("candidates")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageQuestion:
    """One question of a message that holds several, in the customer's words, and what the search found for it."""

    text: str
    outcome: str
    candidates: tuple[ArticleCandidate, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As it is sent."""
        return {"text": self.text, "outcome": self.outcome, "candidates": [one.to_json() for one in self.candidates]}

    @classmethod
    def from_json(cls, part: JsonObject) -> "MessageQuestion":
        """Reads one of a message's `parts`."""
        outcome = part.choice_or_none("outcome", OUTCOMES)
        if outcome is None:
            raise part.wrong("outcome", f"one of {', '.join(OUTCOMES)}")
        return cls(text=part.text("text", MAX_TEXT), outcome=outcome, candidates=ArticleCandidate.all_in(part))


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnContext:
    """What helpdesk knows of a message beside its words. Rasa carries it as the message's metadata.

    `outcome` is the search's: "answer", "clarify", "none", or None when there was no search; `candidates` are best
    first. `goes_on`: where the search has no answer, the message goes on about `last_article`. `questions` holds the
    questions of a message with several, in order, else nothing. `lookup` is the name of the look-up that the message
    asks for, if it does. `embedding` is the message's, 384 little-endian float32; it serves the bot's model and is not
    remembered.
    """

    language: str | None = None
    formality: str | None = None
    channel: str | None = None
    last_article: str | None = None
    outcome: str | None = None
    candidates: tuple[ArticleCandidate, ...] = ()
    goes_on: bool = False
    questions: tuple[MessageQuestion, ...] = ()
    lookup: str | None = None
    embedding: bytes | None = None

    def to_json(self) -> dict[str, Any]:
        """As it is sent; what was not searched for is left out."""
        written: dict[str, Any] = {
            "language": self.language,
            "formality": self.formality,
            "channel": self.channel,
            "last_article": self.last_article,
        }
        if self.embedding is not None:
            written["embedding"] = base64.b64encode(self.embedding).decode()
        if self.outcome is not None:
            written |= {"outcome": self.outcome, "candidates": [one.to_json() for one in self.candidates]}
        if self.goes_on:
            written["goes_on"] = True
        if self.questions:
            written["parts"] = [one.to_json() for one in self.questions]
        if self.lookup is not None:
            written["lookup"] = self.lookup
        return written

    @classmethod
    def from_json(cls, value: Any) -> "TurnContext":
        """Reads the `metadata` of a request, or of a message in Rasa's tracker, which has fields of Rasa's too."""
        metadata = JsonObject.read({} if value is None else value, "metadata")
        parts = metadata.objects("parts")
        return cls(
            language=read_language(metadata),
            formality=metadata.choice_or_none("formality", FORMALITIES),
            channel=metadata.text_or_none("channel", MAX_ID),
            last_article=metadata.text_or_none("last_article"),
            outcome=metadata.choice_or_none("outcome", OUTCOMES),
            candidates=ArticleCandidate.all_in(metadata),
            goes_on="goes_on" in metadata.fields and metadata.flag("goes_on"),
            questions=tuple(MessageQuestion.from_json(part) for part in parts),
            lookup=metadata.text_or_none("lookup", MAX_ID),
            embedding=_read_embedding(metadata),
        )


def _read_embedding(metadata: JsonObject) -> bytes | None:
    encoded = metadata.text_or_none("embedding")
    if encoded is None:
        return None
    try:
        embedding = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        embedding = b""
    if len(embedding) != EMBEDDING_BYTES:
        raise metadata.wrong("embedding", f"base64 of {EMBEDDING_BYTES} bytes")
    return embedding


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnRequest:
    """What the bot is asked: free text or the payload of one of our buttons, never both."""

    turn_id: str
    conversation_id: str
    text: str | None
    payload: str | None
    context: TurnContext

    def to_json(self) -> dict[str, Any]:
        """As it is sent."""
        return {
            "turn_id": self.turn_id,
            "sender": self.conversation_id,
            "text": self.text,
            "payload": self.payload,
            "metadata": self.context.to_json(),
        }

    @classmethod
    def from_json(cls, value: Any) -> "TurnRequest":
        """Reads a decoded body."""
        body = JsonObject.read(value, "")
        text, payload = body.text_or_none("text", MAX_TEXT), body.text_or_none("payload")
        if (text is None) == (payload is None):
            raise BotProtocolError("body: expected exactly one of text and payload")
        if payload is not None:
            ButtonPayload.from_text(payload)
        return cls(
            turn_id=body.text("turn_id", MAX_ID),
            conversation_id=body.text("sender", MAX_ID),
            text=text,
            payload=payload,
            context=TurnContext.from_json(body.fields.get("metadata")),
        )
