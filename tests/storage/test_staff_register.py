"""Keeping the register of the staff when two do so at the same time."""

import asyncio
from uuid import uuid4

from domain.identifiers import StaffId
from domain.languages import Language
from storage import staff_register
from storage.models import StaffRow
from storage.staff_register import LastAdministrator
from tests.storage.archive import Archive


async def administrator(archive: Archive) -> StaffId:
    row = StaffRow(
        id=uuid4(),
        subject=str(uuid4()),
        name="Beheerder",
        address="beheer@wederhoor.example",
        roles=["administrator"],
        language=Language.DUTCH,
        languages=["nl"],
        active=True,
    )
    async with archive.database.transaction() as session:
        await staff_register.add(session, row)
    return StaffId(row.id)


class TestTwoAdministrators:
    async def test_cannot_remove_each_other(self, archive: Archive) -> None:
        async with archive.database.transaction() as session:
            for row in await staff_register.everybody(session):
                row.roles = ["mediator"]
        both = [await administrator(archive) for _ in range(2)]

        async def removes(identifier: StaffId) -> None:
            async with archive.database.transaction() as session:
                await staff_register.change(session, identifier, {"active": False})

        done = await asyncio.gather(*map(removes, both), return_exceptions=True)

        assert [type(it) for it in done if it is not None] == [LastAdministrator]
