"""Every setting is in the documentation and in .env.example, with the default that it has."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from helpdesk.host.cli import COMMANDS
from store.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
OF_THE_BOT = {"STAFFEL_BOT_PORT", "STAFFEL_BOT_HOST", "STAFFEL_ACTIONS_URL", "STAFFEL_BOT_RETENTION_DAYS"}
NAMES = sorted(f"STAFFEL_{name.upper()}" for name in Settings.model_fields)
ROW = re.compile(r"^\| `(STAFFEL_\w+)` \| (.*?) \| (.*) \|$", re.MULTILINE)
EXAMPLE = re.compile(r"^# (STAFFEL_\w+)=(.*)$", re.MULTILINE)


def documented() -> dict[str, str]:
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    return {name: default for name, default, _ in ROW.findall(text)}


def examples() -> dict[str, str]:
    return dict(EXAMPLE.findall((ROOT / ".env.example").read_text(encoding="utf-8")))


def test_the_table_has_every_setting_and_no_other() -> None:
    assert set(documented()) == {*NAMES, *OF_THE_BOT}


def test_the_example_has_every_setting_and_no_other() -> None:
    assert set(examples()) == {*NAMES, *OF_THE_BOT}


@pytest.mark.parametrize("name", NAMES)
def test_the_documented_default_is_the_real_one(name: str) -> None:
    default = Settings.model_fields[name.removeprefix("STAFFEL_").lower()].get_default(call_default_factory=True)
    shown = documented()[name]
    if isinstance(default, SecretStr) or default in ("", []):
        assert "`" not in shown or "host:port" in shown or "STAFFEL_HOME" in shown
    elif isinstance(default, Path):
        assert shown == f"`./{default}`"
    else:
        assert shown == f"`{default:g}`" if isinstance(default, float) else f"`{default}`"


def test_the_example_changes_nothing_as_it_is() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []


@pytest.mark.parametrize("name", [entry.name for entry in COMMANDS])
def test_every_command_is_in_the_documentation(name: str) -> None:
    assert f"| `./staffel {name}" in (ROOT / "docs/operations.md").read_text(encoding="utf-8")
