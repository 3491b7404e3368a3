"""What the doctor says of providers that staff sign in with: a real one, and ones that answer in every wrong way."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from helpdesk.host.cli.checks import Check, CheckStatus
from helpdesk.host.cli.provider_probe import check_providers
from helpdesk.single_sign_on.definition import ProviderDefinition
from helpdesk.single_sign_on.group_rules import parse_rules
from helpdesk.single_sign_on.providers import ProviderStore
from store.db import Database
from store.settings import Settings
from tests.oidc_directory import CLIENT, SECRET, Directory, running_directory

KEY = "k" * 32


@pytest.fixture(scope="module")
def directory() -> Iterator[Directory]:
    with running_directory(["http://helpdesk.test/signin/with/x/back"], {}) as running:
        yield running


@asynccontextmanager
async def stub_provider(metadata: dict[str, Any], keys: dict[str, Any]) -> AsyncIterator[str]:
    """Its issuer; `ISSUER` in `metadata` stands for that."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = (await reader.readuntil(b"\r\n\r\n")).decode()
        body = json.dumps(keys if "/keys" in asked else metadata).replace("ISSUER", issuer)
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    issuer = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield issuer


def metadata(issuer: str = "ISSUER") -> dict[str, Any]:
    ends = {"authorization_endpoint": "auth", "token_endpoint": "token", "jwks_uri": "keys"}
    return {"issuer": issuer, **{name: f"ISSUER/{path}" for name, path in ends.items()}}


async def examine(
    db: Database, issuer: str, *, is_on: bool = True, key: str = KEY, hosts: str | None = None, passwords: str = "on"
) -> Check:
    """The first line about one provider that is entered."""
    providers = ProviderStore(db, KEY)
    definition = ProviderDefinition(name="Directory", issuer=issuer, client_id=CLIENT, rules=parse_rules("* = agent"))
    made = await providers.add(definition, SECRET, "Test")
    await providers.switch(made, is_on=is_on, by="Test")
    return (await check_providers(settings(db, key, issuer if hosts is None else hosts, passwords)))[0]


def settings(db: Database, key: str = KEY, hosts: str = "", passwords: str = "on") -> Settings:
    values = {"database_url": db.url, "secret_key": key, "password_sign_in": passwords}
    return Settings.model_validate({**values, "sign_in_hosts": hosts.removeprefix("http://")})


async def test_a_real_one_is_well(db: Database, directory: Directory) -> None:
    found = await examine(db, directory.issuer)
    assert (found.status, found.found) == (CheckStatus.OK, f"{directory.issuer} answers")
    assert SECRET not in str(found)


async def test_none_is_no_failure_unless_nobody_could_sign_in(db: Database, directory: Directory) -> None:
    (found,) = await check_providers(settings(db))
    assert found.status is CheckStatus.SKIPPED
    (found,) = await check_providers(settings(db, passwords="off"))
    assert (found.status, "staffel agent link" in found.remedy) == (CheckStatus.FAILED, True)
    found = await examine(db, directory.issuer, is_on=False, passwords="off")
    assert (found.status, "nobody can sign in" in found.found) == (CheckStatus.FAILED, True)


async def test_another_issuer_is_told_to_the_letter(db: Database) -> None:
    async with stub_provider(metadata("ISSUER/"), {"keys": []}) as issuer:
        found = await examine(db, issuer)
    assert (found.status, f"it calls itself {issuer}/" in found.found) == (CheckStatus.FAILED, True)
    assert "to the letter" in found.remedy


@pytest.mark.parametrize(
    "keys",
    [{}, {"keys": []}, {"keys": [{"kty": "RSA", "n": "?"}]}, {"keys": [{"kty": "oct", "use": "enc", "k": "AA"}]}],
)
async def test_keys_that_can_not_be_read_are_noticed(db: Database, keys: dict[str, Any]) -> None:
    async with stub_provider(metadata(), keys) as issuer:
        found = await examine(db, issuer)
    assert (found.status, "jwks_uri" in found.remedy) == (CheckStatus.FAILED, True), found


async def test_one_that_is_away_fails_if_it_is_on_and_is_noted_if_it_is_off(db: Database, unused_tcp_port: int) -> None:
    issuer = f"http://127.0.0.1:{unused_tcp_port}"
    found = await examine(db, issuer)
    assert (found.status, "host and port" in found.remedy) == (CheckStatus.FAILED, True), found
    (provider,) = await ProviderStore(db, KEY).list_all()
    await ProviderStore(db, KEY).switch(provider.id, is_on=False, by="Test")
    (found,) = await check_providers(settings(db, hosts=issuer))
    assert (found.status, "switched off" in found.found) == (CheckStatus.WARNING, True)


async def test_one_in_the_own_network_has_to_be_named(db: Database, directory: Directory) -> None:
    found = await examine(db, directory.issuer, hosts="")
    assert (found.status, "STAFFEL_SIGN_IN_HOSTS" in found.remedy) == (CheckStatus.FAILED, True), found


async def test_a_secret_of_another_key_is_noticed(db: Database, directory: Directory) -> None:
    found = await examine(db, directory.issuer, key="o" * 32)
    assert (found.status, "STAFFEL_SECRET_KEY" in found.remedy) == (CheckStatus.FAILED, True), found


async def test_a_database_that_can_not_be_asked_is_said(tmp_path: Any) -> None:
    (found,) = await check_providers(Settings.model_validate({"home": tmp_path, "secret_key": KEY}))
    assert found.status is CheckStatus.SKIPPED
    (tmp_path / "staffel.db").write_text("no database")
    (found,) = await check_providers(Settings.model_validate({"home": tmp_path, "secret_key": KEY}))
    assert (found.status, "can not be asked" in found.found) == (CheckStatus.SKIPPED, True)
