"""The checks of `staffel doctor` that ask another program: database, Redis, helpdesk and the bot."""

import asyncio
from datetime import UTC, datetime

import httpx
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from helpdesk.host import ports
from helpdesk.host.cli.checks import Check, failed, ok, skipped, warning
from helpdesk.host.cli.programs import ListenAddresses
from store.settings import Settings

SECONDS = 5.0
MAX_SKEW = 2.0  # seconds between our clock and the database's


async def check_database(chosen: Settings, head: str | None) -> Check:
    """Reachable, and at the revision that this code is written for."""
    kind = make_url(chosen.database).get_backend_name()
    if not chosen.database_url and not (chosen.home / "staffel.db").exists():
        return skipped("database", "not made yet; ./staffel up makes it")
    try:
        async with asyncio.timeout(SECONDS):
            revision = await _revision(chosen.database)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        return failed("database", f"{kind} can not be used ({type(error).__name__})", "Check STAFFEL_DATABASE_URL.")
    if revision != head:
        found = f"{kind}, revision {revision or 'none'}, but this code needs {head or 'none'}"
        return failed("database", found, "./staffel up brings it up to date.")
    return ok("database", f"{kind}, revision {revision}")


async def _revision(url: str) -> str | None:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            revision: str | None = await connection.scalar(text("SELECT version_num FROM alembic_version"))
            return revision
    finally:
        await engine.dispose()


async def check_database_clock(chosen: Settings) -> Check:
    """With PostgreSQL two clocks are at work; leases and sessions need them to agree."""
    if make_url(chosen.database).get_backend_name() == "sqlite":
        return skipped("database clock", "the same machine")
    engine = create_async_engine(chosen.database)
    try:
        async with asyncio.timeout(SECONDS), engine.connect() as connection:
            theirs: datetime = (await connection.execute(text("SELECT clock_timestamp()"))).scalar_one()
    except (SQLAlchemyError, OSError, TimeoutError):
        return skipped("database clock", "the database can not be asked")
    finally:
        await engine.dispose()
    skew = abs((datetime.now(UTC) - theirs).total_seconds())
    if skew > MAX_SKEW:
        return warning("database clock", f"{skew:.1f} s apart from ours", "Let both machines follow a time server.")
    return ok("database clock", f"{skew:.1f} s apart from ours")


async def check_redis(chosen: Settings) -> Check:
    """Only used by several instances."""
    if not chosen.redis_url:
        return skipped("redis", "not configured; one instance needs none")
    try:
        async with asyncio.timeout(SECONDS), Redis.from_url(chosen.redis_url) as client:
            await client.exists("staffel")
    except (RedisError, OSError, TimeoutError, ValueError) as error:
        return failed("redis", f"can not be reached ({type(error).__name__})", "Check STAFFEL_REDIS_URL.")
    return ok("redis", "answers")


async def check_helpdesk(place: ListenAddresses) -> Check:
    """Running and ready, or its port free."""
    url = f"{place.helpdesk_url}/readyz"
    try:
        async with httpx.AsyncClient(timeout=SECONDS, trust_env=False) as client:
            response = await client.get(url)
    except httpx.HTTPError:
        return _check_port(place)
    if response.status_code == httpx.codes.OK:
        return ok("helpdesk", f"ready on port {place.port}")
    return failed("helpdesk", f"answers {response.status_code} to /readyz: {response.text[:300]}", "See the log.")


def _check_port(place: ListenAddresses) -> Check:
    try:
        free = ports.is_free(place.host, place.port)
    except OSError as error:
        return failed("helpdesk", f"can not listen on {place.host} ({error.strerror})", "Check STAFFEL_HOST.")
    if free:
        return skipped("helpdesk", f"not running; port {place.port} is free")
    remedy = "Stop that program or choose another port with STAFFEL_PORT."
    return failed("helpdesk", f"port {place.port} is taken by something that is not helpdesk", remedy)


async def check_bot(place: ListenAddresses, secret: str) -> Check:
    """Running with the model and the tracker store that it should have."""
    try:
        async with httpx.AsyncClient(timeout=SECONDS, trust_env=False) as client:
            url = f"{place.rasa_url.rstrip('/')}/webhooks/staffel/health"
            response = await client.get(url, headers={"X-Staffel-Secret": secret})
    except httpx.HTTPError:
        return _check_bot_port(place)
    if response.status_code == httpx.codes.FORBIDDEN:
        return failed("bot", "refuses our secret", "Give helpdesk and bot the same STAFFEL_BOT_SECRET.")
    if response.status_code != httpx.codes.OK:
        return failed("bot", f"answers {response.status_code}: {response.text[:300]}", "See the log.")
    return ok("bot", f"answers at {place.rasa_url}")


def _check_bot_port(place: ListenAddresses) -> Check:
    if place.bot_port is None:
        return failed("bot", f"does not answer at {place.rasa_url}", "Start it there, or check STAFFEL_RASA_URL.")
    if ports.is_free("127.0.0.1", place.bot_port):
        return skipped("bot", f"not running; port {place.bot_port} is free")
    remedy = "Stop that program or choose another port with STAFFEL_BOT_PORT."
    return failed("bot", f"port {place.bot_port} is taken by something that is not the bot", remedy)
