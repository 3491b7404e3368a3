"""Questions a second beside stock Rasa, reply times, what an answer costs: `python -m benchmarks.throughput`.

Rasa's example bot behind its REST channel first, then Staffel as `./staffel up` runs it, customers on the web chat, on
SQLite and on PostgreSQL. All in one run on one machine, customers included, so that ratios hold when it is busy.
"""

import asyncio
import itertools
import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from os import getloadavg
from pathlib import Path
from statistics import median
from time import monotonic

import click
import psutil

from benchmarks import rasa_example
from benchmarks.customers import Customer, CustomerQuestion, LoadFigures, RestSenders, Visitors, serve_customers
from benchmarks.databases import database
from benchmarks.faq import DATA
from benchmarks.measures import percentile
from benchmarks.processor_time import ProcessorMeter
from tests.e2e.installation import Installation, installed

TESTS = Path(__file__).parents[1] / "tests" / "data"
OUR_QUESTIONS = (TESTS / "faq_questions.jsonl", TESTS / "faq_tuning.jsonl")
QUICK_SETS = (("faq/software_de.articles.jsonl", "faq/software_de.queries.jsonl"),)
SETS = (
    *QUICK_SETS,
    ("faq/bikes_en.articles.jsonl", "faq/bikes_en.queries.jsonl"),
    ("faq/banking77.train_5.articles.jsonl", "faq/banking77.queries.jsonl"),
)
"""Articles that are imported beside the sample shop's, and questions about them; what isn't there is left out."""
MIN_WORDS, MAX_LINE_LENGTH = 4, 300
"""Of a line out of a dialogue that is taken for a question."""
IN_A_ROW = 4
"""Each fourth question is such a line, the others are about articles."""
ASKED_AGAIN = 60
AT_ONCE, CROWD = 8, 32
START_WITHIN = 1200.0  # seconds; embedding the sample shop takes a minute of processor, which a busy machine stretches
IDLE_SHARE = 0.25  # of one processor
QUIET_SECONDS = 30.0  # learning begins some time after an import, the longer the last one took
MAX_LEARNING_SECONDS = 240.0
LOOK_EVERY = 2.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSize:
    """How long each part runs, and what it runs on."""

    seconds: float
    sets: Sequence[tuple[str, str]]
    parts: Sequence[tuple[int, bool]]
    """How many customers at once, and whether they ask what has been asked before."""


FULL = RunSize(
    seconds=30, sets=SETS, parts=((1, False), (AT_ONCE, False), (AT_ONCE, True), (CROWD, False), (CROWD, True))
)
SHORT = RunSize(seconds=6, sets=QUICK_SETS, parts=((1, False), (AT_ONCE, False), (AT_ONCE, True), (CROWD, False)))


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRow:
    """One load of one program."""

    program: str
    load: str
    figures: LoadFigures
    processor: dict[str, float]


@click.command()
@click.option("--short", is_flag=True, help="A minute or two: SQLite alone, six seconds a part.")
@click.option("--on", "databases", type=click.Choice(["sqlite", "postgresql"]), multiple=True)
@click.option("--server", default="postgresql://postgres@127.0.0.1:5432", show_default=True)
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), default=DATA)
@click.option(
    "--stock", type=click.Path(path_type=Path), default=rasa_example.FOLDER, help="Where Rasa's example is kept."
)
@click.option(
    "--python", "interpreter", type=click.Path(path_type=Path), help="Of an environment of Rasa with TensorFlow."
)
@click.option("--without-stock", is_flag=True, help="Staffel alone.")
def main(
    short: bool,
    databases: tuple[str, ...],
    server: str,
    data: Path,
    stock: Path,
    interpreter: Path | None,
    without_stock: bool,
) -> None:
    """Measure Rasa's example and Staffel in one run, and print them beside each other."""
    size = SHORT if short else FULL
    chosen = databases or (("sqlite",) if short else ("sqlite", "postgresql"))
    rows = [] if without_stock else asyncio.run(_measure_example(size, stock, interpreter))
    for name in chosen:
        rows += asyncio.run(_measure_staffel(name, size, server, data))
    print(table(rows))
    print(f"\nLoad average {getloadavg()[0]:.1f} on {psutil.cpu_count()} processors, {size.seconds:g} s a row.")
    sys.exit(1 if any(not row.figures.replies for row in rows) else 0)


async def _measure_example(size: RunSize, folder: Path, interpreter: Path | None) -> list[LoadRow]:
    rows = []
    python = rasa_example.prepare_example(folder, interpreter)
    with rasa_example.example_served(python, folder) as example:
        meter = ProcessorMeter({"Rasa": example.pid})
        for at_once in (1, AT_ONCE):
            customer = RestSenders(origin=example.origin, dialogues=itertools.cycle(rasa_example.DIALOGUES))
            load = f"{at_once} at once, what it was taught"
            rows.append(await _measure("Rasa's example", load, customer, at_once, size, meter))
    return rows


async def _measure_staffel(name: str, size: RunSize, server: str, data: Path) -> list[LoadRow]:
    async with AsyncExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="staffel-throughput-")))
        url = (await stack.enter_async_context(database(server)))[1] if name == "postgresql" else ""
        installation = stack.enter_context(installed(home, url, start_within=START_WITHIN))
        _import_articles(installation, data, size.sets)
        programs = _programs(installation)
        meter = ProcessorMeter(programs, server if url else "", url.rpartition("/")[2])
        await _wait_until_idle(installation.process.pid)
        questions = RecordedQuestions(load_questions(data, size.sets))
        rows = []
        for at_once, again in size.parts:
            asked = itertools.cycle(questions.last(ASKED_AGAIN)) if again else questions
            customer = Visitors(origin=installation.origin, questions=asked)
            load = f"{at_once} at once, {'asked before' if again else 'all different'}"
            rows.append(await _measure(f"Staffel, {name}", load, customer, at_once, size, meter))
        return rows


class RecordedQuestions(Iterator[CustomerQuestion]):
    """Hands out questions, each once, and remembers them."""

    def __init__(self, questions: Iterable[CustomerQuestion]) -> None:
        self._left = iter(questions)
        self._asked: list[CustomerQuestion] = []

    def __next__(self) -> CustomerQuestion:
        self._asked.append(next(self._left))
        return self._asked[-1]

    def last(self, count: int) -> list[CustomerQuestion]:
        """Those handed out last, but for the very last, which may not have been answered."""
        return self._asked[-count - CROWD : -CROWD] or self._asked


async def _measure(
    program: str, load: str, customer: Customer, at_once: int, size: RunSize, meter: ProcessorMeter
) -> LoadRow:
    async def keep_looking() -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await meter.look()

    await meter.start()
    figures = await serve_customers(customer, at_once=at_once, seconds=size.seconds, during=keep_looking)
    await meter.look()
    print(f"{program}, {load}: {figures.a_second:.1f} a second", file=sys.stderr, flush=True)
    return LoadRow(program=program, load=load, figures=figures, processor=meter.seconds())


def _import_articles(installation: Installation, data: Path, sets: Sequence[tuple[str, str]]) -> None:
    for articles, _ in sets:
        if (data / articles).exists():
            imported = installation.run("knowledge", "import", str(data / articles))
            if imported.returncode:
                raise SystemExit(imported.stderr.decode()[-1000:])


def _programs(installation: Installation) -> dict[str, int]:
    """The processes of helpdesk and bot under `staffel up`."""
    named = {"helpdesk": "helpdesk.server", "bot": "bot.launch"}
    children = psutil.Process(installation.process.pid).children(recursive=True)
    return {name: next(child.pid for child in children if module in child.cmdline()) for name, module in named.items()}


async def _wait_until_idle(pid: int) -> None:
    """What was imported has been learnt."""
    deadline = monotonic() + MAX_LEARNING_SECONDS
    quiet_since = monotonic()
    while monotonic() < min(deadline, quiet_since + QUIET_SECONDS):
        meter = ProcessorMeter({"all": pid})
        await meter.start()
        await asyncio.sleep(LOOK_EVERY)
        await meter.look()
        if meter.seconds()["all"] >= IDLE_SHARE * LOOK_EVERY:
            quiet_since = monotonic()


def load_questions(data: Path, sets: Sequence[tuple[str, str]]) -> list[CustomerQuestion]:
    """Questions of which no two are alike, in an order that is always the same."""
    chance = random.Random(11)
    asked = [*_rows(*OUR_QUESTIONS), *_rows(*(data / queries for _, queries in sets))]
    about_articles = [CustomerQuestion(text=row["text"], language=row["language"]) for row in asked]
    lines = list(_dialogue_lines(data))
    chance.shuffle(about_articles)
    chance.shuffle(lines)
    mixed: list[CustomerQuestion] = []
    while about_articles or lines:
        if lines and (len(mixed) % IN_A_ROW == IN_A_ROW - 1 or not about_articles):
            mixed.append(lines.pop())
        else:
            mixed.append(about_articles.pop())
    return list({question.text.casefold(): question for question in mixed}.values())


def _dialogue_lines(data: Path) -> Iterator[CustomerQuestion]:
    for dialogue in _rows(*sorted((data / "load").glob("*.jsonl"))):
        for text in dialogue["texts"]:
            if text and len(text) <= MAX_LINE_LENGTH and len(text.split()) >= MIN_WORDS:
                yield CustomerQuestion(text=text, language=dialogue["language"])


def _rows(*files: Path) -> Iterator[dict[str, str]]:
    for file in files:
        if file.exists():
            yield from map(json.loads, file.read_text(encoding="utf-8").splitlines())


def table(rows: Sequence[LoadRow]) -> str:
    """In Markdown; the ratio is to Rasa's example with as many dialogues at once, or else its most."""
    stock = max((row.figures.a_second for row in rows if "Rasa" in row.processor), default=None)
    lines = [
        "| | load | questions a second | beside Rasa | reply p50 / p95 | without the wait on purpose "
        "| processor a question | unanswered |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *(_line(row, stock) for row in rows)])


def _line(row: LoadRow, stock: float | None) -> str:
    figures = row.figures
    cells = (
        row.program,
        row.load,
        f"{figures.a_second:.1f}",
        f"{figures.a_second / stock:.2f}" if stock else "–",
        _percentiles(figures, lambda seconds, waited: seconds),
        _percentiles(figures, lambda seconds, waited: seconds - waited),
        _processor(row),
        str(figures.unanswered),
    )
    return f"| {' | '.join(cells)} |"


def _percentiles(figures: LoadFigures, measure: Callable[[float, float], float]) -> str:
    if not figures.replies:
        return "–"
    milliseconds = [1000 * measure(reply.seconds, reply.waited) for reply in figures.replies]
    return f"{median(milliseconds):.0f} / {percentile(milliseconds, 0.95):.0f} ms"


def _processor(row: LoadRow) -> str:
    answered = len(row.figures.replies) or 1
    costs = {name: 1000 * seconds / answered for name, seconds in row.processor.items()}
    shown = ", ".join(f"{name} {cost:.0f}" for name, cost in costs.items())
    return f"{sum(costs.values()):.0f} ms ({shown})"


if __name__ == "__main__":
    main()
