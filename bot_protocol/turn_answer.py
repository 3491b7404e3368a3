"""What the bot answers to a turn, message by message as the actions say them.

Every reader raises `BotProtocolError`, with what was expected, for a field that is not as agreed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot_protocol.buttons import Choice
from bot_protocol.call_appointment import CallAppointment
from bot_protocol.json_object import JsonObject
from bot_protocol.turn_request import MAX_ID
from bot_protocol.voice import FORMALITIES, read_language

#: Characters of the customer's words that go along with the wish for a person.
MAX_WISH_TEXT = 500
#: Articles that are offered along with an answer.
MAX_RELATED = 3
STATUSES = ("ok", "action_failed", "error")
HANDOFF_REASONS = ("asked", "complaint", "not_found", "not_helpful")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffWish:
    """The bot asks for a person; `text` holds the words that show why."""

    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerJudgement:
    """The customer's word on an answer."""

    article: str | None
    helpful: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BotMessage:
    """One message of the bot: what the customer reads, and what helpdesk and the bot's next turn learn from it.

    `article` is the key of the article the text is from; `lead` is how many characters of `text` stand before the fold,
    None when nothing is folded; `short` is how many of them, at their end, are the article's short answer: the sentence
    that the question is about, behind which the whole article follows. None: they are its beginning. `related` are up
    to three pairs of key and question, in the customer's language.
    `awaits` is the name of the slot that the text asks for: what the customer writes next is meant as its value.
    `call` is what was agreed of a call. It, `handoff`, `judgement`, `language` and `formality` are for helpdesk.
    `asked` (what a bare yes or no would answer: "helpful", "person" or "clarify"; from "hours", another day goes on),
    `because` (why a person was offered), `missed` (there was no answer) and `told` (the first and the last day whose
    hours it says, in ISO 8601: `2026-12-24/2026-12-26`) are for the bot's next turn and stay in its memory.
    """

    text: str = ""
    choices: tuple[Choice, ...] = ()
    article: str | None = None
    lead: int | None = None
    short: int | None = None
    related: tuple[tuple[str, str], ...] = ()
    awaits: str | None = None
    call: CallAppointment | None = None
    handoff: HandoffWish | None = None
    judgement: AnswerJudgement | None = None
    language: str | None = None
    formality: str | None = None
    asked: str | None = None
    because: str | None = None
    missed: bool = False
    told: str | None = None

    @property
    def short_answer(self) -> str:
        """The sentence of the article that the question is about; empty where none was chosen."""
        return self.text[: self.lead][-self.short :] if self.short else ""

    @property
    def custom(self) -> dict[str, Any]:
        """What Rasa carries as the message's `custom`: all that helpdesk is told beside text and choices."""
        handoff, judgement = self.handoff, self.judgement
        facts = {
            "article": self.article,
            "lead": self.lead,
            "short": self.short,
            "related": [{"article": key, "question": question} for key, question in self.related],
            "awaits": self.awaits,
            "call": self.call.to_json() if self.call else None,
            "handoff": {"kind": handoff.kind, "text": handoff.text} if handoff else None,
            "feedback": {"article": judgement.article, "helpful": judgement.helpful} if judgement else None,
            "language": self.language,
            "formality": self.formality,
        }
        return {name: fact for name, fact in facts.items() if fact}

    def to_json(self) -> dict[str, Any]:
        """As the bot sends it; empty when there is nothing in it to show or to do."""
        parts = {
            "text": self.text,
            "choices": [{"title": choice.title, "payload": choice.payload} for choice in self.choices],
            "custom": self.custom,
        }
        return {name: part for name, part in parts.items() if part}

    @classmethod
    def from_json(cls, value: Any, path: str = "message") -> "BotMessage":
        """Reads a message of an answer."""
        return cls._from(JsonObject.read(value, path))

    @classmethod
    def from_rasa(cls, message: Mapping[str, Any]) -> "BotMessage":
        """Reads a message as an action or a response of the domain gave it to Rasa.

        What no channel can show is passed over: of `custom`, all but our own fields and the text that it has for
        whoever can't show it. An image is an address at the end of the text.
        """
        custom = message.get("custom") or {}
        buttons = [*(message.get("buttons") or ()), *(message.get("quick_replies") or ())]
        written = {
            "text": _text_of(message, custom),
            "choices": [{"title": one.get("title"), "payload": one.get("payload")} for one in buttons],
            "custom": custom,
        }
        return cls.from_json(written)

    @classmethod
    def _from(cls, message: JsonObject) -> "BotMessage":
        text = message.text_or_none("text") or ""
        custom = message.object_or_none("custom") or JsonObject({}, "custom")
        related = custom.objects("related")
        return cls(
            text=text,
            choices=tuple(
                Choice(title=one.text("title"), payload=one.text("payload")) for one in message.objects("choices")
            ),
            article=custom.text_or_none("article"),
            lead=(lead := _lead_in(text, custom.fields.get("lead"))),
            short=_short_in(text if lead is None else text[:lead], custom.fields.get("short")),
            related=tuple((one.text("article"), one.text("question")) for one in related[:MAX_RELATED]),
            awaits=custom.text_or_none("awaits", MAX_ID),
            call=CallAppointment.read(custom),
            handoff=_read_handoff(custom),
            judgement=_read_judgement(custom),
            language=read_language(custom),
            formality=custom.choice_or_none("formality", FORMALITIES),
        )


#: Where custom JSON says itself what stands for it in plain text; the last is Slack's.
FALLBACKS = ("text", "fallback", "alt_text", "fallback_text")


def _text_of(message: Mapping[str, Any], custom: Mapping[str, Any]) -> str:
    """The words, and an image as the link that every channel can show."""
    stand_ins = (custom.get(name) for name in FALLBACKS)
    text = message.get("text") or next((each for each in stand_ins if isinstance(each, str) and each), "")
    image = message.get("image")
    link = f"<{image}>" if isinstance(image, str) and image and f"<{image}>" not in text else ""
    return "\n\n".join(part for part in (text, link) if part)


def _lead_in(text: str, lead: Any) -> int | None:
    """A fold outside the text, or at one of its ends, is none."""
    return lead if isinstance(lead, int) and 0 < lead < len(text) else None


def _short_in(shown: str, short: Any) -> int | None:
    """A short answer longer than what is shown, or of no length, is none."""
    return short if isinstance(short, int) and 0 < short <= len(shown) else None


def _read_handoff(custom: JsonObject) -> HandoffWish | None:
    wish = custom.object_or_none("handoff")
    if wish is None:
        return None
    kind = wish.choice_or_none("kind", HANDOFF_REASONS)
    if kind is None:
        raise wish.wrong("kind", f"one of {', '.join(HANDOFF_REASONS)}")
    return HandoffWish(kind=kind, text=(wish.text_or_none("text") or "")[:MAX_WISH_TEXT])


def _read_judgement(custom: JsonObject) -> AnswerJudgement | None:
    judgement = custom.object_or_none("feedback")
    if judgement is None:
        return None
    return AnswerJudgement(article=judgement.text_or_none("article"), helpful=judgement.flag("helpful"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnAnswer:
    """What became of a turn in the bot. With a `status` other than "ok" there are no messages, and `reason` says why.

    `intent` is what the customer's message was taken for, with the classifier's `confidence` (0–1); `answered` is the
    name of the slot that it was read as the value of, well or badly, None when it was read as something else; `model`
    is the hash of the model that ran.
    """

    turn_id: str
    status: str
    messages: tuple[BotMessage, ...] = ()
    intent: str | None = None
    confidence: float | None = None
    answered: str | None = None
    model: str | None = None
    reason: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As it is sent."""
        written = {
            "turn_id": self.turn_id,
            "status": self.status,
            "messages": [message.to_json() for message in self.messages],
            "intent": {"name": self.intent, "confidence": self.confidence} if self.intent else None,
            "model": self.model,
        }
        further = {"answered": self.answered, "reason": self.reason}
        return written | {name: fact for name, fact in further.items() if fact is not None}

    @classmethod
    def from_json(cls, value: Any) -> "TurnAnswer":
        """Reads a decoded body."""
        body = JsonObject.read(value, "")
        status = body.choice_or_none("status", STATUSES)
        if status is None:
            raise body.wrong("status", f"one of {', '.join(STATUSES)}")
        messages = body.objects("messages")
        intent = body.object_or_none("intent")
        return cls(
            turn_id=body.text("turn_id", MAX_ID),
            status=status,
            messages=tuple(BotMessage._from(message) for message in messages),
            intent=intent.text_or_none("name") if intent else None,
            confidence=intent.share("confidence") if intent and intent.fields.get("confidence") is not None else None,
            answered=body.text_or_none("answered", MAX_ID),
            model=body.text_or_none("model"),
            reason=body.text_or_none("reason"),
        )
