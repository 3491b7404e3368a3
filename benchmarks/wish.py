"""How well a wish for a person is told from what only looks like one.

`python -m benchmarks.wish` judges tests/data/wishes.jsonl (ours, 200 German and 200 English lines, half of them hard
negatives, written down before the words were tuned) and prints precision and recall, beside a plain list of keywords.
"""

import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpdesk.handoff.wish import find_wish

WISHES = Path(__file__).parent.parent / "tests" / "data" / "wishes.jsonl"
TARGETS = (0.98, 0.97)  # precision, recall
KEYWORDS = re.compile(
    r"\b(?:mensch\w*|mitarbeiter\w*|person|berater\w*|agent\w*|kolleg\w*|support|kundenservice|rückruf|anrufen|human|"
    r"representative|operator|manager|someone|somebody|call me|callback)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the set; `wish`: it asks for a person."""

    id: str
    language: str
    text: str
    wish: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Precision and recall, 0 to 1, and the lines that went wrong."""

    precision: float
    recall: float
    wrong: tuple[str, ...]


def main() -> None:
    """Print the table, and with `--wrong` which lines went wrong; fail below the targets."""
    lines = [Line(**json.loads(line)) for line in WISHES.read_text("utf-8").splitlines()]
    reached = True
    print("| | language | precision | recall |\n|---|---|---|---|")
    for name, judge in (("keywords", find_keyword), ("ours", has_wish)):
        for language in ("de", "en"):
            measured = measure([line for line in lines if line.language == language], judge)
            print(f"| {name} | {language} | {measured.precision:.3f} | {measured.recall:.3f} |")
            if name == "ours":
                reached &= measured.precision >= TARGETS[0] and measured.recall >= TARGETS[1]
                if "--wrong" in sys.argv:
                    print(*measured.wrong, sep="\n", file=sys.stderr)
    sys.exit(0 if reached else "Below the targets: precision 0.98, recall 0.97.")


def measure(lines: Sequence[Line], judge: Callable[[Line], bool]) -> Measured:
    """How well `judge` finds the wishes among the lines."""
    found = {line.id for line in lines if judge(line)}
    wishes = {line.id for line in lines if line.wish}
    right = len(found & wishes)
    return Measured(
        precision=right / len(found) if found else 0.0,
        recall=right / len(wishes),
        wrong=tuple(line.id for line in lines if (line.id in found) != line.wish),
    )


def has_wish(line: Line) -> bool:
    """The rules of a live conversation, by words alone."""
    return find_wish(line.text, line.language) is not None


def find_keyword(line: Line) -> bool:
    """What a list of keywords finds."""
    return KEYWORDS.search(line.text) is not None


if __name__ == "__main__":
    main()
