"""Start, await and find child processes. Nothing here is bound to an event loop's life."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from launcher.errors import LauncherError

TETHER = Path(__file__).with_name("tether.py")


@dataclass(frozen=True)
class Outcome:
    """What a finished command left: its exit code and its output, both streams in order."""

    code: int
    output: str

    def tail(self, lines: int = 15) -> str:
        """Give the last lines, indented for a message."""
        return indented_tail(self.output, lines)


def indented_tail(text: str, lines: int) -> str:
    """Give the last ``lines`` of ``text``, each indented by four spaces."""
    return "\n".join(f"    {line}" for line in text.rstrip().splitlines()[-lines:])


def tethered(
    command: Sequence[str], *, user: str | None = None, death_signal: int = signal.SIGTERM
) -> list[str]:
    """Wrap ``command`` so that it runs as ``user`` and ends when this process does."""
    parent = str(os.getpid())
    head = [sys.executable, "-I", "-S", str(TETHER), str(int(death_signal)), parent, user or "-"]
    return [*head, *command]


async def run_to_end(  # each is a plain option of a process
    command: Sequence[str],
    *,
    within: float,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: str | None = None,
    on_line: Callable[[str], None] | None = None,
) -> Outcome:
    """Run a command to its end and give its exit code and output.

    ``within`` is in seconds. A command that takes longer, or whose awaiting task is cancelled, is
    killed with all it started. Raises ``LauncherError`` for one that takes too long.
    """
    process = await asyncio.create_subprocess_exec(
        *tethered(command, user=user, death_signal=signal.SIGKILL),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=env,
        cwd=cwd,
        start_new_session=True,
        limit=1 << 20,
    )
    output: list[str] = []
    try:
        async with asyncio.timeout(within):
            assert process.stdout is not None  # noqa: S101  # asked for above
            async for raw in process.stdout:
                line = raw.decode(errors="replace").rstrip("\n")
                output.append(line)
                if on_line is not None:
                    on_line(line)
            code = await process.wait()
    except TimeoutError:
        raise LauncherError(f"{' '.join(command)} took longer than {within:.0f} s") from None
    finally:
        if process.returncode is None:
            kill_group(process.pid)
            await process.wait()
    return Outcome(code, "\n".join(output))


def kill_group(pid: int) -> None:
    """Kill the process group ``pid`` leads; one that is already gone is fine."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def started_at(pid: int) -> str | None:
    """Tell when ``pid`` started, as an opaque text that no other process of that id shares."""
    if sys.platform == "linux":
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] in "ZX" else fields[19]
    shown = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return shown.stdout.strip() or None


class PidFile:
    """Remembers a child across a crash of the launcher, so that the next run can end it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, pid: int) -> None:
        """Note a child that has just started."""
        self._path.write_text(f"{pid} {started_at(pid) or ''}\n")

    def clear(self) -> None:
        """Forget the child."""
        self._path.unlink(missing_ok=True)

    def end_leftover(self) -> bool:
        """Kill what an earlier run left behind; tell whether there was anything."""
        try:
            pid_text, _, start = self._path.read_text().strip().partition(" ")
            pid = int(pid_text)
        except (OSError, ValueError):
            return False
        alive = bool(start) and started_at(pid) == start
        if alive:
            kill_group(pid)
        self.clear()
        return alive
