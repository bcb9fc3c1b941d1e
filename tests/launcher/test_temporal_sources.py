from pathlib import Path

import pytest

from launcher import temporal_build, temporal_download, temporal_sources
from launcher.errors import LauncherError
from launcher.progress import Progress, Step
from launcher.temporal_cache import complete_folders, fresh_folder, machine, put_in_place
from launcher.temporal_sources import FoundServer, find_temporal
from launcher.temporal_version import DataFile, Flavour


def _program(path: Path, output: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{output}'\n")
    path.chmod(0o755)
    return path


def _cli(path: Path, server: str) -> Path:
    return _program(path, f"temporal version 1.9.0 (Server {server}, UI 2.54.0)")


def _stock_in_cache(cache: Path, version: str = "1.32.0") -> Path:
    folder = cache / f"temporal-stock-{version}-ui-2.54.1-{machine()}"
    with fresh_folder(folder) as fresh:
        _program(fresh / "temporal-server", f"temporal version {version}")
        _program(fresh / "temporal-ui", "Temporal UI version 2.54.1")
        put_in_place(fresh, folder, {"kind": "stock", "version": version})
    return folder


async def _no_download(_into: Path, _step: Step) -> Path:
    raise LauncherError("no way out of this network")


async def _no_build(_into: Path, _progress: Progress) -> None:
    raise LauncherError("there is no `go` on the PATH")


async def _a_build(into: Path, _progress: Progress) -> None:
    _program(into / "temporal-server", f"temporal version {temporal_build.SERVER_VERSION}")
    _program(into / "temporal-ui", f"Temporal UI version {temporal_build.UI_VERSION}")


class Search:
    """A search on a machine that has nothing, unless a test puts something there."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cache = root / "cache"
        self.cache.mkdir()
        self.path = root / "bin"
        self.data = DataFile(root / "state")
        self.patch = monkeypatch
        monkeypatch.setenv("PATH", f"{self.path}:/usr/bin:/bin")
        monkeypatch.delenv("TEMPORAL_ADDRESS", raising=False)
        monkeypatch.delenv("WEDERHOOR_TEMPORAL_SOURCE", raising=False)
        monkeypatch.setattr(temporal_download, "download", _no_download)
        monkeypatch.setattr(temporal_build, "build", _no_build)
        monkeypatch.setattr(temporal_sources.shutil, "which", self._which)

    def _which(self, name: str) -> str | None:
        found = self.path / name
        return str(found) if found.exists() else None

    def data_written_by(self, flavour: Flavour) -> None:
        self.data.claim(flavour)
        self.data.path.touch()

    async def run(self) -> FoundServer:
        return await find_temporal(self.cache, Progress(), self.data)


@pytest.fixture
def search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Search:
    return Search(tmp_path, monkeypatch)


class TestFindTemporal:
    async def test_prefers_the_path_to_the_cache(self, search: Search) -> None:
        program = _cli(search.path / "temporal", "1.33.0")
        _stock_in_cache(search.cache)
        server = await search.run()
        assert (server.kind, server.version, server.program) == ("cli", "1.33.0", program)

    async def test_passes_over_a_cli_that_is_too_old(self, search: Search) -> None:
        _cli(search.path / "temporal", "1.29.1")
        folder = _stock_in_cache(search.cache)
        assert (await search.run()).program == folder / "temporal-server"

    async def test_prefers_the_cache_to_a_download(self, search: Search) -> None:
        folder = _stock_in_cache(search.cache)
        assert (await search.run()).ui_program == folder / "temporal-ui"

    async def test_keeps_what_was_downloaded(self, search: Search) -> None:
        async def download(into: Path, _step: Step) -> Path:
            return _cli(into / "temporal", "1.32.1")

        search.patch.setattr(temporal_download, "download", download)
        first = await search.run()
        search.patch.setattr(temporal_download, "download", _no_download)
        assert (await search.run()) == first
        assert first.version == "1.32.1"

    async def test_builds_when_nothing_can_be_downloaded(self, search: Search) -> None:
        search.patch.setattr(temporal_build, "build", _a_build)
        first = await search.run()
        search.patch.setattr(temporal_build, "build", _no_build)
        assert (await search.run()) == first
        assert first.kind == "stock"

    async def test_does_not_use_a_half_finished_build(self, search: Search) -> None:
        async def dies_halfway(into: Path, _progress: Progress) -> None:
            _program(into / "temporal-server", "temporal version 1.32.0")
            raise KeyboardInterrupt

        search.patch.setattr(temporal_build, "build", dies_halfway)
        with pytest.raises(KeyboardInterrupt):
            await search.run()
        assert complete_folders(search.cache) == []
        search.patch.setattr(temporal_build, "build", _a_build)
        assert (await search.run()).kind == "stock"

    async def test_does_not_use_a_folder_a_power_cut_left(self, search: Search) -> None:
        folder = _stock_in_cache(search.cache)
        folder.rename(folder.with_name(f"{folder.name}.partial"))
        with pytest.raises(LauncherError, match="there is none that is complete"):
            await search.run()

    async def test_builds_anew_what_broke_in_the_cache(self, search: Search) -> None:
        folder = _stock_in_cache(search.cache)
        (folder / "temporal-server").write_text("#!/bin/sh\nexit 1\n")
        search.patch.setattr(temporal_build, "build", _a_build)
        assert (await search.run()).program == folder / "temporal-server"

    async def test_lists_each_way_and_its_reason_when_none_works(self, search: Search) -> None:
        _cli(search.path / "temporal", "1.29.1")
        with pytest.raises(LauncherError) as caught:
            await search.run()
        message = str(caught.value)
        assert "`temporal` on the PATH: its server is 1.29.1, 1.32 is the oldest" in message
        assert "there is none that is complete" in message
        assert "the SDK's download: no way out of this network" in message
        assert "`go install` of the stock server 1.32.0: there is no `go` on the PATH" in message
        assert "set TEMPORAL_ADDRESS=host:port" in message

    async def test_can_be_restricted_to_one_way(self, search: Search) -> None:
        _cli(search.path / "temporal", "1.33.0")
        folder = _stock_in_cache(search.cache)
        search.patch.setenv("WEDERHOOR_TEMPORAL_SOURCE", "cache")
        assert (await search.run()).program == folder / "temporal-server"

    async def test_refuses_a_way_it_does_not_know(self, search: Search) -> None:
        search.patch.setenv("WEDERHOOR_TEMPORAL_SOURCE", "magic")
        with pytest.raises(LauncherError, match="may be one of path, cache, download, build"):
            await search.run()

    async def test_tries_nothing_else_when_an_address_is_set(self, search: Search) -> None:
        _stock_in_cache(search.cache)
        search.patch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
        with pytest.raises(LauncherError, match="no Temporal server answers there"):
            await search.run()


class TestDataOfAnotherServer:
    async def test_makes_a_newer_server_step_aside(self, search: Search) -> None:
        _cli(search.path / "temporal", "1.33.0")
        folder = _stock_in_cache(search.cache)
        search.data_written_by(Flavour("stock", "1.32.0"))
        assert (await search.run()).program == folder / "temporal-server"

    async def test_is_refused_when_only_other_servers_are_found(self, search: Search) -> None:
        _stock_in_cache(search.cache)
        search.data_written_by(Flavour("cli", "1.33.0"))
        with pytest.raises(LauncherError) as caught:
            await search.run()
        assert "it is the stock server 1.32.0, but the running cases were written by" in str(
            caught.value
        )
        assert "make reset" in str(caught.value)
        assert "TEMPORAL_ADDRESS" in str(caught.value)

    async def test_is_refused_when_nobody_knows_whose_it_is(self, search: Search) -> None:
        _stock_in_cache(search.cache)
        search.data.path.parent.mkdir(parents=True)
        search.data.path.touch()
        with pytest.raises(LauncherError, match="does not tell which Temporal server wrote it"):
            await search.run()

    def test_is_not_claimed(self, tmp_path: Path) -> None:
        data = DataFile(tmp_path)
        data.claim(Flavour("stock", "1.32.0"))
        data.path.touch()
        data.claim(Flavour("stock", "1.32.0"))
        with pytest.raises(LauncherError, match="Not starting a Temporal server"):
            data.claim(Flavour("stock", "1.33.0"))
