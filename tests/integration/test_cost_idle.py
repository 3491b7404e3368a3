"""What an installation that nobody uses costs the database, with a desk and a web chat open."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from websockets.asyncio.client import connect

from helpdesk.accounts.agents import add_agent
from helpdesk.accounts.sessions import Sessions
from helpdesk.app import AppComponents
from store.db import Database
from store.models import Role
from tests.chat_client import ChatClient
from tests.fakes.bot import FakeBot
from tests.integration.webchat_server import served

pytestmark = pytest.mark.slow

#: Longer than the slowest look that a part of an instance allows itself.
IDLE_SECONDS = 60.0
#: What was begun by opening desk and chat has ended by then.
SETTLED_AFTER = 5.0
FRAMES = ("BEGIN", "COMMIT", "ROLLBACK")


@contextmanager
def sent_to(db: Database) -> Iterator[Counter[str]]:
    """How often each statement goes to the database in the block, by how it begins."""
    sent: Counter[str] = Counter()
    engines = [each.sync_engine for each in {db._reader, db._writer}]

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(FRAMES):
            sent[" ".join(statement.split())[:100]] += 1

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield sent
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


async def sign_in(parts: AppComponents) -> tuple[dict[str, str], str]:
    """The cookie of a new agent's browser, and the token of its pages."""
    agent = await add_agent(parts.db, "mia@example.org", "Mia", Role.AGENT)
    sessions = Sessions(parts.db)
    token = await sessions.start(agent.id)
    signed_in = await sessions.find(token)
    assert signed_in is not None
    return {"Cookie": f"staffel_agent={token}"}, signed_in.csrf_token


async def test_an_idle_instance_leaves_the_database_alone(tmp_path: Path, database_url: str) -> None:
    async with served(tmp_path, database_url, bot=FakeBot()) as (parts, address):
        headers, csrf = await sign_in(parts)
        async with (
            ChatClient(f"ws://{address}/webchat/ws", f"http://{address}") as customer,
            connect(
                f"ws://{address}/desk/ws",
                origin=parts.settings.origin,  # type: ignore[arg-type]
                additional_headers=headers,
            ) as desk,
        ):
            await desk.send(json.dumps({"type": "hello", "csrf": csrf}))
            assert json.loads(await desk.recv()) == {"type": "ready"}
            await customer.until(lambda it: it.is_ready, "the welcome")
            await asyncio.sleep(SETTLED_AFTER)
            with sent_to(parts.db) as sent:
                await asyncio.sleep(IDLE_SECONDS)
    most = 1.0 if parts.db.is_sqlite else 2.0
    print(f"idle: {sent.total() / IDLE_SECONDS:.2f} statements a second")  # noqa: T201 - for docs/benchmarks.md
    assert 0 < sent.total() <= most * IDLE_SECONDS, sent.most_common()
