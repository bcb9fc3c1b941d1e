"""The ends of a case: closed, reopened, due to be erased."""

from temporalio import activity

from activities.ledger import record
from activities.messages import Acted, CloseCase, MarkEraseDue, ReopenCase
from domain.clock import Clock
from storage import access, yearly_figures
from storage.case_file import CaseFile
from storage.database import Database
from storage.models import Lifecycle
from storage.vault import Vault


class ClosureActivities:
    """Irrevocable steps: each refuses to act when the ledger is ahead of its cursor."""

    def __init__(self, database: Database, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock

    @activity.defn
    async def close_case(self, request: CloseCase) -> Acted:
        """Close the case's row; from here on no workflow of this episode can be started."""
        async with self._database.transaction() as session:
            row = await CaseFile(session, self._vault, self._clock).lock(request.case.id)
            if row.episode != request.case.episode or row.lifecycle is not Lifecycle.OPEN:
                return Acted(done=True)  # an earlier attempt did it
            if row.entry_count > request.cursor:
                return Acted(done=False)
            # Nobody sees the case as closed before it is: what they then do would be refused.
            await record(session, request.news, self._clock())
            row.lifecycle = Lifecycle.CLOSED
            row.closed_at = request.now
            await yearly_figures.count_closure(session, row, request.now)
            await access.end_institution_sessions(session, request.case.id)
        return Acted(done=True)

    @activity.defn
    async def reopen_case(self, request: ReopenCase) -> Acted:
        """Raise the episode and open the row again."""
        async with self._database.transaction() as session:
            row = await CaseFile(session, self._vault, self._clock).lock(request.case.id)
            if row.episode > request.case.episode:
                return Acted(done=True)  # an earlier attempt did it
            if row.entry_count > request.cursor:
                return Acted(done=False)
            row.episode += 1
            row.lifecycle = Lifecycle.OPEN
            row.closed_at = None
            # The aftercare starts the next episode itself, as its child.
            row.workflow_started = True
        return Acted(done=True)

    @activity.defn
    async def mark_erase_due(self, request: MarkEraseDue) -> Acted:
        """Mark the case as one whose retention has ended."""
        async with self._database.transaction() as session:
            row = await CaseFile(session, self._vault, self._clock).lock(request.case.id)
            if row.lifecycle is Lifecycle.ERASED:
                return Acted(done=True)  # a workflow of an older backup does not know it
            if row.entry_count > request.cursor:
                return Acted(done=False)
            if row.episode == request.case.episode:
                row.lifecycle = Lifecycle.ERASE_DUE
        return Acted(done=True)
