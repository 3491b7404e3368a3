"""The one log of all programs: a name before every line, in colour on a terminal, and in a bounded file."""

import codecs
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from logging import makeLogRecord
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

MEGABYTE = 1024 * 1024
COLOURS = ("36", "35", "33", "32", "34")
MAX_LINE_LENGTH = 16 * 1024


class LineSplitter:
    """Turns chunks of bytes into lines; a line without an end is cut, so that no program can fill the memory."""

    def __init__(self, longest: int = MAX_LINE_LENGTH) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
        self._rest = ""
        self._longest = longest

    def feed(self, chunk: bytes, *, final: bool = False) -> Iterator[str]:
        text = (self._rest + self._decode(chunk, final)).replace("\r\n", "\n")
        *lines, self._rest = text.split("\n")
        if final or len(self._rest) > self._longest:
            lines, self._rest = [*lines, self._rest], ""
        for line in lines:
            # A carriage return redraws a line; only its last state is worth keeping.
            shown = line.rstrip("\r").rsplit("\r", 1)[-1].rstrip()
            if shown:
                yield shown


class ProgramLog:
    """Writes `name │ line` to a terminal and to a rotated file (`size` bytes, `kept` old ones)."""

    def __init__(
        self, folder: Path, terminal: TextIO, names: list[str], *, size: int = 10 * MEGABYTE, kept: int = 5
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._terminal: TextIO | None = terminal
        self._file = RotatingFileHandler(folder / "staffel.log", maxBytes=size, backupCount=kept, encoding="utf-8")
        self._width = max(len(name) for name in names)
        coloured = terminal.isatty()
        self._colours: Mapping[str, str] = dict(zip(names, COLOURS, strict=False)) if coloured else {}

    def write(self, name: str, line: str) -> None:
        prefix = f"{name.rjust(self._width)} │"
        self._file.handle(makeLogRecord({"msg": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {prefix} {line}"}))
        colour = self._colours.get(name)
        self._show(f"\x1b[{colour}m{prefix}\x1b[0m {line}" if colour else f"{prefix} {line}")

    def _show(self, line: str) -> None:
        """A terminal that has been closed costs the view, not the service."""
        if self._terminal is None:
            return
        try:
            self._terminal.write(line + "\n")
            self._terminal.flush()
        except (OSError, ValueError):
            self._terminal = None

    def close(self) -> None:
        self._file.close()
