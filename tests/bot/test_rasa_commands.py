"""Rasa's own commands work from the root, without TensorFlow."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bot.process import RASA, ROOT, free_port, rasa
from tests.bot.terminal import read_until, shell

pytestmark = [pytest.mark.bot, pytest.mark.timeout(700)]

PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"


def test_tensorflow_is_not_installed() -> None:
    listed = subprocess.run(
        [PYTHON, "-c", "import importlib.metadata as m; print(*sorted(d.name.lower() for d in m.distributions()))"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert not {"tensorflow", "keras", "jax", "tensorboard"} & set(listed.stdout.split())


def test_the_environment_is_what_requirements_txt_says() -> None:
    wanted = dict(
        line.split(" ")[0].split("==")
        for line in (ROOT / "bot" / "requirements.txt").read_text(encoding="utf-8").splitlines()
        if re.match(r"[a-zA-Z].*==", line)
    )
    script = "import importlib.metadata as m, json; print(json.dumps({d.name: d.version for d in m.distributions()}))"
    printed = subprocess.run([PYTHON, "-c", script], capture_output=True, text=True, check=True).stdout
    installed = {re.sub(r"[-_.]+", "-", name.lower()): version for name, version in json.loads(printed).items()}

    assert {name: installed.get(name) for name in wanted} == wanted


def test_training_again_is_not_needed(model: Path, tmp_path: Path) -> None:
    trained = rasa("train", home=tmp_path)

    assert trained.returncode == 0
    assert trained.stdout.strip() == "models/staffel.tar.gz is up to date."


def test_the_training_data_is_valid(model: Path, tmp_path: Path) -> None:
    data = ("data/nlu", "data/rules.yml", "data/stories.yml")

    validated = rasa("data", "validate", "--fail-on-warnings", "--data", *data, home=tmp_path)

    assert validated.returncode == 0, validated.stdout[-3000:]


def test_the_end_to_end_stories_pass(model: Path, tmp_path: Path) -> None:
    out = tmp_path / "results"

    tested = rasa(
        "test",
        "core",
        "--stories",
        "tests/bot/test_stories.yml",
        "--fail-on-prediction-errors",
        "--out",
        str(out),
        home=tmp_path,
    )

    assert tested.returncode == 0, tested.stdout[-3000:]
    report = json.loads((out / "story_report.json").read_text(encoding="utf-8"))
    assert report["conversation_accuracy"]["accuracy"] == 1.0
    assert report["conversation_accuracy"]["total"] >= 20


def test_no_action_server_is_needed_and_rasa_run_actions_says_so(tmp_path: Path) -> None:
    refused = rasa("run", "actions", home=tmp_path)

    assert refused.returncode == 2
    assert refused.stdout.startswith("No action server is needed: the bot runs what lies in actions/custom/ itself")
    assert len(refused.stdout.splitlines()) == 1


def test_shell_answers(model: Path, tmp_path: Path) -> None:
    with shell(RASA, tmp_path) as terminal:
        read_until(terminal, "Your input")
        os.write(terminal, b"hallo\r")
        assert "kein Mensch" in read_until(terminal, "kein Mensch")


def test_interactive_asks_whether_it_understood(model: Path, tmp_path: Path) -> None:
    with shell(RASA, tmp_path, "interactive", "--skip-visualization", "--port", str(free_port())) as terminal:
        read_until(terminal, "Your input")
        os.write(terminal, b"hallo\r")
        assert "greeting" in read_until(terminal, "is this correct?")


def test_visualize_draws_the_stories(tmp_path: Path) -> None:
    drawn = rasa("visualize", "--stories", "data/stories.yml", "--out", str(tmp_path / "graph.html"), home=tmp_path)

    assert drawn.returncode == 0, drawn.stdout[-3000:]
    assert "action_answer" in (tmp_path / "graph.html").read_text(encoding="utf-8")


def test_the_intents_are_tested_with_figures(model: Path, tmp_path: Path) -> None:
    tested = rasa("test", "nlu", "--nlu", "data/nlu", "--out", str(tmp_path / "out"), home=tmp_path)

    assert tested.returncode == 0, tested.stdout[-3000:]
    report = json.loads((tmp_path / "out" / "intent_report.json").read_text(encoding="utf-8"))
    assert report["thanks"]["recall"] > 0.9


@pytest.mark.parametrize("component", ["pipeline: [{name: DIETClassifier}]", "policies: [{name: TEDPolicy}]"])
def test_a_tensorflow_component_says_what_is_missing(tmp_path: Path, component: str) -> None:
    config = tmp_path / "config.yml"
    other = "policies: [{name: RulePolicy}]" if component.startswith("pipeline") else "pipeline: []"
    config.write_text(
        f"recipe: default.v1\nassistant_id: tried\nlanguage: de\n{component}\n{other}\n", encoding="utf-8"
    )

    arguments = ("--config", str(config), "--out", str(tmp_path / "models"), "--data", "data/nlu", "data/rules.yml")
    trained = rasa("train", *arguments, home=tmp_path)

    assert trained.returncode == 1
    assert "needs TensorFlow. TensorFlow is not installed here" in trained.stdout
    assert "requirements-diet.txt" in trained.stdout
    assert "Traceback" not in trained.stdout


def test_the_stand_in_steps_aside_for_a_real_tensorflow(tmp_path: Path) -> None:
    real = tmp_path / "tensorflow"
    real.mkdir()
    (real / "__init__.py").write_text("REAL = True\n", encoding="utf-8")
    script = (
        "from bot import tensorflow_stand_in as s; used = s.install(); import tensorflow; print(used, tensorflow.REAL)"
    )

    printed = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT)))},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert printed.split() == ["False", "True"]
