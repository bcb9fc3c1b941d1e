"""Handing over by command: one word for everything that somebody who leaves still has."""

from sqlalchemy import select, update

from domain.entries import Decision
from storage.models import EntryRow, StaffRow
from tests.operations.conftest import Operator
from tests.storage.archive import MEDIATOR_1, MEDIATOR_2, Archive, an_overview


async def decisions(archive: Archive) -> list[Decision | None]:
    async with archive.database.transaction() as session:
        return list(await session.scalars(select(EntryRow.decision)))


class TestTheCommand:
    async def test_says_how_many_and_changes_nothing_more_when_given_again(
        self, archive: Archive, operator: Operator
    ) -> None:
        for mediator in (MEDIATOR_1, MEDIATOR_1, MEDIATOR_2):
            await archive.tell(await archive.open_case(), an_overview(mediator=mediator))
        await archive.tell(await archive.open_case(), an_overview(offered=MEDIATOR_1))
        await archive.execute(
            update(StaffRow).where(StaffRow.id == MEDIATOR_1).values(active=False)
        )

        first = await operator.does("hand-over", "mediator-1", "--reason", "Gaat weg.")
        again = await operator.does("hand-over", "mediator-1", "--reason", "Gaat weg.")

        assert first == (0, "2 cases and 1 offers go to others; 0 were under way already\n")
        assert again == (0, "0 cases and 0 offers go to others; 3 were under way already\n")
        assert await decisions(archive) == [Decision.REASSIGN] * 3

    async def test_says_what_stayed_because_its_key_is_not_of_our_ring(
        self, archive: Archive, operator: Operator
    ) -> None:
        case = await archive.open_case()
        await archive.append(case, body={"text": "verhaal"})
        await archive.tell(case, an_overview(mediator=MEDIATOR_1))
        code, said = await operator.does("hand-over", "mediator-1", "--reason", "Gaat weg.")
        assert (code, "1 stayed" in said) == (1, True)

    async def test_warns_when_they_are_still_offered_cases(
        self, archive: Archive, operator: Operator
    ) -> None:
        code, said = await operator.does("hand-over", "mediator-1", "--reason", "Gaat weg.")
        assert code == 0
        assert "still active" in said

    async def test_refuses_somebody_unknown_and_an_empty_reason(
        self, archive: Archive, operator: Operator
    ) -> None:
        await archive.tell(await archive.open_case(), an_overview(mediator=MEDIATOR_1))
        code, said = await operator.does("hand-over", "nobody", "--reason", "Gaat weg.")
        assert (code, "nobody" in said) == (1, True)
        code, said = await operator.does("hand-over", "mediator-1", "--reason", "  ")
        assert (code, "--reason" in said) == (1, True)
        assert await decisions(archive) == []
