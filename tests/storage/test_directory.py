"""The register: who can be complained about, and who works here."""

import pytest
from sqlalchemy import update

from domain.identifiers import InstitutionId
from domain.staff import Role
from storage import directory
from storage.models import InstitutionRow, StaffRow
from tests.storage.archive import MEDIATOR_1, SUPERVISOR, Archive


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
