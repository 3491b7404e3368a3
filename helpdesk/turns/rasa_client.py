"""Asking the bot: one HTTP call a turn, with a deadline, a size limit and a circuit breaker."""

import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import tracing
from bot_protocol import BotProtocolError, TurnAnswer, TurnRequest
from helpdesk.conversations.bot_reply import BotReply
from helpdesk.observability.breaker import make_breaker
from helpdesk.turns.bot_transport import BotTransport, TransportError
from i18n import available_languages

MAX_ANSWER_BYTES = 256 * 1024  # bytes
ASK_SECONDS = 15.0  # longer than any turn may take: its own deadline comes first
HEALTH_SECONDS = 2.0
FORGET_SECONDS = 5.0


class BotError(Exception):
    """The bot gave no answer that a customer may see; the message says why, for the log."""


class RasaClient:
    """HTTP client of the bot's channel (`bot/channel.py`) at `url`; `transport` stands in for aiohttp."""

    def __init__(self, url: str, secret: str, *, transport: BotTransport | None = None) -> None:
        self._url = url
        self._headers = {"X-Staffel-Secret": secret}
        self._transport = transport
        self._breaker = make_breaker()

    async def ask(self, turn: TurnRequest) -> BotReply:
        """The bot's reply. Raises `BotError` for anything that isn't one, `TimeoutError` by the caller's deadline."""
        if self._breaker.opened:
            raise BotError("breaker_open")
        with self._breaker:
            return read_reply(turn.turn_id, await self._post(turn))

    async def _post(self, turn: TurnRequest) -> bytes:
        with tracing.span("bot.call"):
            return await self._call("POST", "webhook", ASK_SECONDS, body=json.dumps(turn.to_json()).encode())

    async def health(self) -> dict[str, Any]:
        """What the bot says of itself. Raises `BotError` when it isn't well."""
        try:
            facts = json.loads(await self._call("GET", "health", HEALTH_SECONDS))
        except ValueError as error:
            raise BotError("malformed: no JSON") from error
        return facts if isinstance(facts, dict) else {}

    async def forget(self, conversation_id: str) -> None:
        """Have the bot drop what it remembers of a conversation. Raises `BotError` when that isn't certain."""
        await self._call("DELETE", f"conversations/{quote(conversation_id, safe='')}", FORGET_SECONDS)

    async def _call(self, method: str, path: str, seconds: float, *, body: bytes | None = None) -> bytes:
        """The body of an answer with status 200. Raises `BotError` for any other."""
        headers = {**self._headers, **tracing.headers()}
        try:
            async with self._opened().send(
                method, f"/webhooks/staffel/{path}", headers=headers, seconds=seconds, body=body
            ) as response:
                tracing.note(status=response.status)
                if response.status != 200:
                    raise BotError(f"http_{response.status}")
                return await _read_at_most(response.chunks, MAX_ANSWER_BYTES)
        except TransportError as error:
            raise BotError(str(error)) from error

    def _opened(self) -> BotTransport:
        """aiohttp is loaded with the first request, which is none of the start's."""
        if self._transport is None:
            from helpdesk.turns.aiohttp_transport import AiohttpTransport

            self._transport = AiohttpTransport(self._url)
        return self._transport

    async def close(self) -> None:
        """Give the connections back."""
        if self._transport is not None:
            await self._transport.close()


async def _read_at_most(chunks: AsyncIterator[bytes], limit: int) -> bytes:
    body = bytearray()
    async for chunk in chunks:
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
