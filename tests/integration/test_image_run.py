"""What the image runs (`deploy/image/`), here from the clone: settings from files, migrations, health."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.services import free_port

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / "deploy" / "image" / "run.sh"


def run(home: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("STAFFEL_", "PG"))}
    return subprocess.run(
        [RUN, *words],
        env=env | {"STAFFEL_HOME": str(home)} | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_setting_may_be_a_files_content(tmp_path: Path) -> None:
    file = tmp_path / "database_url"
    file.write_text(f"sqlite+aiosqlite:///{tmp_path / 'elsewhere.db'}\n", encoding="utf-8")

    ran = run(tmp_path, "migrate", STAFFEL_DATABASE_URL_FILE=str(file))

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("The database has revision ")
    assert (tmp_path / "elsewhere.db").exists()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (
            {"STAFFEL_SECRET_KEY_FILE": "/nowhere/key"},
            "STAFFEL_SECRET_KEY_FILE names /nowhere/key, which can not be read.",
        ),
        (
            {"STAFFEL_SECRET_KEY": "a secret of ours", "STAFFEL_SECRET_KEY_FILE": "/nowhere/key"},
            "STAFFEL_SECRET_KEY and STAFFEL_SECRET_KEY_FILE are both set; only one of them can hold.",
        ),
    ],
)
def test_a_file_that_can_not_hold_is_told_without_the_secret(
    tmp_path: Path, settings: dict[str, str], told: str
) -> None:
    ran = run(tmp_path, "helpdesk", **settings)
    assert ran.returncode == 2
    assert ran.stderr == f"staffel: {told}\n"


@contextmanager
def answering(status: int) -> Iterator[tuple[int, list[tuple[str, str | None]]]]:
    """A server that answers everything with `status`; its port, and what it was asked with which secret."""
    asked: list[tuple[str, str | None]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers["X-Staffel-Secret"]))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b"the bot does not answer")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port, asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_health_asks_the_program_of_its_container(tmp_path: Path) -> None:
    with answering(200) as (port, asked):
        assert run(tmp_path, "health", STAFFEL_PORT=str(port)).returncode == 0
        bot = run(tmp_path, "health", "bot", STAFFEL_BOT_PORT=str(port), STAFFEL_BOT_SECRET="s" * 32)
        assert bot.returncode == 0
    assert asked == [("/healthz", None), ("/webhooks/staffel/health", "s" * 32)]


def test_who_is_not_well_is_told_with_the_reason(tmp_path: Path) -> None:
    with answering(503) as (port, _):
        ran = run(tmp_path, "health", "ready", STAFFEL_PORT=str(port))
    assert (ran.returncode, ran.stdout) == (1, "503: the bot does not answer\n")
    gone = run(tmp_path, "health", STAFFEL_PORT=str(free_port()))
    assert gone.returncode == 1
    assert "refused" in gone.stdout
