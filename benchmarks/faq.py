"""How often the right article comes first: `python -m benchmarks.faq robo --data DIR`."""

import asyncio
import io
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks import baseline, measures
from benchmarks.measures import ScoredQuestion
from knowledge.formats import question_batch, transfer
from knowledge.search.embedder import ThreeModels
from knowledge.search.library import Library
from store.db import Database
from store.migrate import upgrade_async

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("STAFFEL_BENCHMARK_DATA") or ROOT.parent / "shared" / "data")
OURS = (ROOT / "data" / "faq" / "shop.jsonl", ROOT / "tests" / "data" / "faq_questions.jsonl")
YOUNG = {
    name: (ROOT / "tests/data/young" / f"{name}.articles.jsonl", ROOT / "tests/data/young" / f"{name}.queries.jsonl")
    for name in ("hotel_de", "network_en", "library_de", "housing_de", "shifts_en", "vet_en")
}
"""Ours: a title and an answer an article and no phrasings, as companies bring them."""
SETS: dict[str, tuple[str | Path, str | Path]] = {
    "shop": OURS,
    "shop-tuning": (OURS[0], ROOT / "tests" / "data" / "faq_tuning.jsonl"),
    "robo": ("robo.articles.jsonl", "robo.queries.jsonl"),
    "robo-1": ("robo.articles.jsonl", "robo.queries.jsonl"),
    "banking77-5": ("banking77.train_5.articles.jsonl", "banking77.queries.jsonl"),
    "banking77-10": ("banking77.train_10.articles.jsonl", "banking77.queries.jsonl"),
    "banking77": ("banking77.train.articles.jsonl", "banking77.queries.jsonl"),
    **YOUNG,
    "software_de": ("software_de.articles.jsonl", "software_de.queries.jsonl"),
    "bikes_en": ("bikes_en.articles.jsonl", "bikes_en.queries.jsonl"),
    "clinc150": ("clinc150.articles.jsonl", "clinc150.queries.jsonl"),
    "clinc150-validation": ("clinc150.articles.jsonl", "clinc150.validation.jsonl"),
}
QUESTION_ONLY = "robo-1"
"""The set whose articles lose all phrasings but their question."""
SINGLE = 200
"""Questions that are asked one at a time, as customers do, to measure how long one takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaqRun:
    """What was measured on one set."""

    judged: list[ScoredQuestion]
    learning_seconds: float
    learning_processor: float
    """Seconds of processor time: what it takes when nothing else runs."""
    questions_per_second: float
    single_ms: list[float]


@click.command()
@click.argument("name", type=click.Choice(list(SETS)))
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=DATA,
    show_default="STAFFEL_BENCHMARK_DATA or ../shared/data",
)
@click.option(
    "--database", type=click.Path(path_type=Path), help="Keep the database here, so that nothing is embedded twice."
)
@click.option("--without-baseline", is_flag=True, help="Don't train the TF-IDF and SVM classifier beside it.")
def main(name: str, data: Path, database: Path | None, without_baseline: bool) -> None:
    """Import the articles of a set, ask its questions through the same code as a live turn, and report."""
    articles, queries = files_of(name, data)
    with tempfile.TemporaryDirectory() as folder:
        file = (database or Path(folder) / "faq.db").resolve()
        if name == QUESTION_ONLY:
            articles = _questions_only(articles, Path(folder))
        run = asyncio.run(measure(articles, queries.read_bytes(), f"sqlite+aiosqlite:///{file}"))
    _report(name, run)
    if not without_baseline:
        _report_baseline(articles, queries, run)


def files_of(name: str, data: Path) -> tuple[Path, Path]:
    """Where the articles and the questions of a set are; our own are in the repository."""
    articles, queries = SETS[name]
    return data / "faq" / articles, data / "faq" / queries


def _questions_only(articles: Path, folder: Path) -> Path:
    shortened = folder / "questions-only.jsonl"
    read = [json.loads(line) for line in articles.read_bytes().splitlines()]
    for article in read:
        for wording in article["variants"].values():
            wording["phrasings"] = []
    shortened.write_text("".join(f"{json.dumps(article)}\n" for article in read))
    return shortened


async def measure(articles: Path, queries: bytes, url: str) -> FaqRun:
    """Import, learn and ask."""
    db, embedder = Database(url), ThreeModels()
    try:
        await upgrade_async(db)
        await fill(db, embedder, articles)
        library = Library(db, embedder)
        await library.start()
        await library.embed()
        started, used = perf_counter(), process_time()
        await library.learn()
        return await _ask(library, queries, perf_counter() - started, process_time() - used)
    finally:
        await db.close()


async def fill(db: Database, embedder: ThreeModels, articles: Path) -> None:
    """Imports the articles of a file."""
    with articles.open("rb") as file, Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("Embedding the phrasings")
        await transfer.import_articles(
            db,
            embedder,
            file,
            by="benchmark",
            replace=True,
            report=lambda now: progress.update(task, completed=now.done, total=now.total),
        )


async def _ask(library: Library, raw: bytes, learning: float, processor: float) -> FaqRun:
    questions = [json.loads(line) for line in raw.splitlines()]
    judged: list[ScoredQuestion] = []
    started = perf_counter()
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("Asking", total=len(questions))
        async for line in question_batch.answer_batch(library, io.BytesIO(raw)):
            judged.append(_judge(questions[len(judged)], json.loads(line.text)))
            progress.advance(task)
    rate = len(questions) / (perf_counter() - started)
    step = max(len(questions) // SINGLE, 1)
    single = [(await library.search(question["text"], question["language"])).ms for question in questions[::step]]
    return FaqRun(
        judged=judged,
        learning_seconds=learning,
        learning_processor=processor,
        questions_per_second=rate,
        single_ms=single,
    )


def _judge(question: dict[str, Any], found: dict[str, object]) -> ScoredQuestion:
    candidates = found["candidates"]
    assert isinstance(candidates, list)
    assert found["id"] == question["id"]
    return ScoredQuestion(
        language=question["language"],
        expected=question["expected"],
        first=candidates[0]["article"] if candidates else None,
        confidence=candidates[0]["confidence"] if candidates else 0.0,
        outcome=str(found["outcome"]),
        others=tuple(candidate["article"] for candidate in candidates[1:3]),
        also=tuple(question.get("also", ())),
    )


def _report(name: str, run: FaqRun) -> None:
    console = Console(width=100)
    console.print(f"{name}: {len(run.judged)} questions")
    for language in sorted({each.language for each in run.judged}):
        console.print(f"  right article first, {language}: {measures.accuracy(_of(run.judged, language)):.1%}")
    inside = {
        "right article among the first three": lambda each: each.near,
        "helped (answered right, or right among the choices)": lambda each: each.helped,
        "answered right": lambda each: each.outcome == "answer" and each.right,
        "answered wrong": lambda each: each.outcome == "answer" and not each.right,
    }
    for words, holds in inside.items():
        console.print(f"  {words}: {measures.share_inside(run.judged, holds):.1%}")
    if any(each.expected is None for each in run.judged):
        console.print(f"  outside answered: {measures.share_outside(run.judged, 'answer'):.1%}")
        console.print(f"  outside recognised (none): {measures.outside_recall(run.judged):.1%}")
        console.print(f"  right article first, none counted as wrong: {measures.kept_accuracy(run.judged):.1%}")
    console.print(f"  calibration error, 15 bins: {measures.calibration_error(run.judged):.3f}")
    p50, p95 = (measures.percentile(run.single_ms, share) for share in (0.5, 0.95))
    console.print(f"  one question, embedding included: p50 {p50:.1f} ms, p95 {p95:.1f} ms")
    console.print(
        f"  in bulk: {run.questions_per_second:.0f} questions a second; "
        f"learning: {run.learning_seconds:.1f} s ({run.learning_processor:.1f} s of processor time)"
    )
    console.print(_table(run.judged))


def _table(judged: Sequence[ScoredQuestion]) -> Table:
    counted = measures.outcomes(judged)
    table = Table("outcome", "right first", "wrong first", "from outside")
    for outcome in ("answer", "clarify", "none"):
        table.add_row(outcome, *(str(counted[outcome, kind]) for kind in ("right", "wrong", "outside")))
    return table


def _report_baseline(articles: Path, queries: Path, run: FaqRun) -> None:
    with articles.open("rb") as file:
        read = list(transfer.read_articles(file))
    texts = [json.loads(line)["text"] for line in queries.read_bytes().splitlines()]
    started = perf_counter()
    firsts = baseline.first_places(read, texts)
    right = [
        (each.language, each.expected == first) for each, first in zip(run.judged, firsts, strict=True) if each.expected
    ]
    console = Console(width=100)
    console.print(f"TF-IDF + SVM on the same questions ({perf_counter() - started:.0f} s):")
    for language in sorted({language for language, _ in right}):
        hits = [hit for spoken, hit in right if spoken == language]
        console.print(f"  right article first, {language}: {sum(hits) / len(hits):.1%}")


def _of(judged: Sequence[ScoredQuestion], language: str) -> list[ScoredQuestion]:
    return [each for each in judged if each.language == language]


if __name__ == "__main__":
    main()
