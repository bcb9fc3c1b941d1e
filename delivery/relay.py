"""The relay: delivers what stayed behind because Temporal, or whoever rang, was down."""

import structlog

from delivery.courier import Courier, NotDelivered
from domain.clock import Clock
from storage import undelivered
from storage.database import Database
from storage.persistence import keep_doing

_log = structlog.get_logger()
_BATCH = 50


class Relay:
    """Works through the undelivered entries; several may run at once."""

    def __init__(self, database: Database, courier: Courier, clock: Clock) -> None:
        self._database = database
        self._courier = courier
        self._clock = clock

    async def deliver_due(self) -> int:
        """Deliver the entries whose next attempt is due; return how many cases were tried."""
        async with self._database.transaction() as session:
            due = await undelivered.claim_due(session, self._clock(), _BATCH)
        for case, number in due:
            try:
                await self._courier.deliver_late(case, number)
            except NotDelivered as error:
                _log.warning("entry_not_delivered", reason=str(error))
        return len(due)

    async def run(self, pause: float = 1.0) -> None:
        """Deliver for ever, looking again every ``pause`` seconds."""
        await keep_doing(self.deliver_due, pause, "relay_paused")
