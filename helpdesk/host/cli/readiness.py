"""Waiting for a service that is coming up."""

import asyncio
import time
from collections.abc import Callable

import httpx

POLL_SECONDS = 0.2


async def wait_until_ready(url: str, *, say: Callable[[str], None], patience: float) -> None:
    """Returns when the address answers 200. Every `patience` seconds `say` gets what the service still lacks."""
    last_said = time.monotonic()
    async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
        while True:
            lacking = await _what_lacks(client, url)
            if lacking is None:
                return
            if time.monotonic() - last_said >= patience:
                last_said = time.monotonic()
                say(f"still waiting: {lacking}")
            await asyncio.sleep(POLL_SECONDS)


async def _what_lacks(client: httpx.AsyncClient, url: str) -> str | None:
    try:
        response = await client.get(url)
    except httpx.HTTPError:
        return "helpdesk does not answer yet"
    return None if response.status_code == httpx.codes.OK else f"helpdesk says: {response.text[:500]}"
