"""What leaves of a trace is on the list, whoever put something else there."""

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Link, SpanContext, Status, StatusCode, TraceFlags, TraceState
from opentelemetry.util.types import AttributeValue

from settings.application import Settings
from telemetry.cleaning import Cleaning
from telemetry.tracing import OFF, Tracing, open_tracing, tracing_to
from telemetry.words import Attributes, Spans, harmless_values
from workflows.identifiers import WORKFLOW_TYPES

PLANTED = "zonnebloem"
ROUTE = "/my-case/entries/{number}"


@pytest.fixture
def seen() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def tracing(seen: InMemorySpanExporter) -> Tracing:
    return tracing_of(seen, b"key")


def tracing_of(seen: InMemorySpanExporter, key: bytes) -> Tracing:
    harmless = harmless_values(WORKFLOW_TYPES, frozenset({ROUTE}))
    return tracing_to(Cleaning(SimpleSpanProcessor(seen), harmless), "test", "build", key)


def only(seen: InMemorySpanExporter) -> ReadableSpan:
    [span] = seen.get_finished_spans()
    return span


class TestASpan:
    def test_keeps_what_is_on_the_list(self, tracing: Tracing, seen: InMemorySpanExporter) -> None:
        with tracing.span(Spans.REQUEST, METHOD="GET", ROUTE=ROUTE, STATUS=200, LATE=True):
            pass

        span = only(seen)
        assert (span.name, dict(span.attributes or {})) == (
            "request",
            {
                "http.request.method": "GET",
                "http.route": ROUTE,
                "http.response.status_code": 200,
                "wederhoor.late": True,
            },
        )

    @pytest.mark.parametrize("key", Attributes)
    @pytest.mark.parametrize("value", [PLANTED, f"/{PLANTED}", (PLANTED,), 1.5])
    def test_loses_any_other_value_of(
        self, key: str, value: AttributeValue, tracing: Tracing, seen: InMemorySpanExporter
    ) -> None:
        with tracing.tracer.start_as_current_span("activity", attributes={key: value}):
            pass

        assert not only(seen).attributes

    def test_loses_everything_that_is_not_on_the_list(
        self, tracing: Tracing, seen: InMemorySpanExporter
    ) -> None:
        state = TraceState([("word", PLANTED)])
        far = SpanContext(7, 8, True, TraceFlags(1), state)
        with tracing.tracer.start_as_current_span(
            PLANTED, attributes={PLANTED: 1, "url.path": PLANTED}, links=[Link(far, {"a": PLANTED})]
        ) as span:
            span.add_event(PLANTED, {PLANTED: PLANTED})
            span.record_exception(ValueError(PLANTED))
            span.set_status(Status(StatusCode.ERROR, PLANTED))

        told = only(seen)
        assert PLANTED not in told.to_json()
        assert (told.name, told.status.status_code) == ("other", StatusCode.ERROR)
        assert [link.context.trace_id for link in told.links] == [7]

    def test_tells_that_its_block_failed_and_not_why(
        self, tracing: Tracing, seen: InMemorySpanExporter
    ) -> None:
        with pytest.raises(ValueError, match=PLANTED), tracing.span(Spans.ACTIVITY):
            raise ValueError(PLANTED)

        told = only(seen)
        assert told.status.status_code is StatusCode.ERROR
        assert PLANTED not in told.to_json()
        assert told.status.description is None

    def test_tells_nothing_of_the_machine(
        self, tracing: Tracing, seen: InMemorySpanExporter
    ) -> None:
        with tracing.span(Spans.START):
            pass

        assert dict(only(seen).resource.attributes) == {
            "service.name": "wederhoor-test",
            "service.version": "build",
        }


class TestTheTraceOfLateDeliveries:
    def test_is_the_same_in_every_process_that_has_the_key(self, tracing: Tracing) -> None:
        found = tracing.late_delivery_of("case", 3)

        assert found == tracing.late_delivery_of("case", 3)
        assert found != tracing.late_delivery_of("case", 4)

    def test_is_another_under_another_key(
        self, tracing: Tracing, seen: InMemorySpanExporter
    ) -> None:
        other = tracing_of(seen, b"other")

        assert other.late_delivery_of("case", 3) != tracing.late_delivery_of("case", 3)


class TestTracing:
    def test_is_off_unless_a_collector_is_named(self) -> None:
        settings = Settings.model_construct(otlp_endpoint="")

        assert open_tracing(settings, "api", b"key", WORKFLOW_TYPES) is OFF
        with OFF.span(Spans.REQUEST, METHOD="GET") as span:
            assert not span.is_recording()
        assert OFF.late_delivery_of("case", 3) is None
