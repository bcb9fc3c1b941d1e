"""The API part: ``python -m api``."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from launcher.folders import CHECKOUT
from launcher.parts import ProcessPart, http_status


def address_file(state_dir: Path) -> Path:
    """Return the file that says where the API of a system is, or was when it last ran."""
    return state_dir / "api-address"


class ApiPart(ProcessPart):
    """The HTTP API. ``environment`` is asked at each start, since other parts fill it in."""

    def __init__(
        self, state_dir: Path, port: int, environment: Callable[[], Mapping[str, str]]
    ) -> None:
        super().__init__("api", state_dir)
        self._address_file = address_file(state_dir)
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._environment = environment

    async def prepare(self) -> None:
        """Write down where it can be reached, for commands that have to know."""
        self._address_file.write_text(self.url, encoding="utf-8")

    def command(self) -> list[str]:
        """Serve until the stop signal."""
        return [sys.executable, "-m", "api"]

    def child_environment(self) -> Mapping[str, str]:
        """Give what the application reads its settings from."""
        return self._environment()

    def working_directory(self) -> Path:
        """Run from the checkout."""
        return CHECKOUT

    async def is_ready(self) -> bool:
        """Whether it lives and reaches all it needs."""
        return (
            await http_status(self.port, "/health/live") == 200
            and await http_status(self.port, "/health/ready") == 200
        )
