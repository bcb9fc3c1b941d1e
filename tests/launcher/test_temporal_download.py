import asyncio
from pathlib import Path

import pytest

from launcher import temporal_download
from launcher.child_process import Outcome
from launcher.errors import LauncherError
from launcher.progress import Progress


class TestDownload:
    async def test_is_given_up_when_nothing_comes_in(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ended = asyncio.Event()

        async def hangs(*_: object, **__: object) -> Outcome:
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()
            return Outcome(0, "")

        monkeypatch.setattr(temporal_download, "run_to_end", hangs)
        monkeypatch.setattr(temporal_download, "STALLED_AFTER", 0.1)
        async with Progress().step("a download") as step:
            with pytest.raises(LauncherError, match="nothing came in"):
                await temporal_download.download(tmp_path, step)
        assert ended.is_set()

    async def test_gives_the_last_line_as_the_reason(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def fails(*_: object, **__: object) -> Outcome:
            return Outcome(1, "something\nno such host")

        monkeypatch.setattr(temporal_download, "run_to_end", fails)
        async with Progress().step("a download") as step:
            with pytest.raises(LauncherError, match=r"^no such host$"):
                await temporal_download.download(tmp_path, step)

    async def test_gives_the_one_program_that_came_in(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def works(*_: object, **__: object) -> Outcome:
            program = tmp_path / "temporal-sdk-python-1.35.0"
            program.touch(mode=0o755)
            return Outcome(0, "")

        monkeypatch.setattr(temporal_download, "run_to_end", works)
        async with Progress().step("a download") as step:
            assert await temporal_download.download(tmp_path, step) == tmp_path / "temporal"
