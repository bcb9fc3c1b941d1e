"""What an operator does by hand: ``python -m operations COMMAND``, or ``--help``."""

import argparse
import asyncio
import sys

from operations import (
    backup,
    erasures,
    figures,
    handing_over,
    keys,
    ledger,
    queries,
    restore,
    temporal_keys,
)
from operations.refusal import Refused
from settings.application import load_settings


def main(words: list[str]) -> int:
    """Run one command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m operations", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for concern in (
        backup,
        erasures,
        figures,
        handing_over,
        keys,
        ledger,
        queries,
        restore,
        temporal_keys,
    ):
        concern.add_commands(commands)
    arguments = parser.parse_args(words)
    try:
        return asyncio.run(arguments.run(load_settings(), arguments))
    except Refused as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
