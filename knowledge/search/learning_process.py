"""Learning in a process of its own: its libraries and tables go with it, and no question waits for its Python.

`python -m knowledge.search.learning_process NICENESS` reads a pickled snapshot from its input and writes what was
learnt. Both ends are this program, and nobody else has the pipe.
"""

import asyncio
import os
import pickle
import sys
from concurrent.futures import Executor
from pathlib import Path
from typing import cast

from knowledge.bulk_work import NICENESS
from knowledge.search.index import Snapshot
from knowledge.search.learning import LearnedModel, learn_model, measure_effort
from knowledge.search.snapshot_renewal import choose_lesson, learn_space

_ROOT = Path(__file__).parents[2]
_APART_FROM = 50_000
"""Rows times articles, above which learning takes longer than the process takes to start: some two seconds."""


class LearningFailed(Exception):
    """The process ended without a result; `status` as the system gave it, negative for a signal."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the process that learns ended with status {status}")
        self.status = status


async def learn_within_bounds(snapshot: Snapshot, threads: Executor, *, awaited: bool = False) -> LearnedModel:
    """Learn within bounds, in `threads` what takes no time. Raises `LearningFailed`, `OSError`.

    Another process comes after everybody else's, unless somebody waits for it (`awaited`).
    """
    loop = asyncio.get_running_loop()
    lesson = await loop.run_in_executor(threads, choose_lesson, snapshot)
    if lesson is None:
        return await loop.run_in_executor(threads, learn_space, snapshot)
    if measure_effort(lesson.entries) < _APART_FROM:
        return await loop.run_in_executor(threads, learn_model, lesson)
    written = await loop.run_in_executor(threads, pickle.dumps, lesson)
    return await _learn_apart(written, niceness=0 if awaited else NICENESS)


async def _learn_apart(lesson: bytes, *, niceness: int = 0) -> LearnedModel:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "knowledge.search.learning_process",
        str(niceness),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={"PYTHONPATH": str(_ROOT)},
    )
    try:
        result, _ = await process.communicate(lesson)
    finally:
        if process.returncode is None:  # nobody waits for it any more
            process.kill()
            await process.wait()
    if process.returncode:
        raise LearningFailed(process.returncode)
    return cast(LearnedModel, pickle.loads(result))  # noqa: S301


def main() -> None:
    """Learn what is asked for."""
    os.nice(int(sys.argv[1]))
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as result:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no part of it
        learnt = learn_model(pickle.load(sys.stdin.buffer))  # noqa: S301
        pickle.dump(learnt, result)


if __name__ == "__main__":
    main()
