"""The digest of a day, started by a schedule."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.digests import DigestActivities
    from activities.messages import WriteDigests
    from workflows import options
    from workflows.identifiers import DIGEST


@workflow.defn(name=DIGEST)
class DigestWorkflow:
    """Has the digests of today written. It knows no person and no case, and waits for nothing."""

    @workflow.run
    async def run(self) -> None:
        """Write them; whatever keeps the database away, until it is done."""
        await workflow.execute_activity_method(
            DigestActivities.write_digests,
            WriteDigests(),
            **options.database_write("Write today's digest to everybody who has something to do"),
        )
