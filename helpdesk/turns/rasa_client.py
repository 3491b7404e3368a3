"""Asking the bot: one HTTP call a turn, with a deadline, a size limit and a circuit breaker."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import structlog

from connectors.contract import Choice
from helpdesk.conversations.bot_reply import AnswerJudgement, BotReply, BotText, HandoffWish
from helpdesk.handoff.triggers import TriggerKind
from helpdesk.observability.breaker import make_breaker
from i18n import available_languages

log = structlog.get_logger()

LARGEST_ANSWER = 256 * 1024  # bytes
MOST_RELATED = 3  # articles that are offered along with an answer


class BotError(Exception):
    """The bot gave no answer that a customer may see; the message says why, for the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BotRequest:
    """What the bot is asked: free text or one of our own payloads, never both."""

    turn_id: str
    conversation_id: str
    text: str | None
    payload: str | None
    metadata: dict[str, Any]


class RasaClient:
    """The bot's HTTP door."""

    def __init__(self, url: str, secret: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={"X-Staffel-Secret": secret},
            timeout=httpx.Timeout(15.0, connect=2.0),
            transport=transport,
            trust_env=False,
        )
        self._breaker = make_breaker()

    async def ask(self, question: BotRequest) -> BotReply:
        """The bot's reply. Raises `BotError` for anything that isn't one, `TimeoutError` by the caller's deadline."""
        if self._breaker.opened:
            raise BotError("breaker_open")
        try:
            with self._breaker:
                return read_reply(question.turn_id, await self._post(question))
        except httpx.HTTPError as error:
            raise BotError(type(error).__name__) from error

    async def _post(self, question: BotRequest) -> bytes:
        body = {
            "turn_id": question.turn_id,
            "sender": question.conversation_id,
            "text": question.text,
            "payload": question.payload,
            "metadata": question.metadata,
        }
        async with self._client.stream("POST", "/webhooks/staffel/webhook", json=body) as response:
            if response.status_code != 200:
                raise BotError(f"http_{response.status_code}")
            return await _read_at_most(response, LARGEST_ANSWER)

    async def health(self) -> dict[str, Any]:
        """What the bot says of itself. Raises `BotError` when it isn't well."""
        try:
            response = await self._client.get("/webhooks/staffel/health", timeout=2.0)
        except httpx.HTTPError as error:
            raise BotError(type(error).__name__) from error
        if response.status_code != 200:
            raise BotError(f"http_{response.status_code}")
        facts = response.json()
        return facts if isinstance(facts, dict) else {}

    async def forget(self, conversation_id: str) -> None:
        """Have the bot drop what it remembers of a conversation. Raises `BotError` when that isn't certain."""
        path = f"/webhooks/staffel/conversations/{quote(conversation_id, safe='')}"
        try:
            response = await self._client.delete(path, timeout=5.0)
        except httpx.HTTPError as error:
            raise BotError(type(error).__name__) from error
        if response.status_code != 200:
            raise BotError(f"http_{response.status_code}")

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()


async def _read_at_most(response: httpx.Response, limit: int) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > limit:
            raise BotError("answer_too_large")
    return bytes(body)


def read_reply(turn_id: str, body: bytes) -> BotReply:
    """The reply in an answer of the bot. Raises `BotError` for another form, a failure, or silence."""
    try:
        answer = json.loads(body)
        if answer["turn_id"] != turn_id:
            raise BotError("other_turn")
        if answer["status"] != "ok":
            raise BotError(f"status_{str(answer['status'])[:40]}")
        intent = (answer.get("intent") or {}).get("name")
        reply = _reply(answer["messages"], intent)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BotError(f"malformed_{type(error).__name__}") from error
    if not reply.texts and reply.handoff is None:
        raise BotError("empty")
    return reply


def _reply(messages: list[dict[str, Any]], intent: str | None) -> BotReply:
    custom: dict[str, Any] = {}
    for message in messages:
        custom |= message.get("custom") or {}
    judgement, wish = custom.get("feedback"), custom.get("handoff")
    return BotReply(
        texts=tuple(_text(message) for message in messages if message.get("text")),
        handoff=HandoffWish(kind=TriggerKind(wish["kind"]), text=str(wish.get("text", ""))[:500]) if wish else None,
        judgement=AnswerJudgement(article=judgement.get("article"), helpful=bool(judgement["helpful"]))
        if judgement
        else None,
        language=custom["language"] if custom.get("language") in available_languages("customer") else None,
        formality=custom["formality"] if custom.get("formality") in {"sie", "du"} else None,
        intent=intent,
    )


def _text(message: dict[str, Any]) -> BotText:
    text, custom = str(message["text"]), message.get("custom") or {}
    return BotText(
        text=text,
        choices=tuple(Choice(title=c["title"], payload=c["payload"]) for c in message.get("choices") or ()),
        article=custom.get("article"),
        lead=_lead(custom.get("lead"), text),
        related=tuple((str(one["article"]), str(one["question"])) for one in custom.get("related") or ())[
            :MOST_RELATED
        ],
    )


def _lead(lead: Any, text: str) -> int | None:
    """A fold outside the text, or at one of its ends, is none."""
    return lead if isinstance(lead, int) and 0 < lead < len(text) else None
