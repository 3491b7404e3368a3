"""The customers of the measurement of throughput, on a real web chat."""

from pathlib import Path

import pytest

from benchmarks.customers import QUESTIONS_A_CUSTOMER, CustomerQuestion, Visitors, serve_customers
from helpdesk.conversations.turn_opening import TOGETHER
from tests.integration.webchat_server import served


@pytest.mark.slow
@pytest.mark.sqlite_only
async def test_visitors_ask_a_few_questions_each_and_every_reply_is_timed(tmp_path: Path, database_url: str) -> None:
    questions = iter([CustomerQuestion(text=f"Wo ist mein Paket {each}?", language="de") for each in range(1000)])
    async with served(tmp_path, database_url) as (_, host):
        visitors = Visitors(origin=f"http://{host}", questions=questions)
        figures = await serve_customers(visitors, at_once=4, seconds=12)

    assert len(figures.replies) > 2 * QUESTIONS_A_CUSTOMER
    assert all(reply.seconds > reply.waited == TOGETHER.total_seconds() for reply in figures.replies)
    assert figures.a_second == len(figures.replies) / 12
