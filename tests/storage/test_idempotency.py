"""The same key gets the same answer, for a day, however close together two requests come."""

import asyncio
from datetime import timedelta

from domain.identifiers import CaseId, EntryNumber
from storage import idempotency
from storage.idempotency import REMEMBERED, Answered
from tests.storage.archive import Archive

KEY = bytes(range(32))
ANOTHER_KEY = bytes(32)


async def earlier(archive: Archive, key: bytes = KEY) -> Answered | None:
    async with archive.database.transaction() as session:
        return await idempotency.earlier_answer(session, key, archive.now)


async def answer(archive: Archive, case: CaseId, key: bytes = KEY) -> Answered:
    given = Answered(b"mac", case, EntryNumber(1), b"sealed")
    async with archive.database.transaction() as session:
        await idempotency.remember(session, key, given, archive.now)
    return given


class TestAnAnswer:
    async def test_is_not_there_before_it_was_given(self, archive: Archive) -> None:
        assert await earlier(archive) is None

    async def test_is_the_same_for_the_same_key(self, archive: Archive) -> None:
        given = await answer(archive, await archive.open_case())
        assert await earlier(archive) == given
        assert await earlier(archive, ANOTHER_KEY) is None

    async def test_is_remembered_for_a_day_and_then_forgotten(self, archive: Archive) -> None:
        await answer(archive, await archive.open_case())
        archive.pass_by(REMEMBERED - timedelta(microseconds=1))
        assert await earlier(archive) is not None
        archive.pass_by(timedelta(microseconds=1))
        assert await earlier(archive) is None

    async def test_can_be_given_anew_after_it_was_forgotten(self, archive: Archive) -> None:
        case = await archive.open_case()
        await answer(archive, case)
        archive.pass_by(REMEMBERED)
        assert await earlier(archive) is None
        await answer(archive, case)
        assert await earlier(archive) is not None


class TestTwoRequestsAtOnce:
    async def test_have_one_effect_and_one_answer(self, archive: Archive) -> None:
        case = await archive.open_case()
        effects: list[int] = []

        async def request(number: int) -> Answered:
            async with archive.database.transaction() as session:
                before = await idempotency.earlier_answer(session, KEY, archive.now)
                if before is not None:
                    return before
                effects.append(number)
                await asyncio.sleep(0.05)  # long enough for the others to come this far
                given = Answered(b"mac", case, EntryNumber(number), None)
                await idempotency.remember(session, KEY, given, archive.now)
                return given

        answers = await asyncio.gather(*(request(number) for number in range(1, 6)))
        assert len(effects) == 1
        assert {given.entry for given in answers} == set(effects)

    async def test_do_not_wait_for_one_another_under_different_keys(self, archive: Archive) -> None:
        async with archive.database.transaction() as session:
            await idempotency.earlier_answer(session, KEY, archive.now)
            other = await asyncio.wait_for(earlier(archive, ANOTHER_KEY), 5)
        assert other is None
