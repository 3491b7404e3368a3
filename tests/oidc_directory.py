"""A real OpenID Connect provider on this machine, and a browser's way through it."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from tests.services import free_port, missing, wait_until

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "tests/fakes/oidc_provider.mjs"
CLIENT = "staffel"
SECRET = "s" * 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """The provider: its issuer, which is its address, too."""

    issuer: str

    @property
    def host(self) -> str:
        """As a setting names it."""
        return urlsplit(self.issuer).netloc

    async def sign_in(self, address: str, login: str, browser: httpx.AsyncClient | None = None) -> str:
        """Go to `address` as a browser does, give the name, and return the address that it is sent back to."""
        async with browser or httpx.AsyncClient(trust_env=False) as web:
            response = await web.get(address)
            while True:
                if response.status_code == 200:
                    response = await web.post(response.url, data={"login": login})
                assert response.is_redirect, response.text
                address = urljoin(str(response.url), response.headers["location"])
                if not address.startswith(self.issuer):
                    return address
                response = await web.get(address)


@contextmanager
def running_directory(redirects: list[str], people: Mapping[str, Mapping[str, Any]]) -> Iterator[Directory]:
    """A provider that knows these people, and one client of these addresses."""
    if shutil.which("node") is None or not (ROOT / "node_modules/oidc-provider").exists():
        missing("oidc-provider", "Install the tools of the browser scripts with: make setup")
    port = free_port()
    client = {
        "client_id": CLIENT,
        "client_secret": SECRET,
        "redirect_uris": redirects,
        "post_logout_redirect_uris": [re.sub(r"/signin/.*", "/signin", one) for one in redirects],
    }
    options = json.dumps({"clients": [client], "people": people})
    process = subprocess.Popen(
        ["node", str(SCRIPT), str(port), options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    issuer = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: process.poll() is not None or _answers(issuer), "the provider")
        assert process.poll() is None, process.communicate()[0].decode()
        yield Directory(issuer=issuer)
    finally:
        process.terminate()
        process.wait(10)
        if process.stdout:
            process.stdout.close()


def _answers(issuer: str) -> bool:
    try:
        return httpx.get(f"{issuer}/.well-known/openid-configuration", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False
