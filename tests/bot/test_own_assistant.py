"""docs/assistant.md as a stranger follows it: a copy of the project gets its blocks, is trained and talked to."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from bot_protocol import ArticleCandidate, TurnContext
from tests.bot.action_server import ActionServer
from tests.bot.process import ROOT, Bot, rasa, texts
from tests.bot.terminal import read_until, shell

PAGE = ROOT / "docs" / "assistant.md"
BLOCK = re.compile(r"^`(?P<path>[\w./]+)`, [^\n]*:\n\n```\w+\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
COPIED = ("actions", "bot", "bot_protocol", "data", "config.yml", "domain.yml", "endpoints.yml", "credentials.yml")
DELIVERY = ArticleCandidate(key="delivery", question="Wo ist mein Paket?", confidence=0.93)

pytestmark = [pytest.mark.bot, pytest.mark.timeout(900)]


def copy_project(folder: Path) -> Path:
    """What the bot is made of, with the environment that is there."""
    folder.mkdir()
    for name in COPIED:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns(".venv", "__pycache__"))
        else:
            shutil.copy(source, target)
    (folder / "bot" / ".venv").symlink_to(ROOT / "bot" / ".venv")
    embedded = ROOT / ".rasa" / "embeddings.db"
    if embedded.exists():  # only what the page adds needs embedding
        (folder / ".rasa").mkdir()
        shutil.copy(embedded, folder / ".rasa")
    return folder


def follow(page: str, project: Path) -> None:
    """Does what the page says: new files are written, lines for domain.yml put under the heading of their name."""
    for block in BLOCK.finditer(page):
        file = project / block["path"]
        if file.exists():
            file.write_text(with_sections(file.read_text(encoding="utf-8"), block["code"]), encoding="utf-8")
        else:
            file.parent.mkdir(exist_ok=True)
            file.write_text(block["code"], encoding="utf-8")


def with_sections(domain: str, added: str) -> str:
    for section in re.split(r"^(?=\w)", added, flags=re.MULTILINE)[1:]:
        heading, _, lines = section.partition("\n")
        there = re.search(rf"^{heading}\n", domain, re.MULTILINE)
        position = there.end() if there else len(domain)
        domain = domain[:position] + ("" if there else f"\n{heading}\n") + lines.rstrip("\n") + "\n" + domain[position:]
    return domain


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copy_project(tmp_path_factory.mktemp("stranger") / "staffel")
    follow(PAGE.read_text(encoding="utf-8"), folder)
    return folder


@pytest.fixture(scope="module")
def own_assistant(
    project: Path, action_server: ActionServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bot]:
    home, program = tmp_path_factory.mktemp("own"), project / "bot" / "rasa"
    trained = rasa("train", home=home, program=program, seconds=600)
    assert trained.returncode == 0, trained.stdout[-4000:]
    running = Bot.start(home, action_server.url, program)
    yield running
    running.stop()


def turn(channel: str = "webchat", found: tuple[ArticleCandidate, ...] = ()) -> dict[str, Any]:
    context = TurnContext(
        language="de", channel=channel, outcome="answer" if found else "none", candidates=found, embedding=None
    )
    return context.to_json()


def test_the_talk_of_the_page_goes_as_written(own_assistant: Bot) -> None:
    sender = uuid4().hex

    which = own_assistant.ask("Ich brauche ein Ersatzteil", sender=sender, metadata=turn())
    assert which["messages"] == [
        {
            "text": "Um welches Teil geht es?\n\n<https://example.org/parts.png>",
            "choices": [
                {"title": "Tischbein", "payload": '/choose_part{"part": "leg"}'},
                {"title": "Scharnier", "payload": '/choose_part{"part": "hinge"}'},
            ],
            "custom": {"awaits": "part"},
        }
    ]
    how_many = own_assistant.ask(sender=sender, payload='/choose_part{"part": "leg"}', metadata=turn())
    assert (texts(how_many), how_many["answered"]) == ("Wie viele brauchen Sie?", "part")
    aside = own_assistant.ask("Wo ist mein Paket?", sender=sender, metadata=turn(found=(DELIVERY,)))
    assert "Den Stand Ihrer Lieferung" in texts(aside)
    assert texts(aside).endswith("Wie viele brauchen Sie?")
    assert "answered" not in aside
    done = own_assistant.ask("3", sender=sender, metadata=turn())
    assert texts(done) == "Notiert: 3.0 × leg.\nDas macht 57.00 Euro."
    assert done["answered"] == "amount"
    assert all("awaits" not in message.get("custom", {}) for message in done["messages"])


def test_a_form_of_twenty_turns_with_interruptions_goes_on(own_assistant: Bot) -> None:
    sender = uuid4().hex
    own_assistant.ask("Ich möchte ein Ersatzteil bestellen", sender=sender, metadata=turn())
    own_assistant.ask(sender=sender, payload='/choose_part{"part": "hinge"}', metadata=turn())

    for number in range(18):
        said = own_assistant.ask(
            "Wo ist mein Paket?" if number % 3 else "99", sender=sender, metadata=turn(found=(DELIVERY,))
        )
        assert said["status"] == "ok"
        assert texts(said).endswith("Wie viele brauchen Sie?")

    assert texts(own_assistant.ask("2", sender=sender, metadata=turn())).endswith("Das macht 9.00 Euro.")


def test_a_wrong_value_is_explained_and_asked_for_again(own_assistant: Bot) -> None:
    sender = uuid4().hex
    own_assistant.ask("ersatzteil bestellen", sender=sender, metadata=turn())
    own_assistant.ask(sender=sender, payload='/choose_part{"part": "leg"}', metadata=turn())

    said = own_assistant.ask("50", sender=sender, metadata=turn())

    assert texts(said) == "Es gehen 1 bis 20 Stück.\nWie viele brauchen Sie?"
    assert said["answered"] == "amount"


def test_each_channel_has_its_wording(own_assistant: Bot) -> None:
    said = own_assistant.ask("Ich brauche ein Ersatzteil", metadata=turn("slack"))

    assert texts(said) == "Welches Teil soll es sein?"


def test_a_failing_action_is_named_by_its_place_and_without_words(own_assistant: Bot) -> None:
    sender = uuid4().hex
    own_assistant.ask("Ich brauche ein Ersatzteil", sender=sender, metadata=turn())
    own_assistant.ask(sender=sender, payload='/choose_part{"part": "a word of the customer"}', metadata=turn())

    said = own_assistant.ask("3", sender=sender, metadata=turn())

    assert said["status"] == "action_failed"
    assert re.fullmatch(
        r"action_spare_part_price failed at actions/custom/spare_parts\.py:\d+: KeyError", said["reason"]
    )
    assert "a word of the customer" not in own_assistant.log


def test_rasa_shell_runs_ones_own_actions(project: Path, own_assistant: Bot, tmp_path: Path) -> None:
    with shell(project / "bot" / "rasa", tmp_path) as terminal:
        read_until(terminal, "Your input")
        os.write(terminal, b"Ich brauche ein Ersatzteil\r")
        assert "1: Tischbein" in read_until(terminal, "Um welches Teil geht es?")
        read_until(terminal, "Your input")
        os.write(terminal, b'/choose_part{"part": "leg"}\r')
        assert "Wie viele" in read_until(terminal, "Wie viele brauchen Sie?")
        os.write(terminal, b"3\r")
        assert "57.00" in read_until(terminal, "57.00")


def test_a_button_that_the_domain_does_not_have_is_refused(own_assistant: Bot) -> None:
    body = {"turn_id": "t", "sender": "s", "payload": "/order_everything"}

    assert own_assistant.post(body).status_code == 400


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "domain.yml",
            "- validate_spare",
            "- action_lost\n  - validate_spare",
            "nobody provides the action action_lost",
        ),
        ("domain.yml", '\'/choose_part{{"part": "leg"}}\'', "/chose_part", "domain.yml has no intent 'chose_part'"),
        ("actions/custom/spare_parts.py", "PRICES = {", "PRICES = {{", "actions/custom/spare_parts.py:6: "),
        ("actions/custom/spare_parts.py", "import re\n", "import nowhere\n", "spare_parts.py:1: ModuleNotFoundError"),
    ],
)
def test_what_can_not_work_fails_the_training_with_file_and_line(
    project: Path, tmp_path: Path, file: str, old: str, new: str, expected: str
) -> None:
    changed = project / file
    before = changed.read_text(encoding="utf-8")
    changed.write_text(before.replace(old, new, 1), encoding="utf-8")
    try:
        trained = rasa("train", home=tmp_path, program=project / "bot" / "rasa")
    finally:
        changed.write_text(before, encoding="utf-8")

    assert trained.returncode == 2
    assert expected in trained.stdout
    assert re.search(r"^[\w./]+:\d+: ", trained.stdout, re.MULTILINE)
    assert "Traceback" not in trained.stdout
