"""The erasure of a case whose time is over, or that the complainant asked to erase."""

from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from activities.erasure import ErasureActivities
    from activities.messages import BeginErasure, CaseReference, EraseCase, EraseRuns
    from domain.stages import Stage
    from domain.waits import Attention
    from workflows import details, options, search_attributes
    from workflows.effects import Effects
    from workflows.identifiers import ERASURE, workflow_ids_of
    from workflows.search_attributes import Standing


@workflow.defn(name=ERASURE)
class ErasureWorkflow:
    """Erases a case that is due to be: afterwards nobody can read it, whatever backup is restored.

    Its own run is what remains, and holds no more than the case's id and number; it goes with the
    retention of the namespace.
    """

    @workflow.init
    def __init__(self, begin: BeginErasure) -> None:
        self._case = begin.case
        self._effects = Effects(self._notice_trouble)
        self._shown = Standing(stage=Stage.CLOSED)
        self._show_details()

    @workflow.run
    async def run(self, begin: BeginErasure) -> str:
        """Erase everything, step by step; return ``erased``."""
        await self._close_doors(begin.case)
        await self._await_end_of_runs(begin.case)
        await self._note_erasure(begin)
        await self._destroy_keys(begin.case)
        await self._delete_objects(begin.case)
        await self._delete_runs(begin.case)
        await self._delete_rows(begin)
        return "erased"

    @workflow.signal(dynamic=True)
    def bell(self, name: str, args: Sequence[RawValue]) -> None:
        """Hear nothing: nothing that arrives now keeps a case."""

    async def _notice_trouble(self) -> None:
        failing = (Attention.EFFECT_FAILING,) if self._effects.trouble else ()
        standing = Standing(stage=Stage.CLOSED, attentions=failing)
        self._shown = search_attributes.show(self._shown, standing)
        self._show_details()

    def _show_details(self) -> None:
        workflow.set_current_details(details.of_erasure(self._case, self._effects.trouble))

    async def _close_doors(self, case: CaseReference) -> None:
        closed = False
        while not closed:
            closed = await self._effects.do(
                ErasureActivities.close_doors,
                case,
                options.database_write("Destroy what opens the case, and verify it"),
            )

    async def _await_end_of_runs(self, case: CaseReference) -> None:
        await self._effects.do(
            ErasureActivities.await_end_of_runs,
            EraseRuns(workflow_ids_of(case)),
            options.ask_temporal("Wait until no workflow of the case runs"),
        )

    async def _note_erasure(self, begin: BeginErasure) -> None:
        await self._effects.do(
            ErasureActivities.note_erasure,
            EraseCase(begin.case, begin.reason),
            options.database_write("Note the erasure where no restore undoes it"),
        )

    async def _destroy_keys(self, case: CaseReference) -> None:
        await self._effects.do(
            ErasureActivities.destroy_keys,
            case,
            options.database_write("Destroy the keys of the case"),
        )

    async def _delete_objects(self, case: CaseReference) -> None:
        await self._effects.do(
            ErasureActivities.delete_objects,
            case,
            options.delete_files("Delete the files of the case"),
        )

    async def _delete_runs(self, case: CaseReference) -> None:
        await self._effects.do(
            ErasureActivities.delete_runs,
            EraseRuns(workflow_ids_of(case)),
            options.ask_temporal("Delete the other workflows of the case"),
        )

    async def _delete_rows(self, begin: BeginErasure) -> None:
        await self._effects.do(
            ErasureActivities.delete_rows,
            EraseCase(begin.case, begin.reason),
            options.database_write("Delete the rows of the case, and verify it"),
        )
