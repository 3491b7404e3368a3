"""What is read into a customer's words: feelings, the matter beside a wish for a person, injury and death.

`python -m benchmarks.feelings` judges three sets of ours, written before anything was tuned on them; half of each was
looked at (`dev`), half only counted (`held`). `--wrong` names what went wrong, of the half that may be looked at.

- tests/data/calm_messages.jsonl: 200 calm messages. In each of several places of a conversation and whatever the bot
  takes them for, no reply may claim a feeling, and no rule hand over for one.
- tests/data/wish_and_matter.jsonl: 60 wishes for a person with their matter. It has to be passed on.
- tests/data/sensitive_messages.jsonl: 50 messages about injury, danger and death that are told calmly, and 50 that only
  sound like it.

Where the development data is there, questions of other companies' customers are read too: hardly one tells of harm.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.calm_replies import claims
from benchmarks.faq import DATA as DEVELOPMENT_DATA
from helpdesk.handoff.dialogue import CONTACT, DialogueLine
from helpdesk.handoff.harm import find_harm
from helpdesk.handoff.mood import judge_moods
from helpdesk.handoff.own_questions import mark_answers
from helpdesk.handoff.rules import DEFAULT_RULES, Act, decide
from helpdesk.handoff.summary import restate
from helpdesk.handoff.wish import find_wish
from knowledge.search.embedder import MultilingualE5

STRANGERS = DEVELOPMENT_DATA / "faq"
MAX_STRANGERS = 500
DATA = Path(__file__).parent.parent / "tests" / "data"
PARTS = ("dev", "held")


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedMessage:
    """One entry of a set, and what is wrong with how it was judged; empty where nothing is."""

    id: str
    part: str
    language: str
    fault: str


def main() -> None:
    """Print the table; fail where a target is missed."""
    print("| | part | language | right |\n|---|---|---|---|")
    reached = True
    for name, judged, target in (
        ("calm: no feeling claimed", judge_calm(), 1.0),
        ("matter passed on", judge_matters(), 0.95),
        ("sensitive: reaches a person", judge_sensitive(is_real=True), 1.0),
        ("only sounds sensitive: goes to nobody", judge_sensitive(is_real=False), 0.96),
    ):
        reached &= _print(name, judged) >= target
    print_strangers()
    sys.exit(0 if reached else "Below the targets.")


def _print(name: str, judged: Sequence[JudgedMessage]) -> float:
    """The rows of a set; the share that was judged rightly."""
    for part in PARTS:
        for language in ("de", "en"):
            mine = [each for each in judged if (each.part, each.language) == (part, language)]
            print(f"| {name} | {part} | {language} | {sum(not each.fault for each in mine)} of {len(mine)} |")
    if "--wrong" in sys.argv:
        wrong = [each for each in judged if each.fault and (each.part == "dev" or "--all" in sys.argv)]
        print(*(f"{each.id}: {each.fault}" for each in wrong), sep="\n", file=sys.stderr)
    return sum(not each.fault for each in judged) / len(judged)


def print_strangers() -> None:
    """How many ordinary questions of other companies' customers would be taken for harm."""
    for file in sorted(STRANGERS.glob("*.queries.jsonl")):
        texts = [str(json.loads(line)["text"]) for line in file.read_text("utf-8").splitlines()]
        asked = Random(1).sample(texts, min(MAX_STRANGERS, len(texts)))
        meanings = MultilingualE5().embed_queries(asked).tolist()
        taken = sum(find_harm(text, meaning) is not None for text, meaning in zip(asked, meanings, strict=True))
        print(f"| harm in {file.name.removesuffix('.queries.jsonl')} | all | | {taken} of {len(asked)} |")


def judge_calm() -> list[JudgedMessage]:
    """Whether any reply to a calm message claims a feeling."""
    entries = list(_read("calm_messages"))
    texts = sorted({text for entry in entries for text in entry["said"]})
    meanings = dict(zip(texts, MultilingualE5().embed_queries(texts).tolist(), strict=True))
    return [_judged(entry, next(claims(entry["said"], entry["language"], meanings), "")) for entry in entries]


def judge_matters() -> list[JudgedMessage]:
    """Whether the request that is passed on has the matter in the customer's words, and no answer to our question."""
    return [_judged(entry, _fault_of_matter(entry)) for entry in _read("wish_and_matter")]


def judge_sensitive(*, is_real: bool) -> list[JudgedMessage]:
    """Whether what is told of injury, danger or death goes over at once, and what only sounds like it doesn't."""
    entries = [entry for entry in _read("sensitive_messages") if bool(entry["topic"]) is is_real]
    meanings = MultilingualE5().embed_queries([entry["text"] for entry in entries]).tolist()
    return [
        _judged(entry, "" if _goes_over(entry, meaning) is is_real else entry["text"])
        for entry, meaning in zip(entries, meanings, strict=True)
    ]


def _goes_over(entry: dict[str, Any], meaning: list[float]) -> bool:
    line = DialogueLine(seq=1, author=CONTACT, text=entry["text"], language=entry["language"], meaning=meaning)
    return decide([line], judge_moods([line]), DEFAULT_RULES).act is Act.HAND_OVER


def _fault_of_matter(entry: dict[str, Any]) -> str:
    said = [
        DialogueLine(seq=seq, author=turn["author"], text=turn["text"], awaits=turn.get("awaits"), **_understood(turn))
        for seq, turn in enumerate(entry["said"])
    ]
    said = [replace(line, answers_question=bool(n and said[n - 1].awaits)) for n, line in enumerate(said)]
    passed_on = restate(mark_answers(said), quoted=str).text
    if entry["matter"] not in passed_on or (entry["never"] and entry["never"] in passed_on):
        return f"{passed_on!r} instead of {entry['matter']!r}"
    return ""


def _understood(turn: dict[str, Any]) -> dict[str, Any]:
    """What the bot takes a line of the contact for: a wish for a person or a question."""
    if turn["author"] != "contact":
        return {"outcome": "none"}
    return {"intent": "ask_person" if find_wish(turn["text"]) else "faq"}


def _judged(entry: dict[str, Any], fault: str) -> JudgedMessage:
    return JudgedMessage(id=entry["id"], part=entry["part"], language=entry["language"], fault=fault)


def _read(name: str) -> Iterator[dict[str, Any]]:
    for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)


if __name__ == "__main__":
    main()
