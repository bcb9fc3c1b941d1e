"""A collector of traces, as an operator would run one, that keeps what it is told."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass
class Collector:
    """What was told.

    Attributes:
        bodies: as they came.
    """

    url: str = ""
    bodies: list[bytes] = field(default_factory=list[bytes])

    @property
    def spans(self) -> list[Span]:
        """Every span, by the moment at which it began."""
        found = [
            span
            for body in list(self.bodies)
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]
        return sorted(found, key=lambda span: span.start_time_unix_nano)

    @property
    def resources(self) -> list[dict[str, str]]:
        """What processes tell of themselves."""
        return [
            {item.key: item.value.string_value for item in resource.resource.attributes}
            for body in list(self.bodies)
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        ]


def attributes_of(span: Span) -> dict[str, object]:
    """Return the attributes of a span."""
    return {
        item.key: getattr(item.value, item.value.WhichOneof("value") or "")
        for item in span.attributes
    }


@contextmanager
def collecting() -> Generator[Collector]:
    """Run a collector for as long as the block runs."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/v1/traces":
                collector.bodies.append(body)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    collector.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield collector
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
