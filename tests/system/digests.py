"""What the tests see of digests in Temporal."""

from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus

from launcher.people import eventually
from workflows.identifiers import DIGEST

RUNS_OF_DIGESTS = f'WorkflowType = "{DIGEST}"'


async def one_digest_is_written(temporal: Client, beyond: int = 0) -> WorkflowExecution:
    """Return the newest run that has done its work, once there are more than ``beyond``."""

    async def ask() -> WorkflowExecution | None:
        runs = [run async for run in temporal.list_workflows(RUNS_OF_DIGESTS)]
        done = [run for run in runs if run.status is WorkflowExecutionStatus.COMPLETED]
        newest = sorted(done, key=lambda run: run.start_time)
        return newest[-1] if len(done) > beyond else None

    return await eventually(ask, "no digest was written")
