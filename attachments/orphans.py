"""The loop of the worker that removes what a crash left behind."""

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError

from attachments.depot import Depot
from attachments.objects import ObjectsUnavailable

_log = structlog.get_logger()
_DAY = 24 * 60 * 60.0
"""Seconds."""


async def remove_orphans_daily(depot: Depot, pause: float = _DAY) -> None:
    """Remove orphans at once and then every ``pause`` seconds, for ever."""
    while True:
        try:
            removed = await depot.remove_orphans()
        except (ObjectsUnavailable, SQLAlchemyError, OSError) as error:
            _log.warning("orphans_not_removed", error=type(error).__name__)
        else:
            if removed:
                _log.info("orphans_removed", attempt=removed)
        await asyncio.sleep(pause)
