"""Keep the parts of a running system alive."""

import asyncio
import time
from collections.abc import Callable

from launcher.errors import LauncherError
from launcher.parts import Part
from launcher.system import System

_LOOK_EVERY = 0.5  # seconds
_FIRST_WAIT = 1.0  # seconds
_LONGEST_WAIT = 60.0  # seconds
_CALM = 120.0
"""Seconds of life after which a part's earlier crashes are forgotten."""


class Supervisor:
    """Restarts a part that died, each time after a longer wait."""

    def __init__(self, system: System, say: Callable[[str], None]) -> None:
        self._system = system
        self._say = say

    async def run(self) -> None:
        """Watch all parts until cancelled."""
        async with asyncio.TaskGroup() as group:
            for part in self._system.parts:
                group.create_task(self._watch(part))

    async def _watch(self, part: Part) -> None:
        wait = _FIRST_WAIT
        since = time.monotonic()
        while True:
            if part.running:
                await asyncio.sleep(_LOOK_EVERY)
                continue
            if time.monotonic() - since > _CALM:
                wait = _FIRST_WAIT
            self._say(f"{part.name} has stopped; starting it again in {wait:.0f} s")
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)
            since = time.monotonic()
            try:
                await self._system.restart(part)
            except (LauncherError, OSError) as error:
                self._say(str(error))
            else:
                self._say(f"{part.name} is back")
