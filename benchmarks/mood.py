"""How well moods are told: `python -m benchmarks.mood --data DIR` on dialogues and posts that taught it nothing.

Dissatisfaction: F1 of the dissatisfied class and PR-AUC on USS's MWOZ and SGD parts (a satisfaction under 2.5). Half A
of the dialogues (by a hash of the id) was looked at while the features were made. Each half gets its threshold from the
other half; or all dialogues get the threshold of the other set. Offence: GermEval 2018, harmonic mean of averaged
precision and recall as in the shared task, at a threshold of 0.5.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import process_time
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table
from sklearn.metrics import average_precision_score, f1_score, precision_score, recall_score

from benchmarks.faq import DATA
from helpdesk.handoff.dialogue import CONTACT, DialogueLine
from helpdesk.handoff.mood import ABUSIVE, judge_moods
from helpdesk.handoff.mood.history import RESISTANCE
from helpdesk.handoff.mood.wording import read
from knowledge.search.embedder import E5_DIMENSIONS, MultilingualE5

DISSATISFIED = 2.5
OFFENSIVE = 0.5
BATCH = 64
LONG = 500
"""Lines of the conversation that is timed."""
FROWNS = (*RESISTANCE, "anger", "displeased", "swearing", "company", "sarcasm", "insisting", "repeated", "impatient")
CURSES = (*map(str, ABUSIVE), "weak_at_you", "mild_at_you")

type Values = NDArray[np.float64]
type Scoring = Callable[["LabelledDialogue"], dict[int, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledDialogue:
    """Lines, and for some of them, by `seq`, whether they are what is looked for."""

    id: str
    lines: Sequence[DialogueLine]
    labels: dict[int, bool]

    @property
    def half(self) -> int:
        """0 or 1, by the id alone."""
        return int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """One way of scoring the labelled lines of a set."""

    way: str
    scores: Values
    wanted: Values
    halves: Values


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=DATA,
    show_default="STAFFEL_BENCHMARK_DATA or ../shared/data",
)
@click.option("--vectors", type=click.Path(path_type=Path), help="Keep the embeddings in this folder for the next run.")
@click.option("--without-meaning", is_flag=True, help="Words, form and course only: nothing is embedded.")
def main(data: Path, vectors: Path | None, without_meaning: bool) -> None:
    """Score all three sets and print the tables."""
    with tempfile.TemporaryDirectory() as folder:
        kept = vectors or Path(folder)
        found = {name: _scored(name, data, None if without_meaning else kept) for name in READERS}
    Console().print(_dissatisfaction({name: found[name] for name in ("mwoz", "sgd")}))
    Console().print(_offence(found["germeval"]))
    print(f"{LONG} lines of one conversation without embeddings: {seconds_of_a_long_conversation():.2f} s of processor")


def seconds_of_a_long_conversation() -> float:
    """Processor time of judging `LONG` lines, half of them the bot's, after the word lists are read."""
    judge_moods([DialogueLine(seq=0, author=CONTACT, text="Hallo")])
    pair = (
        "Nein, ich meinte die Bestellung {} vom Montag, wo bleibt die denn?",
        "Leider habe ich zu {} nichts gefunden.",
    )
    lines = [
        DialogueLine(seq=n, author="bot" if n % 2 else CONTACT, text=pair[n % 2].format(n * 7919 % 100_000))
        for n in range(LONG)
    ]
    began = process_time()
    judge_moods(lines)
    return process_time() - began


def _scored(name: str, data: Path, vectors: Path | None) -> list[Scores]:
    score = "abuse" if name == "germeval" else "frustration"
    dialogues = list(READERS[name](data / "handoff"))
    ways = [
        _by("word list only", dialogues, lambda dialogue: _counted(dialogue, score)),
        _by("words, form, course", dialogues, lambda dialogue: _judged(dialogue, score)),
    ]
    if vectors:
        meant = list(_with_meaning(name, dialogues, vectors))
        ways.append(_by("… and meaning", meant, lambda dialogue: _judged(dialogue, score)))
    return ways


def _by(way: str, dialogues: Sequence[LabelledDialogue], score: Scoring) -> Scores:
    rows = [
        (scores.get(seq, 0.0), wanted, dialogue.half)
        for dialogue in dialogues
        for scores in [score(dialogue)]
        for seq, wanted in dialogue.labels.items()
    ]
    scores, wanted, halves = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    return Scores(way=way, scores=scores, wanted=wanted, halves=halves)


def _judged(dialogue: LabelledDialogue, score: str) -> dict[int, float]:
    return {mood.seq: getattr(mood, score) for mood in judge_moods(dialogue.lines)}


def _counted(dialogue: LabelledDialogue, score: str) -> dict[int, float]:
    """The plain baseline: how many words and phrases of the lists a line holds."""
    names = CURSES if score == "abuse" else FROWNS
    return {line.seq: float(sum(read(line.text).counts[name] for name in names)) for line in dialogue.lines}


def _dissatisfaction(found: dict[str, list[Scores]]) -> Table:
    table = Table("set", "way", "F1 half A", "F1 half B", "F1, threshold of the other set", "PR-AUC", "share")
    for name, other in (("mwoz", "sgd"), ("sgd", "mwoz")):
        for mine, theirs in zip(found[name], found[other], strict=True):
            halves = [_f1(mine, mine.halves == half, best_threshold(mine, mine.halves != half)) for half in (0, 1)]
            across = _f1(mine, mine.halves >= 0, best_threshold(theirs, theirs.halves >= 0))
            area = average_precision_score(mine.wanted, mine.scores)
            table.add_row(name, mine.way, *(f"{value:.3f}" for value in (*halves, across, area, mine.wanted.mean())))
    return table


def _offence(found: Sequence[Scores]) -> Table:
    table = Table("GermEval 2018", "harmonic mean at 0.5", "precision", "recall", "F1 offence", "PR-AUC")
    for each in found:
        told = each.scores >= OFFENSIVE
        precision = precision_score(each.wanted, told, average="macro")
        recall = recall_score(each.wanted, told, average="macro")
        mean = 2 * precision * recall / (precision + recall)
        area = average_precision_score(each.wanted, each.scores)
        row = (mean, precision, recall, f1_score(each.wanted, told), area)
        table.add_row(each.way, *(f"{value:.3f}" for value in row))
    return table


def best_threshold(each: Scores, part: NDArray[np.bool_]) -> float:
    """The threshold with the highest F1 on `part`, among 200 quantiles of the scores."""
    candidates = np.unique(np.quantile(each.scores[part], np.linspace(0.5, 0.995, 200)))
    return float(max(candidates, key=lambda threshold: _f1(each, part, threshold)))


def _f1(each: Scores, part: NDArray[np.bool_], threshold: float) -> float:
    return float(f1_score(each.wanted[part], each.scores[part] >= threshold, zero_division=0))


def _with_meaning(name: str, dialogues: Sequence[LabelledDialogue], folder: Path) -> Iterator[LabelledDialogue]:
    texts = sorted({line.text for each in dialogues for line in each.lines if line.author == CONTACT}, key=_by_length)
    vectors = _embedded(texts, folder / f"mood-{name}.npy")
    by_text = dict(zip(texts, vectors, strict=True))
    for each in dialogues:
        lines = [
            replace(line, meaning=by_text[line.text].tolist()) if line.author == CONTACT else line
            for line in each.lines
        ]
        yield replace(each, lines=lines)


def _by_length(text: str) -> tuple[int, str]:
    return len(text), text


def _embedded(texts: Sequence[str], file: Path) -> NDArray[np.float32]:
    """Vectors of `texts`, shape (len(texts), 384); texts of like length go together."""
    if not file.exists():
        embedder = MultilingualE5()
        starts = track(range(0, len(texts), BATCH), description=f"Embedding {file.stem}", console=Console(stderr=True))
        vectors = np.concatenate([embedder.embed_queries(texts[start : start + BATCH]) for start in starts])
        file.parent.mkdir(parents=True, exist_ok=True)
        np.save(file, vectors)
    return np.asarray(np.load(file), dtype=np.float32).reshape(len(texts), E5_DIMENSIONS)


def _satisfaction(folder: Path, name: str) -> Iterator[LabelledDialogue]:
    for row in _rows(folder / f"uss_{name}.jsonl"):
        lines = [DialogueLine(seq=n, author=turn["author"], text=turn["text"]) for n, turn in enumerate(row["turns"])]
        labels = {label["turn"]: label["satisfaction"] < DISSATISFIED for label in row["labels"]}
        yield LabelledDialogue(id=row["id"], lines=lines, labels=labels)


def _offences(folder: Path) -> Iterator[LabelledDialogue]:
    for row in _rows(folder / "germeval18_training.jsonl"):
        line = DialogueLine(seq=0, author=CONTACT, text=row["text"])
        yield LabelledDialogue(id=row["id"], lines=[line], labels={0: row["offensive"]})


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in file.read_text("utf-8").splitlines())


READERS: dict[str, Callable[[Path], Iterator[LabelledDialogue]]] = {
    "mwoz": lambda folder: _satisfaction(folder, "mwoz"),
    "sgd": lambda folder: _satisfaction(folder, "sgd"),
    "germeval": _offences,
}

if __name__ == "__main__":
    main()
