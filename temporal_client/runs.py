"""The runs of workflows, as Temporal keeps them after their end, and deleting them."""

from collections.abc import Sequence

from temporalio.api.common.v1 import WorkflowExecution as Execution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode


class TemporalRuns:
    """Finds and deletes all runs of some workflows."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def running(self, workflow_ids: Sequence[str]) -> int:
        """Return how many of these workflows run now.

        Raises:
            temporalio.service.RPCError: when Temporal cannot be asked.
        """
        latest = [await self._latest(workflow_id) for workflow_id in workflow_ids]
        return sum(_runs(run) for run in latest)

    async def delete_closed(self, workflow_ids: Sequence[str]) -> int:
        """Have every closed run deleted; return how many runs are there still.

        Temporal deletes later than it answers, so ask again until there is none. Lists may be
        behind: a workflow counts as gone when it can be neither listed nor described.

        Raises:
            temporalio.service.RPCError: when Temporal cannot be asked.
        """
        query = " OR ".join(f'WorkflowId = "{workflow_id}"' for workflow_id in workflow_ids)
        listed = {(run.id, run.run_id): run async for run in self._client.list_workflows(query)}
        for workflow_id in workflow_ids:
            latest = await self._latest(workflow_id)
            if latest is not None:
                listed[latest.id, latest.run_id] = latest
        for run in listed.values():
            if not _runs(run):
                await self._delete(run)
        return len(listed)

    async def _latest(self, workflow_id: str) -> WorkflowExecution | None:
        try:
            return await self._client.get_workflow_handle(workflow_id).describe()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise

    async def _delete(self, run: WorkflowExecution) -> None:
        request = DeleteWorkflowExecutionRequest(
            namespace=self._client.namespace,
            workflow_execution=Execution(workflow_id=run.id, run_id=run.run_id),
        )
        try:
            await self._client.workflow_service.delete_workflow_execution(request)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise


def _runs(run: WorkflowExecution | None) -> bool:
    return run is not None and run.status is WorkflowExecutionStatus.RUNNING
