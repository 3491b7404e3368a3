"""Helpdesk with every door it has, for sweeps over its routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette

from helpdesk.app import create_app
from tests.fakes.embedder import LetterCounts
from tests.harness import settings_for
from tests.integration.staff import ORIGIN, SECRET


@asynccontextmanager
async def whole_app(home: Path, database_url: str) -> AsyncIterator[Starlette]:
    """The app as it is served, without a bot; nothing goes on in it in the background."""
    settings = settings_for(
        home,
        database_url,
        public_url=ORIGIN,
        bot_secret=SECRET,
        secret_key="s" * 40,
        rasa_url="http://127.0.0.1:1",
        webchat_origins=[],
    )
    app = create_app(settings, embedder=LetterCounts())
    yield app
    await app.state.parts.rasa.close()
    await app.state.parts.db.close()
