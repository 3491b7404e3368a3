"""Dialogues in, results out: one line for each line, in the same order, as they come in."""

import json
import queue
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from helpdesk.handoff.dialogue_file import Dialogue, read_dialogue
from knowledge.formats.lines import MAX_LINE_LENGTH
from store.errors import Invalid

AT_ONCE = 16  # dialogues whose lines are embedded together
WAITING = 64

type _Item = "DialogueInput | OSError | None"
type Work = Callable[[Sequence[Dialogue]], Sequence[dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogueInput:
    """One line in: a dialogue, or what is wrong with it."""

    dialogue: Dialogue | None = None
    id: str | int | None = None
    error: str = ""


def write_each(doing: str, work: Work) -> None:
    """Standard input through `work` to standard output, with a bar on standard error.

    A line that is no dialogue gets `{"id": …, "error": …}` in its place; then the command ends with 2.
    """
    failed = 0
    source = sys.stdin.buffer
    with _progress() as progress:
        task = progress.add_task(doing, total=_count(source))
        for batch in _batches(read_lines(source)):
            results = iter(work([line.dialogue for line in batch if line.dialogue]))
            for line in batch:
                written = next(results) if line.dialogue else {"id": line.id, "error": line.error}
                sys.stdout.write(json.dumps(written, ensure_ascii=False) + "\n")
                if line.error:
                    failed += 1
                    progress.console.print(line.error, style="red", markup=False, highlight=False)
            progress.advance(task, len(batch))
            sys.stdout.flush()
    if failed:
        click.echo(f"{failed} line(s) could not be read; see above.", err=True)
        sys.exit(2)


def read_lines(source: BinaryIO) -> Iterator[DialogueInput]:
    """Each line that isn't empty, good or bad."""
    number = 0
    while raw := source.readline(MAX_LINE_LENGTH + 1):
        number += 1
        if len(raw) > MAX_LINE_LENGTH:
            while not raw.endswith(b"\n") and (raw := source.readline(MAX_LINE_LENGTH)):
                pass  # the rest of a line that is too long
            yield DialogueInput(error=f"line {number}: longer than {MAX_LINE_LENGTH // 2**20} MB")
        elif raw.strip(b"\xef\xbb\xbf \t\r\n"):
            yield _read(number, raw)


def _read(number: int, raw: bytes) -> DialogueInput:
    try:
        dialogue = read_dialogue(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        return DialogueInput(error=f"line {number}: expected UTF-8, got the byte 0x{raw[error.start]:02x}")
    except Invalid as error:
        name = error.details.get("id")
        return DialogueInput(id=name if isinstance(name, str | int) else None, error=f"line {number}: {error}")
    return DialogueInput(dialogue=dialogue)


def _batches(lines: Iterator[DialogueInput]) -> Iterator[list[DialogueInput]]:
    """What has come in so far, at most `AT_ONCE`: full batches from a file, single lines from somebody who waits."""
    waiting: queue.Queue[_Item] = queue.Queue(WAITING)
    threading.Thread(target=_put_all, args=(lines, waiting), name="dialogues", daemon=True).start()
    last: _Item = DialogueInput()
    while isinstance(last, DialogueInput):
        items = [waiting.get()]
        while isinstance(items[-1], DialogueInput) and len(items) < AT_ONCE and not waiting.empty():
            items.append(waiting.get())
        last = items[-1]
        yield [item for item in items if isinstance(item, DialogueInput)]
    if last is not None:
        raise last


def _put_all(lines: Iterator[DialogueInput], waiting: "queue.Queue[_Item]") -> None:
    """All lines, and why it ended early, if it did."""
    try:
        for line in lines:
            waiting.put(line)
    except OSError as error:
        waiting.put(error)
    waiting.put(None)


def _count(source: BinaryIO) -> int | None:
    """How many lines aren't empty, where that can be found out beforehand."""
    if not source.seekable():
        return None
    count = sum(1 for line in source if line.strip())
    source.seek(0)
    return count


def _progress() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("dialogues"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
