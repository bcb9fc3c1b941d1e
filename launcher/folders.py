"""Where things are kept: the cache (may be lost), the state (must not be), and their locks."""

import asyncio
import contextlib
import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncGenerator, Callable, Generator
from pathlib import Path
from typing import IO

from launcher.errors import AlreadyRuns, LauncherError

CHECKOUT = Path(__file__).resolve().parent.parent
"""The root of the checkout, where children run."""

ROOT_STATE = Path("/var/lib/wederhoor")
"""Where the state of root must be: PostgreSQL runs as another user, who must be let in."""


def cache_folder() -> Path:
    """``WEDERHOOR_CACHE``, or this user's own cache folder; made if missing."""
    given = os.environ.get("WEDERHOOR_CACHE")
    if given:
        folder = Path(given).expanduser().resolve()
    elif sys.platform == "darwin":
        folder = Path.home() / "Library" / "Caches" / "wederhoor"
    else:
        folder = _base("XDG_CACHE_HOME", ".cache") / "wederhoor"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def state_folder() -> Path:
    """``WEDERHOOR_STATE``, or this user's own state folder; not made here.

    Raises ``LauncherError`` when root asks for one outside ``ROOT_STATE``.
    """
    given = os.environ.get("WEDERHOOR_STATE")
    is_root = os.geteuid() == 0
    if given:
        folder = Path(given).expanduser().resolve()
        if is_root and not folder.is_relative_to(ROOT_STATE):
            raise LauncherError(
                f"WEDERHOOR_STATE={given}: as root the state must be under {ROOT_STATE}, because "
                "PostgreSQL runs as another user who needs a way in. Or run as an ordinary user."
            )
        return folder
    if is_root:
        return ROOT_STATE / "state"
    return _base("XDG_STATE_HOME", ".local/state") / "wederhoor"


def make_state_folder(folder: Path) -> Path:
    """Make the state folder, closed to others; as root they may pass through, not look."""
    mode = 0o711 if os.geteuid() == 0 else 0o700
    if folder.is_relative_to(ROOT_STATE):
        for step in reversed([p for p in folder.parents if p.is_relative_to(ROOT_STATE)]):
            step.mkdir(mode=mode, parents=True, exist_ok=True)
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    folder.chmod(mode)
    return folder


@contextlib.contextmanager
def temporary_state() -> Generator[Path]:
    """Give a state folder that is removed at the end, at a place that also serves root."""
    parent = ROOT_STATE / "temporary" if os.geteuid() == 0 else Path(tempfile.gettempdir())
    if os.geteuid() == 0:
        make_state_folder(parent)
    folder = make_state_folder(Path(tempfile.mkdtemp(prefix="wederhoor-", dir=parent)))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def state_lock(folder: Path) -> Generator[None]:
    """Hold the state for this process. Raises ``LauncherError`` if another one has it."""
    with (folder / "lock").open("a+") as file:
        if not _try_lock(file):
            file.seek(0)
            owner = file.read().strip() or "unknown"
            raise AlreadyRuns(
                f"Wederhoor already runs on {folder} (process {owner}). Stop that one, or choose "
                "another state folder with WEDERHOOR_STATE."
            )
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


@contextlib.asynccontextmanager
async def cache_lock(folder: Path, on_wait: Callable[[], None]) -> AsyncGenerator[None]:
    """Hold the cache for this process, waiting for another one that has it.

    ``on_wait`` is called once if there is anything to wait for.
    """
    with _open_lock(folder / "lock") as file:
        if not _try_lock(file):
            on_wait()
            while not _try_lock(file):  # noqa: ASYNC110  # no event crosses processes
                await asyncio.sleep(0.2)
        yield


def _open_lock(path: Path) -> IO[str]:
    return path.open("a+")


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _base(variable: str, under_home: str) -> Path:
    given = os.environ.get(variable, "")
    # The XDG specification: a relative path is invalid and must be ignored.
    return Path(given) if Path(given).is_absolute() else Path.home() / under_home
