"""Our runner of the model's components beside Rasa's, on the trained model."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.bot.process import ROOT, environment

pytestmark = [pytest.mark.bot, pytest.mark.timeout(300)]

PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
SCRIPT = """
import asyncio, json, sys
from bot import startup
startup.begin()
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.engine.exceptions import GraphRunError
from bot.graph_runner import SequentialGraphRunner

processor = Agent.load(sys.argv[1]).processor
theirs, ours = processor.graph_runner, SequentialGraphRunner.of(processor.graph_runner)
metadata = processor.model_metadata

async def outcome(runner, text):
    processor.graph_runner = runner
    parsed = await processor.parse_message(UserMessage(text, sender_id=text))
    tracker = await processor.get_tracker(text)
    prediction = processor._predict_next_with_tracker(tracker)
    return [parsed["intent"], parsed["entities"], prediction.probabilities, prediction.policy_name]

def failure(runner):
    try:
        runner.run(inputs={}, targets=[metadata.core_target])
    except GraphRunError as error:
        return str(error)

async def main():
    texts = ["hallo", "Bestellung 4711-88, wo ist sie?", "thanks a lot", "einen Menschen bitte"]
    outcomes = []
    for runner in (theirs, ours):
        outcomes.append([])
        for text in texts:
            outcomes[-1].append(await outcome(runner, text))
    print(json.dumps({"outcomes": outcomes, "failures": [failure(theirs), failure(ours)]}))

asyncio.run(main())
"""


def test_results_and_errors_are_those_of_rasas_runner(model: Path, tmp_path: Path) -> None:
    env = environment(tmp_path, PYTHONPATH=str(ROOT))

    printed = subprocess.run(
        [PYTHON, "-c", SCRIPT, str(model)], cwd=ROOT, env=os.environ | env, capture_output=True, text=True, check=False
    )

    assert printed.returncode == 0, printed.stderr[-2000:]
    found = json.loads(printed.stdout.splitlines()[-1])
    theirs, ours = found["outcomes"]
    assert ours == theirs
    assert len({intent["name"] for intent, *_ in ours}) > 1
    assert found["failures"][0] == found["failures"][1] is not None
