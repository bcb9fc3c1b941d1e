"""An operator's command on the embedded system that ``make run`` keeps, running or not."""

import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from launcher.errors import AlreadyRuns, LauncherError
from launcher.folders import CHECKOUT, cache_folder, state_folder, state_lock
from launcher.ports import scratch_ports
from launcher.postgres_programs import program_folder, unprivileged_user
from launcher.system import System

_LINE_OF_PORT = 3
"""In ``postmaster.pid``, counted from 0."""


async def operate(words: Sequence[str]) -> int:
    """Run ``python -m operations`` with what the embedded system has; return its exit code.

    A system that does not run gets its database started for as long as that takes.

    Raises:
        LauncherError: when there is no system yet.
    """
    state_dir = state_folder()
    data = state_dir / "postgres" / "data"
    if not (data / "PG_VERSION").exists():
        raise LauncherError("There is no system yet: start one once with `make run`.")
    ports = scratch_ports()
    try:
        with state_lock(state_dir):
            system = System(state_dir, cache_folder(), ports=ports)
            try:
                await system.postgres.start()
                await system.postgres.ready()
                return await _run(system, data, words)
            finally:
                await system.postgres.stop()
    except AlreadyRuns:
        ports = replace(ports, postgres=_running_port(data))
        return await _run(System(state_dir, cache_folder(), ports=ports), data, words)


async def _run(system: System, data: Path, words: Sequence[str]) -> int:
    programs = await program_folder(data, unprivileged_user())
    environment = system.environment()
    environment["PATH"] = f"{programs}{os.pathsep}{environment.get('PATH', '')}"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "operations", *words, env=environment, cwd=CHECKOUT
    )
    return await process.wait()


def _running_port(data: Path) -> int:
    try:
        return int((data / "postmaster.pid").read_text().splitlines()[_LINE_OF_PORT])
    except (OSError, IndexError, ValueError):
        raise LauncherError("The database of the running system is not there yet.") from None
