"""What leaves a process of a trace: names, attributes and links that are known to be harmless.

Exceptions, events, descriptions of a status and the state of a trace can hold anything, and are
dropped, whoever put them there.
"""

from collections.abc import Mapping

from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor
from opentelemetry.trace import Link, SpanContext, Status, TraceState

from telemetry.words import Harmless, Spans

_OTHER = "other"


class Cleaning(SpanProcessor):
    """Hands on a clean copy of each span.

    Args:
        following: what the copies are handed to.
        harmless: which values each attribute may have.
    """

    def __init__(self, following: SpanProcessor, harmless: Mapping[str, Harmless]) -> None:
        self._following = following
        self._harmless = harmless

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Leave the span alone until it ends."""

    def on_end(self, span: ReadableSpan) -> None:
        """Hand a clean copy on."""
        self._following.on_end(self._cleaned(span))

    def shutdown(self) -> None:
        """Send what is left."""
        self._following.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Send what is there now."""
        return self._following.force_flush(timeout_millis)

    def _cleaned(self, span: ReadableSpan) -> ReadableSpan:
        return ReadableSpan(
            name=span.name if span.name in frozenset(Spans) else _OTHER,
            context=_bare(span.context),
            parent=_bare(span.parent),
            resource=span.resource,
            attributes={
                key: value
                for key, value in (span.attributes or {}).items()
                if key in self._harmless and self._harmless[key](value)
            },
            links=[Link(context) for link in span.links if (context := _bare(link.context))],
            kind=span.kind,
            status=Status(span.status.status_code),
            start_time=span.start_time,
            end_time=span.end_time,
        )


def _bare(context: SpanContext | None) -> SpanContext | None:
    if context is None:
        return None
    return SpanContext(
        context.trace_id, context.span_id, context.is_remote, context.trace_flags, TraceState()
    )
