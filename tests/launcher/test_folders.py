import asyncio
from pathlib import Path

import pytest

from launcher import folders
from launcher.errors import LauncherError
from launcher.folders import cache_lock, make_state_folder, state_folder, state_lock


class TestStateFolder:
    def test_of_root_stays_where_postgresql_can_be_let_in(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(folders.os, "geteuid", lambda: 0)
        monkeypatch.setenv("WEDERHOOR_STATE", str(tmp_path))
        with pytest.raises(LauncherError, match="as root the state must be under"):
            state_folder()

    def test_of_anyone_else_may_be_anywhere(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(folders.os, "geteuid", lambda: 1000)
        monkeypatch.setenv("WEDERHOOR_STATE", str(tmp_path))
        assert state_folder() == tmp_path.resolve()

    def test_of_anyone_else_is_closed_to_others(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(folders.os, "geteuid", lambda: 1000)
        assert make_state_folder(tmp_path / "state").stat().st_mode & 0o777 == 0o700

    def test_is_held_by_one_process(self, tmp_path: Path) -> None:
        with (
            state_lock(tmp_path),
            pytest.raises(LauncherError, match="already runs on"),
            state_lock(tmp_path),
        ):
            pass

    def test_is_free_again_afterwards(self, tmp_path: Path) -> None:
        with state_lock(tmp_path):
            pass
        with state_lock(tmp_path):
            pass


class TestCacheLock:
    async def test_waits_for_the_one_who_has_it(self, tmp_path: Path) -> None:
        waiting = asyncio.Event()
        order: list[str] = []

        async def second() -> None:
            async with cache_lock(tmp_path, waiting.set):
                order.append("second")

        async with cache_lock(tmp_path, lambda: None):
            task = asyncio.create_task(second())
            await waiting.wait()
            order.append("first")
        await task
        assert order == ["first", "second"]
