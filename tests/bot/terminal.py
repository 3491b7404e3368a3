"""`rasa shell` wants a terminal, so it gets one."""

import os
import pty
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bot.process import environment


@contextmanager
def shell(program: Path, home: Path, *arguments: str) -> Iterator[int]:
    """A running `rasa shell`, or another command of Rasa's.

    What it shows is read from the descriptor, what is typed is written to it.
    """
    theirs, ours = pty.openpty()
    running = subprocess.Popen(
        [program, *(arguments or ("shell",))],
        stdin=ours,
        stdout=ours,
        stderr=subprocess.STDOUT,
        env=environment(home),
        cwd=home,
    )
    os.close(ours)
    try:
        yield theirs
    finally:
        running.kill()
        running.wait()
        os.close(theirs)


def read_until(terminal: int, expected: str, seconds: float = 90) -> str:
    """What is shown until it holds what is expected, or time is over."""
    seen = ""
    deadline = time.monotonic() + seconds
    while expected not in seen and time.monotonic() < deadline:
        if select.select([terminal], [], [], 1.0)[0]:
            seen += os.read(terminal, 4096).decode(errors="replace")
    return seen
