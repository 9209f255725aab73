"""A collector of traces for tests: it takes what OpenTelemetry exports (OTLP over HTTP, protobuf)."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.support.ports import free_port


@dataclass(frozen=True)
class Span:
    """A span as it was received; ``parent`` is empty for the first one of its trace."""

    service: str
    name: str
    trace: str
    id: str
    parent: str
    failed: bool
    attributes: dict[str, str]


@dataclass
class Collector:
    """``delay``: how long it lets an exporter wait for the answer, in seconds."""

    url: str
    delay: float = 0
    spans: list[Span] = field(default_factory=list)

    def wait_for(self, is_wanted: Callable[[Span], bool], timeout: float = 30) -> Span:
        """The first span that is wanted, received or to come. Fails when none comes in time."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            for span in list(self.spans):
                if is_wanted(span):
                    return span
            time.sleep(0.05)
        raise AssertionError(f"No such span among {[(span.service, span.name) for span in self.spans]}")

    def trace(self, trace_id: str) -> list[Span]:
        """What has been received of one trace."""
        return [span for span in list(self.spans) if span.trace == trace_id]


@contextmanager
def collector() -> Iterator[Collector]:
    """A collector that listens until the block ends."""
    port = free_port()
    taken = Collector(f"http://127.0.0.1:{port}")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(taken.delay)
            is_ours = self.path == "/v1/traces"
            if is_ours:
                taken.spans.extend(_spans(body))
            self.send_response(200 if is_ours else 404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="collector", daemon=True)
    thread.start()
    try:
        yield taken
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _spans(body: bytes) -> Iterator[Span]:
    request = ExportTraceServiceRequest.FromString(body)
    for resource in request.resource_spans:
        about = {each.key: each.value.string_value for each in resource.resource.attributes}
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield Span(
                    service=about["service.name"],
                    name=span.name,
                    trace=span.trace_id.hex(),
                    id=span.span_id.hex(),
                    parent=span.parent_span_id.hex(),
                    failed=span.status.code == span.status.STATUS_CODE_ERROR,
                    attributes={each.key: each.value.string_value for each in span.attributes},
                )
