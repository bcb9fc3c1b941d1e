"""Let the Temporal SDK download its dev server, in a process that can be given up on."""

import asyncio
import contextlib
import os
import sys
import tempfile
from pathlib import Path

from temporalio.service import __version__ as sdk_version
from temporalio.testing import WorkflowEnvironment

from launcher.child_process import Outcome, run_to_end
from launcher.errors import LauncherError
from launcher.progress import Step
from launcher.temporal_cache import machine

STALLED_AFTER = 30.0
"""Seconds without a byte more before the download is given up."""
_AT_MOST = 1800.0  # seconds


def folder_name() -> str:
    """Give the folder of the cache for this SDK's download."""
    return f"temporal-cli-for-sdk-{sdk_version}-{machine()}"


async def download(into: Path, step: Step) -> Path:
    """Download the dev server's one program as ``into/temporal`` and give its path.

    Raises ``LauncherError`` with the reason when that fails or stalls.
    """
    child = asyncio.ensure_future(
        run_to_end([sys.executable, "-m", __name__, str(into)], within=_AT_MOST)
    )
    try:
        await _watch(child, into, step)
    finally:
        if not child.done():
            child.cancel()
            await asyncio.wait([child])
    outcome = child.result()
    programs = _programs(into)
    if outcome.code != 0 or len(programs) != 1:
        raise LauncherError(outcome.output.strip().rpartition("\n")[2] or "it gave no program")
    return programs[0].rename(into / "temporal")


def _programs(folder: Path) -> list[Path]:
    return [file for file in folder.iterdir() if file.is_file() and os.access(file, os.X_OK)]


def _size(folder: Path) -> int:
    total = 0
    for file in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # renamed just now, as it was complete
            total += file.stat().st_size
    return total


async def _watch(child: asyncio.Future[Outcome], into: Path, step: Step) -> None:
    size, since = -1, 0.0
    while not child.done():
        await asyncio.wait([child], timeout=0.5)
        now = _size(into)
        since = 0.0 if now != size else since + 0.5
        size = now
        step.note(f"{size / 1e6:.0f} MB")
        if since > STALLED_AFTER:
            raise LauncherError(f"nothing came in for {STALLED_AFTER:.0f} s")


async def _main(into: Path) -> None:
    # Its own data file: the server that comes up is only a proof that the download is whole.
    with tempfile.TemporaryDirectory() as scratch:
        try:
            environment = await WorkflowEnvironment.start_local(  # pyright: ignore[reportUnknownMemberType]  # its search_attributes
                download_dest_dir=str(into),
                dev_server_database_filename=str(Path(scratch) / "proof.sqlite"),
                dev_server_log_level="error",
            )
        except RuntimeError as error:
            print(error)
            sys.exit(1)
        await environment.shutdown()


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1])))
