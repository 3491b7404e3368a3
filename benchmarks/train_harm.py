"""Learns the weights of helpdesk/handoff/harm from our own lines in data/harm.

`python -m benchmarks.train_harm` writes helpdesk/handoff/harm/weights.json. What else customers write (data/mood,
data/wishes, data/faq) teaches what is no harm. Each line is learnt twice, once by its meaning alone,
so that the meaning decides in languages of which we know no words. The limits come from lines held out in turn.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.train_mood import FREE, Matrix, WeightPrior, apply, fit
from benchmarks.train_wish import read_examples as read_wishes
from helpdesk.handoff.harm.classifier import BEREAVEMENT, INJURY, signs_of_window
from helpdesk.handoff.harm.concepts import sentences_in
from knowledge.search.embedder import MultilingualE5

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "data" / "harm"
MOODS = ROOT / "data" / "mood" / "lines.txt"
ARTICLES = ROOT / "data" / "faq" / "shop.jsonl"
WEIGHTS = ROOT / "helpdesk" / "handoff" / "harm" / "weights.json"
KINDS = {INJURY: ("injury", "danger"), BEREAVEMENT: ("bereavement",)}
FOLDS = 8
SIGN_PENALTY, MEANING_PENALTY = 0.002, 0.00005
OTHER_COUNT = 0.3
"""What a line counts that was written for something else."""
EVERY = 6
"""Of the wishes and what is none, one in so many is read."""
MAX_LIMIT_OF_WORDS = -0.7
"""Logit: where there is no meaning, a false alarm is better than an injury that nobody reads."""
OF_WORDS = 2
"""So many times as many false alarms may words alone give."""
FALSE_ALARMS = {INJURY: 0.003, BEREAVEMENT: 0.004}
"""The share of lines without harm, held out in turn, that may reach the limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmExample:
    """A line with its label: "injury", "danger", "bereavement" or "none". `count` is what it counts."""

    text: str
    label: str
    count: float = 1.0

    @property
    def fold(self) -> int:
        """A number from 0 to 255 that depends on the text alone."""
        return sha256(self.text.encode()).digest()[0]


def main() -> None:
    """Learn, choose the limits, write, measure."""
    lines = list(read_examples())
    meaning = MultilingualE5().embed_queries([line.text for line in lines]).astype(float)
    names, signs = sign_matrix(lines)
    middle = meaning.mean(axis=0)
    centre = [round(float(each), 3) for each in middle / np.linalg.norm(middle)]
    kinds = {
        kind: {form: learn(lines, kind, names, signs, meaning, form) for form in ("words", "both")} for kind in KINDS
    }
    stored = {"kinds": kinds, "centre": centre}
    WEIGHTS.write_text(json.dumps(stored, separators=(",", ":"), sort_keys=True) + "\n", "utf-8")
    print(f"{WEIGHTS.relative_to(ROOT)}: {WEIGHTS.stat().st_size / 1000:.0f} kB from {len(lines)} lines")


def read_examples() -> Iterator[HarmExample]:
    """All lines, ours on harm first."""
    for file in sorted(EXAMPLES.glob("*.txt")):
        for row in _rows(file):
            label, _, text = row.partition(" ")
            yield HarmExample(text=text, label=label)
    for row in _rows(MOODS):
        yield HarmExample(text=row.split(" ", 2)[2], label="none", count=OTHER_COUNT)
    for phrasing in read_phrasings():
        yield HarmExample(text=phrasing, label="none", count=OTHER_COUNT)
    for number, wish in enumerate(read_wishes()):
        if number % EVERY == 0:
            yield HarmExample(text=wish.text, label="none", count=OTHER_COUNT)


def read_phrasings() -> Iterator[str]:
    """What is asked about the sample shop's articles: ordinary questions, in which words of harm stand by chance."""
    for row in _rows(ARTICLES):
        for variant in json.loads(row).get("variants", {}).values():
            yield from variant["phrasings"]


def sign_matrix(lines: Sequence[HarmExample]) -> tuple[list[str], Matrix]:
    """The signs that are seen twice at least, and of each line which of them it has."""
    seen = [signs_of_window(sentences_in(line.text)) for line in lines]
    counts: dict[str, int] = {}
    for signs in seen:
        for sign in signs:
            counts[sign] = counts.get(sign, 0) + 1
    names = sorted(name for name, count in counts.items() if count > 1)
    return names, np.array([[float(name in signs) for name in names] for signs in seen])


def learn(
    lines: Sequence[HarmExample], kind: str, names: Sequence[str], signs: Matrix, meaning: Matrix, form: str
) -> dict[str, Any]:
    """The weights of one kind as they are stored, with a limit that few other lines held out reach."""
    with_meaning = form == "both"
    matrix = np.hstack([signs, meaning]) if with_meaning else signs
    target = np.array([float(line.label in KINDS[kind]) for line in lines])
    counts = np.array([line.count for line in lines])
    folds = np.array([line.fold % FOLDS for line in lines])
    held_out = np.zeros(len(lines))
    for fold in range(FOLDS):
        out = folds == fold
        held_out[out] = apply(_fit(matrix[~out], target[~out], counts[~out], len(names), with_meaning), matrix[out])
    share = FALSE_ALARMS[kind] * (1 if with_meaning else OF_WORDS)
    limit = float(np.quantile(held_out[target == 0], 1 - share))
    limit = max(min(limit, 0.0 if with_meaning else MAX_LIMIT_OF_WORDS), -3.0)
    found, harmful = held_out >= limit, target == 1
    alike = (counts == 1.0) & ~harmful
    print(
        f"{kind:12} {form:6} limit {limit:.2f}: found {found[harmful].mean():.3f} of {harmful.sum()}, "
        f"look-alikes {found[alike].sum()} of {alike.sum()}, others {found[counts < 1.0].sum()} of {(counts < 1).sum()}"
    )
    solution = _fit(matrix, target, counts, len(names), with_meaning)
    weights = dict(zip(names, solution[: len(names)], strict=True))
    return {
        "signs": {name: round(float(weight), 2) for name, weight in weights.items() if abs(weight) >= 0.02},
        "meaning": [round(float(weight), 2) for weight in solution[len(names) : -1]],
        "constant": round(float(solution[-1]), 3),
        "limit": round(limit, 3),
    }


def _fit(matrix: Matrix, target: Matrix, counts: Matrix, signs: int, with_meaning: bool) -> Matrix:
    penalty = np.array([SIGN_PENALTY] * signs + [MEANING_PENALTY] * (matrix.shape[1] - signs))
    prior = WeightPrior(np.zeros(len(penalty)), penalty, [FREE] * len(penalty))
    if with_meaning:
        bare = matrix.copy()
        bare[:, :signs] = 0.0
        matrix, target, counts = np.vstack([matrix, bare]), np.tile(target, 2), np.tile(counts, 2)
    return fit(matrix, target, counts, prior)


def _rows(file: Path) -> list[str]:
    return [row for row in file.read_text("utf-8").splitlines() if row and not row.startswith("#")]


if __name__ == "__main__":
    main()
