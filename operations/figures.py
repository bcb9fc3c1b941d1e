"""The yearly figures: taking away a table that is wrong. Nothing else of them can be changed."""

import argparse
import sys
from typing import Any

from domain.clock import system_clock
from domain.figures import Measure
from operations.opening import opened
from operations.refusal import Refused
from settings.application import Settings
from storage import yearly_figures


def add_commands(commands: Any) -> None:
    """Add the command of this module to the command line."""
    withholding = commands.add_parser(
        "figures-withhold",
        help="publish a revision of a year without one of its tables; what was shown stays known",
    )
    withholding.add_argument("year", metavar="YEAR", type=int)
    withholding.add_argument("table", metavar="TABLE", choices=list(Measure), type=Measure)
    withholding.set_defaults(run=run_withhold)


async def run_withhold(settings: Settings, arguments: argparse.Namespace) -> int:
    """Publish the revision.

    Raises:
        Refused: when the year is not out, or has no such table.
    """
    year, measure = arguments.year, arguments.table
    async with opened(settings) as (database, _), database.transaction() as session:
        newest = await yearly_figures.published(session, year)
        if newest is None:
            raise Refused(f"no figures of {year} were published")
        if all(table.measure is not measure for table in newest.figures.all_tables):
            raise Refused(f"the figures of {year} have no table {measure}")
        revision = newest.revision + 1
        figures = newest.figures.without(measure)
        await yearly_figures.publish(session, figures, system_clock(), revision)
    sys.stdout.write(f"{year} is published as revision {revision}, without {measure}\n")
    return 0
