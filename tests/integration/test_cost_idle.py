"""What an installation that nobody uses costs the database, with a desk and a web chat open."""

import asyncio
import json
from collections import Counter
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect

from helpdesk.accounts.agents import add_agent
from helpdesk.accounts.sessions import Sessions
from helpdesk.app import AppComponents
from store.models import Role
from tests.chat_client import ChatClient
from tests.fakes.bot import FakeBot
from tests.integration.webchat_server import served
from tests.statements import sent_to

pytestmark = pytest.mark.slow

#: Longer than the slowest look that a part of an instance allows itself.
IDLE_SECONDS = 60.0
#: With a mail server, which nobody asks anything while no mail is due.
MAIL = {"smtp_url": "smtp://127.0.0.1:9", "mail_from": "support@example.com"}
#: What was begun by opening desk and chat has ended by then.
SETTLED_AFTER = 5.0


async def sign_in(parts: AppComponents) -> tuple[dict[str, str], str]:
    """The cookie of a new agent's browser, and the token of its pages."""
    agent = await add_agent(parts.db, "mia@example.org", "Mia", Role.AGENT)
    sessions = Sessions(parts.db)
    token = await sessions.start(agent.id)
    signed_in = await sessions.find(token)
    assert signed_in is not None
    return {"Cookie": f"staffel_agent={token}"}, signed_in.csrf_token


async def stay(desk: ClientConnection) -> None:
    """Answer as a page does that is asked whether it is still there."""
    async for frame in desk:
        if json.loads(frame)["type"] == "ask":
            await desk.send(json.dumps({"type": "present"}))


async def count_while_idle(home: Path, database_url: str) -> Counter[str]:
    """What an instance sends to its database in `IDLE_SECONDS` with a desk and a web chat open: statement to count."""
    async with served(home, database_url, bot=FakeBot(), **MAIL) as (parts, address):
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
            page = asyncio.create_task(stay(desk))
            await asyncio.sleep(SETTLED_AFTER)
            with sent_to(parts.db) as sent:
                await asyncio.sleep(IDLE_SECONDS)
            page.cancel()
    return sent


@pytest.mark.postgres
async def test_an_idle_instance_leaves_the_database_alone(tmp_path: Path, sqlite_url: str, postgres_url: str) -> None:
    """Both databases in one wait."""
    homes = {"SQLite": tmp_path / "sqlite", "PostgreSQL": tmp_path / "postgres"}
    for home in homes.values():
        home.mkdir()
    counts = await asyncio.gather(
        count_while_idle(homes["SQLite"], sqlite_url), count_while_idle(homes["PostgreSQL"], postgres_url)
    )
    for database, sent, most in zip(homes, counts, (1.0, 2.0), strict=True):
        a_second = sent.total() / IDLE_SECONDS
        print(f"idle on {database}: {a_second:.2f} statements a second")  # noqa: T201 - for docs/benchmarks.md
        assert 0 < a_second <= most, (database, sent.most_common())
