"""A release that would break running cases: its complaints are never acknowledged."""

from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from activities.messages import BeginEpisode
    from domain.stages import Outcome
    from workflows.identifiers import COMPLAINT


@workflow.defn(name=COMPLAINT)
class ForgetfulWorkflow:
    """A complaint that waits for ever."""

    @workflow.run
    async def run(self, begin: BeginEpisode) -> Outcome:
        """Do nothing of what was promised."""
        await workflow.wait_condition(lambda: False)
        return Outcome.WITHDRAWN

    @workflow.signal(dynamic=True)
    def bell(self, name: str, args: Sequence[RawValue]) -> None:
        """Hear nothing."""
