"""Where an order is, in whole dialogues with the whole installation and its demo orders; on three channels.

`tests/data/lookup_dialogues.jsonl`: what the customer writes, what the last answers must and must not say, and whether
a person has to come in.
"""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.installation import Installation, installed
from tests.e2e.test_service_dialogues import key_of

pytestmark = [pytest.mark.bot, pytest.mark.slow, pytest.mark.timeout(600)]

DIALOGUES: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "data" / "lookup_dialogues.jsonl").read_text("utf-8").splitlines()
]
AT_ONCE = 4
SETTLED = 60.0  # seconds in which a turn has to be over
RIGHT_AT_LEAST = 0.95


@pytest.fixture(scope="module")
def installation(sample_home: Path) -> Iterator[Installation]:
    with installed(sample_home) as found:
        yield found


async def held(api: httpx.AsyncClient, dialogue: dict[str, Any]) -> tuple[list[list[str]], str]:
    """What was answered to each line, and the conversation's status at the end."""
    opened = await api.post("/conversations", json={"contact": dialogue["id"], "language": dialogue["language"]})
    path = f"/conversations/{opened.json()['id']}"
    said = []
    for number, line in enumerate(dialogue["lines"]):
        written = await api.post(f"{path}/messages", json={"client_id": f"c{number}", "text": line})
        assert written.status_code == 201, written.text
        said.append(await _answers(api, path, written.json()["seq"]))
    return said, (await api.get(path)).json()["card"]["status"]


async def _answers(api: httpx.AsyncClient, path: str, seq: int) -> list[str]:
    async with asyncio.timeout(SETTLED):
        while True:
            lines = (await api.get(f"{path}/messages", params={"after": seq})).json()["lines"]
            if said := [line["text"] for line in lines if line["kind"] == "outgoing"]:
                return said
            await asyncio.sleep(0.2)


def wrong_in(dialogue: dict[str, Any], said: list[list[str]], status: str) -> str:
    """What went wrong; empty when nothing did."""
    everything = "\n".join(text for texts in said for text in texts)
    last = "\n".join(said[-1])
    if dialogue.get("never") and re.search(dialogue["never"], everything):
        return f"said {dialogue['never']!r}"
    if (status == "queued") != dialogue.get("person", False):
        return f"ended {status}"
    return "" if re.search(dialogue.get("ends", ""), last) else "ended otherwise"


async def test_the_dialogues_end_as_they_should(installation: Installation) -> None:
    headers = {"Authorization": f"Bearer {await asyncio.to_thread(key_of, installation)}"}
    places = asyncio.Semaphore(AT_ONCE)

    async def hold(dialogue: dict[str, Any]) -> str:
        async with (
            places,
            httpx.AsyncClient(
                base_url=f"{installation.origin}/api/v1", headers=headers, timeout=60, trust_env=False
            ) as api,
        ):
            said, status = await held(api, dialogue)
        wrong = wrong_in(dialogue, said, status)
        shown = "\n".join(
            f"  > {line}\n    {' | '.join(texts)}" for line, texts in zip(dialogue["lines"], said, strict=True)
        )
        return f"{dialogue['id']}: {wrong}\n{shown}" if wrong else ""

    found = await asyncio.gather(*map(hold, DIALOGUES))
    misses = [one for one in found if one]
    print(f"{len(DIALOGUES) - len(misses)} of {len(DIALOGUES)} right", *misses, sep="\n")  # noqa: T201
    assert len(misses) <= len(DIALOGUES) * (1 - RIGHT_AT_LEAST)
