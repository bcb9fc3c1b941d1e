"""One request's trace, through the real API, Temporal and worker, to a collector."""

from collections.abc import Iterable
from uuid import uuid4

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from sqlalchemy import select

from launcher.people import Complainant, eventually
from storage.models import CaseRow
from telemetry.words import Attributes, Spans
from tests.system.journeys import Journey, World
from tests.telemetry.collector import Collector, attributes_of
from tests.temporal_client.payloads import payloads_in

PLANTED = "zonnebloem"
FOREIGN_TRACE = "0af7651916cd43dd8448eb211c80319c"
FOREIGN = {
    "traceparent": f"00-{FOREIGN_TRACE}-b7ad6b7169203331-01",
    "tracestate": f"word={PLANTED}",
    "baggage": f"word={PLANTED}",
}


async def complains(world: World) -> Journey:
    """Let somebody complain whose client sends traces of its own."""
    body = {
        "institutionId": "voorbeeldstad",
        "subject": PLANTED,
        "text": PLANTED,
    }
    response = await world.http.post(
        "/v1/complaints", json=body, headers={"Idempotency-Key": str(uuid4()), **FOREIGN}
    )
    receipt = response.raise_for_status().json()
    complainant = Complainant(world.http, receipt["caseNumber"], receipt["receiptCode"])
    return Journey(world, complainant, "klachten@voorbeeldstad.example")


def named(spans: Iterable[Span], name: Spans) -> list[Span]:
    return [span for span in spans if span.name == name]


async def trace_with(collector: Collector, *wanted: tuple[Spans, str]) -> list[Span]:
    """Wait for a trace that holds spans with these values among their attributes."""

    async def ask() -> list[Span] | None:
        fresh = collector.spans
        for trace in {span.trace_id for span in fresh}:
            spans = [span for span in fresh if span.trace_id == trace]
            told = {(span.name, value) for span in spans for value in attributes_of(span).values()}
            if set(wanted) <= told:
                return spans
        return None

    return await eventually(ask, f"no trace with {wanted}")


class TestATrace:
    async def test_goes_from_the_request_to_what_the_workflow_does_upon_it(
        self, world: World, collector: Collector
    ) -> None:
        journey = await complains(world)
        await journey.complainant.reaches("finding_mediator", "mediator_accepts")

        spans = await trace_with(
            collector,
            (Spans.REQUEST, "/complaints"),
            (Spans.HEAR, "Complaint"),
            (Spans.ACTIVITY, "post_letter"),
        )

        by_id = {span.span_id: span for span in spans}
        [request] = named(spans, Spans.REQUEST)
        for name, cause in (
            (Spans.DELIVERY, Spans.REQUEST),
            (Spans.START, Spans.DELIVERY),
            (Spans.HEAR, Spans.START),
            (Spans.ACTIVITY, Spans.HEAR),
        ):
            assert {by_id[span.parent_span_id].name for span in named(spans, name)} == {cause}
        assert attributes_of(request) == {
            Attributes.METHOD: "POST",
            Attributes.ROUTE: "/complaints",
            Attributes.STATUS: 202,
        }
        assert not request.parent_span_id

    async def test_follows_a_bell_as_well(self, world: World, collector: Collector) -> None:
        journey = await world.begins_at("awaiting_consent")
        await journey.complainant.does("messages", {"text": PLANTED})

        spans = await trace_with(
            collector,
            (Spans.REQUEST, "/my-case/messages"),
            (Spans.RING, "complainant_wrote"),
            (Spans.HEAR, "Complaint"),
            (Spans.ACTIVITY, "post_letter"),
        )

        assert len(named(spans, Spans.HEAR)) == 1

    async def test_tells_nothing_of_a_case_and_nothing_that_a_client_said(
        self, world: World, collector: Collector
    ) -> None:
        journey = await complains(world)
        await journey.complainant.reaches("finding_mediator", "mediator_accepts")
        await journey.complainant.does("withdrawals", {"reason": PLANTED})
        await world.http.request(PLANTED.upper(), f"/{PLANTED}?{PLANTED}", headers=FOREIGN)
        await journey.workflow().result()
        await trace_with(collector, (Spans.REQUEST, "/my-case/withdrawals"))

        told = b"".join(collector.bodies)
        for secret in (
            *(PLANTED, PLANTED.upper(), journey.number, journey.complainant.receipt_code),
            *(await _id_of(journey), "127.0.0.1", "198.51.100.7"),
        ):
            assert secret.encode() not in told
        assert bytes.fromhex(FOREIGN_TRACE) not in told
        assert {span.name for span in collector.spans} <= set(Spans)
        assert {key for span in collector.spans for key in attributes_of(span)} <= set(Attributes)
        assert not any(span.events or span.status.message for span in collector.spans)
        assert {key for found in collector.resources for key in found} == {
            "service.name",
            "service.version",
        }

    async def test_is_encrypted_within_temporal_and_carries_no_baggage(self, world: World) -> None:
        journey = await complains(world)
        await journey.complainant.reaches("finding_mediator", "mediator_accepts")

        history = await journey.workflow().fetch_history()
        codec = world.temporal.data_converter.payload_codec
        assert codec is not None
        headers = [
            (path.rpartition("fields.")[2], payload)
            for event in history.events
            for path, payload in payloads_in(event)
            if ".header." in path
        ]

        assert {name for name, _ in headers} == {"traceparent"}
        for _, payload in headers:
            assert payload.metadata["encoding"] == b"binary/encrypted"
        plain = await codec.decode([payload for _, payload in headers])
        assert all(payload.data.startswith(b'"00-') for payload in plain)


class TestALateDelivery:
    async def test_is_linked_to_from_the_request_that_could_not(
        self, world: World, collector: Collector
    ) -> None:
        journey = await world.begins_at("awaiting_consent")
        await world.system.temporal.stop()
        try:
            collector.bodies.clear()
            location = await journey.complainant.sends("messages", {"text": PLANTED})

            async def given_up() -> bool | None:
                return bool(named(collector.spans, Spans.DELIVERY)) or None

            # Else Temporal could be back before the request's own delivery gives up.
            await eventually(given_up, "no delivery was tried")
        finally:
            await world.system.restart(world.system.temporal)
        await journey.complainant.answer(location)

        async def linked() -> bool | None:
            spans = collector.spans
            routes = {span.span_id: attributes_of(span).get(Attributes.ROUTE) for span in spans}
            deliveries = named(spans, Spans.DELIVERY)
            late = {span.trace_id for span in deliveries if attributes_of(span)[Attributes.LATE]}
            linking = {
                routes.get(span.parent_span_id)
                for span in deliveries
                if late & {link.trace_id for link in span.links}
            }
            return "/my-case/messages" in linking or None

        assert await eventually(linked, "the request does not link to its late delivery")


@pytest.fixture(autouse=True)
def _collected(collector: Collector) -> None:
    """Begin with nothing that was told of other tests."""
    collector.bodies.clear()


async def _id_of(journey: Journey) -> str:
    async with journey.world.database.transaction() as session:
        found = select(CaseRow.id).where(CaseRow.number == journey.number)
        return str(await session.scalar(found))
