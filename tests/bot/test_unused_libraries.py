"""The bot serves without the libraries of channels and stores that it doesn't have."""

import json
import subprocess
from pathlib import Path

import pytest

from bot.unused_libraries import NOT_INSTALLED, UNUSED, uses_ours_alone

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
PROGRAM = """
import json, sys, warnings
warnings.simplefilter("ignore")
from bot import startup, unused_libraries
startup.begin()
unused_libraries.leave_out()
import rasa.__main__, rasa.core.run, rasa.server, bot.channel, bot.classifier, bot.processor, bot.tracker_store
from pymongo import MongoClient
try:
    MongoClient("localhost")
except RuntimeError as refused:
    print(json.dumps([str(refused), [name for name, module in sys.modules.items() if getattr(module, "__file__", "")]]))
"""

pytestmark = pytest.mark.bot


def test_rasa_loads_without_them_and_says_so_to_whoever_uses_one() -> None:
    ran = subprocess.run(
        [PYTHON, "-c", PROGRAM],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
        timeout=200,
    )
    refusal, loaded = json.loads(ran.stdout.splitlines()[-1])

    assert "pymongo.MongoClient is not loaded" in refusal
    assert "rasa.server" in loaded
    assert sorted({*UNUSED, "sklearn", "scipy.stats"}.intersection(loaded)) == []


def test_plain_rasa_starts_and_says_how_to_get_what_is_not_installed() -> None:
    program = "from twilio.rest import Client\nClient()"
    ran = subprocess.run([PYTHON, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False, timeout=100)
    assert "twilio.rest.Client is not installed here" in ran.stderr
    assert "bot/requirements-diet.txt" in ran.stderr


def test_what_is_left_out_is_what_stands_in() -> None:
    left_out = (ROOT / "bot" / "excludes.txt").read_text(encoding="utf-8").splitlines()
    named = {
        name.partition(".")[0].lower().replace("_", "-").replace("google", "google-auth") for name in NOT_INSTALLED
    }
    assert named <= set(left_out)
    assert not any(is_installed_in_bot(name) for name in NOT_INSTALLED)


def is_installed_in_bot(name: str) -> bool:
    """By the metadata of the environment, which stand-ins don't have."""
    top = name.replace(".", "/")
    return any((ROOT / "bot" / ".venv").glob(f"lib/python3.10/site-packages/{top}/__init__.py"))


OURS = "bot.channel.StaffelInput:\n"
STORE = "tracker_store:\n  type: bot.tracker_store.BoundedTrackerStore\n"


@pytest.mark.parametrize(
    ("credentials", "endpoints", "alone"),
    [
        (OURS, STORE, True),
        (f"# telegram:\n{OURS}", STORE, True),
        (f"{OURS}telegram:\n  access_token: x\n", STORE, False),
        (OURS, "tracker_store:\n  type: mongod\n", False),
        (OURS, 'event_broker:\n    type: "pika"\n', False),
    ],
)
def test_they_are_left_out_where_only_ours_are_named(
    tmp_path: Path, credentials: str, endpoints: str, alone: bool
) -> None:
    (tmp_path / "credentials.yml").write_text(credentials)
    (tmp_path / "endpoints.yml").write_text(endpoints)
    assert uses_ours_alone(tmp_path / "credentials.yml", tmp_path / "endpoints.yml") is alone
    assert not uses_ours_alone(tmp_path / "nothing.yml", tmp_path / "endpoints.yml")


def test_our_own_files_name_ours_alone() -> None:
    assert uses_ours_alone(ROOT / "credentials.yml", ROOT / "endpoints.yml")
