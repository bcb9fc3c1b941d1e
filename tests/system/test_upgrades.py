"""A worker of a new release takes over what an older one began."""

from temporalio.client import Client, WorkflowHandle
from temporalio.common import WorkerDeploymentVersion
from temporalio.worker import Worker, WorkerDeploymentConfig

from launcher.people import eventually
from settings.application import Settings
from settings.build import build_id
from tests.system.journeys import World
from tests.system.releases import NAME, Guarded, Original, Unguarded, bow, greet


def release(temporal: Client, build: str, kind: type) -> Worker:
    """Return a worker of a release, which tells its build as ours does."""
    version = WorkerDeploymentVersion(deployment_name="releases", build_id=build)
    return Worker(
        temporal,
        task_queue="releases",
        workflows=[kind],
        activities=[greet, bow],
        max_cached_workflows=0,  # each task replays
        deployment_config=WorkerDeploymentConfig(version=version, use_worker_versioning=False),
    )


async def builds_of(workflow: WorkflowHandle[object, object]) -> list[str]:
    """Return which build completed each task of a workflow."""
    history = await workflow.fetch_history()
    tasks = [event.workflow_task_completed_event_attributes for event in history.events]
    return [task.worker_version.build_id for task in tasks if task.worker_version.build_id]


async def begin(temporal: Client, name: str) -> WorkflowHandle[object, object]:
    return await temporal.start_workflow(NAME, id=name, task_queue="releases")


class TestAChangeOfCommands:
    async def test_behind_a_patch_lets_those_under_way_go_on_as_they_began(
        self, temporal: Client
    ) -> None:
        running = await begin(temporal, "releases-guarded")
        async with release(temporal, "first", Original):
            await eventually(lambda: _tasks(running, 2), "the workflow did not begin")

        async with release(temporal, "second", Guarded):
            fresh = await begin(temporal, "releases-fresh")
            for workflow in (running, fresh):
                await workflow.signal("bell")

            assert await running.result() == "greet"
            assert await fresh.result() == "bow"
        assert await builds_of(running) == ["first", "first", "second"]
        assert set(await builds_of(fresh)) == {"second"}

    async def test_without_one_stops_them_until_it_is_taken_back(self, temporal: Client) -> None:
        running = await begin(temporal, "releases-unguarded")
        async with release(temporal, "first", Original):
            await eventually(lambda: _tasks(running, 2), "the workflow did not begin")
        await running.signal("bell")

        async with release(temporal, "second", Unguarded):
            await eventually(lambda: _stuck(running), "the task did not fail")
        async with release(temporal, "third", Original):
            assert await running.result() == "greet"
        assert await builds_of(running) == ["first", "first", "third"]


class TestOurWorker:
    async def test_tells_which_code_did_each_task(self, world: World) -> None:
        journey = await world.begins_at("finding_mediator")

        builds = await builds_of(journey.workflow())

        assert set(builds) == {build_id(Settings.model_construct(build=""))}


async def _tasks(workflow: WorkflowHandle[object, object], number: int) -> bool | None:
    return len(await builds_of(workflow)) >= number or None


async def _stuck(workflow: WorkflowHandle[object, object]) -> bool | None:
    description = await workflow.describe()
    return description.raw_description.pending_workflow_task.attempt > 1 or None
