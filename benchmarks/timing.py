"""Whether a conversation goes to a person at the right turn.

`python -m benchmarks.timing` scores tests/data/handoff_dialogues.jsonl (ours, 60 German and 60 English scripted
dialogues; the turns were marked before the rules were tuned) as `staffel handoff score` does, and prints GT-1, GT-2 and
GT-3 (Liu et al. 2021, with λ = 0) beside simple rules. `--file FILE` takes another file of that form; with `--wrong` it
says which dialogues went wrong, and why.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import Any

from helpdesk.handoff.dialogue import CONTACT
from helpdesk.handoff.dialogue_file import Dialogue, read_dialogue
from helpdesk.handoff.wish import find_wish
from helpdesk.rule_admin.dialogue_scores import score_all
from knowledge.search.embedder import MultilingualE5

DIALOGUES = Path(__file__).parent.parent / "tests" / "data" / "handoff_dialogues.jsonl"
TOLERANCES = (1, 2, 3)
TARGETS = (0.75, 0.85, 0.90)

type Points = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferDialogue:
    """A dialogue and the turns with which it should go to a person."""

    dialogue: Dialogue
    gold: Points


def main() -> None:
    """Print the table; fail below the targets."""
    options = argparse.ArgumentParser()
    options.add_argument("--file", type=Path, default=DIALOGUES)
    options.add_argument("--wrong", action="store_true")
    chosen = options.parse_args()
    marked = read(chosen.file)
    scored = score_all([each.dialogue for each in marked], MultilingualE5())
    ours = [tuple(turn["turn"] for turn in each["turns"] if turn["handoff"]) for each in scored]
    print("| | language | " + " | ".join(f"GT-{t}" for t in TOLERANCES) + " |\n|---|---|---|---|---|")
    for name, baseline in BASELINES.items():
        _print(name, marked, [baseline(each.dialogue) for each in marked])
    worst = _print("ours", marked, ours)
    if chosen.wrong:
        _explain(marked, ours, scored)
    reached = all(figure >= target for figure, target in zip(worst, TARGETS, strict=True))
    sys.exit(0 if reached else f"Below the targets: {TARGETS}.")


def read(file: Path) -> list[TransferDialogue]:
    """The dialogues of a file, with their field "handoff"."""
    lines = file.read_text("utf-8").splitlines()
    return [TransferDialogue(dialogue=read_dialogue(line), gold=tuple(json.loads(line)["handoff"])) for line in lines]


def golden_transfer(predicted: Points, gold: Points, tolerance: int) -> float:
    """GT-T of one dialogue: 1 when both are empty, 0 when only one is, else how near each prediction is (λ = 0)."""
    if not predicted or not gold:
        return float(predicted == gold)
    return sum(max(_nearness(p, q, tolerance) for q in gold) for p in predicted) / len(predicted)


def _nearness(predicted: int, gold: int, tolerance: int) -> float:
    return exp(-((predicted - gold) ** 2) / (2 * tolerance**2))


def _never(dialogue: Dialogue) -> Points:
    return ()


def _wish_only(dialogue: Dialogue) -> Points:
    return tuple(line.seq for line in dialogue.said if line.author == CONTACT and find_wish(line.text))[:1]


def _third_turn(dialogue: Dialogue) -> Points:
    return tuple(line.seq for line in dialogue.said if line.author == CONTACT)[2:3]


BASELINES: dict[str, Callable[[Dialogue], Points]] = {
    "never": _never,
    "a wish only": _wish_only,
    "third turn of the contact": _third_turn,
}


def _print(name: str, marked: Sequence[TransferDialogue], predicted: Sequence[Points]) -> tuple[float, ...]:
    """The rows of one way to decide, and its worse language's figures."""
    rows = []
    for language in ("de", "en"):
        mine = [(p, m.gold) for p, m in zip(predicted, marked, strict=True) if m.dialogue.language == language]
        if mine:
            rows.append(tuple(sum(golden_transfer(p, q, t) for p, q in mine) / len(mine) for t in TOLERANCES))
            print(f"| {name} | {language} | " + " | ".join(f"{figure:.3f}" for figure in rows[-1]) + " |")
    return tuple(min(figures) for figures in zip(*rows, strict=True))


def _explain(marked: Sequence[TransferDialogue], ours: Sequence[Points], scored: Sequence[dict[str, Any]]) -> None:
    for each, points, judged in zip(marked, ours, scored, strict=True):
        if points != each.gold:
            print(f"{each.dialogue.id}: expected {each.gold}, got {points}", file=sys.stderr)
            for turn in judged["turns"]:
                kinds = [trigger["kind"] for trigger in turn["triggers"]]
                print(f"    {turn['turn']}: {turn['frustration']} {turn['abuse']} {kinds}", file=sys.stderr)


if __name__ == "__main__":
    main()
