"""Which TCP port each part listens on; all of them on 127.0.0.1."""

import json
import os
import random
import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from launcher.errors import LauncherError

# Below the range systems take the ports of outgoing connections from (32768 on Linux, 49152 on
# macOS), so that a part can come back on its own port after a crash.
_SCRATCH = range(20_000, 32_000)

INTERNAL = (
    "frontend_membership",
    "history_grpc",
    "history_membership",
    "matching_grpc",
    "matching_membership",
    "worker_grpc",
    "worker_membership",
)
"""What the services of the stock Temporal server talk to each other on."""


@dataclass(frozen=True)
class Ports:
    """The ports of one system."""

    api: int
    mail_page: int
    smtp: int
    temporal: int
    temporal_ui: int
    postgres: int
    watch: int
    internal: Mapping[str, int] = field(default_factory=dict[str, int])
    """A port for each name in ``INTERNAL``."""


FIXED = Ports(
    api=8000, mail_page=8025, smtp=1025, temporal=7233, temporal_ui=8233, postgres=15432, watch=9465
)
"""Where ``make run`` listens unless told otherwise."""


def is_free(port: int) -> bool:
    """Whether a server could listen on the port right now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # A server on 0.0.0.0 may leave the bind above possible and still take our connections.
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def free_ports(names: Iterable[str], taken: Iterable[int] = ()) -> dict[str, int]:
    """Choose a free port for each name, none of them in ``taken``."""
    chosen: dict[str, int] = {}
    used = set(taken)
    for name in names:
        port = next(p for p in _candidates() if p not in used and is_free(p))
        used.add(port)
        chosen[name] = port
    return chosen


def scratch_ports() -> Ports:
    """Free ports for every part, for a system that lives as long as a test run."""
    public = [f.name for f in fields(Ports) if f.name != "internal"]
    chosen = free_ports([*public, *INTERNAL])
    return Ports(
        **{name: chosen[name] for name in public},
        internal={name: chosen[name] for name in INTERNAL},
    )


def lasting_ports(state_dir: Path, note: Callable[[str], None]) -> Ports:
    """Give the fixed ports, or ones nearby where these are taken (each said through ``note``).

    ``WEDERHOOR_API_PORT`` and the like (see ``VARIABLES``) choose a port; one that is taken is
    then a ``LauncherError``. The internal ports are remembered in ``state_dir/ports.json``.
    """
    chosen: dict[str, int] = {}
    for name, variable in VARIABLES.items():
        asked = os.environ.get(variable)
        chosen[name] = (
            _nearby(name, getattr(FIXED, name), chosen.values(), note)
            if not asked
            else _asked(variable, asked)
        )
    return Ports(**chosen, internal=_remembered(state_dir / "ports.json", chosen.values()))


VARIABLES = {
    "api": "WEDERHOOR_API_PORT",
    "mail_page": "WEDERHOOR_MAIL_PAGE_PORT",
    "smtp": "WEDERHOOR_SMTP_PORT",
    "temporal": "WEDERHOOR_TEMPORAL_PORT",
    "temporal_ui": "WEDERHOOR_TEMPORAL_UI_PORT",
    "postgres": "WEDERHOOR_POSTGRES_PORT",
    "watch": "WEDERHOOR_WATCH_PORT",
}
"""The environment variable that chooses each port of ``make run``."""


def _asked(variable: str, value: str) -> int:
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise LauncherError(f"{variable}={value} is not a port number")
    if not is_free(int(value)):
        raise LauncherError(f"{variable}={value}: another program already listens on this port")
    return int(value)


def _nearby(name: str, wanted: int, taken: Iterable[int], note: Callable[[str], None]) -> int:
    used = set(taken)
    port = (
        next((p for p in range(wanted, wanted + 100) if p not in used and is_free(p)), None)
        or free_ports([name], used).popitem()[1]
    )
    if port != wanted:
        note(f"port {wanted} is taken by another program: {name.replace('_', ' ')} uses {port}")
    return port


def _remembered(path: Path, taken: Iterable[int]) -> dict[str, int]:
    try:
        known: dict[str, int] = json.loads(path.read_text())
        usable = set(known) == set(INTERNAL) and all(is_free(p) for p in known.values())
    except (OSError, ValueError, AttributeError, TypeError):
        known, usable = {}, False
    if not usable:
        known = free_ports(INTERNAL, taken)
        path.write_text(json.dumps(known, indent=2) + "\n")
    return known


def _candidates() -> Iterable[int]:
    return random.sample(_SCRATCH, len(_SCRATCH))
