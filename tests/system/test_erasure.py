"""A case that was erased: nothing of it is left to read, in either database, and others go on."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select
from temporalio.service import RPCError, RPCStatusCode

from launcher.people import eventually
from storage.models import Base, CaseRow, Lifecycle
from tests.system.journeys import Journey, World


async def closed(world: World) -> Journey:
    journey = await world.begins_at("finding_mediator", email="iemand@post.example")
    await journey.complainant.does("withdrawals", {"reason": "zonnebloem"})
    await journey.workflow().result()
    return journey


async def runs_of(journey: Journey) -> set[str]:
    """Return the workflows of a case that Temporal lists."""
    query = " OR ".join(
        f'WorkflowId STARTS_WITH "{kind}-{journey.number}."'
        for kind in ("complaint", "aftercare", "erasure")
    )
    return {run.id async for run in journey.world.temporal.list_workflows(query)}


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

    async def only_the_erasure() -> bool | None:
        return await runs_of(journey) == {journey.workflow("erasure").id} or None

    await eventually(only_the_erasure, f"runs of {journey.number} are listed")
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

        async def only_the_erasure() -> bool | None:
            return await runs_of(journey) == {journey.workflow("erasure", 2).id} or None

        await eventually(only_the_erasure, f"runs of {journey.number} are listed")


class TestAWorkerThatDies:
    async def test_in_the_middle_of_an_erasure_leaves_nothing_behind(self, world: World) -> None:
        journey = await closed(world)

        await journey.passes(timedelta(days=397))
        await world.system.worker.kill()
        await world.system.restart(world.system.worker)

        await assert_erased(journey)
