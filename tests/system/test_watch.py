"""The watcher: it says what is wrong, on the case, in figures and in logs, whatever is broken."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from structlog.testing import capture_logs
from temporalio import workflow
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleIntervalSpec,
    ScheduleSpec,
    ScheduleState,
    WorkflowHandle,
)
from temporalio.common import RawValue, SearchAttributePair, TypedSearchAttributes
from temporalio.worker import Worker

from domain.stages import Stage
from launcher.people import eventually
from temporal_client.runs import TemporalRuns
from temporal_client.watching import TemporalWatch
from tests.system.journeys import Journey, World
from tests.system.test_faults import killed
from watch.figures import Figures
from watch.reasons import Patience, Reason
from watch.watcher import Watcher
from workflows.identifiers import COMPLAINT
from workflows.options import TASK_QUEUE
from workflows.search_attributes import STAGE

PATIENCE = Patience(answers=timedelta(minutes=2))
"""Ample, so that a slow machine is not taken for a part that is down."""
LONG = 600.0
"""Seconds: Temporal reports a task that fails only after some attempts."""


@workflow.defn(name=COMPLAINT, sandboxed=False)
class BrokenWorkflow:
    """A release with an error in it: every task of every complaint fails."""

    @workflow.run
    async def run(self, begin: RawValue) -> None:
        raise RuntimeError("an error in our code")

    @workflow.signal(dynamic=True)
    def bell(self, name: str, args: Sequence[RawValue]) -> None: ...


class Lookout:
    """A watcher whose time the test sets."""

    def __init__(self, world: World) -> None:
        self.figures = Figures()
        self.later = timedelta(0)
        self.client = world.temporal
        self._world = world
        self._watcher = Watcher(
            world.database,
            TemporalWatch(world.temporal),
            TemporalRuns(world.temporal),
            lambda: datetime.now(UTC) + self.later,
            self.figures,
            PATIENCE,
        )

    async def looks(self, later: timedelta = timedelta(0)) -> None:
        self.later = later
        await self._watcher.look()

    def figure(self, name: str, **labels: str) -> float:
        return figure_in(generate_latest(self.figures.registry).decode(), name, **labels)

    def troubles(self, reason: Reason) -> float:
        return self.figure("wederhoor_watch_troubles", reason=reason)

    def oldest(self, reason: Reason) -> float:
        return self.figure("wederhoor_watch_oldest_seconds", reason=reason)

    async def sees(self, reason: Reason, journey: Journey, later: timedelta = timedelta(0)) -> None:
        """Look until the case asks for attention for this reason."""

        async def ask() -> bool | None:
            await self.looks(later)
            seen = self.troubles(reason) >= 1 and journey.number in await self._asking(reason)
            return True if seen else None

        await eventually(ask, f"{journey.number} never asked for attention: {reason}", LONG)

    async def sees_no_more(
        self, reason: Reason, journey: Journey, later: timedelta = timedelta(0)
    ) -> None:
        async def ask() -> bool | None:
            await self.looks(later)
            return None if journey.number in await self._asking(reason) else True

        await eventually(ask, f"{journey.number} asks for attention for ever: {reason}", LONG)

    async def _asking(self, reason: Reason) -> list[str]:
        path = f"/v1/cases?attention={reason}"
        found = await self._world.office.supervisor.get(path)
        return [case["caseNumber"] for case in found["cases"]]


def figure_in(text: str, name: str, **labels: str) -> float:
    return next(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name and sample.labels == labels
    )


@pytest.fixture
def lookout(world: World) -> Lookout:
    return Lookout(world)


@asynccontextmanager
async def broken_release(world: World) -> AsyncGenerator[None]:
    """Let a worker whose workflows fail take the place of ours for as long as the block runs."""
    async with (
        killed(world, world.system.worker),
        Worker(world.temporal, task_queue=TASK_QUEUE, workflows=[BrokenWorkflow]),
    ):
        yield


class TestACaseWhoseWorkflowCannotGoOn:
    async def test_asks_for_attention_until_it_does(self, world: World, lookout: Lookout) -> None:
        with capture_logs() as logs:
            async with broken_release(world):
                journey = await world.begins()
                await lookout.sees(Reason.WORKFLOW_FAILING, journey)
                await journey.shows(attention="workflow_failing")

            await journey.complainant.reaches("finding_mediator", "mediator_accepts")
            await lookout.sees_no_more(Reason.WORKFLOW_FAILING, journey)

        await journey.shows(attention=None)
        told = [(log["event"], log["reason"]) for log in logs if log.get("case") == journey.number]
        assert ("trouble_seen", "workflow_failing") in told
        assert ("trouble_over", "workflow_failing") in told
        assert told.count(("trouble_seen", "workflow_failing")) == 1

    async def test_is_seen_again_when_its_own_workflow_tells_otherwise(
        self, world: World, lookout: Lookout
    ) -> None:
        journey = await world.begins_at("awaiting_consent")
        await journey.workflow().terminate("a test")
        await lookout.sees(Reason.WORKFLOW_MISSING, journey)
        async with world.database.transaction() as session:
            await session.execute(
                text("UPDATE overviews SET attention = NULL, details = details || :none"),
                {"none": '{"attentions": []}'},
            )
        await lookout.sees(Reason.WORKFLOW_MISSING, journey)
        await journey.shows(attention="workflow_missing", stage="awaiting_consent")


class TestAWorkerThatIsDead:
    async def test_is_seen_by_what_nobody_takes(self, world: World, lookout: Lookout) -> None:
        journey = await world.begins_at("awaiting_consent")
        await lookout.looks()
        assert lookout.troubles(Reason.NO_WORKER) == 0

        async with killed(world, world.system.worker):
            await journey.complainant.sends("messages", {"text": "Is daar iemand?"})
            await lookout.looks(timedelta(minutes=1))
            assert lookout.troubles(Reason.NO_WORKER) == 0
            await lookout.sees(Reason.ENTRIES_UNDELIVERED, journey, timedelta(minutes=6))
            assert lookout.troubles(Reason.NO_WORKER) == 1
            assert lookout.oldest(Reason.ENTRIES_UNDELIVERED) > 300
            async with httpx.AsyncClient(trust_env=False) as http:
                figures = (await http.get(world.system.watch.figures_url)).text

        assert figure_in(figures, "wederhoor_watch_last_round_timestamp_seconds") > 0
        await lookout.sees_no_more(Reason.ENTRIES_UNDELIVERED, journey, timedelta(minutes=6))
        await lookout.looks()
        assert lookout.troubles(Reason.NO_WORKER) == 0

    async def test_does_not_hide_that_nobody_accepts(self, world: World, lookout: Lookout) -> None:
        await world.begins_at("finding_mediator")
        await lookout.looks()
        before = lookout.troubles(Reason.NOT_ACCEPTED_IN_TIME)

        async with killed(world, world.system.worker):
            await lookout.looks(timedelta(days=30))

        assert lookout.troubles(Reason.NOT_ACCEPTED_IN_TIME) > before

    async def test_does_not_hide_that_nobody_answers(self, world: World, lookout: Lookout) -> None:
        await world.asks()
        await lookout.looks()
        before = lookout.troubles(Reason.NOT_ANSWERED_IN_TIME)

        async with killed(world, world.system.worker):
            await lookout.looks(timedelta(days=30))

        assert lookout.troubles(Reason.NOT_ANSWERED_IN_TIME) > before


class TestAWorkflowThatIsGone:
    async def test_is_missed_also_after_the_closure(self, world: World, lookout: Lookout) -> None:
        journey = await world.begins_at("awaiting_consent")
        await journey.complainant.does("withdrawals", {})
        await journey.workflow().result()
        await journey.workflow("aftercare").terminate("a test")

        await lookout.sees(Reason.WORKFLOW_MISSING, journey)

    async def test_is_not_missed_while_it_runs(self, world: World, lookout: Lookout) -> None:
        journey = await world.begins_at("awaiting_consent")

        await lookout.looks()

        assert (await journey.course())["attention"] is None


@pytest.fixture
async def many_workflows(world: World) -> AsyncIterator[int]:
    """More that run than a server lists in one request, whose limit is of reads in a second."""
    begun: list[WorkflowHandle[object, object]] = []
    while len(begun) < 1600:
        begun += await asyncio.gather(
            *(
                world.temporal.start_workflow(
                    "Nothing",
                    id=f"many-{uuid4()}",
                    task_queue="nobody",
                    search_attributes=TypedSearchAttributes(
                        [SearchAttributePair(STAGE, Stage.RECEIVED)]
                    ),
                )
                for _ in range(40)
            )
        )
    yield len(begun)
    while begun:
        await asyncio.gather(*(one.terminate("a test") for one in begun[:40]))
        del begun[:40]


class TestMuchToLookAt:
    async def test_does_not_pass_for_a_part_that_is_down(
        self, lookout: Lookout, many_workflows: int
    ) -> None:
        running = 'WorkflowType = "Nothing" AND ExecutionStatus = "Running"'

        async def all_listed() -> bool | None:
            found = await lookout.client.count_workflows(running)
            return True if found.count >= many_workflows else None

        await eventually(all_listed, "not all are listed")
        await lookout.looks()

        assert lookout.troubles(Reason.TEMPORAL_UNREACHABLE) == 0


class TestPartsThatAreDown:
    async def test_the_database(self, world: World, lookout: Lookout) -> None:
        async with killed(world, world.system.postgres):
            await lookout.looks()
            assert lookout.troubles(Reason.DATABASE_UNREACHABLE) == 1
            assert lookout.troubles(Reason.TEMPORAL_UNREACHABLE) == 0

        await lookout.looks()
        assert lookout.troubles(Reason.DATABASE_UNREACHABLE) == 0

    async def test_temporal(self, world: World, lookout: Lookout) -> None:
        async with killed(world, world.system.temporal):
            await lookout.looks()
            assert lookout.troubles(Reason.TEMPORAL_UNREACHABLE) == 1
            assert lookout.troubles(Reason.DATABASE_UNREACHABLE) == 0

        async def back() -> bool | None:
            await lookout.looks()
            return True if lookout.troubles(Reason.TEMPORAL_UNREACHABLE) == 0 else None

        await eventually(back, "Temporal is unreachable for ever")

    async def test_the_mail_server(self, world: World, lookout: Lookout) -> None:
        journey = await world.begins_at("awaiting_consent")
        await lookout.looks(timedelta(minutes=31))
        assert lookout.troubles(Reason.LETTERS_WAITING) == 0

        async with killed(world, world.system.mail):
            await journey.gets_consent()
            await journey.shows(contacted=True)
            await lookout.looks(timedelta(minutes=31))
            assert lookout.troubles(Reason.LETTERS_WAITING) >= 1


@pytest.fixture
async def schedules(world: World) -> AsyncIterator["Schedules"]:
    made = Schedules(world.temporal)
    yield made
    await made.delete()


class Schedules:
    """Schedules that live as long as a test."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._made: list[str] = []

    async def add(self, *, paused: bool = False, ended: bool = False) -> None:
        name = f"schedule-{uuid4()}"
        action = ScheduleActionStartWorkflow(
            "Nothing", id=f"nothing-{uuid4()}", task_queue="nobody"
        )
        spec = ScheduleSpec(
            intervals=[ScheduleIntervalSpec(every=timedelta(hours=1))],
            end_at=datetime(2026, 1, 1, tzinfo=UTC) if ended else None,
        )
        await self._client.create_schedule(
            name, Schedule(action=action, spec=spec, state=ScheduleState(paused=paused))
        )
        self._made.append(name)

    async def delete(self) -> None:
        for name in self._made:
            await self._client.get_schedule_handle(name).delete()


class TestASchedule:
    async def test_that_is_paused_is_seen(self, lookout: Lookout, schedules: Schedules) -> None:
        await schedules.add()
        await lookout.looks()
        assert lookout.troubles(Reason.SCHEDULE_PAUSED) == 0

        await schedules.add(paused=True)

        await eventually(lambda: _seen(lookout, Reason.SCHEDULE_PAUSED), "it is not seen")

    async def test_that_will_never_act_again_is_seen(
        self, lookout: Lookout, schedules: Schedules
    ) -> None:
        await schedules.add(ended=True)

        await eventually(lambda: _seen(lookout, Reason.SCHEDULE_LATE), "it is not seen")

    async def test_that_missed_its_time_is_seen(
        self, lookout: Lookout, schedules: Schedules
    ) -> None:
        later = timedelta(hours=1, minutes=11)
        await lookout.looks(later)
        others = lookout.troubles(Reason.SCHEDULE_LATE)
        await schedules.add()

        async def is_late() -> bool | None:
            await lookout.looks(later)
            return lookout.troubles(Reason.SCHEDULE_LATE) > others or None

        await eventually(is_late, "it is not seen")
        await lookout.looks()
        assert lookout.troubles(Reason.SCHEDULE_LATE) == 0


async def _seen(lookout: Lookout, reason: Reason) -> bool | None:
    await lookout.looks()
    return True if lookout.troubles(reason) == 1 else None
