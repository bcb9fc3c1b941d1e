"""Cases that began under an earlier release go on under this one."""

import json
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from temporal_client.connection import data_converter
from tests.temporal_client.keys import new_keys
from tests.workflows.forgetful import ForgetfulWorkflow
from tests.workflows.record import HISTORIES, OF_NO_CASE, SCENARIOS
from worker import WORKFLOWS

KEYS = new_keys()
RECORDED = sorted(HISTORIES.glob("*.json"))


def history_of(path: Path) -> WorkflowHistory:
    content = json.loads(path.read_text(encoding="utf-8"))
    started = content["events"][0]["workflowExecutionStartedEventAttributes"]
    return WorkflowHistory.from_json(started["workflowId"], content)


class TestARecordedHistory:
    @pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
    async def test_replays(self, path: Path) -> None:
        replayer = Replayer(workflows=WORKFLOWS, data_converter=data_converter(KEYS))

        await replayer.replay_workflow(history_of(path))

    async def test_does_not_replay_on_a_workflow_that_forgets_a_step(self) -> None:
        path = next(path for path in RECORDED if path.stem.startswith("settled.1"))
        replayer = Replayer(workflows=[ForgetfulWorkflow], data_converter=data_converter(KEYS))

        with pytest.raises(workflow.NondeterminismError):
            await replayer.replay_workflow(history_of(path))

    def test_exists_for_every_scenario(self) -> None:
        recorded = {path.stem.partition(".")[0] for path in RECORDED}

        assert recorded == set(SCENARIOS) | set(OF_NO_CASE)

    def test_covers_further_runs_reopening_and_aftercare(self) -> None:
        kinds = [path.stem.partition("-")[2] for path in RECORDED]
        runs = [path for path in RECORDED if path.stem.startswith("several_runs")]

        assert {"complaint", "aftercare", "erasure", "digest"} == set(kinds)
        assert sum(path.stem.endswith("complaint") for path in runs) >= 2
