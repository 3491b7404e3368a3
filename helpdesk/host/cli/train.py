"""`staffel train`: one model for both languages, trained only when something it learns from has changed."""

import os
import re
import select
import subprocess
import sys
from pathlib import Path
from typing import TextIO

import click

from helpdesk.host.cli.installation import ROOT, make_home
from helpdesk.host.cli.progress import ProgressReporter, Stage, show_progress
from helpdesk.host.program_log import LineSplitter

SILENCE = 15.0  # seconds between two signs of life
CHUNK = 65536
COMMAND = ("bot/rasa", "train")
COMPONENT = re.compile(r"(?:Starting to train|Restored) component '(?:[\w.]+\.)?(\w+)'")
COUNT = re.compile(r"Reading examples:[^\r\n]*?\b(\d+)/(\d+) ")  # how bot/featurizer.py shows its progress
VERDICT = re.compile(r"^models/\S+ (?:is up to date|trained in).*")  # how bot/launch.py closes


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
    with log.open("w", encoding="utf-8") as file, show_progress(sys.stderr, "starting Rasa", SILENCE) as progress:
        status = _run(root, ["--force"] if force else [], file, progress)
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    if status != 0:
        shown = "\n".join(f"    {line}" for line in lines[-15:])
        raise click.ClickException(f"The training failed.\n{shown}\nAll it said is in {log}.")
    click.echo(next((line for line in reversed(lines) if VERDICT.match(line)), "The model is trained."), err=True)


def stage_in(text: str) -> Stage | None:
    """How far the training is, from what it has just said; None when that tells nothing."""
    counts, components = COUNT.findall(text), COMPONENT.findall(text)
    if components:
        return Stage(name=f"training {components[-1]}")
    if counts:
        done, total = counts[-1]
        return Stage(name="reading the examples", done=int(done), total=int(total))
    return None


def _run(root: Path, options: list[str], log: TextIO, progress: ProgressReporter) -> int:
    with subprocess.Popen(
        [str(root / COMMAND[0]), *COMMAND[1:], *options],
        cwd=root,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "LOG_LEVEL": "INFO"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        if process.stdout is not None:
            _follow(process.stdout.fileno(), log, progress)
    return process.returncode


def _follow(output: int, log: TextIO, progress: ProgressReporter) -> None:
    """Keeps its lines and shows how far it is, with a sign of life while it says nothing."""
    splitter = LineSplitter()
    while True:
        ready, _, _ = select.select([output], [], [], SILENCE)
        if not ready:
            progress.wait()
            continue
        chunk = os.read(output, CHUNK)
        log.writelines(f"{line}\n" for line in splitter.feed(chunk, final=not chunk))
        if not chunk:
            return
        stage = stage_in(chunk.decode("utf-8", errors="replace"))
        if stage:
            progress.show(stage)


def _log_file() -> Path:
    folder = make_home() / "log"
    folder.mkdir(exist_ok=True)
    return folder / "train.log"
