"""The newest entries first, a page of them at a time."""

from collections.abc import Awaitable, Callable, Sequence

from api.answers import EntryBody


async def newest_before(
    read: Callable[[int, int], Awaitable[Sequence[EntryBody]]],
    count: int,
    before: int | None,
    shown: int,
) -> tuple[list[EntryBody], int | None]:
    """Return the newest entries before a number, and before which there may be older ones.

    Args:
        read: returns entries after a number, oldest first, and how many at most.
        count: how many entries the case has, whoever reads them.
        shown: how many stand on a page.
    """
    before = min(before or count + 1, count + 1)
    found: list[EntryBody] = []
    while not found and before > 1:
        after = max(before - shown - 1, 0)
        found = [entry for entry in reversed(await read(after, shown)) if entry.number < before]
        before = after + 1
    return found, before if before > 1 else None
