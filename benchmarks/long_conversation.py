"""Does a long conversation cost more than a short one? A whole installation, one customer, 205 turns.

`python -m benchmarks.long_conversation` prints the median time from stored question to stored reply around turn 5, 50,
100 and 200, and the ratio of the last to the first: real Rasa, real knowledge base, SQLite. The time a turn waits for
further messages on purpose is taken off.
"""

import json
import tempfile
import time
from datetime import datetime
from itertools import cycle, islice
from pathlib import Path
from statistics import median

import httpx
from rich.progress import track

from helpdesk.conversations.turn_opening import settle_time
from tests.e2e.installation import Installation, installed

TURNS = 205
AROUND = (5, 50, 100, 200)
WIDTH = 4  # turns on each side of a place
QUESTIONS = Path(__file__).parent.parent / "tests" / "data" / "faq_questions.jsonl"


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, installed(Path(folder) / "home") as installation:
        seconds = measure(installation)
    places = {place: median(seconds[place - 1 - WIDTH : place + WIDTH]) for place in AROUND}
    for place, value in places.items():
        print(f"turn {place:3}: {value * 1000:6.0f} ms (median of turns {place - WIDTH} to {place + WIDTH})")
    print(f"turn 200 / turn 5: {places[200] / places[5]:.2f}")


def measure(installation: Installation) -> list[float]:
    """Seconds of each turn, in order."""
    key = installation.run("key", "add", "bench", "--scope", "conversations", "--scope", "messages").stdout.decode()
    with httpx.Client(
        base_url=f"{installation.origin}/api/v1", headers={"Authorization": f"Bearer {key.strip()}"}, trust_env=False
    ) as http:
        conversation = http.post("/conversations", json={"contact": "bench"}).raise_for_status().json()["id"]
        return [ask(http, conversation, number, text) for number, text in enumerate(track(questions()), start=1)]


def questions() -> list[str]:
    """Questions the shop can answer, in both languages, over and over."""
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    return list(islice(cycle(row["text"] for row in rows if row["expected"]), TURNS))


def ask(http: httpx.Client, conversation: str, number: int, text: str) -> float:
    """Seconds to one answer; should the bot want a person, the customer goes back to the bot."""
    path = f"/conversations/{conversation}/messages"
    receipt = http.post(path, json={"client_id": f"q{number}", "text": text}).raise_for_status().json()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        lines = http.get(path, params={"after": receipt["seq"]}).raise_for_status().json()["lines"]
        answered = [datetime.fromisoformat(line["at"]) for line in lines if line["author"] == "bot"]
        if answered:
            _back_to_the_bot(http, path, lines, number)
            waited = settle_time(text, writing=False)
            return (answered[0] - datetime.fromisoformat(receipt["at"]) - waited).total_seconds()
        time.sleep(0.02)
    raise SystemExit(f"turn {number} got no answer within 20 s")


def _back_to_the_bot(http: httpx.Client, path: str, lines: list[dict[str, object]], number: int) -> None:
    for line in lines:
        if line["author"] == "system" and line["choices"]:
            http.post(path, json={"client_id": f"b{number}", "seq": line["seq"], "choice": 0}).raise_for_status()


if __name__ == "__main__":
    main()
