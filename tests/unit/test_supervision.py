"""The program that stays of `staffel up`: told what to run without a word of it on its command line."""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic

import psutil
import pytest

from helpdesk.host.supervision import SupervisionPlan, read_plan
from helpdesk.host.supervisor import Program

ROOT = Path(__file__).parents[2]
WITHIN = 60.0  # seconds
SCRIPT = """
import os, sys
from pathlib import Path
from helpdesk.host.cli.up import only_one
from helpdesk.host.supervision import become_supervisor, read_plan
import numpy  # what the command line has imported goes

with only_one(Path(sys.argv[1])) as lock:
    become_supervisor(read_plan(sys.stdin.read()), Path.cwd(), keep=[lock])
"""


def make_plan(folder: Path, url: str = "http://127.0.0.1:1/readyz") -> SupervisionPlan:
    told = "import os, time; print('hello', os.environ['WHO'], flush=True); time.sleep(600)"
    program = Program(
        name="helpdesk", command=(sys.executable, "-c", told), folder=folder, environment={"WHO": "Ida Münster"}
    )
    return SupervisionPlan(
        programs=(program,), log_folder=folder / "log", ready_url=url, welcome="  First admin  secret-link", began=0.5
    )


def test_a_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    plan = make_plan(tmp_path)
    assert read_plan(plan.to_json()) == plan


class _Ready(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def ready_service() -> Iterator[str]:
    """The address of something that is ready."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Ready) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/readyz"
        server.shutdown()


def _wait_for(path: Path, *parts: str) -> str:
    ends = monotonic() + WITHIN
    while not all(part in path.read_text(encoding="utf-8") for part in parts):
        assert monotonic() < ends, path.read_text(encoding="utf-8")
        time.sleep(0.02)
    return path.read_text(encoding="utf-8")


def _is_locked(path: Path) -> bool:
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_command_line_becomes_a_small_supervisor_that_keeps_number_and_lock_and_tells_nobody_the_link(
    tmp_path: Path,
) -> None:
    out, lock = tmp_path / "out", tmp_path / "up.lock"
    with ready_service() as url, out.open("w", encoding="utf-8") as written:
        command = [sys.executable, "-c", SCRIPT, str(tmp_path)]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=written,
            stderr=written,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": ""},
        )
        try:
            assert process.stdin
            process.stdin.write(make_plan(tmp_path, url).to_json().encode())
            process.stdin.close()
            text = _wait_for(out, "hello Ida Münster", "secret-link")
            seen = psutil.Process(process.pid)
            assert "helpdesk.host.supervision" in seen.cmdline()
            assert not any("secret" in argument for argument in seen.cmdline())
            assert "numpy" not in Path(f"/proc/{process.pid}/maps").read_text(encoding="utf-8")
            assert _is_locked(lock)
            assert lock.read_text(encoding="utf-8") == str(process.pid)
            assert "helpdesk │ hello Ida Münster" in text
            assert "ready in " in text
        finally:
            process.terminate()
            process.wait(WITHIN)
    assert "Stopped." in out.read_text(encoding="utf-8")
    assert "secret-link" not in (tmp_path / "log" / "staffel.log").read_text(encoding="utf-8")
    assert not _is_locked(lock)
