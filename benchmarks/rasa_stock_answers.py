"""Runs in Rasa's environment: the intent of each question, by the newest model. Arguments: questions, file to write."""

import asyncio
import json
import sys
from pathlib import Path

from rasa.core.agent import Agent  # type: ignore[import-not-found]


async def _answers(questions: list[str]) -> list[str]:
    agent = Agent.load("models")
    return [(await agent.parse_message(question))["intent"]["name"] for question in questions]


if __name__ == "__main__":
    asked = [json.loads(line)["text"] for line in Path(sys.argv[1]).read_text().splitlines()]
    Path(sys.argv[2]).write_text(json.dumps(asyncio.run(_answers(asked))))
