"""Find a Temporal server that will do, by the first way that works."""

import os
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from temporalio.api.workflowservice.v1 import GetSystemInfoRequest
from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.service import RPCError

from launcher import temporal_build, temporal_download
from launcher.child_process import run_to_end
from launcher.errors import LauncherError
from launcher.folders import cache_lock
from launcher.progress import Progress
from launcher.temporal_cache import (
    complete_folders,
    fresh_folder,
    is_complete,
    machine,
    note_of,
    put_in_place,
)
from launcher.temporal_version import (
    WAYS_OUT,
    DataFile,
    Flavour,
    cli_server_version,
    floor_text,
    is_new_enough,
    stock_server_version,
)

SOURCES = ("path", "cache", "download", "build")


class NotThisWay(Exception):
    """One way did not lead to a server; the text says why, as the end of a sentence."""


@dataclass(frozen=True)
class FoundServer:
    """A server to use: one that runs already, or programs to start."""

    kind: Literal["running", "cli", "stock"]
    version: str
    origin: str
    """Where it came from, for the user."""
    program: Path = Path()
    """The CLI or the stock server; unset for one that runs already."""
    ui_program: Path = Path()
    """Only beside the stock server."""

    @property
    def flavour(self) -> Flavour:
        """The flavour a data file of this server belongs to."""
        if self.kind == "running":
            raise LauncherError("a server that runs elsewhere has no data file here")
        return Flavour(self.kind, self.version)


async def find_temporal(
    cache_dir: Path, progress: Progress, data: DataFile | None = None
) -> FoundServer:
    """Find a server for the data file, or for a new one.

    ``WEDERHOOR_TEMPORAL_SOURCE`` (one of ``SOURCES``) restricts the search to one way. Raises
    ``LauncherError`` that lists every way tried and how to get a server.
    """
    if os.environ.get("TEMPORAL_ADDRESS"):
        return await running_server()
    if data is not None:
        data.flavour()  # an unreadable marker ends the search before anything is downloaded
    search = _Search(cache_dir, progress, data)
    async with cache_lock(cache_dir, lambda: progress.say("Waiting for another set-up to end")):
        return await search.run()


async def running_server() -> FoundServer:
    """Check the server at ``TEMPORAL_ADDRESS``. Raises ``LauncherError`` if it will not do.

    ``TEMPORAL_API_KEY``, ``TEMPORAL_TLS_…`` and the like are respected, as by the application.
    """
    address = os.environ["TEMPORAL_ADDRESS"]
    settings = ClientConfig.load_client_connect_config(disable_file=True)
    try:
        client = await Client.connect(**settings)
        info = await client.workflow_service.get_system_info(GetSystemInfoRequest())
    except (RuntimeError, RPCError) as error:
        raise LauncherError(
            f"TEMPORAL_ADDRESS is {address}, but no Temporal server answers there ({error}). "
            "Start it, or unset the variable to let Wederhoor bring its own."
        ) from None
    if not is_new_enough(info.server_version):
        raise LauncherError(
            f"The Temporal server at TEMPORAL_ADDRESS {address} is {info.server_version}; "
            f"Wederhoor needs {floor_text()} or later. Upgrade it, or unset the variable."
        )
    return FoundServer("running", info.server_version, f"TEMPORAL_ADDRESS ({address})")


class _Search:
    def __init__(self, cache_dir: Path, progress: Progress, data: DataFile | None) -> None:
        self._cache = cache_dir
        self._progress = progress
        self._data = data

    async def run(self) -> FoundServer:
        titles = {
            "path": "`temporal` on the PATH",
            "cache": f"an earlier run's in {self._cache}",
            "download": "the SDK's download",
            "build": f"`go install` of the stock server {temporal_build.SERVER_VERSION}",
        }
        ways: dict[str, Callable[[], Awaitable[FoundServer]]] = {
            "path": self._on_path,
            "cache": self._in_cache,
            "download": self._download,
            "build": self._build,
        }
        reasons: list[str] = []
        for source in _chosen_sources():
            try:
                return await ways[source]()
            except NotThisWay as reason:
                reasons.append(f"  - {titles[source]}: {reason}")
        raise LauncherError("\n".join([_HEAD, *reasons, self._advice()]))

    def _advice(self) -> str:
        owner = self._data.flavour() if self._data is not None else None
        if owner is not None:
            return f"The running cases were written by {owner}, and only that may go on. {WAYS_OUT}"
        return _ADVICE

    def _accept(self, server: FoundServer) -> FoundServer:
        if not is_new_enough(server.version):
            raise NotThisWay(f"its server is {server.version}, {floor_text()} is the oldest to do")
        refusal = self._data.refusal(server.flavour) if self._data is not None else None
        if refusal is not None:
            raise NotThisWay(refusal)
        return server

    async def _on_path(self) -> FoundServer:
        program = shutil.which("temporal")
        if program is None:
            raise NotThisWay("there is none")
        server = await cli_server(Path(program), f"{program} (on the PATH)")
        return self._accept(server)

    async def _in_cache(self) -> FoundServer:
        reasons: list[str] = []
        for folder in complete_folders(self._cache):
            try:
                return self._accept(await server_in(folder))
            except NotThisWay as reason:
                reasons.append(f"{folder.name}: {reason}")
        raise NotThisWay("; ".join(reasons) or "there is none that is complete")

    async def _download(self) -> FoundServer:
        folder = self._cache / temporal_download.folder_name()
        if is_complete(folder):
            raise NotThisWay("it is in the cache already, see above")
        title = "Downloading the Temporal dev server (once)"
        with fresh_folder(folder) as fresh:
            async with self._progress.step(title) as step:
                try:
                    program = await temporal_download.download(fresh, step)
                except LauncherError as error:
                    self._progress.say("The Temporal dev server cannot be downloaded here")
                    raise NotThisWay(str(error)) from None
            server = await cli_server(program, "downloaded")
            put_in_place(fresh, folder, {"kind": "cli", "version": server.version})
        return self._accept(await server_in(folder))

    async def _build(self) -> FoundServer:
        wanted = Flavour("stock", temporal_build.SERVER_VERSION)
        refusal = self._data.refusal(wanted) if self._data is not None else None
        if refusal is not None:
            raise NotThisWay(refusal)
        folder = self._cache / (
            f"temporal-stock-{temporal_build.SERVER_VERSION}"
            f"-ui-{temporal_build.UI_VERSION}-{machine()}"
        )
        with fresh_folder(folder) as fresh:
            try:
                await temporal_build.build(fresh, self._progress)
            except LauncherError as error:
                raise NotThisWay(str(error)) from None
            put_in_place(fresh, folder, {"kind": "stock", "version": wanted.version})
        return self._accept(await server_in(folder))


def _chosen_sources() -> tuple[str, ...]:
    only = os.environ.get("WEDERHOOR_TEMPORAL_SOURCE")
    if not only:
        return SOURCES
    if only not in SOURCES:
        raise LauncherError(
            f"WEDERHOOR_TEMPORAL_SOURCE={only} is unknown; it may be one of {', '.join(SOURCES)}"
        )
    return (only,)


async def cli_server(program: Path, origin: str) -> FoundServer:
    """Ask a Temporal CLI which server it holds. Raises ``NotThisWay`` if it does not say."""
    version = cli_server_version(await _version_output(program))
    if version is None:
        raise NotThisWay(f"{program} does not tell its server's version")
    return FoundServer("cli", version, origin, program)


async def server_in(folder: Path) -> FoundServer:
    """Check what a complete folder of the cache holds. Raises ``NotThisWay`` if it is broken."""
    origin = f"the cache ({folder})"
    try:
        noted = note_of(folder)
        if noted["kind"] == "cli":
            server = await cli_server(folder / "temporal", origin)
        else:
            version = stock_server_version(await _version_output(folder / "temporal-server"))
            await _version_output(folder / "temporal-ui")
            server = FoundServer(
                "stock", version or "?", origin, folder / "temporal-server", folder / "temporal-ui"
            )
    except (ValueError, KeyError):
        raise NotThisWay("its note of completion is unreadable") from None
    if server.version != noted.get("version"):
        raise NotThisWay(f"it says {server.version}, but {noted.get('version')} was put there")
    return server


async def _version_output(program: Path) -> str:
    try:
        outcome = await run_to_end([str(program), "--version"], within=30)
    except LauncherError as error:
        raise NotThisWay(str(error)) from None
    if outcome.code != 0:
        first = outcome.output.strip().splitlines()[:1]
        raise NotThisWay(f"`{program} --version` fails ({outcome.code}): {' '.join(first)}")
    return outcome.output


_HEAD = f"No Temporal server {floor_text()} or later could be found. Tried, in this order:"
_ADVICE = f"""Ways to get one:
  - install the Temporal CLI (with server {floor_text()} or later) so that `temporal` is on the PATH
  - install Go {temporal_build.GO_WANTED} or later, and Wederhoor builds the server itself
  - run a Temporal server yourself and set TEMPORAL_ADDRESS=host:port
  - on a network with internet access, run the same command again: it downloads one"""
