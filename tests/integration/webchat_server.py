"""Helpdesk behind a real port, for customers who write on the web chat."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn

from helpdesk.app import AppComponents, create_app
from tests.fakes.bot import FakeBot
from tests.fakes.embedder import LetterCounts
from tests.harness import settings_for
from tests.services import free_port


@asynccontextmanager
async def served(
    tmp_path: Path, url: str, *, bot: FakeBot | None = None, **settings: Any
) -> AsyncIterator[tuple[AppComponents, str]]:
    """Helpdesk behind a real port; yields its parts and its address."""
    port = free_port()
    app = create_app(
        settings_for(tmp_path, url, port=port, **settings),
        embedder=LetterCounts(),
        rasa_transport=(bot or FakeBot()).transport(),
    )
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, ws_max_size=64 * 1024))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield app.state.parts, f"127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task
