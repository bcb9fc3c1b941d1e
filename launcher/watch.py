"""The watcher part: ``python -m watch``."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from launcher.folders import CHECKOUT
from launcher.parts import ProcessPart, http_status


class WatchPart(ProcessPart):
    """The watcher, which looks at all other parts from outside."""

    def __init__(
        self, state_dir: Path, port: int, environment: Callable[[], Mapping[str, str]]
    ) -> None:
        super().__init__("watch", state_dir)
        self.port = port
        self.figures_url = f"http://127.0.0.1:{port}/metrics"
        self._environment = environment

    def command(self) -> list[str]:
        """Watch until the stop signal."""
        return [sys.executable, "-m", "watch"]

    def child_environment(self) -> Mapping[str, str]:
        """Give what the application reads its settings from."""
        return {**self._environment(), "WEDERHOOR_WATCH_PORT": str(self.port)}

    def working_directory(self) -> Path:
        """Run from the checkout."""
        return CHECKOUT

    async def is_ready(self) -> bool:
        """Whether it serves its figures."""
        return await http_status(self.port, "/metrics") == 200
