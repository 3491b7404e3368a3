"""A customer's message as one trace; a receiver that is away, which nobody notices; and nothing where it is off."""

from pathlib import Path

import pytest
from sqlalchemy import select

from helpdesk.observability import metrics
from store.models import Turn
from tests.fakes.bot import FakeBot
from tests.fakes.trace_receiver import trace_receiver
from tests.harness import eventually, inbound_message, run_helpdesk, settings_for, wait_for_answers
from tests.services import free_port

CANARY = "Kanarienvogel"
SECRETS = (CANARY, "4711-Geheim", "ida@example.org", "Ida Geheimrat")
WRITTEN = f"Mein {CANARY} 4711-Geheim, ida@example.org, Ida Geheimrat"


async def test_a_message_is_one_trace_with_the_turns_id_and_holds_none_of_its_words(
    tmp_path: Path, database_url: str
) -> None:
    with trace_receiver() as receiver:
        bot = FakeBot()
        async with run_helpdesk(settings_for(tmp_path, database_url, traces_url=receiver.address), bot) as parts:
            received = await parts.inbox.receive(inbound_message(WRITTEN))
            await wait_for_answers(parts, received.conversation_id, 1)
            async with parts.db.read() as session:
                turn = await session.scalar(select(Turn.id))
        assert turn
        spans = receiver.of(turn)
        assert {span.trace for span in receiver.spans} == {turn}
        assert {"message", "turn", "turn.understand", "turn.ask_bot", "bot.call", "turn.store"} <= spans.keys()
        assert spans["bot.call"].parent == spans["turn.ask_bot"].id
        assert spans["bot.call"].facts == {"status": 200}
        assert spans["turn"].facts["outcome"] == "answered"
        assert spans["turn"].facts["conversation"] == received.conversation_id
        assert bot.headers[-1]["traceparent"].startswith(f"00-{turn}-{spans['bot.call'].id}-")
        for secret in SECRETS:
            assert secret.encode() not in receiver.raw


@pytest.mark.sqlite_only
async def test_a_receiver_that_is_away_holds_up_no_answer_and_what_is_lost_is_a_figure(
    tmp_path: Path, database_url: str
) -> None:
    before = metrics.SPANS_LOST._value.get()
    away = f"http://127.0.0.1:{free_port()}"
    async with run_helpdesk(settings_for(tmp_path, database_url, traces_url=away), FakeBot()) as parts:
        received = await parts.inbox.receive(inbound_message("Hallo, ist da jemand?"))
        assert await wait_for_answers(parts, received.conversation_id, 1)

        async def is_counted() -> bool:
            return bool(metrics.SPANS_LOST._value.get() > before)

        await eventually(is_counted, "the lost spans to be counted", patience=30)


@pytest.mark.sqlite_only
async def test_without_an_address_no_request_carries_anything(tmp_path: Path, database_url: str) -> None:
    bot = FakeBot()
    async with run_helpdesk(settings_for(tmp_path, database_url), bot) as parts:
        received = await parts.inbox.receive(inbound_message("Hallo, ist da jemand?"))
        await wait_for_answers(parts, received.conversation_id, 1)
    assert "traceparent" not in bot.headers[-1]
