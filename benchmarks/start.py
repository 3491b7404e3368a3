"""How long a start takes, and what it costs: helpdesk alone, and the whole installation with the bot.

`python -m benchmarks start [--runs 3] [--helpdesk]` makes a home with the sample shop, starts what it measures once so
that caches are warm, then `--runs` times more, and prints the median of each. Wall time runs until `/healthz` of
helpdesk answers, or `/readyz` with the bot; processor time and memory are read in that moment, over all processes, and
memory once more when the start has settled. Memory is PSS: pages that processes share count once. A busy machine makes
the wall times longer, so its load stands above the table.
"""

import argparse
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import httpx
import psutil

from helpdesk.app.background import SETTLED_SECONDS
from helpdesk.host import ports

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "data" / "faq" / "shop.jsonl"
CLI = (sys.executable, "-P", "-m", "helpdesk.host.cli")
HELPDESK = (sys.executable, "-P", "-m", "helpdesk.server")
PATIENCE = 600.0  # seconds; the first start of all trains the bot
LOOK_EVERY = 0.05
QUIET_SECONDS, QUIET_PROCESSOR = 10.0, 0.5  # embedding and learning are over when so little is used in such a time


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCost:
    """What one start took, in seconds and megabytes."""

    wall: float
    processor: float
    memory: float
    settled: float
    """Memory some seconds later."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3, help="starts that are measured, after one that isn't")
    parser.add_argument("--helpdesk", action="store_true", help="leave out the whole installation")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="staffel-start-") as home:
        environment = _environment(Path(home))
        subprocess.run([*CLI, "knowledge", "import", str(SAMPLE)], cwd=ROOT, env=environment, check=True)
        _settle(environment)
        print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
        print("| start | wall s | processor s | memory MB (PSS) | … settled |\n|---|---|---|---|---|")
        _show("helpdesk, until it answers", HELPDESK, "/healthz", environment, chosen.runs)
        if not chosen.helpdesk:
            whole = (*CLI, "up", "--no-sample")
            _show("the whole installation, until it is ready", whole, "/readyz", environment, chosen.runs)


def _environment(home: Path) -> dict[str, str]:
    port = ports.next_free("127.0.0.1", 18_700)
    bot = ports.next_free("127.0.0.1", 15_700)
    if port is None or bot is None:
        sys.exit("No free port was found from 18700 and 15700 on.")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STAFFEL_")}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "STAFFEL_HOME": str(home),
        "STAFFEL_PORT": str(port),
        "STAFFEL_BOT_PORT": str(bot),
        "STAFFEL_RASA_URL": f"http://127.0.0.1:{bot}",
        "STAFFEL_BOT_SECRET": secrets.token_hex(32),
        "STAFFEL_SECRET_KEY": secrets.token_hex(32),
    }


def _settle(environment: dict[str, str]) -> None:
    with _running(HELPDESK, environment) as process:
        _wait(f"http://127.0.0.1:{environment['STAFFEL_PORT']}/healthz", process)
        used, before = _processor(process), 0.0
        while used - before > QUIET_PROCESSOR:
            time.sleep(QUIET_SECONDS)
            used, before = _processor(process), used


def _processor(process: psutil.Process) -> float:
    """Seconds of all its processes."""
    times = [one.cpu_times() for one in [process, *process.children(recursive=True)]]
    return sum(one.user + one.system + one.children_user + one.children_system for one in times)


def _show(label: str, command: Sequence[str], path: str, environment: dict[str, str], runs: int) -> None:
    costs = [_start(command, path, environment) for _ in range(runs + 1)][1:]
    wall, processor = median(cost.wall for cost in costs), median(cost.processor for cost in costs)
    memory, settled = median(cost.memory for cost in costs), median(cost.settled for cost in costs)
    print(f"| {label} | {wall:.1f} | {processor:.1f} | {memory:,.0f} | {settled:,.0f} |", flush=True)


def _start(command: Sequence[str], path: str, environment: dict[str, str]) -> StartCost:
    began = time.monotonic()
    with _running(command, environment) as process:
        _wait(f"http://127.0.0.1:{environment['STAFFEL_PORT']}{path}", process)
        wall = time.monotonic() - began
        processor, memory = _processor(process), _memory(process)
        time.sleep(2 * SETTLED_SECONDS)
        return StartCost(wall=wall, processor=processor, memory=memory, settled=_memory(process))


def _memory(process: psutil.Process) -> float:
    """Megabytes of all its processes."""
    return sum(one.memory_full_info().pss for one in [process, *process.children(recursive=True)]) / 1e6


@contextmanager
def _running(command: Sequence[str], environment: dict[str, str]) -> Iterator[psutil.Process]:
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield psutil.Process(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def _wait(url: str, process: psutil.Process) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            sys.exit(f"The program ended before {url} answered.")
        try:
            if httpx.get(url, timeout=5, trust_env=False).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            pass
        time.sleep(LOOK_EVERY)
    sys.exit(f"{url} has not answered within {PATIENCE:.0f} s.")


if __name__ == "__main__":
    main()
