"""Waiting for a service that is coming up."""

import asyncio
import time
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

POLL_SECONDS = 0.2
ANSWER_SECONDS = 5.0


async def wait_until_ready(url: str, *, say: Callable[[str], None], patience: float) -> None:
    """Returns when the address answers 200. Every `patience` seconds `say` gets what the service still lacks."""
    last_said = time.monotonic()
    while (lacking := await asyncio.to_thread(_what_lacks, url)) is not None:
        if time.monotonic() - last_said >= patience:
            last_said = time.monotonic()
            say(f"still waiting: {lacking}")
        await asyncio.sleep(POLL_SECONDS)


def _what_lacks(url: str) -> str | None:
    address = urlsplit(url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", address.path)
        response = connection.getresponse()
        text = response.read().decode(errors="replace")
    except (OSError, HTTPException):
        return "helpdesk does not answer yet"
    finally:
        connection.close()
    return None if response.status == HTTPStatus.OK else f"helpdesk says: {text[:500]}"
