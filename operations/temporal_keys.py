"""The key ring of Temporal's namespace: giving it a new key.

The new key encrypts from now on; running processes notice. The old ones stay: histories that were
written under them are read for as long as Temporal keeps them.
"""

import argparse
import sys
from typing import Any

from domain.clock import system_clock
from operations.refusal import Refused
from settings.application import Settings
from settings.key_ring import KeyPurpose, KeyRingUnusable
from settings.key_stores import open_key_rings


def add_commands(commands: Any) -> None:
    """Add the commands of this module to the command line."""
    rotating = commands.add_parser(
        "temporal-key-rotate", help="add a key for what Temporal is given, and use it from now on"
    )
    rotating.set_defaults(run=run_rotate)


async def run_rotate(settings: Settings, arguments: argparse.Namespace) -> int:
    """Make a new key and make it the current one."""
    now = system_clock()
    try:
        ring = open_key_rings(settings, now).change(
            KeyPurpose.TEMPORAL, lambda ring: ring.with_new(ring.current_version + 1, now)
        )
    except KeyRingUnusable as error:
        raise Refused(str(error)) from None
    sys.stdout.write(
        f"Temporal's payloads are encrypted under version {ring.current_version} from now on.\n"
        f"The ring holds {len(ring.keys)} keys; keep a copy of it, apart from the backups.\n"
    )
    return 0
