"""Looking through the lines of what was found, beside everything else that an instance does."""

import asyncio
from typing import Any

from helpdesk.search import load_found_lines, read_query

LINE = "Good morning, where is my parcel? It should have been here on Monday already."


class Lines:
    """A session that has these rows."""

    def __init__(self, rows: list[tuple[str, int, str, str, int]]) -> None:
        self.rows = rows

    async def execute(self, _query: object) -> list[tuple[str, int, str, str, int]]:
        return self.rows


async def test_many_lines_keep_nobody_waiting() -> None:
    session: Any = Lines([(f"c{place // 20}", place % 20, "contact", LINE, place % 20) for place in range(2_000)])
    looking = asyncio.create_task(load_found_lines(session, {f"c{n}": n for n in range(100)}, read_query("parcel")))
    turns = 0
    while not looking.done():
        await asyncio.sleep(0)
        turns += 1
    assert len(looking.result()) == 100
    assert turns > 10
