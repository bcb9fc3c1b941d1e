"""Build the stock Temporal server and its UI from the Go module proxy."""

import os
import re
import shutil
from pathlib import Path

from launcher.child_process import Outcome, run_to_end
from launcher.errors import LauncherError
from launcher.progress import Progress, Step
from launcher.temporal_version import numbers

SERVER_VERSION = "1.32.0"
UI_VERSION = "2.54.1"
GO_WANTED = "1.26.8"
"""What the go.mod of the server asks for."""
_GO_FETCHES_ITSELF = (1, 21)
"""Since this version an older Go fetches the one a module asks for, unless told not to."""

_SERVER = f"go.temporal.io/server/cmd/server@v{SERVER_VERSION}"
_UI = f"github.com/temporalio/ui-server/v2/cmd/server@v{UI_VERSION}"
_AT_MOST = 3600.0  # seconds


async def build(into: Path, progress: Progress) -> None:
    """Build both programs as ``into/temporal-server`` and ``into/temporal-ui``.

    Takes 4 to 5 minutes on two cores, and about 2 GB in Go's own caches. Raises
    ``LauncherError`` with the reason if Go is missing, too old, or fails.
    """
    go = await usable_go()
    # Both programs are called `server`, so each is built into a folder of its own.
    for title, module, name in (
        (f"Building the Temporal server {SERVER_VERSION} (once, some minutes)", _SERVER, "server"),
        (f"Building the Temporal UI {UI_VERSION} (once)", _UI, "ui"),
    ):
        async with progress.step(title) as step:
            folder = into / f"gobin-{name}"
            folder.mkdir()
            outcome = await _install(go, module, folder, step)
        if outcome.code != 0 or not (folder / "server").exists():
            raise LauncherError(f"`go install {module}` failed:\n{outcome.tail()}")
        (folder / "server").rename(into / f"temporal-{name}")
        folder.rmdir()


async def _install(go: str, module: str, folder: Path, step: Step) -> Outcome:
    downloaded = compiled = 0

    def count(line: str) -> None:
        nonlocal downloaded, compiled
        if line.startswith("go: downloading"):
            downloaded += 1
        else:
            compiled += 1
        step.note(f"{downloaded} modules downloaded, {compiled} packages compiled")

    environment = {**os.environ, "GOBIN": str(folder)}
    command = [go, "install", "-v", "-ldflags=-s -w", module]
    return await run_to_end(command, within=_AT_MOST, env=environment, cwd=folder, on_line=count)


def find_go() -> str | None:
    """Look for ``go`` on the PATH and where its installers put it."""
    usual = (os.environ.get("PATH", ""), "/usr/local/go/bin", "/opt/homebrew/bin")
    return shutil.which("go", path=os.pathsep.join(usual))


async def usable_go() -> str:
    """Find a Go that can build the server. Raises ``LauncherError`` if there is none."""
    go = find_go()
    if go is None:
        raise LauncherError("there is no `go` on the PATH")
    outcome = await run_to_end([go, "env", "GOVERSION", "GOTOOLCHAIN"], within=60)
    found = re.search(r"^go(\d+(?:\.\d+)*)", outcome.output, re.MULTILINE)
    if outcome.code != 0 or found is None:
        raise LauncherError(f"`{go}` does not work:\n{outcome.tail(3)}")
    version = numbers(found[1])
    fetches = version >= _GO_FETCHES_ITSELF and "local" not in outcome.output
    if version < numbers(GO_WANTED) and not fetches:
        raise LauncherError(f"`{go}` is Go {found[1]}, the server needs {GO_WANTED} or later")
    return go
