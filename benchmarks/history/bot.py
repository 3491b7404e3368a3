"""The bot of the history: answers with what it was asked, so that an answer can be told from every other. A process of
its own: `python -m benchmarks.history.bot PORT`."""

import sys
from typing import Any

import uvicorn

from tests.fakes.bot import FakeBot

#: The word with which a customer of the history asks for a person.
WISH = "[person]"


def answer(turn: dict[str, Any]) -> list[dict[str, Any]]:
    """What was asked, and a handoff where the customer wants one."""
    said = f"You said: {turn['text'] or turn['payload']}"
    if WISH not in turn["text"]:
        return [{"text": said}]
    return [{"text": "", "custom": {"handoff": {"kind": "asked", "text": turn["text"]}}}]


def main(port: int) -> None:
    """Serve until killed."""
    uvicorn.run(FakeBot(answering=answer).app(), host="127.0.0.1", port=port, log_level="warning", lifespan="off")


if __name__ == "__main__":
    main(int(sys.argv[1]))
