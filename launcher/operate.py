"""An operator's commands on the system that `make run` keeps, while it runs.

The running system leaves its settings beside its keys, closed to others like these.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from launcher.errors import LauncherError
from launcher.folders import CHECKOUT
from settings import private_files

_FILE = "running-settings.json"
_OURS = ("WEDERHOOR_", "TEMPORAL_")


def leave_settings(state_dir: Path, environment: Mapping[str, str]) -> None:
    """Let commands find the system that has just started."""
    ours = {name: value for name, value in environment.items() if name.startswith(_OURS)}
    private_files.replace(_path(state_dir), json.dumps(ours).encode())


def remove_settings(state_dir: Path) -> None:
    """Let no command look for a system that has stopped."""
    _path(state_dir).unlink(missing_ok=True)


def operate(state_dir: Path, words: Sequence[str]) -> int:
    """Run ``python -m operations`` with the settings of the running system; give its exit code.

    Settings in the environment of the caller win: then it is that system which is meant.

    Raises:
        LauncherError: when no system runs on the state folder, and no settings say which is meant.
    """
    settings: Mapping[str, str] = {}
    if "WEDERHOOR_DATABASE_URL" not in os.environ:
        try:
            settings = json.loads(_path(state_dir).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise LauncherError("Nothing runs here: start the system with `make run`.") from None
    command = [sys.executable, "-m", "operations", *words]
    done = subprocess.run(command, env={**os.environ, **settings}, cwd=CHECKOUT, check=False)
    return done.returncode


def _path(state_dir: Path) -> Path:
    return state_dir / "secrets" / _FILE
