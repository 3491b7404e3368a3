"""The canary: a word of its own goes in by every way, its person is erased, and then every byte is searched.

The channels' lines come as their connectors hand them in, the API's over HTTP. What is printed is what a data
protection officer asks for: which ways in, which pages, how many bytes (`pytest -s`). What an operator of PostgreSQL
has to set is told in docs/privacy.md; the cluster here is set so.
"""

import re
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from redis import Redis
from redis.client import PubSub
from sqlalchemy import select
from starlette.applications import Starlette

from helpdesk.accounts.agents import add_agent
from helpdesk.app import AppComponents, create_app
from helpdesk.privacy.erasure_requests import Erasures
from helpdesk.privacy.export import export_contact
from helpdesk.privacy.personal_data import PERSONAL_DATA
from helpdesk.privacy.traces import TO_CLEAN
from store.migrate import upgrade
from store.models import AgentSession, Contact, Meta, Role, StoredFile
from store.settings import Settings
from tests.fakes.bot import FakeBot
from tests.fakes.embedder import LetterCounts
from tests.fakes.s3 import BUCKET, bucket_client, s3_server
from tests.harness import eventually, settings_for
from tests.integration.canary import (
    CANARY,
    CanaryReport,
    columns_with_canary,
    look_everywhere,
    search_files,
    write_everywhere,
)
from tests.integration.staff import ORIGIN, PASSWORD
from tests.services import PostgresCluster, private_redis

#: What docs/privacy.md asks of who runs PostgreSQL, and a log of its own to look into.
POSTGRES_OPTIONS = {"wal_recycle": "off", "logging_collector": "on"}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The helpdesk cleans by itself, and tries again sooner than it would."""
    monkeypatch.setattr("helpdesk.privacy.retention.AGAIN_AFTER", 0.2)


@pytest.mark.timeout(240)
async def test_no_byte_of_an_erased_person_is_left(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    home, report = tmp_path / "home", CanaryReport()
    home.mkdir()
    settings = settings_for(home, f"sqlite+aiosqlite:///{home / 'staffel.db'}", public_url=ORIGIN)
    async with lived(settings, report) as erase:
        assert search_files(home, CanaryReport()), "files hold it before"
        await erase()
        assert search_files(home, report, "SQLite") == []
    assert search_files(home, CanaryReport()) == [], "nor after the end of the program"
    tell(report, capfd)


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.timeout(240)
async def test_no_byte_is_left_on_a_server_with_postgres_redis_and_a_bucket(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    report, redis_home = CanaryReport(), tmp_path / "redis"
    redis_home.mkdir()
    with postgres() as (folder, url), private_redis(redis_home) as (redis_url, _), s3_server() as files_url:
        with overheard(redis_url) as heard:
            settings = settings_for(tmp_path, url, public_url=ORIGIN, redis_url=redis_url, files_url=files_url)
            async with lived(settings, report) as erase:
                await run_as_operator(url, "ANALYZE", "CHECKPOINT")
                held = {Path(name).parts[1] for name in search_files(folder, CanaryReport())}
                assert held >= {"base", "pg_wal"}, "tables and log hold it before"
                assert search_bucket(files_url, CanaryReport()), "and so does the bucket"
                await erase()
                assert await named(url, search_files(folder, report, "PostgreSQL")) == []
                assert search_bucket(files_url, report) == []
            hints = heard.read_all()
        assert hints, "instances tell each other something"
        assert not report.searched("hints in Redis", hints)
        assert search_files(redis_home, report, "Redis") == []
        with Redis.from_url(redis_url) as redis:
            assert list(redis.scan_iter("*")) == [], "Redis keeps nothing"
    tell(report, capfd)


@asynccontextmanager
async def lived(settings: Settings, report: CanaryReport) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """A helpdesk in which the canary stands everywhere; what is yielded erases its person, and looks on every page."""
    bot = FakeBot()
    app: Starlette = create_app(settings, embedder=LetterCounts(), rasa_transport=bot.transport())
    async with app.router.lifespan_context(app):
        parts: AppComponents = app.state.parts
        await add_agent(parts.db, "ada@example.org", "Ada", Role.ADMIN, password=PASSWORD)
        talks = await write_everywhere(app, report)
        async with parts.db.read() as session:
            contacts = list(await session.scalars(select(Contact.id).order_by(Contact.number)))
        assert len((await export_contact(parts.db, contacts[0]))["conversations"]) == len(talks)
        assert await look_everywhere(app, talks[:1], CanaryReport(), first=True), "pages show it before"

        async def forgotten() -> bool:
            return set(bot.forgotten) >= set(talks)

        async def emptied() -> bool:
            async with parts.db.read() as session:
                waiting = await session.scalar(select(Meta.key).where(Meta.key.startswith(TO_CLEAN)).limit(1))
                files = await session.scalar(select(StoredFile.key).limit(1))
            return not waiting and not files

        async def erase() -> None:
            receipt = await Erasures(parts.db).ask(contacts[0], "ada@example.org", reference="Brief 17")
            assert receipt.rows["conversations"] == len(talks)
            assert await columns_with_canary(parts) == []
            assert await look_everywhere(app, [talks[0], contacts[0]], report) == []
            await eventually(forgotten, "the bot to forget")
            await eventually(emptied, "the helpdesk to clean its files")

        yield erase


@contextmanager
def postgres() -> Iterator[tuple[Path, str]]:
    """A cluster of this test's own, set as docs/privacy.md says: its folder, and a database with our tables."""
    with tempfile.TemporaryDirectory(prefix="staffel-postgres-") as folder:
        cluster = PostgresCluster(folder)
        cluster.create()
        cluster.start(**POSTGRES_OPTIONS)
        try:
            with cluster.server.database() as url, ThreadPoolExecutor(1) as pool:
                pool.submit(upgrade, url).result()
                yield Path(folder), url
        finally:
            cluster.stop()


async def run_as_operator(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def named(url: str, files: list[str]) -> list[str]:
    """The files, those of tables and indexes by name."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        rows = await connection.fetch(
            "SELECT pg_relation_filepath(oid) AS path, oid::regclass::text AS name FROM pg_class"
        )
    finally:
        await connection.close()
    names = {f"data/{row['path']}": row["name"] for row in rows}
    return [names.get(file, file) for file in files]


def search_bucket(url: str, report: CanaryReport) -> list[str]:
    """The objects that hold it."""
    client = bucket_client(urlsplit(url).port or 0)
    found = client.list_objects_v2(Bucket=BUCKET).get("Contents", ())
    contents = {each["Key"]: client.get_object(Bucket=BUCKET, Key=each["Key"])["Body"].read() for each in found}
    return [key for key, content in contents.items() if report.searched("bucket", key.encode() + content)]


@dataclass(slots=True)
class Overheard:
    """Everything that was published on a Redis."""

    listener: PubSub
    messages: list[bytes] = field(default_factory=list)

    def read_all(self) -> bytes:
        """All of it, until there is no more."""
        while message := self.listener.get_message(ignore_subscribe_messages=True, timeout=0.1):
            self.messages.append(message["channel"] + message["data"])
        return b"\n".join(self.messages)


@contextmanager
def overheard(url: str) -> Iterator[Overheard]:
    """Listen on every channel; what was said can be read afterwards."""
    with Redis.from_url(url) as redis, redis.pubsub() as listener:
        listener.psubscribe("*")
        assert listener.get_message(timeout=30), "that Redis has understood"
        yield Overheard(listener)


def tell(report: CanaryReport, capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing stands in the log either; the report is what these tests are asked for."""
    logged = capfd.readouterr()
    assert not report.searched("log", (logged.out + logged.err).encode())
    with capfd.disabled():
        print(f"\n{report}")  # noqa: T201


def test_the_canary_is_one_word() -> None:
    assert re.fullmatch(r"\w+", CANARY)
    assert AgentSession.__tablename__ in PERSONAL_DATA
