"""A case that was erased: nothing of it is left to read, in either database, and others go on."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select
from temporalio.service import RPCError, RPCStatusCode

from domain.calendar import civil_date
from domain.retention import ErasureReason
from storage.models import Base, CaseRow, ErasureRow, Lifecycle
from tests.system.erasing import only_the_erasure_is_left, runs_of
from tests.system.journeys import Journey, World


async def closed(world: World) -> Journey:
    journey = await world.begins_at("finding_mediator", email="iemand@post.example")
    await journey.complainant.does("withdrawals", {"reason": "zonnebloem"})
    await journey.workflow().result()
    return journey


async def tables_of(journey: Journey) -> set[str]:
    """Return the tables that hold rows of a case besides its own."""
    async with journey.world.database.transaction() as session:
        case = await session.scalar(select(CaseRow.id).where(CaseRow.number == journey.number))
        return {
            table.name
            for table in Base.metadata.sorted_tables
            if "case_id" in table.c
            and await session.scalar(select(table.c.case_id).where(table.c.case_id == case))
        }


async def row_of(journey: Journey) -> CaseRow:
    async with journey.world.database.transaction() as session:
        return (
            await session.scalars(select(CaseRow).where(CaseRow.number == journey.number))
        ).one()


async def assert_erased(journey: Journey) -> None:
    """Check that nothing is left, wherever it was."""
    assert await journey.workflow("erasure").result() == "erased"
    assert (await row_of(journey)).lifecycle is Lifecycle.ERASED
    assert await tables_of(journey) == {"ledger_links"}
    for kind in ("complaint", "aftercare"):
        with pytest.raises(RPCError) as refused:
            await journey.workflow(kind).describe()
        assert refused.value.status is RPCStatusCode.NOT_FOUND
    await only_the_erasure_is_left(journey)
    with pytest.raises(httpx.HTTPStatusError, match="401"):
        await journey.complainant.comes_back()
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        await journey.course()
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        await journey.world.office.supervisor.decides(journey.number, "reopen_case")


class TestAtTheEndOfItsRetention:
    async def test_a_case_is_erased_and_others_are_not(self, world: World) -> None:
        journey, other = await closed(world), await closed(world)
        before = await tables_of(other)

        await journey.passes(timedelta(days=397))

        await assert_erased(journey)
        assert await tables_of(other) == before
        assert await runs_of(other) == {f"{k}-{other.number}.1" for k in ("complaint", "aftercare")}
        assert (await other.complainant.get("/entries"))["entries"]

    async def test_a_case_does_not_begin_again(self, world: World) -> None:
        journey = await closed(world)
        await journey.passes(timedelta(days=397))
        await journey.workflow("erasure").result()

        with pytest.raises(httpx.HTTPStatusError, match="404"):
            await world.office.supervisor.decides(journey.number, "reopen_case")

        assert journey.workflow().id not in await runs_of(journey)

    async def test_every_episode_of_a_case_goes(self, world: World) -> None:
        journey = await closed(world)
        await world.office.supervisor.decides(journey.number, "reopen_case")
        await journey.shows(episode=2, stage="finding_mediator")
        await journey.complainant.does("withdrawals", {})
        await journey.workflow(episode=2).result()

        await journey.passes(timedelta(days=397))

        assert await journey.workflow("erasure", 2).result() == "erased"
        await only_the_erasure_is_left(journey, 2)


class TestOnRequest:
    async def test_an_open_case_is_withdrawn_closed_and_erased(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")

        entry = await journey.complainant.does("erasure-requests", {"confirm": True})

        assert entry["status"] == "applied"
        await journey.complainant.reaches("closed")
        assert await journey.workflow().result() == "withdrawn"
        told = await journey.complainant.get("/erasure")
        assert told["asked"]
        assert told["erasedOn"] == (civil_date(journey.now + timedelta(days=7))).isoformat()
        await journey.passes(timedelta(days=6, hours=23))
        assert (await row_of(journey)).lifecycle is Lifecycle.CLOSED
        await journey.passes(timedelta(hours=2))
        await assert_erased(journey)
        async with world.database.transaction() as session:
            reasons = set(await session.scalars(select(ErasureRow.reason)))
        assert ErasureReason.REQUEST in reasons

    async def test_a_closed_case_is_kept_when_that_is_taken_back(self, world: World) -> None:
        journey = await closed(world)
        await journey.complainant.does("erasure-requests", {"confirm": True})
        refused = await world.office.supervisor.decides(journey.number, "reopen_case")
        assert refused["refusal"] == "not_now"

        entry = await journey.complainant.does("erasure-cancellations", {})

        assert entry["status"] == "applied"
        assert (await journey.complainant.get("/erasure"))["erasedOn"] is None
        await journey.passes(timedelta(days=31))
        await journey.file_holds("feedback_request")
        assert (await row_of(journey)).lifecycle is Lifecycle.CLOSED


class TestAWorkerThatDies:
    async def test_in_the_middle_of_an_erasure_leaves_nothing_behind(self, world: World) -> None:
        journey = await closed(world)

        await journey.passes(timedelta(days=397))
        await world.system.worker.kill()
        await world.system.restart(world.system.worker)

        await assert_erased(journey)
