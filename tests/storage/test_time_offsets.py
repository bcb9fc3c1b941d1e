"""Moved time: for tests and the demo, and never in production."""

from datetime import timedelta

import pytest

from storage.time_offsets import MovedTime, move_time, refuse_moved_time
from tests.storage.archive import Archive


class TestMovedTime:
    async def test_is_refused_once_any_case_has_it(self, archive: Archive) -> None:
        await refuse_moved_time(archive.database)
        case, *_ = [await archive.open_case() for _ in range(3)]
        await refuse_moved_time(archive.database)
        await move_time(archive.database, (await archive.row(case)).number, timedelta(seconds=1))
        with pytest.raises(MovedTime):
            await refuse_moved_time(archive.database)

    async def test_adds_up_for_one_case_only(self, archive: Archive) -> None:
        case, other = await archive.open_case(), await archive.open_case()
        number = (await archive.row(case)).number
        await move_time(archive.database, number, timedelta(days=3))
        await move_time(archive.database, number, timedelta(days=4))
        assert (await archive.row(case)).time_offset == timedelta(days=7)
        assert (await archive.row(other)).time_offset == timedelta(0)

    async def test_needs_a_case(self, archive: Archive) -> None:
        with pytest.raises(LookupError):
            await move_time(archive.database, "lusab-babad-w", timedelta(days=1))
