"""How long until an edit is live on two instances: `python -m benchmarks.live`, with PostgreSQL.

Two processes keep a library each, as two instances do, and are asked questions without a pause. Articles are
published one after the other; the time runs from the end of the transaction until an instance answers from it.
"""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from time import sleep, time

import click

from benchmarks.databases import database
from benchmarks.generated_articles import MixedEmbedder
from benchmarks.measures import percentile
from benchmarks.scale import fill
from knowledge.articles.content import ArticleWording, Content
from knowledge.articles.publishing import publish_all
from knowledge.search.embedder import ThreeModels
from knowledge.search.library import Library
from store.db import Database
from store.migrate import upgrade_async

KEY = "edited"
MAX_SECONDS = 10.0


@click.command()
@click.option("--articles", default=10_000, show_default=True)
@click.option("--edits", default=200, show_default=True)
@click.option("--server", default="postgresql://postgres@127.0.0.1:5432", show_default=True)
@click.option("--watch", help="Be one of the instances, on this database.")
def main(articles: int, edits: int, server: str, watch: str | None) -> None:
    """Publish EDITS edits of an article beside ARTICLES others and see when both instances have them."""
    asyncio.run(_watch(watch) if watch else _measure(articles, edits, server))


async def _measure(articles: int, edits: int, server: str) -> None:
    async with database(server) as (db, url):
        await _fill(db, articles)
        instances = [await _start(url) for _ in range(2)]
        try:
            took = [await _edit(db, instances, number) for number in range(edits)]
        finally:
            for instance in instances:
                instance.kill()
                await instance.wait()
    seconds = [each for pair in took for each in pair]
    p50, p99, worst = (percentile(seconds, share) * 1000 for share in (0.5, 0.99, 1))
    print(
        f"{articles:,} articles, {edits} edits, two instances: p50 {p50:.0f} ms, p99 {p99:.0f} ms, max {worst:.0f} ms"
    )


async def _fill(db: Database, articles: int) -> None:
    await upgrade_async(db)
    embedder = MixedEmbedder(name=ThreeModels().name)  # else the instances embed all of them anew beside the edits
    embedder.prepare()
    await fill(db, embedder, articles)


async def _start(url: str) -> Process:
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "benchmarks.live", "--watch", url, stdout=PIPE)
    assert (await _next(process))["seen"] == "start"
    return process


async def _next(instance: Process) -> dict[str, object]:
    """What an instance says next; its log lines are passed over."""
    assert instance.stdout is not None
    while True:
        line = await instance.stdout.readline()
        if not line:
            sys.exit("An instance has ended.")
        if line.startswith(b"{"):
            found: dict[str, object] = json.loads(line)
            return found


async def _edit(db: Database, instances: list[Process], number: int) -> list[float]:
    wording = ArticleWording(question=f"Gibt es die Sonderaktion {number} noch?", answer=str(number))
    async with db.write() as session:
        await publish_all(session, {KEY: Content(variants={"de": wording})}, "benchmark")
    stored = time()
    seen = []
    async with asyncio.timeout(MAX_SECONDS):
        for instance in instances:
            while (found := await _next(instance))["seen"] != str(number):
                pass
            seen.append(float(str(found["at"])) - stored)
    await asyncio.sleep(number % 7 * 0.05)  # not in step with the instances
    return seen


async def _watch(url: str) -> None:
    """One instance: says which edit it answers from, and is asked questions all the time."""
    library = Library(Database(url), ThreeModels())
    await library.start()
    _say("start")
    await asyncio.gather(library.run(), _keep_asking(library), asyncio.to_thread(_report, library))


async def _keep_asking(library: Library) -> None:
    while True:
        await library.search("wo ist die sonderaktion geblieben", "de")
        await asyncio.sleep(0.1)


def _report(library: Library) -> None:
    last = None
    while True:
        entry = library.snapshot.by_key.get(KEY)
        if entry is not None and entry is not last:
            last = entry
            _say(entry.content.variants["de"].answer)
        sleep(0.002)


def _say(what: str) -> None:
    print(json.dumps({"seen": what, "at": time()}), flush=True)


if __name__ == "__main__":
    main()
