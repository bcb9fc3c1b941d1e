"""Closing cases as their workflows do, and what is counted of that."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select

from activities.closure import ClosureActivities
from activities.figures import FiguresActivities
from activities.messages import CaseReference, CloseCase, PublishFigures, RecordCourse, ReopenCase
from domain.case_number import CaseNumber
from domain.clocks import PastClock
from domain.entries import Decision, EntryKind
from domain.figures import Kind, Measure
from domain.identifiers import CaseId, EntryNumber
from domain.institutions import InstitutionKind
from domain.overview import OverviewDetails
from domain.parties import Party
from domain.stages import Outcome, Stage
from settings.policy import load_policy
from storage import yearly_figures
from storage.figures_models import PublishedFiguresRow
from tests.storage.archive import ADVISER, Archive, an_overview

PLANTED = "vlinderslag"
MUNICIPALITY = InstitutionKind.MUNICIPALITY
NEXT_YEAR = datetime(2027, 1, 15, 7, 0, tzinfo=UTC)


async def closes(
    archive: Archive,
    case: CaseId,
    outcome: Outcome = Outcome.SETTLED,
    *,
    answered: bool = False,
    past_clocks: tuple[PastClock, ...] = (),
) -> None:
    """Close a case as its workflow does, which may try more than once."""
    row = await archive.row(case)
    reached = CaseReference(case, CaseNumber(row.number), row.episode)
    details = OverviewDetails(matter=row.matter, past_clocks=past_clocks)
    told = replace(an_overview(stage=Stage.CLOSED), outcome=outcome, details=details)
    overview = replace(told, contacted=answered, replied=answered)
    news = RecordCourse(reached, (), 9, overview, archive.now)
    activities = ClosureActivities(archive.database, archive.vault, archive.clock)
    order = CloseCase(reached, EntryNumber(row.entry_count), archive.now, news)
    assert (await activities.close_case(order)).done


async def reopens(archive: Archive, case: CaseId) -> None:
    row = await archive.row(case)
    reached = CaseReference(case, CaseNumber(row.number), row.episode)
    activities = ClosureActivities(archive.database, archive.vault, archive.clock)
    await activities.reopen_case(ReopenCase(reached, EntryNumber(row.entry_count)))


async def closed_case(archive: Archive, outcome: Outcome = Outcome.SETTLED) -> CaseId:
    case = await archive.open_case()
    await archive.append(case, EntryKind.COMPLAINT, body={"text": PLANTED})
    await archive.answer(case)
    await closes(archive, case, outcome)
    return case


async def answers(archive: Archive, question: CaseId) -> None:
    """Take the adviser's decision to answer, and apply it."""
    await archive.append(
        question,
        EntryKind.DECISION,
        author=Party.ADVISER,
        actor=ADVISER,
        decision=Decision.ANSWER_QUESTION,
    )
    await archive.answer(question)


async def closed_question(
    archive: Archive, kind: InstitutionKind | None = None, outcome: Outcome = Outcome.ADVISED
) -> CaseId:
    question = await archive.open_question(kind)
    await archive.append(question, EntryKind.QUESTION, body={"text": PLANTED})
    await answers(archive, question)
    await closes(archive, question, outcome)
    return question


async def counts(archive: Archive, measure: Measure, year: int = 2026) -> Mapping[str, int]:
    async with archive.database.transaction() as session:
        found = (await yearly_figures.closures_in(session, year)).get(measure, {})
    assert all(kind is MUNICIPALITY for kind, _ in found)
    return {value: count for (_, value), count in found.items()}


async def question_counts(
    archive: Archive, measure: Measure, year: int = 2026
) -> Mapping[tuple[Kind, str], int]:
    async with archive.database.transaction() as session:
        return (await yearly_figures.closures_in(session, year)).get(measure, {})


async def publish(archive: Archive) -> None:
    activities = FiguresActivities(archive.database, archive.clock, load_policy(None))
    await activities.publish_figures(PublishFigures())


async def published(archive: Archive) -> list[PublishedFiguresRow]:
    async with archive.database.transaction() as session:
        return list(await session.scalars(select(PublishedFiguresRow)))
