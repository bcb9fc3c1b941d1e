"""Doing something for ever, although the database is out of reach now and then."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

_log = structlog.get_logger()


async def keep_doing(
    what: Callable[[], Awaitable[object]],
    pause: float,
    trouble: str,
    *besides: type[Exception],
) -> None:
    """Do something, and again after every ``pause`` seconds, for ever.

    Args:
        trouble: what the logs call it when it could not be done this time.
        besides: what else may be in its way for a while.
    """
    while True:
        try:
            await what()
        except (SQLAlchemyError, OSError, *besides) as error:
            _log.warning(trouble, error=type(error).__name__)
        await asyncio.sleep(pause)
