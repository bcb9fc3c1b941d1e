"""What a workflow reads in the case file and tells it, as local activities."""

from collections.abc import Sequence

from temporalio import workflow
from temporalio.exceptions import FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.ledger import LedgerActivities
    from activities.messages import CaseReference, ReadLedger, RecordCourse
    from domain.entries import EntryFacts
    from domain.identifiers import EntryNumber
    from workflows import options
    from workflows.effects import Effects
    from workflows.options import LEDGER_PAGE

_RECORD = "Record what became of the entries and how the case stands"


async def read_beyond(
    effects: Effects, case: CaseReference, cursor: EntryNumber
) -> Sequence[EntryFacts]:
    """Return every entry after the cursor, in order, without gaps."""
    entries: list[EntryFacts] = []
    more = True
    while more:
        page = await effects.do_locally(
            LedgerActivities.read_ledger,
            ReadLedger(case, cursor, LEDGER_PAGE),
            options.ledger(f"Read the case file beyond entry {cursor}"),
        )
        entries.extend(page.entries)
        more = page.more
        if page.entries:
            cursor = page.entries[-1].number
    return entries


async def record(effects: Effects, news: RecordCourse) -> None:
    """Tell the case file what became of entries, and how the case stands."""
    await effects.do_locally(LedgerActivities.record_course, news, options.ledger(_RECORD))


async def record_if_possible(news: RecordCourse) -> bool:
    """Tell the case file the same, but do not insist; return whether it was told."""
    try:
        await workflow.execute_local_activity_method(
            LedgerActivities.record_course, news, **options.ledger_once(_RECORD)
        )
    except FailureError as error:
        if is_cancelled_exception(error):
            raise
        return False
    return True
