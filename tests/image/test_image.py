"""The main line on containers of the image: two instances of helpdesk, the bot, PostgreSQL, Redis, Caddy.

Runs where STAFFEL_TEST_IMAGE names the folder of the image's files, which `make image` does.
"""

import os
import re
import secrets
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.people import PATIENCE, ChatCustomer, Staff
from tests.image.containers import RUN, STOP_WITHIN, Image, memory_of
from tests.integration.test_web_servers import answers
from tests.integration.test_web_servers import caddy as caddy_before
from tests.services import PostgresServer, free_port, wait_until

DATA = Path(__file__).resolve().parents[2] / "data" / "faq"
ROOT = os.environ.get("STAFFEL_TEST_IMAGE", "")
pytestmark = [
    pytest.mark.skipif(not ROOT, reason="STAFFEL_TEST_IMAGE is not set; `make image` builds the image and sets it"),
    pytest.mark.postgres,
    pytest.mark.redis,
    pytest.mark.bot,
    pytest.mark.slow,
    pytest.mark.timeout(900),
]


@pytest.fixture(scope="module")
def image(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer, redis_server: str
) -> Iterator[Image]:
    """The image with settings; the database is there and empty."""
    ports = {name: free_port() for name in ("bot", "caddy")}
    with postgres_server.database() as url:
        yield Image(
            root=Path(ROOT).resolve(),
            settings={
                "STAFFEL_DATABASE_URL": url,
                "STAFFEL_REDIS_URL": redis_server,
                "STAFFEL_PUBLIC_URL": f"http://127.0.0.1:{ports['caddy']}",
                "STAFFEL_TRUSTED_PROXIES": "127.0.0.1",
                "STAFFEL_RASA_URL": f"http://127.0.0.1:{ports['bot']}",
                "STAFFEL_BOT_PORT": str(ports["bot"]),
                "STAFFEL_SECRET_KEY_FILE": "/var/lib/staffel/secret_key",
                "STAFFEL_BOT_SECRET_FILE": "/var/lib/staffel/bot_secret",
            },
        )


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Home folders by name, with the secrets that all containers share as files."""
    folder = tmp_path_factory.mktemp("containers")
    folder.chmod(0o755)
    shared = {name: secrets.token_urlsafe(32) for name in ("secret_key", "bot_secret")}

    def make(name: str) -> Path:
        home = folder / name
        home.mkdir(exist_ok=True)
        for secret, value in shared.items():
            (home / secret).write_text(f"{value}\n", encoding="ascii")
            (home / secret).chmod(0o444)
        return home

    return make


def test_nobody_can_write_to_the_root_or_become_more(image: Image, homes: Callable[[str], Path]) -> None:
    rights = "id -u; grep -E 'NoNewPrivs|CapEff|CapBnd' /proc/self/status"
    tried = f"{rights}; touch /opt/staffel/x /etc/x /var/x || echo refused"
    ran = subprocess.run(
        image.command(homes("shell"), "sh", "-c", tried), capture_output=True, text=True, check=True, timeout=60
    )
    assert ran.stdout.split() == [
        "12345", "CapEff:", "0" * 16, "CapBnd:", "0" * 16, "NoNewPrivs:", "1", "refused",
    ]  # fmt: skip
    assert ran.stderr.count("Read-only file system") == 3


def test_what_is_set_twice_or_can_not_be_read_is_told(image: Image, homes: Callable[[str], Path]) -> None:
    for settings, told in (
        ({"STAFFEL_SECRET_KEY": "x" * 32}, "STAFFEL_SECRET_KEY and STAFFEL_SECRET_KEY_FILE are both set"),
        ({"STAFFEL_BOT_SECRET_FILE": "/nowhere"}, "STAFFEL_BOT_SECRET_FILE names /nowhere, which can not be read"),
    ):
        command = image.command(homes("shell"), RUN, "helpdesk", **settings)
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert ran.returncode == 2
        assert told in ran.stderr


@contextmanager
def caddy(origin: str, upstreams: str, home: Path) -> Iterator[None]:
    """Caddy with `deploy/Caddyfile` before all instances."""
    port = int(origin.rpartition(":")[2])
    arguments, environment = caddy_before(home, port, upstreams)
    process = subprocess.Popen(
        arguments, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: answers(port), "Caddy")
        yield
    finally:
        process.terminate()
        process.wait(STOP_WITHIN)


def few_articles() -> list[str]:
    """Lines of the sample shop: where a parcel is, and some to take it for. All of them are embedded for a minute."""
    lines = (DATA / "shop.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    return [line for line in lines if "Sendungsverfolgung" in line][:2] + lines[:3]


@pytest.fixture(scope="module")
def installation(
    image: Image, homes: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Everything at work, as compose.yaml has it; its processes by name."""
    assert "The database has revision" in image.run(homes("migrate"), "migrate")
    (homes("migrate") / "articles.jsonl").write_text("".join(few_articles()), encoding="utf-8")
    image.run(homes("migrate"), "knowledge", "import", "/var/lib/staffel/articles.jsonl")
    ports = [free_port(), free_port()]
    with ExitStack() as stack:
        actions = f"http://127.0.0.1:{ports[0]}/internal/actions/webhook"
        found = {"bot": stack.enter_context(image.running(homes("bot"), "bot", STAFFEL_ACTIONS_URL=actions))}
        for number, port in enumerate(ports, 1):
            name = f"helpdesk-{number}"
            found[name] = stack.enter_context(image.running(homes(name), "helpdesk", STAFFEL_PORT=str(port)))
        upstreams = " ".join(f"127.0.0.1:{port}" for port in ports)
        stack.enter_context(caddy(image.settings["STAFFEL_PUBLIC_URL"], upstreams, tmp_path_factory.mktemp("caddy")))
        yield found


@pytest.mark.browser
async def test_a_customer_asks_and_a_person_answers(
    image: Image,
    homes: Callable[[str], Path],
    installation: dict[str, subprocess.Popen[bytes]],
    browser: Browser,
) -> None:
    customer = await ChatCustomer.arrive(browser, image.settings["STAFFEL_PUBLIC_URL"])
    await customer.write("wo bleibt mein paket")
    await customer.sees(re.compile("Sendungsverfolgung"))

    told = image.run(homes("migrate"), "agent", "link", "--first-admin")
    agent = await Staff.join(browser, told.split()[-1])
    await customer.write("ich will mit einem menschen sprechen")
    await customer.sees(re.compile("an 1. Stelle"))
    await agent.open_first()
    await agent.do("accept")
    await customer.sees("Mia Weber ist jetzt für Sie da")
    await agent.answer("Guten Tag, ich bin Mia.")
    await customer.sees("ich bin Mia.")

    memory = {name: memory_of(process) for name, process in installation.items()}
    print(f"\nmegabytes after the main line: {memory}")  # noqa: T201 - what the limits of compose.yaml and the chart rest on
    assert max(memory.values()) < 1024

    installation["helpdesk-1"].terminate()
    installation["helpdesk-1"].wait(45)
    await customer.write("sind sie noch da?")
    await expect(agent.page.locator("#lines")).to_contain_text("sind sie noch da?", timeout=PATIENCE)
    await agent.answer("Ja, natürlich.")
    await customer.sees("Ja, natürlich.")
