"""Questions in bulk: one line out for each line in, through the same search as a live turn."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import Any, BinaryIO

from knowledge.formats.lines import read_json, read_lines
from knowledge.formats.problems import FileProblems
from knowledge.message.clauses import asked_in
from knowledge.search.language import LANGUAGES
from knowledge.search.library import Library, SearchResult
from knowledge.search.ranking import SearchOutcome
from store.errors import Invalid

_AT_ONCE = 32
_WAITING = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchQuestion:
    """One line in; `error` says why it can't be answered."""

    id: str | int | None = None
    text: str = ""
    language: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchAnswer:
    """One line out. `last_of_batch`: a good moment to flush."""

    text: str
    error: str | None = None
    last_of_batch: bool = False


def count_questions(file: BinaryIO) -> int:
    """How many lines aren't empty; the file stands at its beginning afterwards."""
    count = sum(1 for line in file if line.strip())
    file.seek(0)
    return count


async def answer_batch(library: Library, file: BinaryIO) -> AsyncIterator[BatchAnswer]:
    """An answer for each line, in their order, as they come in. A bad line gets an error in its place.

    Fields that we don't know are passed over, since question files often hold the expected answer as well.
    """
    async for batch in _batches(read_questions(file)):
        good = [asked for asked in batch if asked.error is None]
        found = iter(await _search(library, good))
        for number, asked in enumerate(batch, start=1):
            if asked.error:
                written = {"id": asked.id, "error": asked.error}
            else:
                result = next(found)
                written = search_result_json(asked.id, result) | await _short_json(library, asked, result)
            yield BatchAnswer(
                text=json.dumps(written, ensure_ascii=False), error=asked.error, last_of_batch=number == len(batch)
            )


def read_questions(file: BinaryIO) -> Iterator[BatchQuestion]:
    """Each line that isn't empty, good or bad."""
    lines = _UndecodableLines()
    for number, text in read_lines(file, lines):
        yield from lines.take()
        if text.strip():
            yield _read(number, text)
    yield from lines.take()


def search_result_json(name: str | int | None, found: SearchResult) -> dict[str, Any]:
    """The public form of what was found."""
    best = found.candidates[0] if found.candidates else None
    return {
        "id": name,
        "language": found.language,
        "outcome": str(found.outcome),
        "article": best.article if best and found.outcome != SearchOutcome.NONE else None,
        "confidence": best.confidence if best else 0.0,
        "candidates": [{"article": each.article, "confidence": each.confidence} for each in found.candidates],
        "ms": found.ms,
    }


async def _short_json(library: Library, asked: BatchQuestion, found: SearchResult) -> dict[str, Any]:
    """The sentence of the article that answers; nothing where there is no article, or it does not say it."""
    best = found.candidates[0] if found.candidates else None
    if best is None or found.outcome is SearchOutcome.NONE:
        return {}
    started = perf_counter()
    short = await library.short_answer(best.article, found.language or asked.language or "de", asked_in(asked.text))
    ms = round(found.ms + (perf_counter() - started) * 1000, 2)
    return {"ms": ms} if short is None or short.missing else {"short": short.plain, "ms": ms}


async def _search(library: Library, good: Sequence[BatchQuestion]) -> list[SearchResult]:
    """A language that is given is believed; else it is detected."""
    return await library.search_many([(asked.text, asked.language) for asked in good], certain=True) if good else []


def _read(number: int, text: str) -> BatchQuestion:
    name: str | int | None = None
    try:
        fields = _object(read_json(text))
        name = _name(fields.get("id"))
        return BatchQuestion(id=name, text=_text(fields.get("text")), language=_language(fields.get("language")))
    except Invalid as error:
        return BatchQuestion(id=name, error=f"line {number}: {error}")


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Invalid('expected an object such as {"id": "q1", "text": "…"}')
    return value


def _name(value: object) -> str | int | None:
    if value is None or isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise Invalid('"id": expected text or a number')


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Invalid('"text": expected text')
    return value


def _language(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise Invalid('"language": expected text such as "de" or "en"')
    return value if value in LANGUAGES else None


type _Item = BatchQuestion | Invalid | None


async def _batches(questions: Iterator[BatchQuestion]) -> AsyncIterator[list[BatchQuestion]]:
    """What has come in so far, at most `_AT_ONCE`: full batches from a file, single lines from somebody who waits."""
    queue: asyncio.Queue[_Item] = asyncio.Queue(_WAITING)
    loop = asyncio.get_running_loop()

    def put(item: _Item) -> None:
        asyncio.run_coroutine_threadsafe(queue.put(item), loop).result()

    def read() -> None:
        with suppress(RuntimeError):  # the loop has ended before the input
            put(_all_into(put, questions))

    threading.Thread(target=read, name="questions", daemon=True).start()
    last: _Item = BatchQuestion()
    while isinstance(last, BatchQuestion):
        items = [await queue.get(), *_at_hand(queue)]
        last = items[-1]
        yield [item for item in items if isinstance(item, BatchQuestion)]
    if last is not None:
        raise last


def _all_into(put: Callable[[_Item], None], questions: Iterator[BatchQuestion]) -> Invalid | None:
    """Hand over every question; why it ended early, if it did."""
    try:
        for asked in questions:
            put(asked)
    except Invalid as error:
        return error
    return None


def _at_hand(queue: "asyncio.Queue[_Item]") -> list[_Item]:
    return [queue.get_nowait() for _ in range(min(queue.qsize(), _AT_ONCE - 1))]


class _UndecodableLines(FileProblems):
    """Lines that aren't UTF-8 keep their place among the questions."""

    def take(self) -> list[BatchQuestion]:
        """The problems since the last time."""
        taken = [BatchQuestion(error=str(problem)) for problem in self.found]
        self.found.clear()
        return taken
