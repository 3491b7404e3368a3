"""Rasa as it comes against our search, on the same articles and questions: `python -m benchmarks.rasa_stock`.

Rasa's default pipeline (DIET, 100 epochs) needs TensorFlow, which Staffel leaves out: give the Python of an
environment that has `bot/requirements-diet.txt`. Processor time is measured beside the clock, so that a busy machine is
fair to both.
"""

import asyncio
import json
import os
import resource
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import click
import yaml
from rich.console import Console

from benchmarks import faq, measures
from knowledge.formats import transfer

ANSWERS = Path(__file__).parent / "rasa_stock_answers.py"
PIPELINE = {
    "recipe": "default.v1",
    "language": "en",
    "pipeline": [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": 100, "constrain_similarities": True},
        {"name": "EntitySynonymMapper"},
    ],
}
"""What `rasa init` writes, without the parts that find no entity, no response and no fallback here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredTime:
    """How long something took: by the clock, and summed over the processors."""

    seconds: float
    processor: float


@click.command()
@click.argument("name", type=click.Choice(["banking77-5", "banking77-10", "banking77"]), default="banking77-10")
@click.option(
    "--python", "interpreter", type=click.Path(path_type=Path, exists=True), required=True, help="Of Rasa with DIET."
)
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), default=faq.DATA)
@click.option("--database", type=click.Path(path_type=Path), help="As for faq: nothing is embedded twice.")
def main(name: str, interpreter: Path, data: Path, database: Path | None) -> None:
    """Train and score Rasa's default pipeline and ours, one after the other."""
    articles, queries = faq.files_of(name, data)
    console = Console(width=100)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        file = (database or home / "faq.db").resolve()
        ours = asyncio.run(faq.measure(articles, queries.read_bytes(), f"sqlite+aiosqlite:///{file}"))
        mine = measures.accuracy(ours.judged)
        console.print(
            f"Staffel: {mine:.1%}, learnt in {ours.learning_seconds:.1f} s "
            f"({ours.learning_processor:.1f} s of processor time)"
        )
        _write_project(home, articles)
        trained = _timed(lambda: _train(interpreter, home))
        accuracy = _score(interpreter, home, queries)
    console.print(
        f"Rasa: {accuracy:.1%}, trained in {trained.seconds:.0f} s ({trained.processor:.0f} s of processor time)"
    )
    faster = trained.processor / ours.learning_processor
    console.print(f"Ahead by {100 * (mine - accuracy):.1f} points, with {faster:.0f} times less processor time")


def _write_project(home: Path, articles: Path) -> None:
    with articles.open("rb") as file:
        intents = [
            {"intent": key, "examples": "".join(f"- {_plain(text)}\n" for text in content.asked)}
            for key, content in transfer.read_articles(file)
        ]
    (home / "config.yml").write_text(yaml.safe_dump(PIPELINE, sort_keys=False))
    (home / "nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": intents}, sort_keys=False))


def _plain(text: str) -> str:
    """Without what Rasa's training format reads as markup."""
    return " ".join(text.translate(str.maketrans("[](){}", "      ")).split())


def _train(interpreter: Path, home: Path) -> None:
    command = ["-m", "rasa", "train", "nlu", "--config", "config.yml", "--nlu", "nlu.yml", "--out", "models"]
    _run(interpreter, home, *command)


def _score(interpreter: Path, home: Path, queries: Path) -> float:
    _run(interpreter, home, str(ANSWERS), str(queries.resolve()), "answers.json")
    answers = json.loads((home / "answers.json").read_text())
    expected = [json.loads(line)["expected"] for line in queries.read_bytes().splitlines()]
    return sum(answer == right for answer, right in zip(answers, expected, strict=True)) / len(expected)


def _run(interpreter: Path, home: Path, *arguments: str) -> None:
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
    subprocess.run([str(interpreter.absolute()), *arguments], cwd=home, env=os.environ | quiet, check=True)


def _timed(work: Callable[[], None]) -> MeasuredTime:
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return MeasuredTime(seconds=perf_counter() - started, processor=used)


if __name__ == "__main__":
    main()
