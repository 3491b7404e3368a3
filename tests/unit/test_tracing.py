"""Spans: nothing is loaded while they are off; on, they hold ids and kinds, and a receiver in trouble costs nobody."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import tracing
from store.models import new_id
from tests.fakes.trace_receiver import TraceReceiver, trace_receiver
from tests.services import free_port, wait_until
from tracing.span_queue import MAX_BATCH, MAX_WAITING

ROOT = Path(__file__).parents[2]
CANARY = "Kanarienvogel 4711, ida@example.org"


@pytest.fixture
def lost() -> Iterator[list[int]]:
    """What could not be sent; tracing is off at the end."""
    yield []
    tracing.end()


@pytest.fixture
def receiver(lost: list[int]) -> Iterator[TraceReceiver]:
    with trace_receiver() as found:
        tracing.begin(found.address, "tests", on_lost=lost.append)
        yield found
        tracing.end()


def moment() -> datetime:
    return datetime.now(UTC)


def test_while_it_is_off_nothing_of_it_is_loaded_and_nothing_is_done() -> None:
    script = (
        "import sys, tracing, datetime\n"
        "tracing.begin('', 'x', on_lost=print)\n"
        "at = datetime.datetime.now()\n"
        "with tracing.turn('0' * 32, arrived_at=at), tracing.span('a', b='c'), tracing.message():\n"
        "    tracing.note(d=1); tracing.belongs_to('e'); print(tracing.headers())\n"
        "print([name for name in sys.modules if name.startswith(('opentelemetry', 'requests', 'google'))])"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.split("\n")[:2] == ["{}", "[]"]
    assert not tracing.is_on()
    assert tracing.span("a") is tracing.span("b")


def test_a_turn_is_one_trace_whoever_works_on_which_part(receiver: TraceReceiver) -> None:
    turn, arrived = new_id(), moment() - timedelta(seconds=3)
    with tracing.message(channel="webchat"):
        tracing.belongs_to(turn)
    with tracing.turn(turn, arrived_at=arrived, conversation="c1"), tracing.span("turn.understand"):
        with tracing.span("search", texts=2):
            tracing.note(found=True)
        given = tracing.headers()
    with tracing.carry_on(given, "bot.turn"), tracing.span("bot.parse"):
        pass
    with tracing.turn(turn, arrived_at=arrived, attempt=2):
        pass
    with tracing.delivery(turn, channel="telegram"):
        pass
    with tracing.delivery(None, channel="telegram"), tracing.span("search"):
        pass
    tracing.end()
    first, again = (span for span in receiver.spans if span.name == "turn")
    found = receiver.of(turn)
    assert {span.trace for span in receiver.spans} == {turn}
    assert (first.id, first.parent, again.parent) == (turn[:16], "", first.id)
    names = {one.id: one.name for one in receiver.spans}
    parents = {name: names[span.parent] for name, span in found.items()}
    assert parents == {
        "message": "turn",
        "turn": "turn",
        "turn.understand": "turn",
        "search": "turn.understand",
        "bot.turn": "turn.understand",
        "bot.parse": "bot.turn",
        "delivery": "turn",
    }
    assert found["search"].facts == {"texts": 2, "found": True}
    assert first.facts == {"turn": turn, "conversation": "c1", "attempt": 1}
    assert first.ended - first.began > 2_900_000_000


def test_words_names_and_addresses_get_nowhere(receiver: TraceReceiver) -> None:
    turn = new_id()

    def break_off() -> None:
        told = {"mail": "ida@example.org", "name": "Ida Müller", "kind": "webchat"}
        with tracing.turn(turn, arrived_at=moment(), text=CANARY), tracing.span("turn.store", **told):
            tracing.note(reason=CANARY)
            raise ValueError(CANARY)

    with pytest.raises(ValueError, match="Kanarienvogel"):
        break_off()
    tracing.end()
    assert receiver.of(turn)["turn.store"].facts == {"kind": "webchat"}
    assert receiver.of(turn)["turn.store"].error == "ValueError"
    for word in ("Kanarienvogel", "ida@example", "Müller"):
        assert word.encode() not in receiver.raw


def test_what_another_request_names_is_carried_on_only_if_it_is_a_trace(receiver: TraceReceiver) -> None:
    for given in ({}, {"traceparent": "nonsense"}, {"traceparent": f"00-{'0' * 32}-{'0' * 16}-01"}):
        with tracing.carry_on(given, "bot.turn"), tracing.span("bot.parse"):
            assert tracing.headers() == {}
    tracing.end()
    assert receiver.spans == []


def test_a_share_of_the_turns_is_the_same_share_everywhere(receiver: TraceReceiver, lost: list[int]) -> None:
    tracing.end()
    tracing.begin(receiver.address, "tests", share=0.25, on_lost=lost.append)
    turns = [new_id() for _ in range(400)]
    for turn in turns:
        with tracing.turn(turn, arrived_at=moment()), tracing.span("turn.store"):
            pass
        with tracing.delivery(turn):
            pass
    tracing.end()
    chosen = {span.trace for span in receiver.spans}
    assert 40 < len(chosen) < 180
    assert all(set(receiver.of(turn)) == {"turn", "turn.store", "delivery"} for turn in chosen)


@pytest.mark.parametrize("trouble", ["away", "refuses", "stalls"])
def test_a_receiver_in_trouble_holds_up_nobody_and_what_is_lost_is_counted(
    lost: list[int], trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    with trace_receiver() as receiver:
        receiver.status, receiver.stalls = (400 if trouble == "refuses" else 200), trouble == "stalls"
        address = f"http://127.0.0.1:{free_port()}" if trouble == "away" else receiver.address
        tracing.begin(address, "tests", on_lost=lost.append)
        made = 3 * MAX_WAITING if trouble == "stalls" else 50
        began = time.monotonic()
        for _ in range(made):
            with tracing.turn(new_id(), arrived_at=moment()):
                pass
        assert time.monotonic() - began < 20, "a turn never waits for the receiver"
        if trouble == "stalls":
            assert sum(lost) >= made - MAX_WAITING - MAX_BATCH, "the queue is bounded"
        else:
            wait_until(lambda: sum(lost) == made, "all of them to be counted", 30)
        tracing.end()
        assert 0 < sum(lost) <= made
        assert receiver.spans == []
        assert any("could not be sent" in record.message for record in caplog.records)
