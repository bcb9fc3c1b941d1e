"""The list of what traces may name is that of what exists."""

from telemetry.words import ACTIVITIES
from tests.workflows.meeting import TYPES
from workflows.identifiers import WORKFLOW_TYPES


class TestTheWords:
    def test_name_every_activity_and_no_other(self) -> None:
        assert set(TYPES) - WORKFLOW_TYPES == ACTIVITIES
