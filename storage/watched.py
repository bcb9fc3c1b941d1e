"""What an outside watcher asks our database: what waits too long, and which cases are served."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, or_, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from domain.calendar import civil_date, end_of
from domain.case_number import CaseNumber
from domain.clocks import Clock, Ending, PastClock
from domain.identifiers import CaseId, EntryNumber
from domain.matter import Matter
from domain.overview import Overview, OverviewDetails
from domain.stages import Stage
from domain.waits import Attention, Wait
from storage import yearly_figures
from storage.course_records import note_attentions, record_overview
from storage.models import CaseRow, EntryOutcomeRow, EntryRow, LetterRow, OverviewRow
from storage.states import GONE, LetterStatus, Lifecycle

_FIGURES_ARE_OUT = (1, 15)
"""Month and day after whose end those of the past year should be out."""


@dataclass(frozen=True, slots=True)
class ServedCase:
    """A case that some workflow must look after."""

    id: CaseId
    number: CaseNumber
    episode: int


async def served_cases(session: AsyncSession) -> Sequence[ServedCase]:
    """Return every case whose workflow was started once and that is not erased."""
    rows = await session.execute(
        select(CaseRow.id, CaseRow.number, CaseRow.episode).where(
            CaseRow.workflow_started, CaseRow.lifecycle != Lifecycle.ERASED
        )
    )
    return [ServedCase(CaseId(case), CaseNumber(number), e) for case, number, e in rows]


async def unanswered_since(session: AsyncSession, before: datetime) -> Mapping[CaseId, datetime]:
    """Return, by case, when the oldest entry without an answer came, if before a moment (UTC)."""
    came = func.min(EntryRow.received_at - CaseRow.time_offset)
    rows = await session.execute(
        select(EntryRow.case_id, came)
        .join(EntryOutcomeRow)
        .join(CaseRow, CaseRow.id == EntryRow.case_id)
        .where(EntryOutcomeRow.settled_at.is_(None), CaseRow.lifecycle.not_in(GONE))
        .group_by(EntryRow.case_id)
        .having(came < before)
    )
    return {CaseId(case): moment for case, moment in rows}


async def queued_since(session: AsyncSession, before: datetime) -> Mapping[UUID, datetime]:
    """Return the letters that have waited to be sent since before a moment (UTC)."""
    rows = await session.execute(
        select(LetterRow.id, LetterRow.queued_at).where(
            LetterRow.status == LetterStatus.QUEUED, LetterRow.queued_at < before
        )
    )
    return {row.id: row.queued_at for row in rows}


async def not_accepted_in_time(session: AsyncSession, now: datetime) -> Mapping[CaseId, datetime]:
    """Return the open cases that no mediator accepted in time, and until when that was (UTC).

    Whether the workflow itself noticed does not matter.
    """
    return await _late(session, {Stage.FINDING_MEDIATOR}, Wait.MEDIATOR_FOUND, now)


async def not_answered_in_time(session: AsyncSession, now: datetime) -> Mapping[CaseId, datetime]:
    """Return the open questions that no adviser answered in time, and until when that was (UTC).

    Whether the workflow itself noticed does not matter. An answer stays late when it is awaited
    anew.
    """
    stages = {Stage.FINDING_ADVISER, Stage.AWAITING_ADVISER}
    return await _late(session, stages, Wait.ADVISER_ANSWERS, now)


async def _late(
    session: AsyncSession, stages: Collection[Stage], wait: Wait, now: datetime
) -> Mapping[CaseId, datetime]:
    """Return the open cases in which a wait was promised to be over, and since when it is late."""
    rows = await session.execute(
        select(OverviewRow.case_id, OverviewRow.details, CaseRow.time_offset)
        .join(CaseRow, CaseRow.id == OverviewRow.case_id)
        .where(CaseRow.lifecycle == Lifecycle.OPEN, OverviewRow.stage.in_(stages))
    )
    return {
        CaseId(case): promised
        for case, details, offset in rows
        for view in details.clocks
        if view.clock.wait is wait
        and (promised := _promised(view.clock, details.past_clocks)) < now + offset
    }


def _promised(clock: Clock, past: Sequence[PastClock]) -> datetime:
    """Return until when something was promised (UTC), also when it is awaited anew since then."""
    ended = [before for before in past if before.wait is clock.wait]
    earlier_rounds = ended[max(0, len(ended) - clock.round + 1) :]
    passed = (end_of(it.day) for it in earlier_rounds if it.ending is Ending.PASSED)
    return min([clock.due_at, *passed])


async def figures_unpublished(session: AsyncSession, now: datetime) -> Mapping[int, datetime]:
    """Return the years whose figures should be out and are not, and since when (UTC)."""
    today = civil_date(now)
    due = {
        year: end_of(date(year + 1, *_FIGURES_ARE_OUT))
        for year in await yearly_figures.unpublished(session, today.year)
    }
    return {year: moment for year, moment in due.items() if moment < now}


async def asked_attention(session: AsyncSession) -> Mapping[Attention, int]:
    """Return how many cases ask for a look, by reason."""
    attentions = type_coerce(OverviewRow.details, JSONB)["attentions"]
    asked = (
        select(func.jsonb_array_elements_text(attentions).label("reason"))
        .join(CaseRow, CaseRow.id == OverviewRow.case_id)
        .where(CaseRow.lifecycle.not_in(GONE))
        .subquery()
    )
    rows = await session.execute(select(asked.c.reason, func.count()).group_by(asked.c.reason))
    return {Attention(reason): count for reason, count in rows}


async def cases_asking_for(
    session: AsyncSession, reasons: Collection[Attention]
) -> Sequence[CaseId]:
    """Return the cases that ask for a look for one of some reasons."""
    details = type_coerce(OverviewRow.details, JSONB)
    rows = await session.scalars(
        select(OverviewRow.case_id)
        .join(CaseRow, CaseRow.id == OverviewRow.case_id)
        .where(
            CaseRow.lifecycle.not_in(GONE),
            or_(*(details.contains({"attentions": [reason]}) for reason in reasons)),
        )
    )
    return [CaseId(case) for case in rows]


async def note_from_outside(
    session: AsyncSession,
    case: CaseId,
    reasons: Collection[Attention],
    *,
    among: Collection[Attention],
    now: datetime,
) -> bool:
    """Note on a case what only an outsider sees; return whether anything changed.

    A case of which no workflow told anything yet gets a read model that any workflow replaces.

    Args:
        reasons: those of ``among`` that there are; the others of ``among`` have ended.
    """
    row = await session.get(CaseRow, case)
    if row is None or row.lifecycle in GONE:
        return False
    if reasons:
        await record_overview(session, case, row.episode, 0, _nothing_told(row.matter), now)
    return await note_attentions(session, case, reasons, among=frozenset(among))


def _nothing_told(matter: Matter) -> Overview:
    """Return what is known of a case whose workflow has told nothing yet."""
    return Overview(
        stage=Stage.RECEIVED,
        cursor=EntryNumber(0),
        waiting_for=None,
        waiting_since=None,
        remind_at=None,
        due_at=None,
        term_source=None,
        mediator=None,
        offered=None,
        consent=False,
        contacted=False,
        replied=False,
        proposal=None,
        proposed_in=None,
        outcome=None,
        attention=None,
        details=OverviewDetails(matter=matter),
    )
