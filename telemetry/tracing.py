"""Traces, off unless the operator names a collector.

A trace follows what one request causes: the request, the delivery of its entry, the bell, and what
the workflow does upon it. Nothing of the outside world is continued, and nothing is told to it.
"""

import hmac
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    NoOpTracer,
    Span,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
    Tracer,
    set_span_in_context,
)
from opentelemetry.util.types import AttributeValue

from settings.application import Settings
from settings.build import build_id
from telemetry.cleaning import Cleaning
from telemetry.words import Attributes, Spans, harmless_values

_PAUSE = 1000
"""Milliseconds between two batches."""
_SAMPLED = TraceFlags(TraceFlags.SAMPLED)
_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-01")


@dataclass(frozen=True, slots=True)
class Tracing:
    """Makes spans.

    Attributes:
        on: whether anybody sees them.
    """

    tracer: Tracer = field(default_factory=NoOpTracer)
    provider: TracerProvider | None = None
    _entry_key: bytes = b""

    @property
    def on(self) -> bool:
        """Tell whether spans go anywhere."""
        return self.provider is not None

    @contextmanager
    def span(
        self,
        name: Spans,
        kind: SpanKind = SpanKind.INTERNAL,
        *,
        within: Context | None = None,
        link: SpanContext | None = None,
        **attributes: AttributeValue,
    ) -> Generator[Span]:
        """Note how long the block takes, and whether it raises; never what it raises.

        Args:
            within: the span that caused it; the one of the surrounding block when unset.
            attributes: by the names of ``Attributes``.
        """
        with self.tracer.start_as_current_span(
            name,
            within,
            kind,
            {Attributes[key]: value for key, value in attributes.items()},
            links=[Link(link)] if link else (),
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield span
            except Exception:
                span.set_status(StatusCode.ERROR)
                raise

    def late_delivery_of(self, *entry: object) -> SpanContext | None:
        """Return where a relay traces its deliveries of an entry; every process finds the same.

        So whoever could not deliver links to that trace, and nobody has to keep its id. The key
        keeps others from telling which entry it is.
        """
        if not self.on:
            return None
        digest = hmac.digest(self._entry_key, repr(entry).encode(), sha256)
        trace_id, span_id = int.from_bytes(digest[:16]), int.from_bytes(digest[16:24])
        return SpanContext(trace_id, span_id, True, _SAMPLED)

    def close(self) -> None:
        """Send what is left."""
        if self.provider is not None:
            self.provider.shutdown()


OFF = Tracing()


def open_tracing(
    settings: Settings,
    service: str,
    entry_key: bytes,
    workflows: frozenset[str],
    routes: frozenset[str] = frozenset(),
) -> Tracing:
    """Return what makes spans of this process: none unless a collector is named.

    Args:
        entry_key: the same in all processes of a system.
        workflows: the types of our workflows.
        routes: the templates of the routes that this process serves.
    """
    if not settings.otlp_endpoint:
        return OFF
    exporter = OTLPSpanExporter(f"{settings.otlp_endpoint.rstrip('/')}/v1/traces")
    batches = BatchSpanProcessor(exporter, schedule_delay_millis=_PAUSE)
    harmless = harmless_values(workflows, routes)
    return tracing_to(Cleaning(batches, harmless), service, build_id(settings), entry_key)


def tracing_to(processor: SpanProcessor, service: str, build: str, entry_key: bytes) -> Tracing:
    """Return what hands the spans of this process to a processor, which cleans them."""
    provider = TracerProvider(
        # Not what the environment adds: it tells names of machines and processes.
        resource=Resource({"service.name": f"wederhoor-{service}", "service.version": build}),
        span_limits=SpanLimits(max_events=0),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(processor)
    return Tracing(provider.get_tracer("wederhoor"), provider, entry_key)


def written(span: SpanContext) -> str:
    """Return a span as W3C's ``traceparent`` writes it."""
    return f"00-{span.trace_id:032x}-{span.span_id:016x}-{_SAMPLED:02x}"


def read(text: str) -> Context | None:
    """Return the context of a ``traceparent``; ``None`` when it is none, or was not sampled."""
    found = _TRACEPARENT.fullmatch(text)
    if found is None:
        return None
    trace_id, span_id = int(found[1], 16), int(found[2], 16)
    return within(SpanContext(trace_id, span_id, True, _SAMPLED))


def within(span: SpanContext) -> Context:
    """Return the context of a span, and nothing else."""
    return set_span_in_context(NonRecordingSpan(span), Context())
