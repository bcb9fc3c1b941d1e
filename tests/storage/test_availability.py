"""When the staff is there, and what the register knows of it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError

from domain.identifiers import CaseId, InstitutionId
from domain.matching import Absence, ConflictKind
from storage import availability
from storage.models import InstitutionRow, StaffConflictRow, StaffRow
from storage.seed import EXAMPLES, seed
from tests.storage.archive import MEDIATOR_1, MEDIATOR_2, VOORBEELDSTAD, Archive

DAY = date(2026, 3, 2)
BANK = InstitutionId("voorbeeldbank")
OF_THE_FIRST = 'roles = ["mediator"]\nlanguages = ["nl", "en"]\n'


async def state(archive: Archive) -> tuple[object, ...]:
    async with archive.database.transaction() as session:
        member = await session.get_one(StaffRow, MEDIATOR_1)
        time = await availability.working_time(session, member)
        conflicts = await availability.conflicts_of(session, MEDIATOR_1)
        return time.absences, [(row.institution_id, row.kind) for row in conflicts]


class TestAbsencesAndConflicts:
    async def test_replace_what_was_known_of_this_one_alone(self, archive: Archive) -> None:
        first, second = Absence(DAY, DAY), Absence(DAY + timedelta(days=7), DAY.replace(day=20))
        async with archive.database.transaction() as session:
            for member in (MEDIATOR_1, MEDIATOR_2):
                await availability.set_absences(session, member, [first, second])
                conflicts = {VOORBEELDSTAD: ConflictKind.FAMILY, BANK: ConflictKind.INTEREST}
                await availability.set_institution_conflicts(session, member, conflicts)
            await availability.set_absences(session, MEDIATOR_2, [])
            await availability.set_institution_conflicts(session, MEDIATOR_2, {})
        assert await state(archive) == (
            (first, second),
            [(BANK, ConflictKind.INTEREST), (VOORBEELDSTAD, ConflictKind.FAMILY)],
        )

    async def test_may_begin_on_one_day_twice_and_then_the_longer_one_counts(
        self, archive: Archive
    ) -> None:
        longer = Absence(DAY, DAY + timedelta(days=3))
        async with archive.database.transaction() as session:
            await availability.set_absences(session, MEDIATOR_1, [longer, Absence(DAY, DAY)])
        assert (await state(archive))[0] == (longer,)

    async def test_with_cases_and_with_institutions_are_kept_apart(self, archive: Archive) -> None:
        case = await archive.open_case()
        async with archive.database.transaction() as session:
            await availability.set_case_conflicts(
                session, MEDIATOR_1, {case: ConflictKind.KNOWS_COMPLAINANT}
            )
            await availability.set_institution_conflicts(session, MEDIATOR_1, {})
            [row] = await availability.conflicts_of(session, MEDIATOR_1)
        assert (row.case_id, row.kind) == (case, ConflictKind.KNOWS_COMPLAINANT)

    @pytest.mark.parametrize("with_both", [True, False])
    async def test_name_one_thing(self, archive: Archive, with_both: bool) -> None:
        case: CaseId | None = await archive.open_case() if with_both else None
        institution = VOORBEELDSTAD if with_both else None
        row = {"id": uuid4(), "staff_id": MEDIATOR_1, "kind": ConflictKind.OTHER}
        flawed = insert(StaffConflictRow).values(**row, case_id=case, institution_id=institution)
        with pytest.raises(IntegrityError, match="with_one_thing"):
            await archive.execute(flawed)


class TestTheRegistersFile:
    async def test_says_which_cases_suit_somebody_and_when_they_are_there(
        self, archive: Archive
    ) -> None:
        more = """
institution_kinds = ["police"]
regions = ["utrecht"]
capacity = 7
working_days = [1, 2]
absences = [{ first_day = 2026-03-02, last_day = 2026-03-06 }]
conflicts = [{ institution = "voorbeeldbank", kind = "works_there" }]
"""
        examples = EXAMPLES.read_text(encoding="utf-8")
        await seed(archive.database, examples.replace(OF_THE_FIRST, OF_THE_FIRST + more, 1))
        async with archive.database.transaction() as session:
            row = await session.get_one(StaffRow, MEDIATOR_1)
            other = await session.get_one(StaffRow, MEDIATOR_2)
        assert (row.institution_kinds, row.regions) == (["police"], ["utrecht"])
        assert (row.capacity, row.working_days) == (7, [1, 2])
        assert (other.institution_kinds, other.regions) == ([], [])
        assert (other.capacity, other.working_days) == (None, [1, 2, 3, 4, 5])
        expected = ((Absence(DAY, DAY.replace(day=6)),), [(BANK, ConflictKind.WORKS_THERE)])
        assert await state(archive) == expected

        await seed(archive.database, examples)
        assert await state(archive) == expected  # a file that is silent on it changes nothing

    @pytest.mark.parametrize(
        "flaw", ['regions = ["atlantis"]', "working_days = [8]", "capacity = -1"]
    )
    async def test_is_refused_with_what_does_not_exist(self, archive: Archive, flaw: str) -> None:
        examples = EXAMPLES.read_text(encoding="utf-8")
        flawed = examples.replace(OF_THE_FIRST, f"{OF_THE_FIRST}{flaw}\n", 1)
        with pytest.raises((ValueError, IntegrityError)):
            await seed(archive.database, flawed)


class TestTheFingerprint:
    async def test_changes_with_anything_in_the_register(self, archive: Archive) -> None:
        async def fingerprint() -> str:
            async with archive.database.transaction() as session:
                return await availability.fingerprint(session)

        seen = {await fingerprint()}
        assert {await fingerprint()} == seen
        absence = [Absence(DAY, DAY)]
        async with archive.database.transaction() as session:
            await availability.set_absences(session, MEDIATOR_1, absence)
        seen.add(await fingerprint())
        async with archive.database.transaction() as session:
            conflicts = {BANK: ConflictKind.OTHER}
            await availability.set_institution_conflicts(session, MEDIATOR_1, conflicts)
        seen.add(await fingerprint())
        await archive.execute(update(StaffRow).values(capacity=9))
        seen.add(await fingerprint())
        await archive.execute(update(InstitutionRow).values(active=False))
        seen.add(await fingerprint())
        await archive.execute(delete(StaffConflictRow))
        seen.add(await fingerprint())
        assert len(seen) == 6
