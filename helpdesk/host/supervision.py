"""What stays of `staffel up` while Staffel runs: it watches over the programs, with little more in memory than asyncio.

The command line has looked into settings and database, and all that it has imported would stay; so it becomes this
program, under the same process id and with the lock on the home folder. What this one has to know comes through a pipe,
since anybody on the machine can read a command line, and the link for the first admin is a secret.
"""

import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

from helpdesk.host.program_log import ProgramLog
from helpdesk.host.readiness import wait_until_ready
from helpdesk.host.supervisor import Program, Supervisor

SLOW_START = 120.0  # seconds after which the log says what is still missing


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionPlan:
    """What to run, and what to say once `ready_url` answers."""

    programs: tuple[Program, ...]
    log_folder: Path
    ready_url: str
    welcome: str
    began: float
    """By the clock of `time.monotonic`, which all processes of a machine share."""

    def to_json(self) -> str:
        """For `read_plan`."""
        return json.dumps(asdict(self), default=str)


def read_plan(text: str) -> SupervisionPlan:
    """What `to_json` has written."""
    found: dict[str, Any] = json.loads(text)
    programs = found.pop("programs")
    for one in programs:
        one |= {"command": tuple(one["command"]), "folder": Path(one["folder"])}
    return SupervisionPlan(
        programs=tuple(Program(**one) for one in programs), log_folder=Path(found.pop("log_folder")), **found
    )


def become_supervisor(plan: SupervisionPlan, root: Path, *, keep: Iterable[int]) -> NoReturn:
    """Go on as this module, in the same process. `keep`: files that stay open, such as a lock. Raises `OSError`."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "w", encoding="utf-8") as pipe:
        pipe.write(plan.to_json())
    for file in (reading, *keep):
        os.set_inheritable(file, True)
    sys.stdout.flush()
    sys.stderr.flush()
    command = [sys.executable, "-P", "-m", "helpdesk.host.supervision", str(reading)]
    paths = dict.fromkeys(filter(None, (str(root), *os.environ.get("PYTHONPATH", "").split(os.pathsep))))
    os.execve(sys.executable, command, {**os.environ, "PYTHONPATH": os.pathsep.join(paths)})  # noqa: S606


async def supervise(plan: SupervisionPlan) -> None:
    """Runs everything until somebody stops it."""
    log = ProgramLog(plan.log_folder, sys.stdout, ["staffel", *(program.name for program in plan.programs)])
    supervisor = Supervisor(plan.programs, log)
    announcement = asyncio.create_task(_announce(plan, supervisor))
    try:
        await supervisor.run()
    finally:
        announcement.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await announcement
        log.close()


async def _announce(plan: SupervisionPlan, supervisor: Supervisor) -> None:
    """Prints where to go once everything works; until then the log says what is still awaited."""
    await wait_until_ready(plan.ready_url, say=supervisor.say, patience=SLOW_START)
    supervisor.say(f"ready in {time.monotonic() - plan.began:.1f} s")
    # Not through the log: the link is a secret, and the log is kept in a file.
    sys.stdout.write(f"{plan.welcome}\n")
    sys.stdout.flush()


def main() -> None:
    """Supervise what the pipe says whose number is the only argument."""
    with os.fdopen(int(sys.argv[1]), encoding="utf-8") as pipe:
        plan = read_plan(pipe.read())
    asyncio.run(supervise(plan))


if __name__ == "__main__":
    main()
