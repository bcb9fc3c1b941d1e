"""Choosing whom to offer a case, from the real register."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import any_, delete, insert, update

from activities.assignment import AssignmentActivities
from activities.messages import CaseReference, Choice, ChooseMediator
from domain.case_number import CaseNumber
from domain.entries import EntryKind
from domain.identifiers import CaseId, StaffId
from domain.institutions import Region
from domain.languages import Language
from domain.letters import Letter
from domain.matching import ConflictKind, Unfit
from domain.overview import OverviewDetails
from domain.parties import Party
from domain.staff import Role
from domain.stages import Stage
from storage import course_records
from storage.models import (
    InstitutionRow,
    OverviewRow,
    StaffAbsenceRow,
    StaffConflictRow,
    StaffRow,
)
from tests.storage.archive import (
    MEDIATOR_1,
    MEDIATOR_2,
    SUPERVISOR,
    VOORBEELDSTAD,
    Archive,
    a_letter,
    an_overview,
)
from tests.storage.conftest import archive, database, server, url

__all__ = ["archive", "database", "server", "url"]

NOBODY_ELSE = [MEDIATOR_2]


async def choice(
    archive: Archive,
    case: CaseId | None = None,
    *,
    excluded: Collection[StaffId] = (),
    advised: Collection[StaffId] = (),
    earlier: StaffId | None = None,
    days: int = 1,
) -> Choice:
    activities = AssignmentActivities(archive.database, archive.vault, archive.clock)
    number = CaseNumber("lusab-babad-r")
    answer = await activities.choose_mediator(
        ChooseMediator(
            CaseReference(case or await archive.open_case(), number, 1),
            list(excluded),
            archive.now,
            archive.now.date() + timedelta(days=days),
            list(advised),
            earlier,
        )
    )
    assert isinstance(answer, Choice)
    return answer


async def chosen(archive: Archive, case: CaseId | None = None) -> StaffId | None:
    return (await choice(archive, case)).mediator


async def only_reason(archive: Archive, case: CaseId | None = None) -> Unfit:
    """Return why the first mediator does not fit, where the second one may not."""
    found = await choice(archive, case, excluded=NOBODY_ELSE)
    assert found.mediator is None
    [reason] = {reason for reason in found.unfit if reason is not Unfit.EXCLUDED}
    return reason


async def give_case_to(
    archive: Archive, mediator: StaffId, stage: Stage = Stage.AWAITING_CONSENT
) -> CaseId:
    case = await archive.open_case()
    await archive.tell(case, an_overview(stage=stage, mediator=mediator))
    return case


async def change(archive: Archive, member: StaffId, **values: object) -> None:
    await archive.execute(update(StaffRow).where(StaffRow.id == member).values(values))


async def conflict(
    archive: Archive, member: StaffId, *, institution: str | None = None, case: UUID | None = None
) -> None:
    values = {"institution_id": institution, "case_id": case, "kind": ConflictKind.FAMILY}
    row = {"id": uuid4(), "staff_id": member, **values}
    await archive.execute(insert(StaffConflictRow).values(row))


class TestTheChoice:
    async def test_is_the_same_each_time_among_equals(self, archive: Archive) -> None:
        assert [await chosen(archive) for _ in range(3)] == [MEDIATOR_1] * 3

    async def test_prefers_who_has_fewer_cases(self, archive: Archive) -> None:
        await give_case_to(archive, MEDIATOR_1)
        assert await chosen(archive) == MEDIATOR_2
        await give_case_to(archive, MEDIATOR_2)
        await give_case_to(archive, MEDIATOR_2)
        assert await chosen(archive) == MEDIATOR_1

    async def test_weighs_cases_by_capacity(self, archive: Archive) -> None:
        await give_case_to(archive, MEDIATOR_1)
        await give_case_to(archive, MEDIATOR_2)
        await change(archive, MEDIATOR_2, capacity=40)
        assert await chosen(archive) == MEDIATOR_2

    async def test_counts_a_case_that_was_only_offered(self, archive: Archive) -> None:
        await archive.tell(await archive.open_case(), an_overview(offered=MEDIATOR_1))
        assert await chosen(archive) == MEDIATOR_2

    async def test_counts_no_closed_case_as_load(self, archive: Archive) -> None:
        await give_case_to(archive, MEDIATOR_1, Stage.CLOSED)
        await give_case_to(archive, MEDIATOR_2)
        assert await chosen(archive) == MEDIATOR_1

    async def test_passes_over_who_met_the_institution_lately(self, archive: Archive) -> None:
        await give_case_to(archive, MEDIATOR_1, Stage.CLOSED)
        assert await chosen(archive) == MEDIATOR_2
        later = await archive.open_case()
        archive.pass_by(timedelta(days=366))
        assert await chosen(archive, later) == MEDIATOR_1

    async def test_then_asks_who_was_asked_longest_ago(self, archive: Archive) -> None:
        letter = a_letter(await archive.open_case(), recipient=Party.MEDIATOR)
        letter.letter, letter.mediator_id = Letter.CASE_OFFER, MEDIATOR_1
        async with archive.database.transaction() as session:
            session.add(letter)
        assert await chosen(archive) == MEDIATOR_2

    async def test_names_nobody_who_is_excluded(self, archive: Archive) -> None:
        assert (await choice(archive, excluded=[MEDIATOR_1])).mediator == MEDIATOR_2
        nobody = await choice(archive, excluded=[MEDIATOR_1, MEDIATOR_2])
        assert nobody == Choice(None, {Unfit.EXCLUDED: 2})

    async def test_names_nobody_who_advises(self, archive: Archive) -> None:
        assert (await choice(archive, advised=[MEDIATOR_1])).mediator == MEDIATOR_2

    async def test_names_nobody_who_is_not_active(self, archive: Archive) -> None:
        await change(archive, MEDIATOR_1, active=False)
        assert await chosen(archive) == MEDIATOR_2

    async def test_never_names_a_supervisor(self, archive: Archive) -> None:
        mediators = any_(StaffRow.roles) == Role.MEDIATOR.value
        await archive.execute(update(StaffRow).where(mediators).values(active=False))
        assert await choice(archive) == Choice(None, {})
        await change(archive, SUPERVISOR, roles=["supervisor", "mediator"])
        assert await chosen(archive) == SUPERVISOR

    async def test_is_first_who_speaks_the_language_and_else_anybody(
        self, archive: Archive
    ) -> None:
        await change(archive, MEDIATOR_1, languages=["nl"])
        await change(archive, MEDIATOR_2, languages=["nl", "ro"])
        case = await archive.open_case()
        await archive.append(case, EntryKind.LANGUAGE, language=Language.ROMANIAN)
        assert await chosen(archive, case) == MEDIATOR_2
        await change(archive, MEDIATOR_2, languages=["nl"])
        assert await chosen(archive, case) == MEDIATOR_1


class TestSomebodyDoesNotFit:
    async def test_for_another_kind_of_institution(self, archive: Archive) -> None:
        await change(archive, MEDIATOR_1, institution_kinds=["police"])
        assert await only_reason(archive) is Unfit.KIND
        await change(archive, MEDIATOR_1, institution_kinds=["police", "municipality"])
        assert await chosen(archive) == MEDIATOR_1

    async def test_in_another_region(self, archive: Archive) -> None:
        await change(archive, MEDIATOR_1, regions=["zeeland"])
        assert await chosen(archive) == MEDIATOR_1
        here = update(InstitutionRow).where(InstitutionRow.id == VOORBEELDSTAD)
        await archive.execute(here.values(region=Region.DRENTHE))
        assert await only_reason(archive) is Unfit.REGION

    async def test_when_full(self, archive: Archive) -> None:
        await change(archive, MEDIATOR_1, capacity=1)
        await give_case_to(archive, MEDIATOR_1)
        assert await only_reason(archive) is Unfit.FULL

    async def test_while_away(self, archive: Archive) -> None:
        today = archive.now.date()
        days = {"first_day": today, "last_day": today + timedelta(days=1)}
        await archive.execute(insert(StaffAbsenceRow).values(staff_id=MEDIATOR_1, **days))
        assert await only_reason(archive) is Unfit.ABSENT
        assert (await choice(archive, excluded=NOBODY_ELSE, days=2)).mediator == MEDIATOR_1
        archive.pass_by(timedelta(days=2))
        assert await chosen(archive) == MEDIATOR_1

    async def test_on_days_on_which_they_do_not_work(self, archive: Archive) -> None:
        assert archive.now.date() == date(2026, 3, 2)  # a Monday
        await change(archive, MEDIATOR_1, working_days=[3])
        assert await only_reason(archive) is Unfit.ABSENT
        assert (await choice(archive, excluded=NOBODY_ELSE, days=2)).mediator == MEDIATOR_1

    async def test_with_a_conflict_with_the_institution(self, archive: Archive) -> None:
        await conflict(archive, MEDIATOR_1, institution="voorbeeldbank")
        assert await chosen(archive) == MEDIATOR_1
        await conflict(archive, MEDIATOR_1, institution=VOORBEELDSTAD)
        assert await only_reason(archive) is Unfit.CONFLICT
        await archive.execute(delete(StaffConflictRow))
        assert await chosen(archive) == MEDIATOR_1

    async def test_with_a_conflict_with_the_case_alone(self, archive: Archive) -> None:
        case = await archive.open_case()
        await conflict(archive, MEDIATOR_1, case=case)
        assert await only_reason(archive, case) is Unfit.CONFLICT
        assert await chosen(archive) == MEDIATOR_1


class TestWhoKnowsTheComplainant:
    async def test_comes_first_after_an_earlier_episode(self, archive: Archive) -> None:
        await give_case_to(archive, MEDIATOR_2)
        assert (await choice(archive, earlier=MEDIATOR_2)).mediator == MEDIATOR_2

    async def test_comes_first_after_a_linked_case(self, archive: Archive) -> None:
        linked, case = await give_case_to(archive, MEDIATOR_2), await archive.open_case()
        assert await chosen(archive, case) == MEDIATOR_1
        async with archive.database.transaction() as session:
            await course_records.record_links(session, linked, [case])
        assert await chosen(archive, case) == MEDIATOR_2

    async def test_is_never_asked_who_left_a_linked_case(self, archive: Archive) -> None:
        linked, case = await archive.open_case(), await archive.open_case()
        await archive.tell(linked, an_overview(mediator=MEDIATOR_2))
        left = OverviewDetails(recused=(MEDIATOR_1,))
        await archive.execute(
            update(OverviewRow).where(OverviewRow.case_id == linked).values(details=left)
        )
        async with archive.database.transaction() as session:
            await course_records.record_links(session, linked, [case])
        found = await choice(archive, case, excluded=NOBODY_ELSE)
        assert found == Choice(None, {Unfit.EXCLUDED: 2})
