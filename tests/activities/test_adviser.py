"""Who answers a question, chosen from the register as it stands."""

from collections.abc import Collection
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import delete, insert, update

from activities.assignment import AssignmentActivities
from activities.messages import CaseReference, Choice, ChooseAdviser, ChooseMediator
from domain.case_number import CaseNumber
from domain.entries import EntryKind
from domain.identifiers import CaseId, StaffId
from domain.languages import Language
from domain.matching import ConflictKind, Unfit
from domain.overview import OverviewDetails
from domain.stages import Stage
from storage import course_records
from storage.models import OverviewRow, StaffAbsenceRow, StaffConflictRow, StaffRow
from tests.storage.archive import ADVISER, MEDIATOR_1, MEDIATOR_2, Archive, an_overview
from tests.storage.conftest import archive, database, server, url

__all__ = ["archive", "database", "server", "url"]

NUMBER = CaseNumber("lusab-babad-r")


async def choice(
    archive: Archive, case: CaseId | None = None, excluded: Collection[StaffId] = ()
) -> Choice:
    activities = AssignmentActivities(archive.database, archive.vault, archive.clock)
    reference = CaseReference(case or await archive.open_question(), NUMBER, 1)
    begin_by = archive.now.date() + timedelta(days=1)
    return await activities.choose_adviser(
        ChooseAdviser(reference, list(excluded), archive.now, begin_by)
    )


async def change(archive: Archive, member: StaffId, **values: object) -> None:
    await archive.execute(update(StaffRow).where(StaffRow.id == member).values(values))


async def link(archive: Archive, case: CaseId, other: CaseId) -> None:
    async with archive.database.transaction() as session:
        await course_records.record_links(session, case, [other])


class TestAQuestionGoesTo:
    async def test_an_adviser_and_to_nobody_else(self, archive: Archive) -> None:
        assert await choice(archive) == Choice(ADVISER, {})
        await change(archive, ADVISER, active=False)
        assert await choice(archive) == Choice(None, {})

    async def test_the_one_with_the_fewest_open_questions(self, archive: Archive) -> None:
        await change(archive, MEDIATOR_1, roles=["mediator", "adviser"])
        given = await archive.open_question()
        await archive.tell(given, an_overview(stage=Stage.AWAITING_ADVISER, mediator=ADVISER))
        assert (await choice(archive)).mediator == MEDIATOR_1
        await archive.tell(given, an_overview(stage=Stage.CLOSED, mediator=ADVISER), revision=2)
        other = await archive.open_question()
        await archive.tell(other, an_overview(stage=Stage.AWAITING_ADVISER, mediator=MEDIATOR_1))
        assert (await choice(archive)).mediator == ADVISER

    async def test_nobody_who_gave_it_back(self, archive: Archive) -> None:
        assert await choice(archive, excluded=[ADVISER]) == Choice(None, {Unfit.EXCLUDED: 1})

    async def test_nobody_with_a_conflict(self, archive: Archive) -> None:
        case = await archive.open_question()
        row = {"id": uuid4(), "staff_id": ADVISER, "institution_id": None, "case_id": case}
        await archive.execute(insert(StaffConflictRow).values(kind=ConflictKind.FAMILY, **row))
        assert await choice(archive, case) == Choice(None, {Unfit.CONFLICT: 1})
        await archive.execute(delete(StaffConflictRow))
        assert (await choice(archive, case)).mediator == ADVISER

    async def test_nobody_who_is_on_leave(self, archive: Archive) -> None:
        today = archive.now.date()
        days = {"first_day": today, "last_day": today + timedelta(days=1)}
        await archive.execute(insert(StaffAbsenceRow).values(staff_id=ADVISER, **days))
        assert await choice(archive) == Choice(None, {Unfit.ABSENT: 1})
        archive.pass_by(timedelta(days=1))
        assert (await choice(archive)).mediator == ADVISER

    async def test_nobody_who_does_not_speak_the_language(self, archive: Archive) -> None:
        await change(archive, ADVISER, languages=["nl"])
        case = await archive.open_question()
        await archive.append(case, EntryKind.LANGUAGE, language=Language.ENGLISH)
        assert await choice(archive, case) == Choice(None, {Unfit.LANGUAGE: 1})

    async def test_whatever_kinds_of_institutions_they_mediate_with(self, archive: Archive) -> None:
        await change(archive, ADVISER, institution_kinds=["police"])
        assert (await choice(archive)).mediator == ADVISER


class TestAQuestionAndItsComplaint:
    async def test_never_have_the_same_person(self, archive: Archive) -> None:
        await change(archive, MEDIATOR_1, roles=["mediator", "adviser"])
        await change(archive, MEDIATOR_2, active=False)
        question, complaint = await archive.open_question(), await archive.open_case()
        await archive.tell(question, an_overview(stage=Stage.AWAITING_ADVISER, mediator=MEDIATOR_1))
        assert (await self.mediator_of(archive, complaint)).mediator == MEDIATOR_1
        await link(archive, question, complaint)
        assert await self.mediator_of(archive, complaint) == Choice(None, {Unfit.ADVISER: 1})

    async def test_nor_somebody_who_gave_the_question_back(self, archive: Archive) -> None:
        await change(archive, MEDIATOR_1, roles=["mediator", "adviser"])
        await change(archive, MEDIATOR_2, active=False)
        question, complaint = await archive.open_question(), await archive.open_case()
        left = OverviewDetails(recused=(MEDIATOR_1,))
        await archive.execute(
            update(OverviewRow).where(OverviewRow.case_id == question).values(details=left)
        )
        await link(archive, question, complaint)
        assert await self.mediator_of(archive, complaint) == Choice(None, {Unfit.ADVISER: 1})

    async def test_in_the_other_order_either(self, archive: Archive) -> None:
        await change(archive, MEDIATOR_1, roles=["mediator", "adviser"])
        await change(archive, ADVISER, active=False)
        question, complaint = await archive.open_question(), await archive.open_case()
        await archive.tell(
            complaint, an_overview(stage=Stage.AWAITING_CONSENT, mediator=MEDIATOR_1)
        )
        assert (await choice(archive, question)).mediator == MEDIATOR_1
        await link(archive, question, complaint)
        assert await choice(archive, question) == Choice(None, {Unfit.EXCLUDED: 1})

    async def mediator_of(self, archive: Archive, case: CaseId) -> Choice:
        activities = AssignmentActivities(archive.database, archive.vault, archive.clock)
        answer_by = archive.now.date() + timedelta(days=1)
        found = await activities.choose_mediator(
            ChooseMediator(CaseReference(case, NUMBER, 1), [], archive.now, answer_by)
        )
        assert isinstance(found, Choice)
        return found
