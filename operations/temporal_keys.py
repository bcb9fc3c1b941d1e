"""The key ring of Temporal's namespace: giving it a new key."""

import argparse
import sys
from typing import Any

from domain.clock import system_clock
from operations.refusal import Refused
from settings.application import Settings
from settings.key_ring import KeyPurpose, KeyRingUnusable
from settings.key_stores import open_key_rings


def add_commands(commands: Any) -> None:
    """Add the command of this module to the command line."""
    rotating = commands.add_parser(
        "temporal-key-rotate", help="add a key for what Temporal is given; the others stay"
    )
    rotating.set_defaults(run=run_rotate)


async def run_rotate(settings: Settings, _: argparse.Namespace) -> int:
    """Make a new key the current one. Running processes notice.

    Raises:
        Refused: when the ring cannot be read or written.
    """
    now = system_clock()
    try:
        ring = open_key_rings(settings, now).change(
            KeyPurpose.TEMPORAL, lambda ring: ring.with_new(ring.current_version + 1, now)
        )
    except KeyRingUnusable as error:
        raise Refused(str(error)) from None
    sys.stdout.write(
        f"What Temporal is given is encrypted under version {ring.current_version} from now on.\n"
        f"The ring holds {len(ring.keys)} keys: keep a copy of it, apart from the backups.\n"
    )
    return 0
