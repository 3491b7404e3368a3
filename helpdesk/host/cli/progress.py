"""How far a long step is: a bar on a terminal, a line now and then elsewhere. On standard error, as everything said."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TextIO


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What a step is doing, and, where it can be counted, how much of it is done."""

    name: str
    done: int | None = None
    total: int | None = None


class ProgressReporter(Protocol):
    """Where a step shows how far it is."""

    def show(self, stage: Stage) -> None: ...

    def wait(self) -> None: ...


class ProgressBar:
    """A progress bar, which pulses while there is nothing to count."""

    def __init__(self, terminal: TextIO, first: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as RichProgress

        columns = (TextColumn("  {task.description:<28}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self.display = RichProgress(*columns, console=Console(file=terminal), transient=True)
        self._task = self.display.add_task(first, total=None)

    def show(self, stage: Stage) -> None:
        # Rich takes a total of None for "as it was", so a stage without one gets an endless bar by a fresh task.
        if stage.total is None:
            self.display.remove_task(self._task)
            self._task = self.display.add_task(stage.name, total=None)
        else:
            self.display.update(self._task, description=stage.name, completed=stage.done, total=stage.total)

    def wait(self) -> None:
        """The bar's clock moves by itself."""


class ProgressLines:
    """A line for each stage, and one every `pause` seconds within it."""

    def __init__(self, out: TextIO, first: str, pause: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._out, self._pause, self._clock = out, pause, clock
        self._began = self._shown = clock()
        self._stage = Stage(name=first)

    def show(self, stage: Stage) -> None:
        is_new = stage.name != self._stage.name
        self._stage = stage
        if is_new or self._clock() - self._shown >= self._pause:
            self.wait()

    def wait(self) -> None:
        self._shown = self._clock()
        counted = f"  {self._stage.done} of {self._stage.total}" if self._stage.total is not None else ""
        self._out.write(f"  {self._shown - self._began:4.0f} s  {self._stage.name}{counted}\n")
        self._out.flush()


@contextmanager
def show_progress(out: TextIO, first: str, pause: float) -> Iterator[ProgressReporter]:
    """A bar on a terminal, lines elsewhere."""
    if not out.isatty():
        yield ProgressLines(out, first, pause)
        return
    bar = ProgressBar(out, first)
    with bar.display:
        yield bar
