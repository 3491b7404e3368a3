"""`staffel train`: one model for both languages, trained only when something it learns from has changed."""

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TextIO

import click

from helpdesk.cli.installation import ROOT, make_home
from helpdesk.program_log import LineSplitter

SILENCE = 15.0  # seconds between two signs of life
CHUNK = 65536
COMMAND = ("bot/rasa", "train")
STAGE = re.compile(r"(?:Starting to train|Restored) component '(?:[\w.]+\.)?(\w+)'")
VERDICT = re.compile(r"^models/\S+ (?:is up to date|trained in).*")  # how bot/launch.py closes
CONFIGURED = re.compile(r"^\s*- name:", re.MULTILINE)


class Stages(Protocol):
    """Where progress is shown."""

    def reach(self, stage: str) -> None: ...

    def wait(self) -> None: ...


@click.command()
@click.option("--force", is_flag=True, help="Train even when nothing has changed.")
def train(force: bool) -> None:
    """Train the bot when something it learns from has changed.

    The bot learns from config.yml, domain.yml, data/nlu, data/rules.yml and data/stories.yml. Articles are not trained:
    a change to one is live with the next question.
    """
    train_if_needed(ROOT, force=force)


def train_if_needed(root: Path, *, force: bool = False) -> None:
    """The bot's side decides whether it is needed. Raises `ClickException` with its words when the training fails."""
    log = _log_file()
    with log.open("w", encoding="utf-8") as file, show_stages(_count_components(root)) as stages:
        status = _run(root, ["--force"] if force else [], file, stages)
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    if status != 0:
        shown = "\n".join(f"    {line}" for line in lines[-15:])
        raise click.ClickException(f"The training failed.\n{shown}\nAll it said is in {log}.")
    click.echo(next((line for line in reversed(lines) if VERDICT.match(line)), "The model is trained."), err=True)


def stage_in(line: str) -> str | None:
    """The component that Rasa's log says is being trained now."""
    found = STAGE.search(line)
    return found[1] if found else None


def _run(root: Path, options: list[str], log: TextIO, stages: Stages) -> int:
    with subprocess.Popen(
        [str(root / COMMAND[0]), *COMMAND[1:], *options],
        cwd=root,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "LOG_LEVEL": "INFO"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        for line in _lines_of(process, stages):
            log.write(line + "\n")
            stage = stage_in(line)
            if stage:
                stages.reach(stage)
    return process.returncode


def _lines_of(process: "subprocess.Popen[bytes]", stages: Stages) -> Iterator[str]:
    """Its lines as they come, with a sign of life while there are none."""
    if process.stdout is None:
        return
    splitter = LineSplitter()
    while True:
        ready, _, _ = select.select([process.stdout], [], [], SILENCE)
        if not ready:
            stages.wait()
            continue
        chunk = os.read(process.stdout.fileno(), CHUNK)
        yield from splitter.feed(chunk, final=not chunk)
        if not chunk:
            return


class Bar:
    """A progress bar on a terminal."""

    def __init__(self, steps: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description:<32}"), BarColumn(), TimeElapsedColumn())
        self.progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self.progress.add_task("starting Rasa", total=steps + 1)

    def reach(self, stage: str) -> None:
        self.progress.update(self._task, advance=1, description=stage)

    def wait(self) -> None:
        """The bar's clock moves by itself."""


class Lines:
    """A line for each stage, where there is no terminal."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._stage = "starting Rasa, reading the examples"

    def reach(self, stage: str) -> None:
        self._stage = stage
        self.wait()

    def wait(self) -> None:
        click.echo(f"  {time.monotonic() - self._began:4.0f} s  {self._stage}", err=True)


@contextmanager
def show_stages(steps: int) -> Iterator[Stages]:
    """A bar on a terminal, lines elsewhere."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    bar = Bar(steps)
    with bar.progress:
        yield bar
        bar.progress.update(bar.progress.task_ids[0], completed=steps + 1, description="done")


def _count_components(root: Path) -> int:
    path = root / "config.yml"
    return len(CONFIGURED.findall(path.read_text(encoding="utf-8"))) if path.exists() else 1


def _log_file() -> Path:
    folder = make_home() / "log"
    folder.mkdir(exist_ok=True)
    return folder / "train.log"
