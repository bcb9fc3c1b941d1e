"""Sign-ins that a browser began: each may come back once, and in time."""

from datetime import timedelta

from storage import staff_sessions
from storage.staff_sessions import SIGN_IN
from tests.storage.archive import START, Archive

TOKEN = b"s" * 32


class TestASignIn:
    async def test_comes_back_once(self, archive: Archive) -> None:
        async with archive.database.transaction() as session:
            await staff_sessions.begin_sign_in(session, TOKEN, START)
        taken: list[bool] = []
        for _ in range(2):
            async with archive.database.transaction() as session:
                taken.append(await staff_sessions.take_sign_in(session, TOKEN, START))
        assert taken == [True, False]

    async def test_that_nobody_came_back_from_is_forgotten(self, archive: Archive) -> None:
        other, later = b"o" * 32, START + SIGN_IN
        async with archive.database.transaction() as session:
            await staff_sessions.begin_sign_in(session, TOKEN, START)
            assert not await staff_sessions.take_sign_in(session, TOKEN, later)
            await staff_sessions.begin_sign_in(session, other, later)
            assert not await staff_sessions.take_sign_in(session, TOKEN, later - timedelta(1))
