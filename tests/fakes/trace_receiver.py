"""A receiver of traces on loopback, as a collector is: OTLP over HTTP, in protobuf. It takes, refuses or stalls."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedSpan:
    """A span as it came: ids in hexadecimal, `parent` empty for the first of a trace, times in nanoseconds."""

    program: str
    name: str
    trace: str
    id: str
    parent: str
    began: int
    ended: int
    error: str
    facts: dict[str, object]


@dataclass
class TraceReceiver:
    """`status` is what it answers; while `stalls` is set it doesn't. `raw` is all that came, byte for byte."""

    port: int
    status: int = 200
    spans: list[ReceivedSpan] = field(default_factory=list)
    raw: bytes = b""
    requests: int = 0
    released: Event = field(default_factory=Event)
    stalls: bool = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def traces(self) -> list[dict[str, ReceivedSpan]]:
        """The spans of each trace by name."""
        return [self.of(trace) for trace in dict.fromkeys(span.trace for span in self.spans)]

    def of(self, trace: str) -> dict[str, ReceivedSpan]:
        """The spans of a trace by name; of several with one name the last."""
        return {span.name: span for span in self.spans if span.trace == trace}

    def take(self, body: bytes) -> None:
        self.raw += body
        for group in ExportTraceServiceRequest.FromString(body).resource_spans:
            resource = {one.key: one.value.string_value for one in group.resource.attributes}
            for spans in group.scope_spans:
                self.spans.extend(
                    ReceivedSpan(
                        program=resource["service.name"],
                        name=span.name,
                        trace=span.trace_id.hex(),
                        id=span.span_id.hex(),
                        parent=span.parent_span_id.hex(),
                        began=span.start_time_unix_nano,
                        ended=span.end_time_unix_nano,
                        error=span.status.message,
                        facts={
                            one.key.removeprefix("staffel."): getattr(one.value, str(one.value.WhichOneof("value")))
                            for one in span.attributes
                        },
                    )
                    for span in spans.spans
                )


@contextmanager
def trace_receiver() -> Iterator[TraceReceiver]:
    """One that listens, on a port that the system chose."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.requests += 1
            if receiver.stalls:
                receiver.released.wait(60)
            if receiver.status == 200 and self.path == "/v1/traces":
                receiver.take(body)
            self.send_response(receiver.status if self.path == "/v1/traces" else 404)
            self.send_header("Content-Type", "application/x-protobuf")
            self.end_headers()
            self.wfile.write(ExportTraceServiceResponse().SerializeToString())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver = TraceReceiver(port=server.server_port)
    serving = Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield receiver
    finally:
        receiver.released.set()
        server.shutdown()
        server.server_close()
        serving.join()
