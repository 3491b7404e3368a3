"""The supervisor with small programs: starts, restarts, stops, and leaves nobody behind."""

import asyncio
import contextlib
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest

from helpdesk.host import supervisor
from helpdesk.host.program_log import ProgramLog
from helpdesk.host.restarts import RestartPolicy
from helpdesk.host.supervisor import Program, Supervisor

QUICK = RestartPolicy(first=0.01, ceiling=0.02, jitter=0)
ROOT = Path(__file__).resolve().parents[2]


class SupervisorRun:
    """A supervisor that is running, and what it has written."""

    def __init__(self, folder: Path, scripts: dict[str, str], stop_seconds: float) -> None:
        self.out = io.StringIO()
        programs = [
            Program(name=name, command=(sys.executable, "-c", script), folder=folder)
            for name, script in scripts.items()
        ]
        self.log = ProgramLog(folder / "log", self.out, [*scripts, "staffel"])
        self.supervisor = Supervisor(programs, self.log, policy=QUICK, stop_seconds=stop_seconds)
        self.task = asyncio.create_task(self.supervisor.run())

    async def until(self, condition: Callable[[str], object]) -> str:
        """Waits until the log is such; returns it."""
        async with asyncio.timeout(60):
            while not condition(self.out.getvalue()):
                assert not self.task.done(), self.out.getvalue()
                await asyncio.sleep(0.01)
        return self.out.getvalue()

    async def until_says(self, pattern: str) -> str:
        return await self.until(lambda text: re.search(pattern, text))

    async def finish(self) -> str:
        self.supervisor.stop()
        async with asyncio.timeout(60):
            await self.task
        return self.out.getvalue()


type Open = Callable[..., SupervisorRun]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Open]:
    opened: list[SupervisorRun] = []

    def open_stage(scripts: dict[str, str], stop_seconds: float = 10.0) -> SupervisorRun:
        opened.append(SupervisorRun(tmp_path, scripts, stop_seconds))
        return opened[-1]

    yield open_stage
    for one in opened:
        if not one.task.done():
            one.supervisor.stop()
            one.supervisor.stop()
        await one.task
        one.log.close()


def pids(text: str) -> list[int]:
    return [int(found) for found in re.findall(r"pid=(\d+)", text)]


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.01)


async def until_gone(*numbers: int) -> None:
    await until(lambda: all(not psutil.pid_exists(number) or _is_zombie(number) for number in numbers))


def _is_zombie(number: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(number).status() == psutil.STATUS_ZOMBIE
    return True


STAYS = "import os, time; print(f'pid={os.getpid()}', flush=True); time.sleep(600)"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {STAYS}"
WITH_CHILD = (
    "import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    f"print(f'child pid={{child.pid}}', flush=True); {STAYS}"
)


async def test_the_output_of_all_programs_is_one_log(stage: Open) -> None:
    one = stage({"helpdesk": "print('hello')\n" + STAYS, "bot": "import sys; print('oh', file=sys.stderr)\n" + STAYS})
    text = await one.until(lambda text: "hello" in text and "oh" in text)
    assert "helpdesk │ hello\n" in text
    assert "     bot │ oh\n" in text


async def test_a_program_that_stops_is_started_again(stage: Open) -> None:
    one = stage({"bot": "import os; print(f'pid={os.getpid()}'); raise SystemExit(3)"})
    text = await one.until(lambda text: len(set(pids(text))) >= 3)
    assert re.search(r"bot has stopped with status 3; starting it again in 0\.0 s\.", text)


async def test_a_killed_program_is_started_again(stage: Open) -> None:
    one = stage({"bot": STAYS})
    first = pids(await one.until_says(r"pid=\d+"))[0]
    os.kill(first, signal.SIGKILL)
    text = await one.until(lambda text: len(pids(text)) == 2)
    assert "bot was ended by SIGKILL" in text


async def test_the_third_stop_in_a_row_points_to_the_doctor(stage: Open) -> None:
    text = await stage({"bot": "raise SystemExit(1)"}).until_says("doctor")
    assert text.count("starting it again") == 3


async def test_a_program_that_can_not_be_started_is_tried_again(tmp_path: Path) -> None:
    out = io.StringIO()
    log = ProgramLog(tmp_path, out, ["bot"])
    missing = Program(name="bot", command=(str(tmp_path / "nowhere"),), folder=tmp_path)
    watched = Supervisor([missing], log, policy=QUICK)
    task = asyncio.create_task(watched.run())
    await until(lambda: out.getvalue().count("can not be started") == 2)
    watched.stop()
    await task
    log.close()
    assert "No such file or directory" in out.getvalue()


async def test_a_clean_stop_asks_each_program_and_waits(stage: Open) -> None:
    polite = (
        "import signal, sys, time\n"
        "def bye(*_): print('finishing'); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, bye); print('ready', flush=True); time.sleep(600)"
    )
    one = stage({"helpdesk": polite, "bot": polite})
    await one.until(lambda text: text.count("ready") == 2)
    text = await one.finish()
    assert text.count("finishing") == 2
    assert text.endswith("Stopped.\n")
    assert "starting it again" not in text


async def test_a_program_that_will_not_stop_is_killed(stage: Open) -> None:
    one = stage({"bot": DEAF}, stop_seconds=0.1)
    (number,) = pids(await one.until_says(r"pid=\d+"))
    text = await one.finish()
    assert "bot has not stopped within 0 s and is killed" in text
    await until_gone(number)


async def test_f12_asking_twice_stops_at_once(stage: Open) -> None:
    one = stage({"bot": DEAF}, stop_seconds=600)
    await one.until_says(r"pid=\d+")
    one.supervisor.stop()
    text = await one.finish()
    assert "Stopping at once" in text


async def test_what_a_program_started_goes_with_it(stage: Open) -> None:
    one = stage({"bot": WITH_CHILD})
    child, parent = pids(await one.until_says(r"\bpid=\d+\n.*\bpid=\d+"))
    os.kill(parent, signal.SIGKILL)
    await until_gone(child)
    await one.until(lambda text: len(pids(text)) == 4)
    leftover = pids(await one.finish())[2:]
    await until_gone(*leftover)


async def test_while_it_waits_to_restart_it_can_be_stopped(tmp_path: Path) -> None:
    out = io.StringIO()
    log = ProgramLog(tmp_path, out, ["bot"])
    program = Program(name="bot", command=(sys.executable, "-c", ""), folder=tmp_path)
    watched = Supervisor([program], log, policy=RestartPolicy(first=3600, ceiling=3600))
    task = asyncio.create_task(watched.run())
    await until(lambda: "starting it again" in out.getvalue())
    watched.stop()
    async with asyncio.timeout(60):
        await task
    log.close()
    assert out.getvalue().endswith("Stopped.\n")


RUNNER = """
import asyncio, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # also where the tests run under nohup
from pathlib import Path
from helpdesk.host.program_log import ProgramLog
from helpdesk.host.supervisor import Program, Supervisor
folder = Path(sys.argv[1])
program = Program(name="bot", command=(sys.executable, "-c", sys.argv[2]), folder=folder)
asyncio.run(Supervisor([program], ProgramLog(folder, sys.stdout, ["bot"])).run())
"""


def run_apart(folder: Path) -> tuple[subprocess.Popen[str], int]:
    """A supervisor in a process of its own; returns it and the process id of its program."""
    process = subprocess.Popen(
        [sys.executable, "-c", RUNNER, str(folder), STAYS], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, pids(process.stdout.readline())[0]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_stops_everything(tmp_path: Path, number: signal.Signals) -> None:
    process, child = run_apart(tmp_path)
    process.send_signal(number)
    rest, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Stopped." in rest
    await until_gone(child)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends the children of a killed parent")
async def test_a_killed_supervisor_leaves_no_program_behind(tmp_path: Path) -> None:
    process, child = run_apart(tmp_path)
    process.kill()
    process.communicate(timeout=20)
    await until_gone(child)


@pytest.mark.parametrize(
    ("status", "words"),
    [(0, "has stopped"), (3, "has stopped with status 3"), (-9, "was ended by SIGKILL"), (-15, "was ended by SIGTERM")],
)
def test_an_ending_is_told_in_words(status: int, words: str) -> None:
    assert supervisor.describe_ending(status) == words
