"""The sample knowledge base that a new installation is offered."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import click

FOLDER = Path("data") / "faq"


def offer(root: Path, *, wanted: bool | None) -> bool:
    """Loads the sample articles into a database that has none, if that is wanted. Somebody at a terminal is asked."""
    if wanted is False:
        return False
    files = sorted((root / FOLDER).glob("*.jsonl"))
    if not files or not (wanted or _says_yes()):
        return False
    for file in files:
        load(file, root)
    return True


def load(file: Path, root: Path) -> None:
    """Imports one file as `staffel knowledge import` does, in a process of its own: its memory goes with it.

    Whoever ends this process ends that one too, which would otherwise go on writing.
    """
    command = [sys.executable, "-P", "-m", "helpdesk.host.cli", "knowledge", "import", str(file)]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(root)}) as importing:
        before = signal.signal(signal.SIGTERM, lambda *_: importing.terminate())
        try:
            status = importing.wait()
        finally:
            signal.signal(signal.SIGTERM, before)
    if status != 0:
        raise click.ClickException(
            f"The sample articles in {file} could not be loaded; the lines above say why. --no-sample leaves them out."
        )


def _says_yes() -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return True
    return click.confirm("There are no articles yet. Load the sample knowledge base of an online shop?", default=True)
