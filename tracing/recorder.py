"""Records spans with OpenTelemetry's SDK. Imported only where tracing is on."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import (
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    get_current_span,
    set_span_in_context,
    use_span,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from tracing.span_queue import SpanQueue
from tracing.spans import Fact

#: Seconds that one request to the receiver may take.
TIMEOUT_SECONDS = 5
_TURN_ID = re.compile(r"[0-9a-f]{32}")
#: An id or a kind; anything else could be what somebody wrote.
_WORD = re.compile(r"[A-Za-z0-9_.:/+-]{1,80}")
_SHARES = 1 << 32
_propagator = TraceContextTextMapPropagator()


class SpanRecorder:
    """Begins and ends spans of one process, and hands them to a queue that sends them from a thread of its own."""

    def __init__(self, url: str, program: str, *, instance: str, share: float, on_lost: Callable[[int], None]) -> None:
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)  # the queue says what is lost, and not each time
        self._share = share
        self._ids = _Ids()
        self._queue = SpanQueue(OTLPSpanExporter(endpoint=_endpoint(url), timeout=TIMEOUT_SECONDS), on_lost)
        provider = TracerProvider(
            sampler=ALWAYS_ON,  # of whole turns, `_is_chosen` decides
            resource=Resource.create({"service.name": f"staffel-{program}", "service.instance.id": instance or "1"}),
            shutdown_on_exit=False,
            id_generator=self._ids,
        )
        provider.add_span_processor(self._queue)
        self._provider = provider
        self._tracer = provider.get_tracer("staffel")

    def close(self) -> None:
        """Send what waits, and stop."""
        self._provider.shutdown()

    @contextmanager
    def span(self, name: str, facts: Mapping[str, Fact]) -> Iterator[None]:
        """A part of the current span."""
        if not get_current_span().get_span_context().is_valid:
            yield
            return
        with _running(self._tracer.start_span(name, attributes=_attributes(facts))):
            yield

    @contextmanager
    def turn(self, turn_id: str, arrived_at: datetime, attempt: int, facts: Mapping[str, Fact]) -> Iterator[None]:
        """The first span of a turn's trace."""
        if not self._is_chosen(turn_id):
            yield
            return
        whole, began = {"turn": turn_id, "attempt": attempt, **facts}, int(arrived_at.timestamp() * 1_000_000_000)
        if attempt > 1:
            begun = self._tracer.start_span(
                "turn", context=_inside(turn_id), start_time=began, attributes=_attributes(whole)
            )
        else:
            with self._ids.fixed(int(turn_id, 16), _first_span(turn_id)):
                begun = self._tracer.start_span(
                    "turn", context=Context(), start_time=began, attributes=_attributes(whole)
                )
        with _running(begun):
            yield

    @contextmanager
    def part(self, turn_id: str, name: str, facts: Mapping[str, Fact]) -> Iterator[None]:
        """A part of a turn whose own span is, or was, elsewhere."""
        if not self._is_chosen(turn_id):
            yield
            return
        with _running(self._tracer.start_span(name, context=_inside(turn_id), attributes=_attributes(facts))):
            yield

    def add_past(self, turn_id: str, name: str, began_ns: int, facts: Mapping[str, Fact]) -> None:
        """A part of a turn that has just ended."""
        if self._is_chosen(turn_id):
            past = self._tracer.start_span(
                name, context=_inside(turn_id), start_time=began_ns, attributes=_attributes(facts)
            )
            past.end()

    @contextmanager
    def carry_on(self, given: Mapping[str, str], name: str, facts: Mapping[str, Fact]) -> Iterator[None]:
        """A part of the trace that a request names."""
        there = _propagator.extract({"traceparent": given.get("traceparent") or ""}, context=Context())
        if not get_current_span(there).get_span_context().is_valid:
            yield
            return
        begun = self._tracer.start_span(name, context=there, kind=SpanKind.SERVER, attributes=_attributes(facts))
        with _running(begun):
            yield

    def note(self, facts: Mapping[str, Fact]) -> None:
        """More of the current span."""
        get_current_span().set_attributes(_attributes(facts))

    def headers(self) -> dict[str, str]:
        """`traceparent` of the current span, if there is one."""
        found: dict[str, str] = {}
        _propagator.inject(found)
        found.pop("tracestate", None)
        return found

    def _is_chosen(self, turn_id: str) -> bool:
        """Whether this turn is one of the share that is traced: every instance decides alike."""
        return bool(_TURN_ID.fullmatch(turn_id)) and int(turn_id[-8:], 16) < self._share * _SHARES


class _Ids(RandomIdGenerator):
    """Ids by chance, or those that were fixed for the span that is just begun."""

    def __init__(self) -> None:
        self._fixed: ContextVar[tuple[int, int] | None] = ContextVar("fixed", default=None)

    @contextmanager
    def fixed(self, trace_id: int, span_id: int) -> Iterator[None]:
        """The next span has these."""
        before = self._fixed.set((trace_id, span_id))
        try:
            yield
        finally:
            self._fixed.reset(before)

    def generate_trace_id(self) -> int:
        fixed = self._fixed.get()
        return fixed[0] if fixed else super().generate_trace_id()

    def generate_span_id(self) -> int:
        fixed = self._fixed.get()
        return fixed[1] if fixed else super().generate_span_id()


@contextmanager
def _running(begun: Span) -> Iterator[None]:
    """Until it ends. Of an error only its type is kept: its message may quote a customer."""
    with use_span(begun, end_on_exit=True, record_exception=False, set_status_on_exception=False):
        try:
            yield
        except BaseException as error:
            begun.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise


def _inside(turn_id: str) -> Context:
    """As a part of the turn's first span."""
    first = SpanContext(int(turn_id, 16), _first_span(turn_id), is_remote=True, trace_flags=TraceFlags(1))
    return set_span_in_context(NonRecordingSpan(first), Context())


def _first_span(turn_id: str) -> int:
    return int(turn_id[:16], 16) or 1


def _attributes(facts: Mapping[str, Fact]) -> dict[str, str | int | float | bool]:
    """Facts as attributes. A text that is no id and no kind is left out, whoever let it in."""
    return {
        f"staffel.{name}": value
        for name, value in facts.items()
        if value is not None and (not isinstance(value, str) or _WORD.fullmatch(value))
    }


def _endpoint(url: str) -> str:
    """The address that spans are posted to: `/v1/traces` where no path is given."""
    host, _, path = url.partition("://")[2].partition("/")
    return url if path and host else f"{url.rstrip('/')}/v1/traces"
