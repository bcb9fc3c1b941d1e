"""Waiting a little for what becomes of what somebody sent, so that a page can tell it at once."""

import asyncio
from collections.abc import Awaitable, Callable

from api.answers import EntryBody
from storage.states import EntryStatus

_LOOKS = 12
_PAUSE = 0.25
"""Seconds between two looks; together less than a reader minds."""
_SETTLED = frozenset({EntryStatus.APPLIED, EntryStatus.REFUSED})


def is_settled(entry: EntryBody) -> bool:
    """Tell whether it is known what became of an entry."""
    return entry.status in _SETTLED


async def settled(read: Callable[[], Awaitable[EntryBody]]) -> EntryBody:
    """Return an entry once it was answered, or as it is when that takes too long."""
    for _ in range(_LOOKS):
        found = await read()
        if is_settled(found):
            return found
        await asyncio.sleep(_PAUSE)
    return await read()
