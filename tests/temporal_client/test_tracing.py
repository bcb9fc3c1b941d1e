"""A trace through the real Temporal: never twice, never in the way of a case."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from temporalio import client
from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.testing import TimeSkipper
from temporalio.worker import Worker

from launcher.people import eventually
from telemetry.tracing import tracing_to
from telemetry.words import Spans
from temporal_client.tracing import TracingInterceptor
from tests.temporal_client.traced import Traced, note


class Forging(client.Interceptor):
    """Rings with a header that somebody made up."""

    def __init__(self, headers: Mapping[str, Payload]) -> None:
        self._headers = headers

    def intercept_client(self, next: client.OutboundInterceptor) -> client.OutboundInterceptor:  # noqa: A002
        headers = self._headers

        class Forged(client.OutboundInterceptor):
            async def signal_workflow(self, input: client.SignalWorkflowInput) -> None:  # noqa: A002
                input.headers = {**input.headers, **headers}
                await super().signal_workflow(input)

        return Forged(next)


@pytest.fixture
def seen() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def traced(temporal: Client, seen: InMemorySpanExporter) -> Client:
    tracing = tracing_to(SimpleSpanProcessor(seen), "test", "build", b"key")
    config = temporal.config()
    config["interceptors"] = [TracingInterceptor(tracing)]
    return Client(**config)


def replaying_worker(traced: Client) -> Worker:
    """Return a worker that replays at every task."""
    return Worker(
        traced,
        task_queue="traced",
        workflows=[Traced],
        activities=[note],
        max_cached_workflows=0,
    )


def named(seen: InMemorySpanExporter, name: Spans) -> list[ReadableSpan]:
    return [span for span in seen.get_finished_spans() if span.name == name]


def trace_of(span: ReadableSpan) -> int:
    assert span.context is not None
    return span.context.trace_id


class TestAWorkflowThatIsReplayed:
    async def test_is_heard_once_and_carries_a_bell_on_while_it_is_fresh(
        self, traced: Client, seen: InMemorySpanExporter
    ) -> None:
        async with replaying_worker(traced):
            handle = await traced.start_workflow(
                "Traced", id=f"traced-{uuid4()}", task_queue="traced"
            )
            await handle.signal("bell")

            async def noted() -> bool | None:
                return len(named(seen, Spans.ACTIVITY)) == 1 or None

            await eventually(noted, "nothing was noted")
            await TimeSkipper(traced).fast_forward(handle, timedelta(days=1, minutes=1))
            await handle.signal("bell")
            await handle.result()

        start, heard = named(seen, Spans.START), named(seen, Spans.HEAR)
        first, second = named(seen, Spans.RING)
        assert sorted(trace_of(span) for span in heard) == sorted(
            trace_of(span) for span in (*start, first, second)
        )
        fresh, later = named(seen, Spans.ACTIVITY)
        assert trace_of(fresh) == trace_of(first)
        assert trace_of(later) not in {trace_of(span) for span in (*start, first, second)}
        assert later.parent is None


class TestAForgedHeader:
    @pytest.mark.parametrize(
        "payload",
        [
            Payload(),
            Payload(data=b"\xff\xfe"),
            Payload(metadata={"encoding": b"binary/encrypted"}, data=b"{"),
            Payload(metadata={"encoding": b"json/plain"}, data=b'{"traceparent": 3}'),
            Payload(metadata={"encoding": b"json/plain"}, data=b'"00-zonnebloem-01"'),
        ],
        ids=["empty", "no text", "not ours", "another form", "no trace"],
    )
    async def test_stops_no_workflow_and_is_not_carried_on(
        self,
        payload: Payload,
        traced: Client,
        temporal: Client,
        seen: InMemorySpanExporter,
    ) -> None:
        config = temporal.config()
        config["interceptors"] = [Forging({"traceparent": payload})]
        stranger = Client(**config)
        workflow_id = f"traced-{uuid4()}"
        async with replaying_worker(traced):
            await temporal.start_workflow("Traced", id=workflow_id, task_queue="traced")
            handle = stranger.get_workflow_handle(workflow_id)
            await handle.signal("bell")
            await handle.signal("bell")
            await TimeSkipper(temporal).fast_forward(handle, timedelta(days=1, minutes=1))
            await handle.result()

        assert not named(seen, Spans.HEAR)
        assert all(span.parent is None for span in named(seen, Spans.ACTIVITY))
