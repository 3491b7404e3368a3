"""How long an import takes, killed in the middle and run again: `python -m benchmarks.importing 10000`.

The articles are made of our sample shop's (`benchmarks/generated_articles.py`), with one or two phrasings in each
language, and embedded for real. The command is the one that an administrator types.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from time import perf_counter, sleep

import click

from benchmarks.generated_articles import make_articles

ROOT = Path(__file__).parents[1]
KILLED_AT = 0.5


@click.command()
@click.argument("articles", type=int, default=10_000)
def main(articles: int) -> None:
    """Import ARTICLES articles into a fresh SQLite database; kill the import halfway, and run it again to its end."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        texts = _write(home / "articles.jsonl", articles)
        print(f"{articles:,} articles, {texts:,} different phrasings", flush=True)
        database = home / "staffel.db"
        first = _import(home, killed_at=int(texts * KILLED_AT))
        kept = _count(database, "embeddings")
        print(
            f"  killed after {first.seconds:.0f} s: {kept:,} vectors and {_count(database, 'articles'):,} articles kept"
        )
        second = _import(home, killed_at=None)
        print(f"  run again: {second.seconds:.0f} s, {_count(database, 'embeddings') - kept:,} vectors more")
        seconds, cpu = first.seconds + second.seconds, first.cpu + second.cpu
        print(
            f"  together {seconds:.0f} s, {cpu:.0f} s of processor; at most {max(first.memory, second.memory):.0f} MB"
        )
        again = _import(home, killed_at=None)
        print(f"  a third time, nothing new: {again.seconds:.0f} s")


def _write(file: Path, articles: int) -> int:
    texts = set[str]()
    with file.open("w", encoding="utf-8") as lines:
        for key, content in make_articles(articles, most=2):
            texts.update(content.asked)
            lines.write(json.dumps({"key": key, **content.as_json()}) + "\n")
    return len(texts)


class _ImportRun:
    """One run of the command: wall-clock and processor seconds, and the most memory in MB."""

    def __init__(self, seconds: float, usage: "os.struct_rusage") -> None:
        self.seconds = seconds
        self.cpu = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss / 1024


def _import(home: Path, *, killed_at: int | None) -> _ImportRun:
    started = perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "helpdesk.host.cli.knowledge", "import", str(home / "articles.jsonl")],
        cwd=ROOT,
        env={**os.environ, "STAFFEL_HOME": str(home), "STAFFEL_DATABASE_URL": ""},
        stderr=subprocess.DEVNULL,
    )
    if killed_at is not None:
        while _count(home / "staffel.db", "embeddings") < killed_at:
            sleep(0.5)
        os.kill(process.pid, signal.SIGKILL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if killed_at is None and process.returncode:
        sys.exit(f"The import ended with exit code {process.returncode}.")
    return _ImportRun(perf_counter() - started, usage)


def _count(database: Path, table: str) -> int:
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 (our own names)
    except sqlite3.OperationalError:
        return 0


if __name__ == "__main__":
    main()
