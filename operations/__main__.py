"""What an operator does now and then: ``python -m operations COMMAND``."""

import argparse
import sys

from domain.clock import system_clock
from operations.temporal_key_rotate import temporal_key_rotate
from settings.application import load_settings
from settings.key_ring import KeyRingUnusable
from settings.key_stores import open_key_rings


def main() -> int:
    """Parse the command line, do what it says, and give the exit code."""
    parser = argparse.ArgumentParser(prog="operations", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("temporal-key-rotate", help="add a key for what Temporal is given")
    parser.parse_args()
    now = system_clock()
    try:
        temporal_key_rotate(open_key_rings(load_settings(), now), now, _say)
    except KeyRingUnusable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
