"""Erasing a case: what opens it, its keys, its files, its runs, its rows; and the note of it."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities.messages import CaseReference, EraseCase, EraseRuns
from domain.clock import Clock
from domain.identifiers import CaseId
from storage import access, erasing
from storage.case_file import CaseFile
from storage.database import Database
from storage.erasure_ledger import Erasure, ErasureLedger
from storage.models import CaseRow, ErasureRow, Lifecycle
from storage.vault import Vault


class CaseIsOpen(Exception):
    """The case is open: nothing is destroyed under it."""


class StillThere(Exception):
    """Something of the case is there still; it is tried again."""


class CaseObjects(Protocol):
    """Where the files of attachments are."""

    async def delete_objects_of(self, case: CaseId) -> None:
        """Delete every file of a case; doing it again changes nothing."""
        ...


class Runs(Protocol):
    """The runs of workflows that Temporal keeps."""

    async def running(self, workflow_ids: Sequence[str]) -> int:
        """Return how many of these workflows run now."""
        ...

    async def delete_closed(self, workflow_ids: Sequence[str]) -> int:
        """Have every closed run deleted; return how many runs are there still."""
        ...


class ErasureActivities:
    """Irrevocable, in the order of the methods; each can be done again, and sees to its own end."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Clock,
        ledger: ErasureLedger,
        objects: CaseObjects,
        runs: Runs,
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._ledger = ledger
        self._objects = objects
        self._runs = runs

    @activity.defn
    async def close_doors(self, case: CaseReference) -> bool:
        """Destroy receipts, sessions, reply links and kept answers; no letter leaves any more.

        Returns:
            Whether none is left.
        """
        async with self._being_erased(case) as (session, _):
            await erasing.close_doors(session, case.id)
        async with self._database.transaction() as session:
            return await access.open_doors(session, case.id) == 0

    @activity.defn
    async def await_end_of_runs(self, request: EraseRuns) -> None:
        """Return once no workflow of the case runs.

        Raises:
            StillThere: while one does.
        """
        if running := await self._runs.running(request.workflow_ids):
            raise StillThere(f"{running} workflows run")

    @activity.defn
    async def note_erasure(self, request: EraseCase) -> None:
        """Write the case into the erasure ledger, before anything is destroyed for good."""
        async with self._being_erased(request.case):
            note = Erasure(self._ledger.hash_of(request.case.id), self._clock(), request.reason)
            await asyncio.to_thread(self._ledger.add, [note])

    @activity.defn
    async def destroy_keys(self, case: CaseReference) -> None:
        """Destroy the keys of the case.

        Raises:
            StillThere: when there is one all the same.
        """
        async with self._being_erased(case) as (session, _):
            await erasing.destroy_keys(session, case.id)
        async with self._database.transaction() as session:
            if left := await erasing.keys_left(session, case.id):
                raise StillThere(f"{left} keys")

    @activity.defn
    async def delete_objects(self, case: CaseReference) -> None:
        """Delete the files of attachments."""
        await self._objects.delete_objects_of(case.id)

    @activity.defn
    async def delete_runs(self, request: EraseRuns) -> None:
        """Delete every run of the case that Temporal keeps.

        Raises:
            StillThere: until Temporal shows none any more.
        """
        if left := await self._runs.delete_closed(request.workflow_ids):
            raise StillThere(f"{left} runs")

    @activity.defn
    async def delete_rows(self, request: EraseCase) -> None:
        """Delete every row of the case but what is kept, verify that, and note the end of it.

        Raises:
            StillThere: when rows are left.
        """
        case = request.case
        async with self._being_erased(case) as (session, row):
            note = ErasureRow(
                case_hash=self._ledger.hash_of(case.id),
                reason=request.reason,
                erased_at=self._clock(),
            )
            await erasing.forget(session, row, note)
            if left := await erasing.rows_left(session, row):
                raise StillThere(f"{left} rows")

    @asynccontextmanager
    async def _being_erased(
        self, case: CaseReference
    ) -> AsyncGenerator[tuple[AsyncSession, CaseRow]]:
        """Lock a case that is not open, and mark it as one that is being erased.

        A backup that was restored meanwhile knows nothing of that mark.

        Raises:
            CaseIsOpen: when it is open.
        """
        async with self._database.transaction() as session:
            row = await CaseFile(session, self._vault, self._clock).lock(case.id)
            if row.lifecycle is Lifecycle.OPEN:
                raise CaseIsOpen
            if row.lifecycle is Lifecycle.CLOSED:
                row.lifecycle = Lifecycle.ERASE_DUE
            yield session, row
