"""What `staffel` says about itself."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from helpdesk.host.cli import COMMANDS, CommandEntry, load, staffel

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STAFFEL_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_help_names_every_command_and_shows_examples() -> None:
    shown = CliRunner().invoke(staffel, ["--help"])
    assert shown.exit_code == 0
    assert all(entry.name in shown.output and entry.purpose[:30] in shown.output for entry in COMMANDS)
    assert "./staffel knowledge ask < questions.jsonl" in shown.output


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_every_command_can_be_loaded_and_explains_itself(entry: CommandEntry) -> None:
    assert load(entry).help


def test_help_imports_no_database_and_no_model() -> None:
    script = (
        "import sys; from helpdesk.host.cli import staffel; staffel(['--help'], standalone_mode=False);"
        "print(sorted({'sqlalchemy', 'numpy', 'rich', 'httpx', 'pydantic'} & set(sys.modules)), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stderr.strip() == "[]"


def test_an_unknown_command_is_named() -> None:
    shown = CliRunner().invoke(staffel, ["fly"])
    assert shown.exit_code == 2
    assert "No such command 'fly'" in shown.output
