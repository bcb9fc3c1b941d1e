from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.testing import TimeSkipper
from temporalio.worker import Worker

from launcher.folders import cache_folder
from launcher.ports import scratch_ports
from launcher.progress import Progress
from launcher.temporal import RETENTION, TemporalPart

WEEKS = timedelta(weeks=6)


@workflow.defn(sandboxed=False)
class PatientWorkflow:
    @workflow.run
    async def run(self) -> str:
        await workflow.sleep(WEEKS)
        return "six weeks later"


@pytest.fixture
async def temporal(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TemporalPart]:
    monkeypatch.delenv("TEMPORAL_ADDRESS", raising=False)
    part = TemporalPart(state_dir, cache_folder(), scratch_ports(), Progress())
    try:
        await part.start()
        await part.ready()
        yield part
    finally:
        await part.stop()


class TestTemporal:
    async def test_keeps_a_workflow_through_a_kill_and_lets_its_weeks_pass(
        self, temporal: TemporalPart
    ) -> None:
        client = await Client.connect(temporal.address, namespace=temporal.namespace)
        skipper = TimeSkipper(client)
        handle = await client.start_workflow(
            PatientWorkflow.run, id="patient", task_queue="patience"
        )
        before = await handle.describe()

        await temporal.kill()
        assert not temporal.running
        await temporal.start()
        await temporal.ready()

        client = await Client.connect(temporal.address, namespace=temporal.namespace)
        skipper = TimeSkipper(client)
        handle = client.get_workflow_handle("patient", result_type=str)
        assert (await handle.describe()).run_id == before.run_id
        async with Worker(client, task_queue="patience", workflows=[PatientWorkflow]):
            await skipper.fast_forward(handle, WEEKS + timedelta(days=1))
            assert await handle.result() == "six weeks later"
        after = await handle.describe()
        assert after.status is WorkflowExecutionStatus.COMPLETED
        assert after.close_time is not None
        assert after.close_time - before.start_time >= WEEKS

    async def test_keeps_closed_runs_for_long(self, temporal: TemporalPart) -> None:
        client = await Client.connect(temporal.address)
        namespace = await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace=temporal.namespace)
        )
        kept = namespace.config.workflow_execution_retention_ttl.ToTimedelta()
        assert kept == RETENTION
