"""Asking the language model: one HTTP call with a time budget, a size limit and a circuit breaker; no second try."""

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any

import httpx
from circuitbreaker import CircuitBreaker

from helpdesk.observability.breaker import make_breaker
from helpdesk.rewording.addresses import find_place
from helpdesk.rewording.prompts import Messages
from store.outgoing_addresses import ForbiddenAddress

MAX_ANSWER_BYTES = 128 * 1024  # bytes, before they are looked at
MAX_TEXT_LENGTH = 20_000  # characters
_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)  # some models think aloud first


class EndpointError(Exception):
    """No text came; the message says why in a word or two, and holds neither key nor text."""


class EndpointTimeout(EndpointError):
    """The time budget ran out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Whom to ask: `url` up to and without /chat/completions."""

    url: str
    key: str
    model: str
    own_network: bool

    def __repr__(self) -> str:
        return f"Target({self.url!r}, {self.model!r})"  # never the key


class LanguageModelClient:
    """An OpenAI-compatible door (POST …/chat/completions)."""

    def __init__(self) -> None:
        self._client: httpx.AsyncClient | None = None
        self._breakers: dict[tuple[str, str], CircuitBreaker] = {}

    async def ask(self, target: Target, messages: Messages, *, within: float) -> str:
        """The model's text, `within` seconds from now. Raises `EndpointError`, of that `EndpointTimeout`."""
        breaker = self._breakers.setdefault((target.url, target.model), make_breaker())
        if breaker.opened:
            raise EndpointError("breaker_open")
        with breaker:
            return await self._ask(target, messages, within)

    async def _ask(self, target: Target, messages: Messages, within: float) -> str:
        try:
            async with asyncio.timeout(within):
                return read_text(await self._post(target, messages))
        except TimeoutError:
            raise EndpointTimeout("too_late") from None
        except ForbiddenAddress:
            raise EndpointError("forbidden_address") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            raise EndpointError(type(error).__name__) from None

    async def _post(self, target: Target, messages: Messages) -> bytes:
        """The name is kept for Host and certificate, while the judged number is called."""
        place = await find_place(target.url, own_network=target.own_network)
        headers = {"Host": place.host, "Accept": "application/json", "Accept-Encoding": "identity"}
        if target.key:
            headers["Authorization"] = f"Bearer {target.key}"
        body = {"model": target.model, "messages": messages, "stream": False}
        async with self._open().stream(
            "POST",
            f"{place.url}/chat/completions",
            json=body,
            headers=headers,
            extensions={"sni_hostname": place.name},
        ) as response:
            if response.status_code != 200:
                raise EndpointError(f"http_{response.status_code}")
            return await _read_at_most(response, MAX_ANSWER_BYTES)

    async def close(self) -> None:
        """Give the connections back."""
        if self._client is not None:
            await self._client.aclose()

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:  # most installations never ask, and its certificates take 25 ms to load
            self._client = httpx.AsyncClient(
                timeout=None,  # noqa: S113 - asyncio.timeout bounds the whole call, dribbled bytes included
                trust_env=False,
                follow_redirects=False,
                limits=httpx.Limits(max_connections=8, max_keepalive_connections=4),
            )
        return self._client


async def _read_at_most(response: httpx.Response, limit: int) -> bytes:
    """Bytes as they come: what is packed although we asked for it plain could unfold to anything."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise EndpointError("packed")
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > limit:
            raise EndpointError("too_large")
    return bytes(body)


def read_text(body: bytes) -> str:
    """The text of a finished answer. Raises `EndpointError` for anything else."""
    try:
        choice = _object(_list(_object(json.loads(body))["choices"])[0])
        text = _object(choice["message"])["content"]
    except (ValueError, KeyError, IndexError, RecursionError):
        raise EndpointError("malformed") from None
    if choice.get("finish_reason") not in {None, "stop"}:
        raise EndpointError("unfinished")
    if not isinstance(text, str) or len(text) > MAX_TEXT_LENGTH:
        raise EndpointError("malformed")
    return _THOUGHTS.sub("", text).strip()


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("no object")  # noqa: TRY004 - read as malformed, like a value of another form
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("no list")  # noqa: TRY004
    return value
