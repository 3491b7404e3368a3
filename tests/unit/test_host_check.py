"""Which names are answered to, and that a start behind a proxy without a trusted one is refused."""

from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from helpdesk.host.cli import checks
from helpdesk.host.cli.checks import CheckStatus
from helpdesk.web.shared.host_check import guard_host, host_name
from store.settings import Settings


async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})


async def reached(
    *hosts: str,
    path: str = "/desk",
    kind: str = "http",
    origin: str = "https://help.example.org",
    host: str = "127.0.0.1",
) -> Any:
    """The status of an answer, or the code that a socket is closed with."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    headers = [(b"host", each.encode()) for each in hosts]
    scope = {"type": kind, "path": path, "headers": headers, "method": "GET"}
    await guard_host(app, origin=origin, host=host)(scope, receive, send)
    return sent[0].get("status") or sent[0].get("code")


@pytest.mark.parametrize(
    "host",
    ["help.example.org", "HELP.example.org.", "help.example.org:443", "localhost:8765", "127.0.0.1:8765", "[::1]:8765"],
)
async def test_our_own_names_are_answered_to(host: str) -> None:
    assert await reached(host) == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "help.example.org.evil.example", "help.example.org@evil.example", "10.0.0.7", "[::", "", "a b"],
)
async def test_others_reach_nothing_but_what_machines_ask(host: str) -> None:
    assert await reached(host) == 421
    assert await reached(host, kind="websocket", path="/webchat/ws") == 4403
    assert await reached(host, path="/healthz") == 200
    assert await reached(host, path="/internal/actions/webhook") == 200


async def test_whoever_listens_everywhere_is_reached_by_its_numbers_and_its_public_name() -> None:
    everywhere = {"origin": "http://chat.example:8765", "host": "0.0.0.0"}  # noqa: S104 - only compared
    assert await reached("10.0.0.7:8765", **everywhere) == 200
    assert await reached("chat.example:8765", **everywhere) == 200
    assert await reached("evil.example", **everywhere) == 421


async def test_two_hosts_and_none_are_not_ours() -> None:
    assert await reached("help.example.org", "evil.example") == 421
    assert await reached() == 421
    assert host_name("[::1]:80") == "::1"


@pytest.mark.parametrize(
    ("public_url", "proxies", "starts"),
    [("https://help.example.org", [], False), ("https://help.example.org", ["127.0.0.1"], True), ("", [], True)],
)
def test_behind_a_proxy_one_is_named(public_url: str, proxies: list[str], starts: bool) -> None:
    settings = Settings(public_url=public_url, trusted_proxies=proxies)

    assert (settings.proxy_problem == "") is starts
    found = checks.check_address(settings.origin, settings.proxy_problem)
    assert found.status is (CheckStatus.OK if starts else CheckStatus.FAILED)
    assert starts or "STAFFEL_TRUSTED_PROXIES" in found.remedy
