"""The services that tests lean on do what the fixtures promise."""

from pathlib import Path

import asyncpg
import pytest
import redis
from playwright.async_api import Browser
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests import services


async def test_each_test_gets_an_empty_database(database_url: str) -> None:
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE only_mine (id INTEGER)"))
        assert (await connection.execute(text("SELECT count(*) FROM only_mine"))).scalar_one() == 0
    await engine.dispose()


async def test_a_database_is_gone_after_its_test(postgres_server: services.PostgresServer) -> None:
    with postgres_server.database() as url:
        name = url.rsplit("/", 1)[1]
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await asyncpg.connect(f"{postgres_server.base}/{name}")


async def test_a_postgres_of_our_own_starts_when_none_is_running() -> None:
    with services.private_postgres() as cluster, cluster.server.database() as url:
        assert url.startswith("postgresql+asyncpg://postgres@127.0.0.1:")
        connection = await asyncpg.connect(url.replace("+asyncpg", ""))
        assert await connection.fetchval("SHOW server_encoding") == "UTF8"
        await connection.close()


@pytest.mark.redis
def test_redis_is_empty_when_a_test_begins(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("left", "behind")


@pytest.mark.browser
async def test_the_browser_shows_a_page(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<title>Guten Tag</title>", encoding="utf-8")
    page = await browser.new_page()
    await page.goto((tmp_path / "page.html").as_uri())
    assert await page.title() == "Guten Tag"


def test_a_missing_service_is_skipped_on_a_laptop_and_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="Teapot is not on this machine"):
        services.missing("Teapot", "Buy one.")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="Buy one"):
        services.missing("Teapot", "Buy one.")
