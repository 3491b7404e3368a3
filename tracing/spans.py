"""What the two programs say: a span begins, what it is about, and that it goes on elsewhere.

A turn's id is the id of its trace, and the first half of it the id of its first span: so whatever belongs to a turn
finds its trace on any instance, and nothing has to be stored or handed on for it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from time import time_ns
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracing.recorder import SpanRecorder

#: What may be said of a span: ids, kinds, counts and durations, never what somebody wrote or is called.
Fact = str | int | float | bool | None
_NOTHING: AbstractContextManager[None] = nullcontext()


@dataclass
class _State:
    """The recorder of this process, None while tracing is off."""

    recorder: "SpanRecorder | None" = None


@dataclass
class _Arrival:
    """A message that is being stored; which turn it belongs to is known at the end."""

    turn_id: str | None = None
    began_ns: int = field(default_factory=time_ns)


_state = _State()
_arriving: ContextVar[_Arrival | None] = ContextVar("arriving", default=None)


def begin(url: str, program: str, *, instance: str = "", share: float = 1.0, on_lost: Callable[[int], None]) -> None:
    """Send spans to `url` (OTLP over HTTP) from now on; empty: don't. `share` of the turns is traced, from 0 to 1.

    `on_lost` hears how many spans could not be sent, from any thread.
    """
    if not url or _state.recorder is not None:
        return
    from tracing.recorder import SpanRecorder  # OpenTelemetry, which nobody else needs

    _state.recorder = SpanRecorder(url, program, instance=instance, share=share, on_lost=on_lost)


def end() -> None:
    """Send what waits, for two seconds at most, and stop."""
    recorder, _state.recorder = _state.recorder, None
    if recorder is not None:
        recorder.close()


def is_on() -> bool:
    """Whether there are spans."""
    return _state.recorder is not None


def span(name: str, /, **facts: Fact) -> AbstractContextManager[None]:
    """A part of what is being traced here; nothing where nothing is."""
    recorder = _state.recorder
    return _NOTHING if recorder is None else recorder.span(name, facts)


def turn(turn_id: str, /, *, arrived_at: datetime, attempt: int = 1, **facts: Fact) -> AbstractContextManager[None]:
    """The whole turn, from the arrival of the customer's message; another worker's `attempt` is a part of the first."""
    recorder = _state.recorder
    return _NOTHING if recorder is None else recorder.turn(turn_id, arrived_at, attempt, facts)


def delivery(turn_id: str | None, /, **facts: Fact) -> AbstractContextManager[None]:
    """The sending of a turn's reply; nothing for what no turn has said."""
    recorder = _state.recorder
    return _NOTHING if recorder is None or turn_id is None else recorder.part(turn_id, "delivery", facts)


@contextmanager
def _message(facts: Mapping[str, Fact]) -> Iterator[None]:
    arrival = _Arrival()
    known = _arriving.set(arrival)
    try:
        yield
    finally:
        _arriving.reset(known)
        if _state.recorder is not None and arrival.turn_id is not None:
            _state.recorder.add_past(arrival.turn_id, "message", arrival.began_ns, facts)


def message(**facts: Fact) -> AbstractContextManager[None]:
    """The storing of a customer's message, in the trace of the turn that `belongs_to` names meanwhile."""
    return _NOTHING if _state.recorder is None else _message(facts)


def belongs_to(turn_id: str | None) -> None:
    """The message that is being stored is answered by this turn."""
    arrival = _arriving.get()
    if arrival is not None:
        arrival.turn_id = turn_id


def note(**facts: Fact) -> None:
    """What turned out meanwhile of the span that we are in."""
    if _state.recorder is not None:
        _state.recorder.note(facts)


def headers() -> dict[str, str]:
    """What goes along with a request to the other program, so that it carries on: W3C Trace Context."""
    return {} if _state.recorder is None else _state.recorder.headers()


def carry_on(given: Mapping[str, str], name: str, /, **facts: Fact) -> AbstractContextManager[None]:
    """A part of the trace that the other program's request names; nothing for a request that names none.

    To be called only after it is certain who asks.
    """
    recorder = _state.recorder
    return _NOTHING if recorder is None else recorder.carry_on(given, name, facts)
