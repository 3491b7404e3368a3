"""Training shows how far it is and says in the bot's words what went wrong."""

import io
import re
from pathlib import Path

import click
import pytest

from helpdesk.host.cli import train
from helpdesk.host.cli.progress import ProgressBar, ProgressLines, Stage, show_progress


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STAFFEL_HOME", str(tmp_path / "home"))
    (tmp_path / "bot").mkdir()
    (tmp_path / "config.yml").write_text("pipeline:\n  - name: one\n  - name: two\n", encoding="utf-8")
    return tmp_path


def play_rasa(root: Path, script: str) -> None:
    path = root / "bot" / "rasa"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o700)


def test_stages_and_the_closing_line_are_shown(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    play_rasa(
        root,
        "echo \"2026 INFO rasa.engine - Starting to train component 'KernelIntents'.\"\n"
        "echo \"2026 INFO rasa.engine - Restored component 'RulePolicy' from cache.\"\n"
        "echo 'models/staffel.tar.gz trained in 12 s, SHA-256 abc.' >&2",
    )
    train.train_if_needed(root)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert re.search(r"\d s  training (KernelIntents|RulePolicy)\n", shown.err)
    assert shown.err.endswith("models/staffel.tar.gz trained in 12 s, SHA-256 abc.\n")


def test_what_was_asked_for_reaches_rasa(root: Path) -> None:
    play_rasa(root, 'echo "$PWD $*"')
    train.train_if_needed(root, force=True)
    assert (root / "home/log/train.log").read_text(encoding="utf-8") == f"{root.resolve()} train --force\n"


def test_a_failure_shows_the_last_lines_and_where_the_rest_is(root: Path) -> None:
    play_rasa(root, "seq 1 50; echo 'domain.yml, line 7: no such intent'; exit 1")
    with pytest.raises(click.ClickException) as caught:
        train.train_if_needed(root)
    message = caught.value.message
    assert "domain.yml, line 7: no such intent" in message
    assert str(root / "home/log/train.log") in message
    assert "    36\n" not in message


def test_a_long_silence_is_broken_by_a_sign_of_life(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(train, "SILENCE", 0.02)
    play_rasa(root, "sleep 0.2")
    train.train_if_needed(root)
    assert "0 s  starting Rasa" in capsys.readouterr().err


def test_a_component_and_the_count_of_examples_are_read_from_the_log() -> None:
    read = (
        "\rReading examples:  10%|#   | 130/1324 [00:02<00:20, 9.35/s]\rReading examples:  11%|#   | 140/1324 [00:02<"
    )
    assert train.stage_in(read) == Stage(name="reading the examples", done=140, total=1324)
    starting = "2026 INFO hooks - Starting to train component 'bot.classifier.KernelIntents'.\n"
    assert train.stage_in(read + starting) == Stage(name="training KernelIntents")
    assert train.stage_in("Processed rules: 100%|###| 16/16 [00:00<00:00, 4989.88it/s]") is None


def test_lines_come_for_each_stage_and_every_so_often() -> None:
    now = [0.0]
    out = io.StringIO()
    lines = ProgressLines(out, "starting", 15, clock=lambda: now[0])
    for second, done in ((1, 10), (2, 20), (17, 300)):
        now[0] = second
        lines.show(Stage(name="reading", done=done, total=500))
    assert out.getvalue().splitlines() == ["     1 s  reading  10 of 500", "    17 s  reading  300 of 500"]


def test_a_terminal_gets_a_bar_that_counts() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    with show_progress(terminal, "starting", 15) as progress:
        progress.show(Stage(name="reading", done=250, total=500))
        assert isinstance(progress, ProgressBar)
        (task,) = progress.display.tasks
        assert (task.description, task.percentage) == ("reading", 50)
        progress.show(Stage(name="training"))
        (task,) = progress.display.tasks
        assert (task.description, task.total) == ("training", None)
    assert "reading" in terminal.getvalue() or "training" in terminal.getvalue()
