"""Printing the saved queries for the Temporal UI, with a day that counts from today."""

import argparse
import sys
from datetime import timedelta
from typing import Any

from domain.clock import system_clock
from settings.application import Settings
from workflows.saved_queries import with_waiting

_EMBEDDED_UI = "http://127.0.0.1:8233"


def add_commands(commands: Any) -> None:
    """Add the command of this module to the command line."""
    listing = commands.add_parser("queries", help="print the addresses of the saved queries")
    listing.add_argument("--days", type=int, default=14, help="for those that wait longer (14)")
    listing.set_defaults(run=run)


async def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Print each query with its address."""
    ui_url = settings.temporal_ui_url or _EMBEDDED_UI
    before = system_clock() - timedelta(days=arguments.days)
    for saved in with_waiting(before):
        url = saved.url(ui_url, settings.temporal_namespace)
        sys.stdout.write(f"{saved.finds}\n  {saved.query}\n  {url}\n")
    return 0
