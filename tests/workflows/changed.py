"""Releases that would change what running complaints get, guarded and unguarded."""

from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from activities.messages import BeginEpisode
    from domain.letters import Letter
    from domain.parties import Party
    from domain.stages import Outcome, Stage
    from workflows.complaint import ComplaintWorkflow
    from workflows.identifiers import COMPLAINT


class _OtherOrder(ComplaintWorkflow):
    """Tells the institution first that a complaint is closed, and the complainant after that."""

    async def _close(self) -> Outcome:
        self._conduct.at_rest()
        await self._conduct.post_letters()
        self._course.enter(Stage.CLOSED)
        while not await self._closed_in_the_file():
            await self._conduct.read()
        if self._course.contacted and not self._course.danger:
            self._course.post(Letter.CLOSING_TO_INSTITUTION, Party.INSTITUTION)
        self._course.post(Letter.CLOSING, Party.COMPLAINANT)
        await self._conduct.post_last_letters()
        await self._conduct.tell()
        return self._course.final_outcome


@workflow.defn(name=COMPLAINT)
class Unguarded(_OtherOrder):
    """Does so for everybody."""

    @workflow.run
    async def run(self, begin: BeginEpisode) -> Outcome:
        """Keep the promise."""
        return await super().run(begin)

    @workflow.signal(dynamic=True)
    def bell(self, name: str, args: Sequence[RawValue]) -> None:
        """Note that something may have arrived."""
        super().bell(name, args)


@workflow.defn(name=COMPLAINT)
class Guarded(_OtherOrder):
    """Does so for complaints that have not come that far yet."""

    @workflow.run
    async def run(self, begin: BeginEpisode) -> Outcome:
        """Keep the promise."""
        return await super().run(begin)

    @workflow.signal(dynamic=True)
    def bell(self, name: str, args: Sequence[RawValue]) -> None:
        """Note that something may have arrived."""
        super().bell(name, args)

    async def _close(self) -> Outcome:
        if workflow.patched("institution-first"):
            return await super()._close()
        return await ComplaintWorkflow._close(self)
