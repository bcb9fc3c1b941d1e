"""Reading the case file, and telling what became of its entries."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities.messages import LedgerPage, ReadLedger, RecordCourse, TakeSnapshot
from domain import reopening
from domain.clock import Clock
from domain.entries import Decision
from domain.policy.model import CaseRules
from domain.policy.rows import Policy
from domain.policy.selection import case_rules, question_rules
from domain.waits import Attention
from storage import course_records, directory, letter_book
from storage.case_file import CaseFile, holds_decision
from storage.database import Database
from storage.vault import Vault


class LedgerActivities:
    """Local activities: what a workflow knows of its case file, and what it answers."""

    def __init__(self, database: Database, vault: Vault, clock: Clock, policy: Policy) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._policy = policy

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
    async def record_course(self, news: RecordCourse) -> None:
        """Write the answers beside their entries, and the read model."""
        async with self._database.transaction() as session:
            await record(session, news, self._clock())

    @activity.defn
    async def take_snapshot(self, request: TakeSnapshot) -> CaseRules:
        """Return the rules that bind this case from now to its end."""
        async with self._database.transaction() as session:
            row = await CaseFile(session, self._vault, self._clock).find(request.case.number)
            institution = await directory.other_side_of(session, row)
        if institution is None:
            return question_rules(self._policy, row.about_kind, request.on)
        return case_rules(self._policy, institution.kind, request.on)


async def record(session: AsyncSession, news: RecordCourse | None, present: datetime) -> None:
    """Write what a workflow has to tell, within the transaction of whoever acts for it.

    Args:
        present: the present of the machine, in UTC; letters are sent by it, never by the time of
            a case.
    """
    if news is None:
        return
    case = news.case
    applied = await course_records.record_verdicts(session, case.id, news.verdicts, news.now)
    if await holds_decision(session, case.id, applied, Decision.RETRY_NOW):
        await letter_book.retry(session, case.id, present)
        if news.overview is None:
            await course_records.attention_ended(session, case.id, Attention.LETTER_FAILED)
    if news.overview is not None:
        await course_records.record_overview(
            session, case.id, case.episode, news.revision, news.overview, news.now
        )
        await course_records.record_links(session, case.id, news.overview.details.linked)
    if news.danger is not None:
        await course_records.record_danger(session, case.id, danger=news.danger)
    if news.reopening is not None:
        await course_records.note_attentions(
            session, case.id, news.reopening, among=reopening.ATTENTIONS
        )
    if news.failing is not None:
        noted = {Attention.EFFECT_FAILING}
        await course_records.note_attentions(
            session, case.id, noted if news.failing else set(), among=noted
        )
