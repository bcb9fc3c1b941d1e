"""One movable timer."""

import asyncio
from datetime import datetime, timedelta

from temporalio import workflow


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
