"""Learns the weights of helpdesk/handoff/wish from our own lines: data/wishes, and what the bot is taught in data/nlu.

`python -m benchmarks.train_wish` writes helpdesk/handoff/wish/weights.json; the same lines give the same weights. A
quarter of the hard lines (data/wishes/de.jsonl and en.jsonl), by a hash of the line, teaches nothing and sets nothing:
it is only measured. The limits come from lines of the other three quarters that were held out in turn.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import LinearOperator

from benchmarks.train_mood import FREE, Matrix, WeightPrior, apply, fit
from helpdesk.handoff.wish.classifier import signs_of
from helpdesk.handoff.wish.clauses import clauses_of
from knowledge.search.embedder import MultilingualE5

ROOT = Path(__file__).parent.parent
LINES = ROOT / "data" / "wishes"
TAUGHT = ROOT / "data" / "nlu"
WEIGHTS = ROOT / "helpdesk" / "handoff" / "wish" / "weights.json"
FOLDS = 8
SIGN_PENALTY, MEANING_PENALTY = 0.0003, 0.00003
SELDOM = 3  # a sign in fewer lines is not learnt
PRECISION = 0.985  # of what is found among hard lines held out in turn


class Source(StrEnum):
    """Where a line is from."""

    HARD = "hard"
    PLAIN = "plain"
    OTHER = "other"
    PHRASES = "phrases"
    BOT = "bot"


COUNTS = {Source.HARD: 1.0, Source.PLAIN: 1.0, Source.OTHER: 0.5, Source.PHRASES: 0.15, Source.BOT: 0.4}
"""What a line counts. Phrases are no sentences, and the bot's lines are easy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WishExample:
    """A line and whether it is a wish; `language` is empty for what the bot is taught."""

    text: str
    wish: bool
    source: Source
    language: str = ""

    @property
    def fold(self) -> int:
        """A number from 0 to 255 that depends on the text alone."""
        return sha256(self.text.encode()).digest()[0]

    @property
    def is_held_out(self) -> bool:
        """Whether it is for measuring only."""
        return self.source is Source.HARD and self.fold % 4 == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WishLogits:
    """Weights with the constant last, and the logits of all lines: of each that teaches from a fit without its fold."""

    solution: Matrix
    logits: Matrix


def main() -> None:
    """Learn, choose the limits, write, measure."""
    lines = read_examples()
    meaning = MultilingualE5().embed_queries([line.text for line in lines]).astype(float)
    names, signs = sign_matrix(lines)
    words, both = in_turn(lines, signs, meaning)
    limits = [choose_limit(lines, each.logits) for each in (words, both)]
    write(names, words, both, limits, meaning)
    print("| lines | language | count | | precision | recall |\n|---|---|---|---|---|---|")
    for name, learnt, limit in zip(("words alone", "words and meaning"), (words, both), limits, strict=True):
        report(lines, learnt.logits >= limit, name)


def read_examples() -> list[WishExample]:
    """All lines, those for measuring included."""
    folders = {Source.HARD: LINES, **{each: LINES / each for each in (Source.PLAIN, Source.OTHER, Source.PHRASES)}}
    ours = [line for source, folder in folders.items() for line in _read_lines(folder, source)]
    return [*ours, *_read_bot_examples()]


def sign_matrix(lines: Sequence[WishExample]) -> tuple[list[str], Matrix]:
    """The signs that are not seldom, and of each line which of them it has."""
    seen = [signs_of(tuple(clauses_of(line.text))) for line in lines]
    known = Counter(sign for line, signs in zip(lines, seen, strict=True) if not line.is_held_out for sign in signs)
    names = sorted(sign for sign, count in known.items() if count >= SELDOM)
    column = {name: n for n, name in enumerate(names)}
    places = [(row, column[sign]) for row, signs in enumerate(seen) for sign in signs if sign in column]
    rows, columns = zip(*places, strict=True)
    matrix: Any = csr_matrix((np.ones(len(places)), (rows, columns)), shape=(len(lines), len(names)))
    return names, matrix


def in_turn(lines: Sequence[WishExample], signs: Matrix, meaning: Matrix) -> tuple[WishLogits, WishLogits]:
    """Learn from all lines that teach, and for the logits of those once without each fold: words alone, and both."""
    target = np.array([float(line.wish) for line in lines])
    counts = np.array([COUNTS[line.source] for line in lines])
    folds = np.array([line.fold // 4 % FOLDS for line in lines])
    teaches = np.array([not line.is_held_out for line in lines])
    solutions = learn(signs[teaches], meaning[teaches], target[teaches], counts[teaches])
    logits = [apply(each, beside(signs, meaning)) for each in solutions]
    for fold in range(FOLDS):
        out, rest = teaches & (folds == fold), teaches & (folds != fold)
        learnt = learn(signs[rest], meaning[rest], target[rest], counts[rest])
        for each, solution in zip(logits, learnt, strict=True):
            each[out] = apply(solution, beside(signs[out], meaning[out]))
    denied = [all(clause.is_denial for clause in clauses_of(line.text)) for line in lines]
    for each in logits:
        each[denied] = -np.inf  # of these no classifier is asked
    words, both = (WishLogits(solution=x, logits=y) for x, y in zip(solutions, logits, strict=True))
    return words, both


def learn(signs: Matrix, meaning: Matrix, target: Matrix, counts: Matrix) -> tuple[Matrix, Matrix]:
    """Weights of words alone and of both, with the constant last."""
    words = _fit(signs, meaning[:, :0], target, counts)
    return np.insert(words, signs.shape[1], np.zeros(meaning.shape[1])), _fit(signs, meaning, target, counts)


def _fit(signs: Matrix, meaning: Matrix, target: Matrix, counts: Matrix) -> Matrix:
    penalty = np.array([SIGN_PENALTY] * signs.shape[1] + [MEANING_PENALTY] * meaning.shape[1])
    prior = WeightPrior(np.zeros(len(penalty)), penalty, [FREE] * len(penalty))
    return fit(beside(signs, meaning), target, counts, prior)


def beside(signs: Matrix, meaning: Matrix) -> Any:
    """One matrix of both. In a single sparse one, a fit would take five times as long for the meanings' sake."""
    count = signs.shape[1]
    return LinearOperator(
        shape=(signs.shape[0], count + meaning.shape[1]),
        matvec=lambda weights: signs @ weights[:count] + meaning @ weights[count:],
        rmatvec=lambda errors: np.concatenate([signs.T @ errors, meaning.T @ errors]),
        dtype=float,
    )


def choose_limit(lines: Sequence[WishExample], logits: Matrix) -> float:
    """The lowest logit with enough precision on the hard lines that teach."""
    hard = sorted((-logits[n], line.wish) for n, line in enumerate(lines) if _sets_limit(line))
    right = np.cumsum([wish for _, wish in hard])
    enough = np.flatnonzero(right / np.arange(1, len(hard) + 1) >= PRECISION)
    return -float(hard[enough[-1]][0])


def write(names: Sequence[str], words: WishLogits, both: WishLogits, limits: Sequence[float], meaning: Matrix) -> None:
    """Store the weights; those of signs in tenths, since there are many."""
    middle = meaning.mean(axis=0) / np.linalg.norm(meaning.mean(axis=0))
    tenths = np.rint(10 * np.array([each.solution[: len(names)] for each in (words, both)]).T).astype(int)
    stored = {
        "signs": {name: [int(n) for n in pair] for name, pair in zip(names, tenths, strict=True) if pair.any()},
        "constants": [round(float(each.solution[-1]), 3) for each in (words, both)],
        "limits": [round(limit, 3) for limit in limits],
        "meaning": [round(float(w), 2) for w in both.solution[len(names) : -1]],
        "centre": [round(float(x), 3) for x in middle],
    }
    WEIGHTS.write_text(json.dumps(stored, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n", "utf-8")
    size = WEIGHTS.stat().st_size / 1000
    print(f"{WEIGHTS.relative_to(ROOT)}: {size:.1f} kB, {len(stored['signs'])} signs, limits {stored['limits']}")
    print(f"smallest cosine to the middle of all lines: {min(meaning @ middle):.2f}\n")


def report(lines: Sequence[WishExample], found: NDArray[np.bool_], name: str) -> None:
    """Precision and recall on lines in turn and on those that set nothing."""
    for kind, is_chosen in (("taught, in turn", _sets_limit), ("held out", lambda line: line.is_held_out)):
        for language in ("de", "en"):
            rows = [n for n, x in enumerate(lines) if x.language == language and is_chosen(x)]
            right = sum(lines[n].wish for n in rows if found[n])
            precision, recall = right / sum(map(bool, found[rows])), right / sum(lines[n].wish for n in rows)
            print(f"| {kind} | {language} | {len(rows)} | {name} | {precision:.3f} | {recall:.3f} |")


def _sets_limit(line: WishExample) -> bool:
    return line.source is Source.HARD and not line.is_held_out


def _read_lines(folder: Path, source: Source) -> Iterator[WishExample]:
    for file in sorted(folder.glob("*.jsonl")):
        for row in file.read_text("utf-8").splitlines():
            yield WishExample(**json.loads(row), source=source)


def _read_bot_examples() -> Iterator[WishExample]:
    for file in sorted(TAUGHT.glob("*.yml")):
        for intent in yaml.safe_load(file.read_text("utf-8"))["nlu"]:
            for row in intent["examples"].splitlines():
                text = row.removeprefix("- ").strip()
                yield WishExample(text=text, wish=intent["intent"] == "ask_person", source=Source.BOT)


if __name__ == "__main__":
    main()
