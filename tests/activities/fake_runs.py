"""A Temporal that deletes runs in its own time."""

from collections.abc import Sequence


class FakeRuns:
    """Two of its runs go each time that it is asked."""

    def __init__(self) -> None:
        self.now_running = 0
        self.closed = 3

    async def running(self, workflow_ids: Sequence[str]) -> int:
        return self.now_running

    async def delete_closed(self, workflow_ids: Sequence[str]) -> int:
        left = self.closed
        self.closed = max(self.closed - 2, 0)
        return left
