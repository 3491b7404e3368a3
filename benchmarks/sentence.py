"""Does the sentence that answers come first? 150 questions on three bases, ours, with the sentence marked.

`python -m benchmarks.sentence` imports the articles of tests/data/sentences (a gym, German; an insurer, English) and of
our sample shop, and asks for the short answer of the right article, and once more through the search. Thresholds were
chosen on the articles of the first half (every other one in the order of the file). Sixty questions were written later,
when everything was chosen. A further set names values (countries, ways of paying, weekdays, sizes) that an article
holds, or doesn't: saying that it doesn't is right then.
"""

import asyncio
import json
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from rich.console import Console
from rich.table import Table

from knowledge.articles.answers import ShortAnswer
from knowledge.formats import transfer
from knowledge.message.clauses import asked_in
from knowledge.search.embedder import ThreeModels
from knowledge.search.library import Library
from knowledge.search.passages import split_passages
from knowledge.search.vector_cache import CachedEmbedder
from store.db import Database
from store.migrate import upgrade_async

ROOT = Path(__file__).parent.parent
DATA = ROOT / "tests" / "data" / "sentences"
SHOP = ROOT / "data" / "faq" / "shop.jsonl"
BASES = {name: DATA / f"{name}.articles.jsonl" for name in ("gym", "insurance", "values")} | {"shop": SHOP}
QUESTIONS = (DATA / "questions.jsonl", DATA / "later.jsonl", DATA / "values.jsonl")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedQuestion:
    """A question with its article and what the right passage holds: all words of one of the `marks`.

    No marks: the article does not name the value that is asked for.
    """

    id: str
    base: str
    language: str
    text: str
    article: str
    marks: tuple[tuple[str, ...], ...]

    def is_answered_by(self, short: ShortAnswer | None) -> bool:
        """Whether this is the right sentence, or says rightly that there is none."""
        if short is None:
            return False
        if not self.marks or short.missing:
            return not self.marks and bool(short.missing)
        return any(all(word in short.plain for word in words) for words in self.marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceResult:
    """What came: of the right article, what would be shown first, through the search, and the time of the choice."""

    asked: MarkedQuestion
    half: int
    right: bool
    shown_first: bool
    found: bool
    ms: float

    @property
    def is_later(self) -> bool:
        """Whether the question was written when everything was chosen."""
        return self.asked.id.startswith("later")


def read_questions(files: Iterable[Path] = QUESTIONS) -> list[MarkedQuestion]:
    """All questions, in order."""
    read = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    return [
        MarkedQuestion(
            id=one["id"],
            base=one["base"],
            language=one["language"],
            text=one["text"],
            article=one["article"],
            marks=tuple(map(tuple, one["sentence"] or ())),
        )
        for one in read
    ]


async def measure(base: str, questions: Sequence[MarkedQuestion], embedder: CachedEmbedder) -> list[SentenceResult]:
    """The results of one base."""
    keys = [json.loads(line)["key"] for line in BASES[base].read_text("utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite+aiosqlite:///{folder}/sentence.db")
        try:
            await upgrade_async(db)
            with BASES[base].open("rb") as file:
                await transfer.import_articles(db, embedder, file, by="benchmark", replace=True)
            library = Library(db, embedder)
            await library.start()
            await library.embed()
            await library.learn()
            return [await _ask(library, one, keys.index(one.article) % 2) for one in questions]
        finally:
            await db.close()


async def _ask(library: Library, asked: MarkedQuestion, half: int) -> SentenceResult:
    question = asked_in(asked.text)
    await library.short_answer(asked.article, asked.language, question)  # embeds what is embedded once
    started = perf_counter()
    short = await library.short_answer(asked.article, asked.language, question)
    ms = (perf_counter() - started) * 1000
    right = asked.is_answered_by(short)
    found = await library.search(asked.text, asked.language, certain=True)
    first = found.candidates[0].article if found.candidates else None
    return SentenceResult(
        asked=asked,
        half=half,
        right=right,
        shown_first=right and short is not None and _is_shown(library, asked, short),
        found=right and first == asked.article,
        ms=ms,
    )


def _is_shown(library: Library, asked: MarkedQuestion, short: ShortAnswer) -> bool:
    """Whether the customer reads it without opening the fold."""
    from knowledge.articles.fold import fold

    answer = library.snapshot.by_key[asked.article].content.variants[asked.language].answer
    at = fold(answer)
    return short.goes_first or at is None or short.number < len(split_passages(answer[:at]))


def report(results: Sequence[SentenceResult]) -> None:
    """A table by base and half, and what went wrong."""
    table = Table("questions", "count", "right sentence", "read first", "through the search too")
    for base in ("shop", "gym", "insurance"):
        mine = [one for one in results if one.asked.base == base and not one.is_later]
        _row(table, f"{base}, second half", [one for one in mine if one.half])
    marked = [one for one in results if one.asked.base != "values" and not one.is_later]
    _row(table, "first half (chosen on)", [one for one in marked if not one.half])
    _row(table, "second half", [one for one in marked if one.half])
    _row(table, "all", marked)
    _row(table, "written later", [one for one in results if one.is_later])
    _row(table, "named values", [one for one in results if one.asked.base == "values"])
    console = Console(width=140)
    console.print(table)
    console.print(f"p50 of choosing, the question's vector known: {median(one.ms for one in results):.1f} ms")
    for one in results:
        if not one.right:
            console.print(f"  {one.asked.id} {one.asked.text}", markup=False, highlight=False)


def _row(table: Table, name: str, some: Sequence[SentenceResult]) -> None:
    shares = [
        sum(held) / max(len(some), 1) for held in zip(*((r.right, r.shown_first, r.found) for r in some), strict=True)
    ]
    table.add_row(name, str(len(some)), *(f"{share:.2f}" for share in shares))


async def run() -> list[SentenceResult]:
    """Everything, base after base."""
    embedder, questions = CachedEmbedder(ThreeModels()), read_questions()
    results: list[SentenceResult] = []
    for base in ("shop", "gym", "insurance", "values"):
        results += await measure(base, [one for one in questions if one.base == base], embedder)
    return results


if __name__ == "__main__":
    report(asyncio.run(run()))
