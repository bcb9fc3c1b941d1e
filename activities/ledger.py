"""Reading the case file, and telling what became of its entries."""

from temporalio import activity

from activities.messages import CaseReference, LedgerPage, ReadLedger, RecordCourse, Snapshot
from domain.clock import Clock
from domain.identifiers import InstitutionId
from domain.policy.terms import TERMS_VERSION, terms_for
from storage import course_records, directory
from storage.case_file import CaseFile, CaseNotFound
from storage.database import Database
from storage.vault import Vault


class LedgerActivities:
    """Local activities: what a workflow knows of its case file, and what it answers."""

    def __init__(self, database: Database, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock

    @activity.defn
    async def read_ledger(self, request: ReadLedger) -> LedgerPage:
        """Return the routing facts of the entries beyond the cursor."""
        async with self._database.transaction() as session:
            file = CaseFile(session, self._vault, self._clock)
            facts = await file.facts_beyond(
                request.case.id, request.cursor, limit=request.limit + 1
            )
        return LedgerPage(list(facts[: request.limit]), more=len(facts) > request.limit)

    @activity.defn
    async def record_course(self, request: RecordCourse) -> None:
        """Write the answers beside their entries, and the read model."""
        case = request.case
        async with self._database.transaction() as session:
            await course_records.record_verdicts(session, case.id, request.verdicts, request.now)
            if request.overview is not None:
                await course_records.record_overview(
                    session, case.id, case.episode, request.revision, request.overview, request.now
                )

    @activity.defn
    async def take_snapshot(self, case: CaseReference) -> Snapshot:
        """Return the terms that bind this case from its beginning to its end."""
        async with self._database.transaction() as session:
            row = await CaseFile(session, self._vault, self._clock).find(case.number)
            institution = await directory.institution(session, InstitutionId(row.institution_id))
        if institution is None:
            raise CaseNotFound
        return Snapshot(institution.kind, terms_for(institution.kind), TERMS_VERSION)
