"""The loop of the worker that removes what a crash left behind."""

import structlog

from attachments.depot import Depot
from attachments.objects import ObjectsUnavailable
from storage.persistence import keep_doing

_log = structlog.get_logger()
_DAY = 24 * 60 * 60.0
"""Seconds."""


async def remove_orphans_daily(depot: Depot, pause: float = _DAY) -> None:
    """Remove orphans at once and then every ``pause`` seconds, for ever."""

    async def remove() -> None:
        if removed := await depot.remove_orphans():
            _log.info("orphans_removed", attempt=removed)

    await keep_doing(remove, pause, "orphans_not_removed", ObjectsUnavailable)
