"""The register: who can be complained about, and who is asked to mediate."""

from collections.abc import Collection

import pytest
from sqlalchemy import any_, update

from domain.identifiers import InstitutionId, StaffId
from domain.languages import Language
from domain.staff import Role
from domain.stages import Stage
from storage import directory
from storage.models import InstitutionRow, StaffRow
from tests.storage.archive import MEDIATOR_1, MEDIATOR_2, SUPERVISOR, Archive, an_overview


async def choose(
    archive: Archive,
    language: Language = Language.DUTCH,
    excluded: Collection[StaffId] = (),
) -> StaffId | None:
    async with archive.database.transaction() as session:
        return await directory.least_burdened_mediator(session, language, excluded)


async def give_case_to(
    archive: Archive, mediator: StaffId, stage: Stage = Stage.AWAITING_CONSENT
) -> None:
    await archive.tell(await archive.open_case(), an_overview(stage=stage, mediator=mediator))


class TestChoosingAMediator:
    async def test_is_the_same_each_time_among_equals(self, archive: Archive) -> None:
        assert [await choose(archive) for _ in range(3)] == [MEDIATOR_1] * 3

    async def test_prefers_who_has_fewer_cases(self, archive: Archive) -> None:
        await give_case_to(archive, MEDIATOR_1)
        assert await choose(archive) == MEDIATOR_2
        await give_case_to(archive, MEDIATOR_2)
        await give_case_to(archive, MEDIATOR_2)
        assert await choose(archive) == MEDIATOR_1

    async def test_counts_a_case_that_was_only_offered(self, archive: Archive) -> None:
        await archive.tell(await archive.open_case(), an_overview(offered=MEDIATOR_1))
        assert await choose(archive) == MEDIATOR_2

    async def test_counts_no_closed_case(self, archive: Archive) -> None:
        await give_case_to(archive, MEDIATOR_1, Stage.CLOSED)
        assert await choose(archive) == MEDIATOR_1

    async def test_passes_over_who_is_excluded(self, archive: Archive) -> None:
        assert await choose(archive, excluded=[MEDIATOR_1]) == MEDIATOR_2
        assert await choose(archive, excluded=[MEDIATOR_1, MEDIATOR_2]) is None

    async def test_passes_over_who_does_not_speak_the_language(self, archive: Archive) -> None:
        await archive.execute(
            update(StaffRow).where(StaffRow.id == MEDIATOR_1).values(languages=["nl"])
        )
        assert await choose(archive, Language.ENGLISH) == MEDIATOR_2
        assert await choose(archive, Language.DUTCH) == MEDIATOR_1

    async def test_passes_over_who_is_not_active(self, archive: Archive) -> None:
        await archive.execute(
            update(StaffRow).where(StaffRow.id == MEDIATOR_1).values(active=False)
        )
        assert await choose(archive) == MEDIATOR_2

    async def test_never_takes_a_supervisor(self, archive: Archive) -> None:
        await archive.execute(
            update(StaffRow).where(any_(StaffRow.roles) == Role.MEDIATOR.value).values(active=False)
        )
        assert await choose(archive) is None


class TestTheStaff:
    async def test_are_known_by_their_subject(self, archive: Archive) -> None:
        async with archive.database.transaction() as session:
            member = await directory.staff_by_subject(session, "supervisor-1")
            assert member is not None
            assert (member.id, member.roles) == (SUPERVISOR, [Role.SUPERVISOR])
            assert await directory.staff_by_subject(session, "nobody") is None

    async def test_who_left_may_not_sign_in_but_keep_their_name(self, archive: Archive) -> None:
        await archive.execute(update(StaffRow).values(active=False))
        async with archive.database.transaction() as session:
            assert await directory.staff_by_subject(session, "mediator-1") is None
            member = await directory.staff_member(session, MEDIATOR_1)
            assert member is not None
            assert member.name == "Mediator Een"


class TestTheRegister:
    async def test_lists_institutions_by_name(self, archive: Archive) -> None:
        async with archive.database.transaction() as session:
            names = [row.name for row in await directory.institutions(session)]
        assert len(names) > 3
        assert names == sorted(names)

    @pytest.mark.parametrize("name", ["voorbeeldstad", "voorbeeldbank"])
    async def test_keeps_but_does_not_list_what_is_not_active(
        self, archive: Archive, name: str
    ) -> None:
        await archive.execute(
            update(InstitutionRow).where(InstitutionRow.id == name).values(active=False)
        )
        async with archive.database.transaction() as session:
            assert name not in {row.id for row in await directory.institutions(session)}
            assert await directory.institution(session, InstitutionId(name)) is not None
            assert await directory.institution(session, InstitutionId("nowhere")) is None
