"""The worker part: ``python worker.py``."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from launcher.folders import CHECKOUT
from launcher.parts import ProcessPart


class WorkerPart(ProcessPart):
    """The Temporal worker; it says that it is ready by making ``ready_file``."""

    # Longer than the worker's own graceful shutdown.
    stop_within = 30.0

    def __init__(self, state_dir: Path, environment: Callable[[], Mapping[str, str]]) -> None:
        super().__init__("worker", state_dir)
        self.ready_file = state_dir / "logs" / "worker.ready"
        self._environment = environment

    async def prepare(self) -> None:
        """Forget that an earlier worker was ready."""
        self.ready_file.unlink(missing_ok=True)

    def command(self) -> list[str]:
        """Work until the stop signal."""
        return [sys.executable, "worker.py"]

    def child_environment(self) -> Mapping[str, str]:
        """Give what the application reads its settings from."""
        return {**self._environment(), "WEDERHOOR_READY_FILE": str(self.ready_file)}

    def working_directory(self) -> Path:
        """Run from the checkout."""
        return CHECKOUT

    async def is_ready(self) -> bool:
        """Whether the worker has said so."""
        return self.ready_file.exists()
