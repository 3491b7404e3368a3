"""What becomes of messages as customers type them: typos, dialect, emoji, two questions at once, follow-ups.

`python -m benchmarks.messy` runs tests/data/messy_messages.jsonl (ours, 30 German and 30 English) through a whole
installation: real search, real Rasa, real turns. It prints what was answered as a Markdown table (docs/messages.md).
"""

import json
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from rich.progress import track

from actions.words import STILL_OPEN
from i18n import all_catalogs
from tests.e2e.installation import Installation, installed

ROOT = Path(__file__).parent.parent
MESSAGES = ROOT / "tests" / "data" / "messy_messages.jsonl"
SHOP = ROOT / "data" / "faq" / "shop.jsonl"
SMALL_TALK = "smalltalk"
OPEN = "?"
NAMED_OPEN = tuple(each.gettext(wording).split("{")[0] for each in all_catalogs("customer") for wording in STILL_OPEN)
PATIENCE = 30.0  # seconds for one answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One message: what it should bring. Articles in order, each perhaps with others that would do, or `OPEN`."""

    id: str
    turn: int
    text: str
    expected: tuple[str, ...]

    @property
    def articles(self) -> tuple[frozenset[str], ...]:
        """The articles that should be said, in order."""
        return tuple(frozenset(one.split("|")) for one in self.expected if one not in (OPEN, SMALL_TALK))


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedReply:
    """What came of a message: the articles said, in order, those offered as choices, and the bot's own words."""

    asked: Expectation
    said: tuple[str, ...]
    offered: tuple[str, ...]
    words: str

    @property
    def verdict(self) -> str:
        """`right`: what was expected, in order, and what has no answer named as open.

        `asked back`: each was said or is among the choices. Anything else is `wrong`.
        """
        wanted = self.asked.articles
        if OPEN in self.asked.expected and not any(named in self.words for named in NAMED_OPEN):
            return "wrong"
        if len(wanted) == len(self.said) and all(key in one for key, one in zip(self.said, wanted, strict=True)):
            return "right"
        if wanted and self.offered and self._leads_to(wanted):
            return "asked back"
        return "wrong"

    def _leads_to(self, wanted: Iterable[frozenset[str]]) -> bool:
        near = {*self.said, *self.offered}
        said_right = all(any(key in one for one in wanted) for key in self.said)
        return said_right and all(one & near for one in wanted)


def main() -> None:
    """Run all messages and print the table."""
    with tempfile.TemporaryDirectory() as folder, installed(Path(folder) / "home") as installation:
        came = list(ask_all(installation))
    print(table(came))
    print()
    print(summary(came))


def expectations() -> list[list[Expectation]]:
    """The dialogues of the file."""
    rows = [json.loads(line) for line in MESSAGES.read_text("utf-8").splitlines()]
    return [
        [
            Expectation(id=row["id"], turn=number, text=turn["text"], expected=tuple(turn["expected"]))
            for number, turn in enumerate(row["turns"], start=1)
        ]
        for row in rows
    ]


def ask_all(installation: Installation) -> Iterator[ObservedReply]:
    """Each dialogue in a conversation of its own."""
    key = installation.run("key", "add", "messy", "--scope", "conversations", "--scope", "messages").stdout.decode()
    with httpx.Client(
        base_url=f"{installation.origin}/api/v1", headers={"Authorization": f"Bearer {key.strip()}"}, trust_env=False
    ) as http:
        run = uuid4().hex[:8]
        for dialogue in track(expectations()):
            body = {"contact": f"{dialogue[0].id}-{run}", "language": dialogue[0].id[:2]}
            conversation = http.post("/conversations", json=body).raise_for_status().json()["id"]
            for expected in dialogue:
                yield _ask(http, conversation, expected)


def _ask(http: httpx.Client, conversation: str, expected: Expectation) -> ObservedReply:
    path = f"/conversations/{conversation}/messages"
    message = {"client_id": f"{conversation}-{expected.turn}", "text": expected.text}
    receipt = http.post(path, json=message).raise_for_status().json()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        lines = http.get(path, params={"after": receipt["seq"]}).raise_for_status().json()["lines"]
        said = [line for line in lines if line["author"] == "bot"]
        if said:
            return came_of(expected, said)
        time.sleep(0.05)
    raise SystemExit(f"{expected.id} got no answer within {PATIENCE:g} s")


def came_of(expected: Expectation, lines: list[dict[str, Any]]) -> ObservedReply:
    """From the bot's lines of one turn, which are stored together."""
    questions = articles_by_question()
    return ObservedReply(
        asked=expected,
        said=tuple(_key(line["article"]) for line in lines if line["article"]),
        offered=tuple(questions[title] for line in lines for title in line["choices"] if title in questions),
        words=" ".join(line["text"] for line in lines),
    )


@cache
def articles_by_question() -> dict[str, str]:
    """The sample shop's articles, by their questions in both languages: that is what a choice shows."""
    articles = [json.loads(line) for line in SHOP.read_text("utf-8").splitlines()]
    return {wording["question"]: one["key"] for one in articles for wording in one["variants"].values()}


def _key(article: Any) -> str:
    return str(article["key"] if isinstance(article, dict) else article)


def table(came: Iterable[ObservedReply]) -> str:
    """Markdown: one row a message."""
    head = "| | message | expected | said | |\n|---|---|---|---|---|"
    return "\n".join([head, *(_row(one) for one in came)])


def _row(came: ObservedReply) -> str:
    number = f"{came.asked.id}{f'.{came.asked.turn}' if came.asked.turn > 1 else ''}"
    text = " ⏎ ".join(came.asked.text.splitlines()).replace("|", "\\|")
    said = ", ".join(came.said) or "–"
    expected = ", ".join(came.asked.expected).replace("|", " or ") or "no article"
    return f"| {number} | {text} | {expected} | {said} | {came.verdict} |"


def summary(came: Iterable[ObservedReply]) -> str:
    """How many were right, asked back, wrong, by language."""
    lines = []
    for language in ("de", "en"):
        mine = [one for one in came if one.asked.id.startswith(language)]
        counts = {verdict: sum(one.verdict == verdict for one in mine) for verdict in ("right", "asked back", "wrong")}
        lines.append(f"{language}: {', '.join(f'{count} {verdict}' for verdict, count in counts.items())}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
