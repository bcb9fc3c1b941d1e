"""Movable timers: one for each running clock, and none that has nothing to do."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.waits import Wait


class Alarm:
    """Rings once at a set moment. Setting it to the moment it already has costs no event."""

    def __init__(self) -> None:
        self.rings = False
        self._at: datetime | None = None
        self._timer: asyncio.Task[None] | None = None

    def set(self, at: datetime, summary: str) -> None:
        """Ring at ``at`` (UTC) instead of when it would have; ``summary`` shows in the UI."""
        if at == self._at:
            return
        self.silence()
        self._at = at
        self._timer = asyncio.create_task(self._run(at, summary))

    def silence(self) -> None:
        """Do not ring any more."""
        if self._timer is not None:
            self._timer.cancel()
        self.rings, self._at, self._timer = False, None, None

    async def _run(self, at: datetime, summary: str) -> None:
        await workflow.sleep(max(at - workflow.now(), timedelta(0)), summary=summary)
        self.rings = True


class Alarms:
    """An alarm for each clock that has something to do by itself."""

    def __init__(self) -> None:
        self._alarms: dict[Wait, Alarm] = {}

    @property
    def ring(self) -> bool:
        """Tell whether one of them rings."""
        return any(alarm.rings for alarm in self._alarms.values())

    def keep(self, wanted: Mapping[Wait, tuple[datetime, str]]) -> None:
        """Have exactly these alarms, each with its moment (UTC) and summary.

        An alarm that keeps its moment is not touched: a change of one clock wakes no other.
        """
        for wait in [wait for wait in self._alarms if wait not in wanted]:
            self._alarms.pop(wait).silence()
        for wait, (at, summary) in wanted.items():
            self._alarms.setdefault(wait, Alarm()).set(at, summary)

    def silence_those_that_ring(self) -> None:
        """Stop the ringing; the others go on."""
        for alarm in self._alarms.values():
            if alarm.rings:
                alarm.silence()
