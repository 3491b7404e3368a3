"""The sample's import is a process of its own, which must not outlive the one that started it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services import wait_until

ROOT = Path(__file__).parents[2]
LOAD = "import sys; from pathlib import Path; from helpdesk.host.cli.sample import load; load(*map(Path, sys.argv[1:]))"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="children are looked up under /proc")


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_over(pid: int) -> bool:
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return True


def test_ended_while_it_imports_it_leaves_no_import_behind(tmp_path: Path) -> None:
    env = {**os.environ, "STAFFEL_HOME": str(tmp_path)}
    command = [sys.executable, "-P", "-c", LOAD, str(ROOT / "data/faq/shop.jsonl"), str(ROOT)]
    with subprocess.Popen(command, env={**env, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE) as starting:
        wait_until(lambda: bool(children_of(starting.pid)), "the import")
        [importing] = children_of(starting.pid)
        starting.send_signal(signal.SIGTERM)
        _, said = starting.communicate(timeout=60)
    assert starting.returncode != 0
    assert b"could not be loaded" in said
    wait_until(lambda: is_over(importing), "the end of the import")
