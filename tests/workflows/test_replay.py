"""Cases that began under an earlier release go on under this one."""

import re
from pathlib import Path

import pytest
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner
from temporalio.workflow import NondeterminismError

from tests.workflows.forgetful import ForgetfulWorkflow
from tests.workflows.replaying import HISTORIES, recorded, replay
from tests.workflows.scenarios import SCENARIOS
from worker import WORKFLOWS

SOURCES = sorted((Path(__file__).parents[2] / "workflows").glob("*.py"))
PATCHED = re.compile(r"workflow\.patched\(\s*\"([^\"]+)\"")


class TestARecordedHistory:
    @pytest.mark.parametrize("path", recorded(), ids=lambda path: path.stem)
    async def test_replays(self, path: Path) -> None:
        heard = await replay(path, runner=SandboxedWorkflowRunner())

        assert heard.failure is None

    async def test_does_not_replay_on_a_workflow_that_forgets_a_step(self) -> None:
        heard = await replay(HISTORIES / "settled.1-complaint.json", (ForgetfulWorkflow,))

        assert isinstance(heard.failure, NondeterminismError)

    def test_exists_for_every_scenario(self) -> None:
        assert {path.stem.partition(".")[0] for path in recorded()} == set(SCENARIOS)

    def test_exists_for_every_workflow(self) -> None:
        kinds = {path.stem.partition("-")[2] for path in recorded()}

        assert len(kinds) == len(WORKFLOWS)

    @pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
    def test_exists_for_what_comes_after_every_patch(self, path: Path) -> None:
        marked = {
            line.split()[1]
            for commands in HISTORIES.glob("*.commands")
            for line in commands.read_text(encoding="utf-8").splitlines()
            if line.startswith("set_patch_marker ")
        }

        assert set(PATCHED.findall(path.read_text(encoding="utf-8"))) <= marked
