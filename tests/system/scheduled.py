"""What the tests see in Temporal of the workflows that a schedule starts."""

from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus

from launcher.people import eventually


def runs_of(workflow_type: str) -> str:
    """Return the query that finds the runs of a workflow."""
    return f'WorkflowType = "{workflow_type}"'


async def newest_done(temporal: Client, workflow_type: str, beyond: int = 0) -> WorkflowExecution:
    """Return the newest run that has done its work, once there are more than ``beyond``."""

    async def ask() -> WorkflowExecution | None:
        runs = [run async for run in temporal.list_workflows(runs_of(workflow_type))]
        done = [run for run in runs if run.status is WorkflowExecutionStatus.COMPLETED]
        newest = sorted(done, key=lambda run: run.start_time)
        return newest[-1] if len(done) > beyond else None

    return await eventually(ask, f"no {workflow_type} was done")
