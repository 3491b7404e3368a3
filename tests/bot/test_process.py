"""How the bot starts, refuses to start, remembers, and survives."""

import hashlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.bot.action_server import ActionServer
from tests.bot.process import Bot, encoded_embedding, rasa, texts

pytestmark = [pytest.mark.bot, pytest.mark.timeout(700)]

FAST = {"language": "de", "embedding": encoded_embedding()}
ANSWER = {
    **FAST,
    "outcome": "answer",
    "candidates": [{"article": key, "confidence": 0.5, "question": key} for key in ("delivery", "returns")],
}


@pytest.mark.parametrize(
    ("arguments", "changes", "expected"),
    [
        ((), {"STAFFEL_BOT_SECRET": ""}, "STAFFEL_BOT_SECRET is not set"),
        ((), {"STAFFEL_BOT_SECRET": "short"}, "at least 32"),
        (("--enable-api",), {}, "does not start with --enable-api"),
        (("--cors", "*"), {}, "does not start with --cors"),
        (("-i", "0.0.0.0"), {}, "must not listen on 0.0.0.0"),  # noqa: S104
        ((), {"STAFFEL_BOT_HOST": "8.8.8.8"}, "must not listen on 8.8.8.8"),
    ],
)
def test_f42_the_bot_refuses_to_start_with_a_plain_sentence(
    model: Path, tmp_path: Path, arguments: tuple[str, ...], changes: dict[str, Any], expected: str
) -> None:
    environment: dict[str, Any] = {"STAFFEL_BOT_PORT": "0", **changes}
    refused = rasa("run", *arguments, home=tmp_path, **environment)

    assert refused.returncode == 2
    assert expected in refused.stdout
    assert "Traceback" not in refused.stdout


def test_f43_a_model_other_than_the_trained_one_is_refused(model: Path, tmp_path: Path) -> None:
    changed = Path(shutil.copy(model, tmp_path / "staffel.tar.gz"))
    shutil.copy(model.with_name("staffel.sha256"), tmp_path / "staffel.sha256")
    with changed.open("ab") as file:
        file.write(b"one byte more")

    refused = rasa("run", "--model", str(changed), home=tmp_path, STAFFEL_BOT_PORT="0")

    assert refused.returncode == 2
    assert "is not the model whose SHA-256 is recorded" in refused.stdout


def test_the_recorded_hash_is_the_models(model: Path) -> None:
    recorded = model.with_name("staffel.sha256").read_text(encoding="ascii").split()

    assert recorded == [hashlib.sha256(model.read_bytes()).hexdigest(), "staffel.tar.gz"]


def test_a_busy_port_is_named(bot: Bot, tmp_path: Path) -> None:
    refused = rasa("run", home=tmp_path, STAFFEL_BOT_PORT=str(bot.port))

    assert refused.returncode == 2
    assert f"can not listen on 127.0.0.1:{bot.port}" in refused.stdout


def test_f37_a_killed_bot_remembers_slots_last_turns_and_replies(own_bot: Bot) -> None:
    sender = uuid4().hex
    switched = own_bot.ask("auf englisch bitte", sender=sender, turn_id="switch")
    own_bot.kill()

    again = Bot.start(own_bot.home, own_bot.actions_url)
    try:
        assert again.ask("auf englisch bitte", sender=sender, turn_id="switch") == switched
        assert "welcome" in texts(again.ask("thanks", sender=sender, metadata={}))
    finally:
        again.kill()


def test_f36_a_broken_tracker_store_is_no_empty_memory(bot: Bot) -> None:
    """Rasa would go on with a fresh tracker and keep it in memory."""
    database = bot.home / "bot" / "tracker.db"
    _execute(database, "ALTER TABLE trackers RENAME TO elsewhere")
    try:
        reply, health = bot.ask("hallo", metadata=FAST), bot.health()
    finally:
        _execute(database, "ALTER TABLE elsewhere RENAME TO trackers")

    assert (reply["status"], reply["messages"]) == ("error", [])
    assert reply["reason"] == "the tracker store failed"
    assert health.status_code == 503
    assert "trackers" in health.json()["tracker_store"]
    assert bot.ask("hallo", metadata=FAST)["status"] == "ok"


def _execute(database: Path, statement: str) -> None:
    with closing(sqlite3.connect(database, timeout=10)) as connection:
        connection.execute(statement)


def test_the_tracker_database_is_readable_by_its_owner_only(bot: Bot) -> None:
    assert (bot.home / "bot" / "tracker.db").stat().st_mode & 0o077 == 0


def test_f39_turn_200_carries_a_bounded_past(bot: Bot, actions: ActionServer) -> None:
    """Each turn runs an action, whose call carries the remembered part; `benchmarks.long_conversation` times it."""
    sender = uuid4().hex
    for number in range(200):
        assert bot.ask(f"frage {number}", sender=sender, metadata=ANSWER)["status"] == "ok"

    assert len(actions.calls[-1]["tracker"]["events"]) < 60
