"""Learns the weights of helpdesk/handoff/mood from our own examples in data/mood, and from nothing else.

`python -m benchmarks.train_mood` writes helpdesk/handoff/mood/weights.json; the same examples give the same weights. It
prints how well each score is calibrated on examples held out.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from helpdesk.handoff.dialogue import BOT, CONTACT, DialogueLine
from helpdesk.handoff.mood.features import of_line
from helpdesk.handoff.mood.history import MoodHistory
from knowledge.search.embedder import E5_DIMENSIONS, MultilingualE5

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "data" / "mood"
WEIGHTS = ROOT / "helpdesk" / "handoff" / "mood" / "weights.json"
FRUSTRATION = (0.02, 0.06, 0.30, 0.80, 0.97)
"""What a line's grade, 0 content to 4 furious, is worth as a probability."""
ABUSE = (0.01, 0.30, 0.96, 0.98)
CALMING = frozenset(
    {"positive", "calm", "closing", "agreeing", "emoji_happy", "refusing*positive", "quoted", "reported"}
)
"""Features that can only lower a score; those of `EITHER` may do both; every other one can only raise it."""
EITHER = frozenset(
    {"long", "offered", "praise", "shorter", "brief", "emoji_laughing", "self", "asks", "failed*positive"}
)
EXPECTED = {
    "frustration": {
        **dict.fromkeys(("anger", "company", "sarcasm", "abusive"), 2.0),
        **dict.fromkeys(("insisting", "trouble*praise"), 1.5),
        **dict.fromkeys(("swearing", "leaving"), 1.2),
        **dict.fromkeys(("not_helpful", "unhelped", "giving_up", "heat_before*praise"), 1.0),
        **dict.fromkeys(("failed", "shouting"), 0.8),
        **dict.fromkeys(("displeased", "unhelped*praise"), 0.7),
        **dict.fromkeys(("negation", "correcting", "doubting"), 0.6),
        **dict.fromkeys(("repetition", "repeated", "repairing", "marks", "trouble*positive"), 0.5),
        **dict.fromkeys(("refusing", "alternative", "impatient", "asked_again"), 0.4),
        **dict.fromkeys(("said_before", "heat_before", "failed*alternative", "repetition*failures"), 0.3),
        **dict.fromkeys(("turns", "resistance_before", "failed*failures", "offered*refusing"), 0.2),
        **dict.fromkeys(("failures", "contrast"), 0.2),
        **dict.fromkeys(("closing", "agreeing"), -0.3),
        **dict.fromkeys(("positive",), -0.6),
    },
    "abuse": {
        **dict.fromkeys(("abusive",), 1.8),
        **dict.fromkeys(("contempt",), 1.2),
        **dict.fromkeys(("emoji_rude",), 1.0),
        **dict.fromkeys(("weak_thing", "slur"), 0.8),
        **dict.fromkeys(("threat",), 0.6),
        **dict.fromkeys(("insult",), 0.5),
        **dict.fromkeys(("person", "company", "mild_thing", "sexual", "abusive*you"), 0.4),
        **dict.fromkeys(("marks", "shouting", "emoji_angry"), 0.3),
        **dict.fromkeys(("swearing", "anger"), 0.2),
    },
}
"""What we expect a feature to weigh, from general reasoning and a look at one half of the development dialogues.

The examples pull the weights away from here; without them, a few hundred lines would decide what no line of them shows.
"""
ABUSIVE_PAIRS = ("abusive", "contempt", "weak_thing", "swearing")
SHOWS_ABUSE = frozenset(
    {"positive", "calm", "quoted", "reported", "self", "asks", "brief", "long", "you", "emoji_happy", "emoji_laughing"}
    | {"dismissal", "weak_at_you", "mild_at_you", "exclaims", "dots", "grawlix", "stretched", "emoji_sad"}
    | set(EXPECTED["abuse"])
)
SHOWS_NO_FRUSTRATION = frozenset(
    {"you", "person", "self", "failure", "first", "asks", "mild_thing", "quoted", "reported"}
)
"""They only help to read others, or tell in which of our files an example stands."""
FOLDS = 10
PENALTY = 0.01
EXPECTED_PENALTY = {"frustration": 0.1, "abuse": 0.03}
MEANING_PENALTY = {"frustration": 0.003, "abuse": 0.0003}
IN_DIALOGUE = {"frustration": 3.0, "abuse": 1.0}
"""How many single lines a line of a dialogue counts for: only dialogues show what the course says."""
CALM_LINES = {"frustration": 2.0, "abuse": 1.0}
"""The same for lines without frustration: customers write more of them than we did."""

type Matrix = NDArray[np.float64]
type Bounds = tuple[float | None, float | None]

FREE: Bounds = (None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoodExample:
    """A line as the judge sees it. `group` is its dialogue: a fold holds it out whole. A target may be unknown."""

    group: int
    features: dict[str, float]
    meaning: Matrix
    frustration: float | None
    abuse: float | None


@dataclass(frozen=True, slots=True)
class WeightPrior:
    """What is expected of the weights, how strongly each is drawn there, and where it must stay."""

    expected: Matrix
    penalty: Matrix
    bounds: Sequence[Bounds]


def main() -> None:
    """Learn, print, write."""
    examples = list(read_examples())
    stored: dict[str, Any] = {}
    for form in ("words", "words_and_meaning"):
        for score in ("frustration", "abuse"):
            stored.setdefault(form, {})[score] = learn(examples, score, with_meaning=form != "words")
    WEIGHTS.write_text(json.dumps(stored, separators=(",", ":"), sort_keys=True) + "\n", "utf-8")
    print(f"{WEIGHTS.relative_to(ROOT)}: {WEIGHTS.stat().st_size / 1000:.0f} kB from {len(examples)} lines")


def learn(examples: Sequence[MoodExample], score: str, *, with_meaning: bool) -> dict[str, Any]:
    """A regression on soft targets, its slope and constant corrected by what it says of examples held out (Platt)."""
    known = [each for each in examples if getattr(each, score) is not None]
    names = sorted({name for each in known for name in each.features if _shows(score, name)})
    matrix = np.array([[each.features.get(name, 0.0) for name in names] for each in known])
    if with_meaning:
        matrix = np.hstack([matrix, np.array([each.meaning for each in known])])
    prior = _prior(score, names, matrix.shape[1] - len(names))
    target = np.array([getattr(each, score) for each in known], dtype=float)
    counts = _counts(score, known, target)
    groups = np.array([each.group for each in known])
    held_out = np.zeros(len(known))
    for fold in range(FOLDS):
        out = groups % FOLDS == fold
        held_out[out] = apply(fit(matrix[~out], target[~out], counts[~out], prior), matrix[out])
    slope, shift = fit(held_out[:, None], target, counts, WeightPrior(np.ones(1), np.zeros(1), [FREE]))
    report(score, with_meaning, held_out * slope + shift, target, counts)
    solution = fit(matrix, target, counts, prior)
    learnt = solution[:-1] * slope
    return {
        "constant": round(float(solution[-1] * slope + shift), 4),
        "features": {
            name: round(float(w), 3) for name, w in zip(names, learnt[: len(names)], strict=True) if abs(w) >= 0.005
        },
        "meaning": [round(float(w), 3) for w in learnt[len(names) :]],
    }


def fit(matrix: Matrix, target: Matrix, counts: Matrix, prior: WeightPrior) -> Matrix:
    """Weights and, last, the constant of a logistic regression on probabilities, drawn to what is expected."""

    def loss(solution: Matrix) -> tuple[float, Matrix]:
        logits, away = apply(solution, matrix), solution[:-1] - prior.expected
        error = counts * (1 / (1 + np.exp(-logits)) - target) / counts.sum()
        value = (
            np.sum(counts * (np.logaddexp(0, logits) - target * logits)) / counts.sum() + prior.penalty @ away**2 / 2
        )
        return float(value), np.append(matrix.T @ error + prior.penalty * away, error.sum())

    start, bounds = np.append(prior.expected, 0.0), [*prior.bounds, FREE]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 3000})
    return np.asarray(found.x)


def _prior(score: str, names: Sequence[str], dimensions: int) -> WeightPrior:
    expected = EXPECTED[score]
    penalty = [EXPECTED_PENALTY[score] if name in expected else PENALTY for name in names]
    return WeightPrior(
        expected=np.array([*(expected.get(name, 0.0) for name in names), *[0.0] * dimensions]),
        penalty=np.array([*penalty, *[MEANING_PENALTY[score]] * dimensions]),
        bounds=[*map(_bounds, names), *[FREE] * dimensions],
    )


def _shows(score: str, name: str) -> bool:
    if score == "frustration":
        return name not in SHOWS_NO_FRUSTRATION
    first, *others = name.split("*")
    return first in ABUSIVE_PAIRS if others else name in SHOWS_ABUSE


def _counts(score: str, known: Sequence[MoodExample], target: Matrix) -> Matrix:
    """How much each example counts."""
    lines = Counter(each.group for each in known)
    course = np.array([IN_DIALOGUE[score] if lines[each.group] > 1 else 1.0 for each in known])
    return np.asarray(course * np.where(target < FRUSTRATION[2], CALM_LINES[score], 1.0))


def _bounds(name: str) -> Bounds:
    if name in EITHER:
        return FREE
    return (None, 0.0) if name in CALMING else (0.0, None)


def apply(solution: Matrix, matrix: Matrix) -> Matrix:
    """The logits."""
    return np.asarray(matrix @ solution[:-1] + solution[-1])


def report(score: str, with_meaning: bool, logits: Matrix, target: Matrix, counts: Matrix) -> None:
    """Error of calibration over ten bins, and how far off the average line is, both on lines held out."""
    told = 1 / (1 + np.exp(-logits))
    bins = np.minimum((told * 10).astype(int), 9)
    off = sum(abs((counts * (told - target))[bins == n].sum()) for n in range(10)) / counts.sum()
    print(
        f"{score:11} {'with meaning' if with_meaning else 'words only':12} {len(told)} lines: "
        f"calibration error {off:.3f}, mean distance {np.average(np.abs(told - target), weights=counts):.3f}"
    )


def read_examples() -> Iterator[MoodExample]:
    """All examples, each with the course of its dialogue up to it."""
    dialogues = list(_dialogues())
    texts = sorted({text for dialogue in dialogues for author, _, _, text in dialogue if author == CONTACT})
    vectors = dict(zip(texts, MultilingualE5().embed_queries(texts), strict=True))
    for group, dialogue in enumerate(dialogues):
        course = MoodHistory()
        for seq, (author, frustration, abuse, text) in enumerate(dialogue):
            if author == BOT:
                course.hear(DialogueLine(seq=seq, author=BOT, text=text))
                continue
            line = DialogueLine(seq=seq, author=CONTACT, text=text, meaning=vectors[text].tolist())
            seen = of_line(line, course)
            course.remember(line, seen.words, seen.features)
            meaning = vectors[text].astype(float)
            yield MoodExample(
                group=group, features=seen.features, meaning=meaning, frustration=frustration, abuse=abuse
            )


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
    assert E5_DIMENSIONS == 384
    main()
