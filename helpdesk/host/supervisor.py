"""Keeps helpdesk and the bot running on one machine: starts, restarts, stops them, and joins their logs.

Each program leads a process group of its own, so that nothing it started is left behind; on Linux it dies with the
supervisor even when that is killed outright.
"""

import asyncio
import contextlib
import ctypes
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from helpdesk.host.program_log import LineSplitter, ProgramLog
from helpdesk.host.restarts import RestartPolicy, next_restart

STOP_SECONDS = 30.0
CHUNK = 65536
AFTERGLOW = 2.0  # seconds for what a program that has ended may still have in the pipe
PR_SET_PDEATHSIG = 1
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One program to keep running."""

    name: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What a program writes. The pipe is our own: with asyncio's, `wait` would not return as long as a child that the
    program left behind holds it open."""

    stream: asyncio.StreamReader
    transport: asyncio.BaseTransport


async def open_output(pipe: int) -> Output:
    """Reads from a pipe, whose end it owns from now on."""
    stream = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(pipe, "rb", buffering=0)
    )
    return Output(stream=stream, transport=transport)


class Supervisor:
    """Runs programs until `stop` is called or a signal comes. They are stopped in the order in which they are named."""

    def __init__(
        self,
        programs: Sequence[Program],
        log: ProgramLog,
        *,
        policy: RestartPolicy | None = None,
        stop_seconds: float = STOP_SECONDS,
    ) -> None:
        self._programs = programs
        self._log = log
        self._policy = policy or RestartPolicy()
        self._stop_seconds = stop_seconds
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Asks for a clean stop; asked a second time, what still runs is killed."""
        if self._stopping.is_set():
            self.say("Stopping at once.")
            for process in self._running.values():
                signal_group(process.pid, signal.SIGKILL)
        self._stopping.set()

    def say(self, sentence: str) -> None:
        self._log.write("staffel", sentence)

    async def run(self) -> None:
        """Returns when everything has stopped."""
        loop = asyncio.get_running_loop()
        ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN  # nohup; a shell's & ignores SIGINT, which we heed
        heeded = [number for number in SIGNALS if number != signal.SIGHUP or not ignored]
        for number in heeded:
            loop.add_signal_handler(number, self.stop)
        try:
            async with asyncio.TaskGroup() as group:
                for program in self._programs:
                    group.create_task(self._keep_running(program))
                await self._stopping.wait()
                await self._stop_all()
        finally:
            for number in heeded:
                loop.remove_signal_handler(number)

    async def _keep_running(self, program: Program) -> None:
        failures = 0
        while not self._stopping.is_set():
            began = time.monotonic()
            ending = await self._run_once(program)
            if self._stopping.is_set():
                return
            restart = next_restart(
                self._policy, failures=failures, ran_for=time.monotonic() - began, chance=random.random()
            )
            failures = restart.failures
            self.say(f"{program.name} {ending}; starting it again in {restart.delay:.1f} s.{_advice(failures)}")
            await self._pause(restart.delay)

    async def _run_once(self, program: Program) -> str:
        """Runs the program to its end and says in words how it ended."""
        try:
            process, output = await start(program)
        except OSError as error:
            return f"can not be started ({error.strerror}: {program.command[0]})"
        self._running[program.name] = process
        if self._stopping.is_set():  # asked to stop before it had really begun
            signal_group(process.pid, signal.SIGKILL)
        copying = asyncio.create_task(self._copy(program.name, output))
        try:
            await process.wait()
        finally:
            signal_group(process.pid, signal.SIGKILL)  # children that it left behind
            del self._running[program.name]
            await _finish_within(AFTERGLOW, copying)
            output.transport.close()
        return describe_ending(process.returncode or 0)

    async def _copy(self, name: str, output: Output) -> None:
        splitter = LineSplitter()
        while chunk := await output.stream.read(CHUNK):
            for line in splitter.feed(chunk):
                self._log.write(name, line)
        for line in splitter.feed(b"", final=True):
            self._log.write(name, line)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _stop_all(self) -> None:
        for program in self._programs:
            process = self._running.get(program.name)
            if process is None:
                continue
            signal_group(process.pid, signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), self._stop_seconds)
            except TimeoutError:
                self.say(f"{program.name} has not stopped within {self._stop_seconds:.0f} s and is killed.")
                signal_group(process.pid, signal.SIGKILL)
        self.say("Stopped.")


async def start(program: Program) -> tuple[asyncio.subprocess.Process, Output]:
    """Starts the program as the leader of a process group that dies with us. Raises `OSError`."""
    reading, writing = os.pipe()
    try:
        process = await asyncio.create_subprocess_exec(
            *program.command,
            cwd=program.folder,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **program.environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=writing,
            stderr=writing,
            start_new_session=True,
            preexec_fn=_die_with_parent(),
        )
    except OSError:
        os.close(reading)
        raise
    finally:
        os.close(writing)
    return process, await open_output(reading)


async def _finish_within(seconds: float, task: asyncio.Task[None]) -> None:
    """Lets a task finish, but not for ever."""
    await asyncio.wait([task], timeout=seconds)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def signal_group(group: int, number: signal.Signals) -> None:
    """Signals every process of a group that may already be gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def describe_ending(status: int) -> str:
    """`has stopped with status 3`, `was killed by SIGKILL`: for the log."""
    if status < 0:
        return f"was ended by {signal.Signals(-status).name}"
    return f"has stopped with status {status}" if status else "has stopped"


def _advice(failures: int) -> str:
    if failures != 3:
        return ""
    return " That was the third time in a row: the lines above say why, and ./staffel doctor checks the installation."


def _die_with_parent() -> Callable[[], None] | None:
    """Linux ends a child when its parent dies, if the child asks for it; elsewhere there is no such thing."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we could ask
            os._exit(1)

    return ask
