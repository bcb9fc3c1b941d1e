"""Versions of the Temporal server, and the marker that ties a data file to one of them."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from launcher.errors import LauncherError

FLOOR = (1, 32)
"""Older servers know no time skipping, and do not report a workflow that cannot go on."""


def numbers(version: str) -> tuple[int, ...]:
    """``1.32.0-150.1`` gives ``(1, 32, 0)``; a text that is no version gives ``()``."""
    found = re.match(r"v?(\d+(?:\.\d+)*)", version)
    return tuple(int(n) for n in found[1].split(".")) if found else ()


def is_new_enough(version: str) -> bool:
    """Whether a server of this version will do."""
    return numbers(version) >= FLOOR


def floor_text() -> str:
    """Give the floor for a message."""
    return ".".join(map(str, FLOOR))


def cli_server_version(output: str) -> str | None:
    """Read the server's version from ``temporal --version``, which also prints its own."""
    found = re.search(r"\(Server (\d+\.\d+\.\d+[^,) ]*)", output)
    return found[1] if found else None


def stock_server_version(output: str) -> str | None:
    """Read the version from the stock server's ``--version``."""
    found = re.search(r"temporal version (\d+\.\d+\.\d+\S*)", output)
    return found[1] if found else None


@dataclass(frozen=True)
class Flavour:
    """What may open a data file: the program (the CLI's server or the stock one) and version."""

    kind: Literal["cli", "stock"]
    version: str

    def __str__(self) -> str:
        program = "the Temporal CLI's server" if self.kind == "cli" else "the stock server"
        return f"{program} {self.version}"


class DataFile:
    """The SQLite file of the embedded server, and beside it the flavour that wrote it.

    A server migrates no file of another version: it starts, and listing fails later. So a file
    is only ever opened by the flavour that made it.
    """

    def __init__(self, state_dir: Path) -> None:
        self.path = state_dir / "temporal" / "temporal.sqlite"
        self._marker = self.path.with_name("server-version.json")

    def flavour(self) -> Flavour | None:
        """Give the flavour the file belongs to, ``None`` when there is no file yet.

        Raises ``LauncherError`` for a file without a readable marker.
        """
        if not self.path.exists():
            return None
        try:
            return Flavour(**json.loads(self._marker.read_text()))
        except (OSError, ValueError, TypeError):
            raise LauncherError(
                f"{self.path} does not tell which Temporal server wrote it ({self._marker.name} "
                f"is missing or unreadable), so no server is started on it. {WAYS_OUT}"
            ) from None

    def refusal(self, flavour: Flavour) -> str | None:
        """Tell why a server must not open the file, ``None`` if it may."""
        owner = self.flavour()
        if owner is None or owner == flavour:
            return None
        return f"it is {flavour}, but the running cases were written by {owner}"

    def claim(self, flavour: Flavour) -> None:
        """Write the marker of a new file. Raises ``LauncherError`` if it is another's."""
        refusal = self.refusal(flavour)
        if refusal is not None:
            raise LauncherError(f"Not starting a Temporal server on {self.path}: {refusal}.")
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._marker.with_suffix(".new")
        fresh.write_text(json.dumps({"kind": flavour.kind, "version": flavour.version}) + "\n")
        fresh.replace(self._marker)


WAYS_OUT = (
    "Bring back that server, or set TEMPORAL_ADDRESS to a server of your own, or let go of the "
    "cases with `make reset`."
)
