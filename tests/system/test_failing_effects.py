"""What cannot be done for a case: seen in time, tried again and again, over when it succeeds."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

from sqlalchemy import text
from temporalio.api.enums.v1 import EventType
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import WorkflowHandle
from temporalio.testing import TimeSkipper

from launcher.people import eventually
from tests.system.journeys import Journey, World
from tests.system.test_faults import killed
from workflows.options import FIRST_ROUND, SHOWN_AFTER
from workflows.search_attributes import ATTENTION, ATTENTIONS

A_QUARTER = timedelta(minutes=15)
A_MINUTE = timedelta(minutes=1)

type Handle = WorkflowHandle[object, object]


async def details_of(handle: Handle) -> str:
    metadata = await handle.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
    return metadata.current_details


async def attention_of(handle: Handle) -> tuple[str | None, tuple[str, ...]]:
    found = (await handle.describe()).typed_search_attributes
    return found.get(ATTENTION), tuple(found.get(ATTENTIONS, ()))


async def until_attention(handle: Handle, wanted: str) -> None:
    async def ask() -> bool | None:
        return True if await attention_of(handle) == (wanted, (wanted,)) else None

    await eventually(ask, f"{handle.id} never asked for attention: {wanted}")


async def fast_forward(journey: Journey, handle: Handle, delta: timedelta) -> None:
    """Let time pass for a workflow, whatever is down; its case file does not notice."""
    await TimeSkipper(journey.world.temporal).fast_forward(handle, delta)


async def is_listed(world: World, handle: Handle) -> None:
    query = f'WederhoorAttentions = "effect_failing" AND WorkflowId = "{handle.id}"'

    async def ask() -> bool | None:
        return True if (await world.temporal.count_workflows(query)).count else None

    await eventually(ask, f"{handle.id} is not found")


@asynccontextmanager
async def without_letters(world: World) -> AsyncGenerator[None]:
    """Let every letter fail for as long as the block runs."""
    async with world.database.transaction() as session:
        await session.execute(text("ALTER TABLE letters RENAME TO letters_elsewhere"))
    try:
        yield
    finally:
        async with world.database.transaction() as session:
            await session.execute(text("ALTER TABLE letters_elsewhere RENAME TO letters"))


class TestTheLimits:
    def test_show_what_fails_within_a_quarter_of_an_hour(self) -> None:
        # A round may end before its time, when no further try would fit into it.
        assert SHOWN_AFTER < FIRST_ROUND - A_MINUTE
        assert FIRST_ROUND < A_QUARTER - A_MINUTE


class TestADatabaseThatIsDown:
    async def test_is_seen_on_the_case_and_forgotten_when_it_is_back(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")
        handle = journey.workflow()

        async with killed(world, world.system.postgres):
            await handle.signal("complainant_wrote", 1)
            await fast_forward(journey, handle, SHOWN_AFTER + A_MINUTE)
            await until_attention(handle, "effect_failing")
            details = await details_of(handle)
            assert "`read_ledger` fails since" in details
            assert "Error" not in details
            await is_listed(world, handle)

        await fast_forward(journey, handle, SHOWN_AFTER + A_MINUTE)
        await until_attention(handle, "none")
        assert "Trouble" not in await details_of(handle)
        await journey.gets_consent()
        await journey.shows(attention=None)


class TestALetterThatCannotBeWritten:
    async def test_is_seen_on_the_case_and_in_the_read_model(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")
        handle = journey.workflow()

        async with without_letters(world):
            await journey.complainant.sends("consents", {"consent": True})

            async def fails() -> bool | None:
                pending = (await handle.describe()).raw_description.pending_activities
                return True if pending and pending[0].attempt > 1 else None

            await eventually(fails, "the letter does not fail")
            await fast_forward(journey, handle, FIRST_ROUND)
            await until_attention(handle, "effect_failing")
            assert "`post_letter` fails since" in await details_of(handle)
            await journey.shows(attention="effect_failing")
            found = await world.office.supervisor.get("/v1/cases?attention=effect_failing")
            assert journey.number in [case["caseNumber"] for case in found["cases"]]

        await until_attention(handle, "none")
        await journey.shows(attention=None, stage="awaiting_institution", contacted=True)
        await journey.hears_the_institution()


class TestAClosedCase:
    async def test_shows_what_fails_for_it(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")
        await journey.complainant.does("withdrawals", {})
        await journey.workflow().result()
        handle = journey.workflow("aftercare")
        assert "Next, by itself: Ask how it was" in await details_of(handle)

        async with killed(world, world.system.postgres):
            await handle.signal("complainant_wrote", 1)
            await fast_forward(journey, handle, SHOWN_AFTER + A_MINUTE)
            await until_attention(handle, "effect_failing")
            assert "`read_ledger` fails since" in await details_of(handle)

        await fast_forward(journey, handle, SHOWN_AFTER + A_MINUTE)
        await until_attention(handle, "none")
        entry = await journey.complainant.does("feedback", {"text": "Het was goed."})
        assert entry["status"] == "applied"
        await journey.shows(attention=None)


class TestAnOrdinaryCase:
    async def test_pays_nothing_for_that(self, world: World) -> None:
        journey = await world.begins_at("outcome_proposed")

        said = await journey.summaries(EventType.EVENT_TYPE_TIMER_STARTED)

        assert said
        assert not [summary for summary in said if summary.startswith("Try again")]
