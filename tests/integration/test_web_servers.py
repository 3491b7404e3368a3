"""Caddy and nginx in front of helpdesk, as `deploy/` has them: only addresses are others here, and TLS is left out."""

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from store.models import Throttle
from tests.integration.identity_site import CustomerBrowser
from tests.integration.webchat_server import served
from tests.services import free_port, missing, wait_until

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
PATHS = "/usr/sbin:/usr/bin:/usr/local/bin"

type Start = Callable[[Path, int, str], tuple[list[str], dict[str, str]]]


def caddy(home: Path, port: int, upstream: str) -> tuple[list[str], dict[str, str]]:
    """How Caddy is started."""
    environment = {
        "STAFFEL_HOSTNAME": f"http://127.0.0.1:{port}",
        "STAFFEL_UPSTREAM": upstream,
        "CADDY_ADMIN": f"127.0.0.1:{free_port()}",
        "HOME": str(home),
        "XDG_DATA_HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
    }
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")], environment


def nginx(home: Path, port: int, upstream: str) -> tuple[list[str], dict[str, str]]:
    """How nginx is started."""
    server = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    server = re.sub(r"\n\s*(listen \[::\]|ssl_).*", "", server).replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    server = server.replace("127.0.0.1:8765", upstream)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "".join(f"{kind}_temp_path {home}/{kind};\n" for kind in kinds)
    file = home / "nginx.conf"
    user = "user root;\n" if os.getuid() == 0 else ""
    file.write_text(
        f"{user}pid {home}/pid;\nerror_log {home}/error;\ndaemon off;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{folders}{server}\n}}\n",
        encoding="utf-8",
    )
    return ["nginx", "-c", str(file), "-e", f"{home}/error"], {}


@asynccontextmanager
async def running(start: Start, home: Path, port: int, upstream: str) -> AsyncIterator[None]:
    """A web server on `port` that passes on to `upstream`."""
    arguments, environment = start(home, port, upstream)
    program = shutil.which(arguments[0], path=PATHS)
    if program is None:
        missing(arguments[0], f"Install it (Debian, Ubuntu: apt install {arguments[0]}).")
    process = await asyncio.create_subprocess_exec(
        program, *arguments[1:], env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        await asyncio.to_thread(wait_until, lambda: answers(port), arguments[0])
        yield
    finally:
        process.terminate()
        await process.wait()


def answers(port: int) -> bool:
    """Whether helpdesk is reached through it."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.mark.sqlite_only
@pytest.mark.parametrize("start", [caddy, nginx])
async def test_behind_a_web_server_the_chat_works_and_nobody_is_somebody_else(
    tmp_path: Path, sqlite_url: str, start: Start
) -> None:
    port = free_port()
    home = tmp_path / "web"
    home.mkdir()
    origin = f"http://127.0.0.1:{port}"
    async with served(tmp_path, sqlite_url, public_url=origin, trusted_proxies=["127.0.0.1"]) as (parts, address):
        async with running(start, home, port, address):
            async with CustomerBrowser(f"127.0.0.1:{port}").open() as page:
                await page.say("Guten Tag")
                await page.until("message")
            async with httpx.AsyncClient(base_url=origin, timeout=30) as client:
                for path in ("/internal/actions/webhook", "/metrics", "/internal/"):
                    assert (await client.get(path)).status_code == 404, path
                form = await client.get("/signin")
                assert form.headers["cache-control"] == "no-store"
                token = re.search(r'name="csrf" value="([^"]+)"', form.text)
                assert token
                claimed = {"x-forwarded-for": "192.0.2.1", "origin": origin}
                fields = {"csrf": token[1], "email": "x@example.org", "password": "wrong"}
                await client.post("/signin", data=fields, headers=claimed)
                too_large = await client.post("/webchat/files", content=b"x" * 22_100_000)
                assert too_large.status_code == 413
        async with parts.db.read() as session:
            keys = list(await session.scalars(select(Throttle.key)))
    assert "signin:address:127.0.0.1" in keys
    assert not any("192.0.2.1" in key for key in keys)


def test_the_service_is_closed_off_and_runs_what_is_there() -> None:
    unit = (DEPLOY / "staffel.service").read_text(encoding="utf-8")
    lines = set(unit.splitlines())
    assert {"NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes", "User=staffel", "UMask=0077"} <= lines
    command = next(line for line in lines if line.startswith("ExecStart="))
    assert command.split()[0].endswith("/staffel")
    assert (DEPLOY.parent / "staffel").exists()
