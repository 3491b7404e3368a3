"""A whole helpdesk while its PostgreSQL restarts: it says so, keeps what it has finished, and goes on by itself."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from time import monotonic

import httpx
import pytest
from starlette.applications import Starlette

from helpdesk.app import AppComponents, create_app
from helpdesk.privacy.erasure import erase_contact
from store.errors import Unavailable
from store.migrate import upgrade
from store.models import Conversation
from tests.fakes.bot import FakeBot
from tests.fakes.embedder import LetterCounts
from tests.harness import conversation_of, eventually, inbound_message, log_of, said_by, settings_for
from tests.services import PostgresCluster, private_postgres

RECOVERY_SECONDS = 5.0


@pytest.fixture
def cluster() -> Iterator[PostgresCluster]:
    """A PostgreSQL of this test's own, which it may restart."""
    with private_postgres() as started:
        yield started


@pytest.fixture
async def app(cluster: PostgresCluster, tmp_path: Path, bot: FakeBot) -> AsyncIterator[Starlette]:
    url = f"{cluster.server.base.replace('postgresql://', 'postgresql+asyncpg://')}/postgres"
    await asyncio.to_thread(upgrade, url)
    started = create_app(settings_for(tmp_path, url), embedder=LetterCounts(), rasa_transport=bot.transport())
    async with started.router.lifespan_context(started):
        yield started


@pytest.mark.postgres
async def test_f20_a_restart_under_a_turn_costs_neither_the_reply_nor_the_program(
    app: Starlette, cluster: PostgresCluster, bot: FakeBot
) -> None:
    parts: AppComponents = app.state.parts
    bot.wait = asyncio.Event()
    received = await parts.inbox.receive(inbound_message("Ist jemand da?"))
    await eventually(lambda: asked(bot), "the bot to be asked")

    await asyncio.to_thread(cluster.stop)
    with pytest.raises(Unavailable):
        await parts.inbox.receive(inbound_message("Und jetzt?", name="somebody else"))
    await assert_told_politely(app)
    bot.wait.set()
    await asyncio.sleep(1.0)  # the reply is finished, and nobody takes it
    await asyncio.to_thread(cluster.start)

    back = monotonic()
    await eventually(lambda: replied(parts, received.conversation_id), "the reply that was finished")
    assert monotonic() - back < RECOVERY_SECONDS
    assert len(bot.turns) == 1

    again = await parts.inbox.receive(inbound_message("Und jetzt?", name="somebody else"))
    await eventually(lambda: replied(parts, again.conversation_id), "everything to go on")


async def asked(bot: FakeBot) -> bool:
    return bool(bot.turns)


async def replied(parts: AppComponents, conversation_id: str) -> bool:
    try:
        return len(await said_by(parts, conversation_id, "bot")) > 1  # after the greeting
    except Unavailable:
        return False


async def assert_told_politely(app: Starlette) -> None:
    """Over HTTP it is 503, with a time after which to ask again."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8000") as client:
        told = await client.get("/api/v1/conversations", headers={"authorization": "Bearer st_0123456789abcdef"})
    assert told.status_code == 503
    assert int(told.headers["retry-after"]) >= 1


async def test_a_conversation_that_is_erased_during_its_turn_is_let_go_without_a_word(
    parts: AppComponents, bot: FakeBot, capsys: pytest.CaptureFixture[str]
) -> None:
    bot.wait = asyncio.Event()
    received = await parts.inbox.receive(inbound_message("Vergesst mich bitte."))
    await eventually(lambda: asked(bot), "the bot to be asked")
    conversation = await conversation_of(parts, received.conversation_id)
    await erase_contact(parts.db, conversation.contact_id)
    bot.wait.set()

    other = await parts.inbox.receive(inbound_message("Und ich?", name="somebody else"))
    await eventually(lambda: replied(parts, other.conversation_id), "the others to be answered")
    async with parts.db.read() as session:
        assert await session.get(Conversation, received.conversation_id) is None
    assert await log_of(parts, received.conversation_id) == []
    assert "broke" not in capsys.readouterr().err
