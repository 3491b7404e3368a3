"""`python -m benchmarks dialogues`: 240 messages that a stranger wrote, through a whole installation, each judged.

Real Rasa, real search, the sample shop, a team with hours, somebody at the desk or nobody, as the conversation wants.
"""

import asyncio
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from itertools import islice
from pathlib import Path

import click
import httpx

from benchmarks.dialogues import page, transcript
from benchmarks.dialogues.message_set import FOLDER, CustomerMessage, load_conversations
from benchmarks.dialogues.report import JudgedMessage, judge_all, misses, tables, unknown_words
from benchmarks.dialogues.stage import USUAL_DEADLINE, Stage, house, stage
from benchmarks.dialogues.visit import visit

AT_ONCE = 4
TRIES = 4  # of a conversation that a restart of helpdesk or too much to do cuts off
PAUSE = 10.0  # seconds before the next
AFTER_HOURS = "after-hours"
FILE = click.Path(path_type=Path)

type Opening = AbstractAsyncContextManager[Stage]


@click.command()
@click.option("--only", multiple=True, help="Only conversations whose id begins so, such as de or en07.")
@click.option("--messages", type=FILE, default=FOLDER, help="Another folder with messages, such as dialogues_second.")
@click.option(
    "--patience",
    default=10.0,
    show_default=True,
    help="Seconds without a word that are silence; the bot gives up after half of them, and after 10 at least.",
)
@click.option("--prepared", type=FILE, help="Begin with a copy of this home, which has dialogues.db with the articles.")
@click.option("--record", type=FILE, help="Write what was said to a file.")
@click.option("--again", type=FILE, help="Hold nothing: judge what is in such a file.")
@click.option("--misses", "misses_file", type=FILE, help="Write what missed, without the third that is held back.")
@click.option("--keep", is_flag=True, help="Build docs/dialogues.md from what was said.")
def main(
    only: tuple[str, ...],
    messages: Path,
    patience: float,
    prepared: Path | None,
    record: Path | None,
    again: Path | None,
    misses_file: Path | None,
    keep: bool,
) -> None:
    """Hold the conversations, judge them, print the tables."""
    wanted = [each for each in load_conversations(messages) if not only or each[0].conversation.startswith(only)]
    judged = _judged_again(wanted, again) if again else _held(wanted, patience, prepared)
    print(tables(judged), "", *misses(judged), sep="\n")
    print("\nSaid, and not in the table of sentences:", *unknown_words(judged), sep="\n  ")
    if misses_file:
        misses_file.write_text("\n".join(misses(one for one in judged if not one.message.held)) + "\n", "utf-8")
    if record:
        transcript.keep(judged, record)
    if keep:
        transcript.keep(judged)
        page.write()


def _judged_again(conversations: Sequence[Sequence[CustomerMessage]], file: Path) -> list[JudgedMessage]:
    turns = iter(transcript.load(file))
    return [
        one
        for messages in conversations
        for one in judge_all(messages, [turn.seen for turn in islice(turns, len(messages))])
    ]


def _held(
    conversations: Sequence[Sequence[CustomerMessage]], patience: float, prepared: Path | None
) -> list[JudgedMessage]:
    deadline = max(USUAL_DEADLINE, patience / 2)
    with (
        tempfile.TemporaryDirectory() as folder,
        house(Path(folder) / "home", prepared, deadline=deadline) as (installation, url, port),
    ):
        began = time.monotonic()
        judged = asyncio.run(_hold(conversations, patience, lambda: stage(installation, url, port)))
        print(f"Held in {time.monotonic() - began:.0f} s, after the installation had started.\n")
    return judged


async def _hold(
    conversations: Sequence[Sequence[CustomerMessage]], patience: float, open_stage: Callable[[], Opening]
) -> list[JudgedMessage]:
    """All that are held while somebody is there, then those that begin when nobody is."""
    judged: dict[str, list[JudgedMessage]] = {}
    async with open_stage() as shop:
        await shop.open_shop()
        desk = asyncio.create_task(shop.stay_at_desk())
        judged |= await _hold_all(shop, patience, [each for each in conversations if each[0].before != AFTER_HOURS])
        desk.cancel()
        await shop.close_shop()
        judged |= await _hold_all(shop, patience, [each for each in conversations if each[0].before == AFTER_HOURS])
    return [one for each in conversations for one in judged[each[0].conversation]]


async def _hold_all(
    shop: Stage, patience: float, conversations: Sequence[Sequence[CustomerMessage]]
) -> dict[str, list[JudgedMessage]]:
    turnstile = asyncio.Semaphore(AT_ONCE)

    async def hold(messages: Sequence[CustomerMessage]) -> list[JudgedMessage]:
        async with turnstile:
            for _ in range(TRIES):
                with suppress(httpx.HTTPError):
                    return judge_all(messages, await visit(shop, messages, patience=patience))
                await asyncio.sleep(PAUSE)  # helpdesk is too busy, or has been started again
        raise TimeoutError(f"{messages[0].conversation} could not be held")

    held = await asyncio.gather(*map(hold, conversations))
    return {messages[0].conversation: found for messages, found in zip(conversations, held, strict=True)}


if __name__ == "__main__":
    main()
