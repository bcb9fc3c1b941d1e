"""The erasure of a case whose time is over."""

from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from activities.erasure import ErasureActivities
    from activities.messages import BeginErasure
    from workflows import options
    from workflows.identifiers import ERASURE


@workflow.defn(name=ERASURE)
class ErasureWorkflow:
    """Closes every door to a case that is due to be erased.

    Nobody can open it any more: receipt codes, sessions, reply links and kept answers are
    destroyed. The texts themselves go with the key of the case, once the vault has one for each;
    until then the case stays marked as due.
    """

    @workflow.run
    async def run(self, begin: BeginErasure) -> str:
        """Close the doors, until none is left open; return ``doors_closed``."""
        closed = False
        while not closed:
            closed = await workflow.execute_activity_method(
                ErasureActivities.close_doors,
                begin.case,
                **options.database_write("Destroy what opens the case, and verify it"),
            )
        return "doors_closed"

    @workflow.signal(dynamic=True)
    def bell(self, name: str, args: Sequence[RawValue]) -> None:
        """Hear nothing: nothing that arrives now keeps a case."""
