"""The joined log of helpdesk and bot."""

import io
import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.host.program_log import LineSplitter, ProgramLog


class LogTerminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class ClosedTerminal(io.StringIO):
    def write(self, _text: str) -> int:
        raise BrokenPipeError


def test_names_are_aligned_before_each_line(tmp_path: Path) -> None:
    out = io.StringIO()
    log = ProgramLog(tmp_path, out, ["helpdesk", "bot"])
    log.write("helpdesk", "listening")
    log.write("bot", "model loaded")
    log.close()
    assert out.getvalue() == "helpdesk │ listening\n     bot │ model loaded\n"


def test_colours_are_for_terminals_only(tmp_path: Path) -> None:
    terminal = LogTerminal()
    log = ProgramLog(tmp_path, terminal, ["bot"])
    log.write("bot", "hello")
    log.close()
    assert re.fullmatch(r"\x1b\[\d+mbot │\x1b\[0m hello\n", terminal.getvalue())
    assert "\x1b" not in (tmp_path / "staffel.log").read_text(encoding="utf-8")


def test_the_file_has_the_time_of_each_line(tmp_path: Path) -> None:
    log = ProgramLog(tmp_path, io.StringIO(), ["bot"])
    log.write("bot", "grüß Gott")
    log.close()
    line = (tmp_path / "staffel.log").read_text(encoding="utf-8")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ bot │ grüß Gott\n", line)


def test_the_files_never_outgrow_their_bound(tmp_path: Path) -> None:
    log = ProgramLog(tmp_path, io.StringIO(), ["bot"], size=2000, kept=2)
    for number in range(500):
        log.write("bot", f"line {number}")
    log.close()
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["staffel.log", "staffel.log.1", "staffel.log.2"]
    assert all(file.stat().st_size <= 2000 for file in files)
    assert files[0].read_text(encoding="utf-8").endswith("line 499\n")


def test_a_closed_terminal_does_not_stop_the_file(tmp_path: Path) -> None:
    log = ProgramLog(tmp_path, ClosedTerminal(), ["bot"])
    log.write("bot", "one")
    log.write("bot", "two")
    log.close()
    assert (tmp_path / "staffel.log").read_text(encoding="utf-8").count("│") == 2


def test_a_character_cut_in_two_is_joined_again() -> None:
    splitter = LineSplitter()
    whole = "für Sie\n".encode()
    assert list(splitter.feed(whole[:2])) == []
    assert list(splitter.feed(whole[2:])) == ["für Sie"]


def test_of_a_redrawn_line_the_last_state_is_kept() -> None:
    assert list(LineSplitter().feed(b"10 %\r50 %\r100 %\n")) == ["100 %"]


def test_a_line_without_an_end_is_cut() -> None:
    splitter = LineSplitter(longest=100)
    assert list(splitter.feed(b"x" * 101)) == ["x" * 101]
    assert list(splitter.feed(b"y\n")) == ["y"]


def test_the_last_line_needs_no_newline() -> None:
    splitter = LineSplitter()
    assert list(splitter.feed(b"bye")) == []
    assert list(splitter.feed(b"", final=True)) == ["bye"]


@given(lines=st.lists(st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1)), cut=st.integers(1, 7))
def test_lines_are_the_same_however_the_bytes_arrive(lines: list[str], cut: int) -> None:
    data = "".join(line + "\n" for line in lines).encode()
    splitter = LineSplitter()
    chunks = [data[start : start + cut] for start in range(0, len(data), cut)]
    assert [line for chunk in chunks for line in splitter.feed(chunk)] == lines
