"""What every part of the system can do, and the base of the parts that are a child process."""

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from launcher.child_process import PidFile, indented_tail, kill_group, tethered
from launcher.errors import PartError

_POLL = 0.05  # seconds
_LOG_KEPT = 20_000_000  # bytes; a longer log is set aside once at the next start
_TAIL = 20  # lines


class Part(ABC):
    """One part of the system. Start, ready, stop; and start again on the same ports and data."""

    name: str

    @abstractmethod
    async def start(self) -> None:
        """Begin; returns before the part is ready."""

    @abstractmethod
    async def ready(self) -> None:
        """Wait until the part does its work. Raises ``PartError`` if it dies or takes too long."""

    @abstractmethod
    async def stop(self) -> None:
        """End cleanly; does nothing for a part that does not run."""

    @abstractmethod
    async def kill(self) -> None:
        """End by SIGKILL, as a crash would; does nothing for a part that does not run."""

    @property
    @abstractmethod
    def running(self) -> bool:
        """Whether the part is alive; never waits."""


class ProcessPart(Part):
    """A part that is one child process, in a session of its own, with a log file.

    ``state_dir`` must exist; the log goes to ``state_dir/logs/NAME.log``. Start it from a thread
    that lives as long as the part: on Linux the child ends with the thread that started it.
    """

    stop_signal: signal.Signals = signal.SIGTERM
    stop_within: float = 10.0
    """Seconds between the stop signal and SIGKILL."""
    ready_within: float = 60.0
    """Seconds."""

    def __init__(self, name: str, state_dir: Path) -> None:
        self.name = name
        self.log_path = state_dir / "logs" / f"{name}.log"
        self._pid_file = PidFile(state_dir / "logs" / f"{name}.pid")
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    @abstractmethod
    def command(self) -> list[str]:
        """Give the program and its arguments, decided at each start."""

    @abstractmethod
    async def is_ready(self) -> bool:
        """Ask the process once whether it does its work."""

    def child_environment(self) -> Mapping[str, str]:
        """Give the whole environment of the child."""
        return os.environ

    def working_directory(self) -> Path | None:
        """Give the folder the child runs in, ``None`` for our own."""
        return None

    def system_user(self) -> str | None:
        """Give the account the child runs as, ``None`` for our own."""
        return None

    async def prepare(self) -> None:
        """Make what the process needs before it starts (files, folders)."""

    @property
    def running(self) -> bool:
        """Whether the child is alive."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The process id of the child, ``None`` when it was not started."""
        return None if self._process is None else self._process.pid

    async def start(self) -> None:
        """Start the child; a child that already runs is left alone."""
        if self.running:
            return
        self.log_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._pid_file.end_leftover()
        await self.prepare()
        self._spawn()

    def _spawn(self) -> None:
        self._set_long_log_aside()
        with self.log_path.open("ab") as log:
            self._log_start = log.tell()
            self._process = subprocess.Popen(
                tethered(self.command(), user=self.system_user(), death_signal=self.stop_signal),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(self.child_environment()),
                cwd=self.working_directory(),
                start_new_session=True,
            )
        self._pid_file.write(self._process.pid)

    async def ready(self) -> None:
        """Wait until the child answers."""
        deadline = time.monotonic() + self.ready_within
        while self.running:
            if await self.is_ready():
                return
            if time.monotonic() > deadline:
                raise self._error(f"{self.name} was not ready within {self.ready_within:.0f} s")
            await asyncio.sleep(_POLL)
        code = None if self._process is None else self._process.returncode
        raise self._error(f"{self.name} {_describe_end(code)}")

    async def stop(self) -> None:
        """Send the stop signal, wait, then SIGKILL whatever is left of the group."""
        process = self._process
        if process is None:
            return
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(self.stop_signal)
            await _wait_for(process, self.stop_within)
        await self.kill()

    async def kill(self) -> None:
        """SIGKILL the child and all in its group."""
        process, self._process = self._process, None
        if process is None:
            return
        kill_group(process.pid)
        await _wait_for(process, 10)
        self._pid_file.clear()

    def log_tail(self, lines: int = _TAIL) -> str:
        """Give the last lines the child wrote since its latest start, indented."""
        try:
            with self.log_path.open("rb") as log:
                log.seek(self._log_start)
                text = log.read().decode(errors="replace")
        except OSError:
            return ""
        return indented_tail(text, lines)

    def _error(self, what: str) -> PartError:
        tail = self.log_tail() or "    (it wrote nothing)"
        return PartError(f"{what}. The end of {self.log_path}:\n{tail}")

    def _set_long_log_aside(self) -> None:
        if self.log_path.exists() and self.log_path.stat().st_size > _LOG_KEPT:
            self.log_path.replace(self.log_path.with_suffix(".log.1"))


def _describe_end(code: int | None) -> str:
    if code is None:
        return "was not started"
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended by itself with exit code {code}"


async def _wait_for(process: subprocess.Popen[bytes], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    # An event would be tied to a loop, and a part may be stopped in another than it began in.
    while process.poll() is None and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.02)


async def http_status(port: int, path: str) -> int | None:
    """Ask 127.0.0.1 for ``path``; the status code, or ``None`` when nothing answers."""
    return await asyncio.to_thread(_http_status, port, path)


def _http_status(port: int, path: str) -> int | None:
    connection = HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        return connection.getresponse().status
    except (OSError, HTTPException):
        return None
    finally:
        connection.close()
