"""Asking the bot: one HTTP call a turn, with a deadline, a size limit and a circuit breaker."""

import json
from typing import Any
from urllib.parse import quote

import httpx
import structlog

import tracing
from bot_protocol import BotProtocolError, TurnAnswer, TurnRequest
from helpdesk.conversations.bot_reply import BotReply
from helpdesk.observability.breaker import make_breaker
from i18n import available_languages

log = structlog.get_logger()

MAX_ANSWER_BYTES = 256 * 1024  # bytes


class BotError(Exception):
    """The bot gave no answer that a customer may see; the message says why, for the log."""


class RasaClient:
    """HTTP client of the bot's channel (`bot/channel.py`)."""

    def __init__(self, url: str, secret: str, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={"X-Staffel-Secret": secret},
            timeout=httpx.Timeout(15.0, connect=2.0),
            transport=transport,
            trust_env=False,
        )
        self._breaker = make_breaker()

    async def ask(self, turn: TurnRequest) -> BotReply:
        """The bot's reply. Raises `BotError` for anything that isn't one, `TimeoutError` by the caller's deadline."""
        if self._breaker.opened:
            raise BotError("breaker_open")
        try:
            with self._breaker:
                return read_reply(turn.turn_id, await self._post(turn))
        except httpx.HTTPError as error:
            raise BotError(type(error).__name__) from error

    async def _post(self, turn: TurnRequest) -> bytes:
        with tracing.span("bot.call"):
            path, headers = "/webhooks/staffel/webhook", tracing.headers()
            async with self._client.stream("POST", path, json=turn.to_json(), headers=headers) as response:
                tracing.note(status=response.status_code)
                if response.status_code != 200:
                    raise BotError(f"http_{response.status_code}")
                return await _read_at_most(response, MAX_ANSWER_BYTES)

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
        answer = TurnAnswer.from_json(json.loads(body))
    except ValueError as error:
        raise BotError(
            f"malformed: {error}" if isinstance(error, BotProtocolError) else "malformed: no JSON"
        ) from error
    if answer.turn_id != turn_id:
        raise BotError("other_turn")
    if answer.status != "ok":
        raise BotError(f"status_{answer.status}")
    reply = _as_reply(answer)
    if not reply.texts and reply.handoff is None:
        raise BotError("empty")
    return reply


def _as_reply(answer: TurnAnswer) -> BotReply:
    """The messages with words, and what was wanted last of each kind."""
    said = answer.messages[::-1]
    language = next((message.language for message in said if message.language), None)
    return BotReply(
        texts=tuple(message for message in answer.messages if message.text),
        handoff=next((message.handoff for message in said if message.handoff), None),
        call=next((message.call for message in said if message.call), None),
        judgement=next((message.judgement for message in said if message.judgement), None),
        language=language if language in available_languages("customer") else None,
        formality=next((message.formality for message in said if message.formality), None),
        intent=answer.intent,
        answered=answer.answered,
    )
