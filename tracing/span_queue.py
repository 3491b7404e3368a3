"""Spans on their way out: a bounded queue and one thread, so that a slow or absent receiver disturbs nobody."""

import logging
from collections.abc import Callable
from queue import Empty, Full, Queue
from threading import Event, Thread
from time import monotonic

from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

#: Spans that may wait; what ends while the queue is full is lost, and counted.
MAX_WAITING = 2_048
#: Spans of one request.
MAX_BATCH = 512
#: How long spans are gathered before they are sent.
GATHER_SECONDS = 1.0
#: How long the end of the program waits for the last ones.
CLOSE_SECONDS = 2.0
#: Between two lines of the log that say what was lost.
_SAY_SECONDS = 60.0
log = logging.getLogger("tracing")


class SpanQueue(SpanProcessor):
    """Takes what has ended and sends it, batch by batch. Never waits and never raises where a turn is answered."""

    def __init__(self, exporter: SpanExporter, on_lost: Callable[[int], None]) -> None:
        self._exporter = exporter
        self._on_lost = on_lost
        self._waiting: Queue[ReadableSpan] = Queue(MAX_WAITING)
        self._is_closing = Event()
        self._said_at: float | None = None
        self._unsaid = 0
        self._thread = Thread(target=self._run, name="tracing", daemon=True)
        self._thread.start()

    def on_start(self, span: Span, parent_context: "Context | None" = None) -> None:
        """Nothing to do before it has ended."""

    def on_end(self, span: ReadableSpan) -> None:
        """Put it in line, or lose it."""
        try:
            self._waiting.put_nowait(span)
        except Full:
            self._on_lost(1)

    def shutdown(self) -> None:
        """Send what waits; what takes longer than `CLOSE_SECONDS` is lost."""
        self._is_closing.set()
        self._thread.join(CLOSE_SECONDS)
        self._lose(self._waiting.qsize())
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Nobody asks for it."""
        return True

    def _run(self) -> None:
        while not self._is_closing.is_set():
            self._is_closing.wait(GATHER_SECONDS)
            while batch := self._take():
                self._send(batch)
                if self._is_closing.is_set() and self._waiting.empty():
                    return

    def _take(self) -> "list[ReadableSpan]":
        batch: list[ReadableSpan] = []
        try:
            while len(batch) < MAX_BATCH:
                batch.append(self._waiting.get_nowait())
        except Empty:
            pass
        return batch

    def _send(self, batch: "list[ReadableSpan]") -> None:
        try:
            is_taken = self._exporter.export(batch) is SpanExportResult.SUCCESS
        except Exception:  # the receiver is away, or answers nonsense
            is_taken = False
        if not is_taken:
            self._lose(len(batch))

    def _lose(self, count: int) -> None:
        if not count:
            return
        self._on_lost(count)
        self._unsaid += count
        if self._said_at is None or monotonic() - self._said_at > _SAY_SECONDS:
            log.warning("traces: %d spans could not be sent to STAFFEL_TRACES_URL", self._unsaid)
            self._said_at, self._unsaid = monotonic(), 0
