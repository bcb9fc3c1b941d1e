"""A year of figures that is out, so that everybody can read it."""

from collections.abc import Mapping
from datetime import UTC, datetime

from domain.figures import VALUES, Measure, YearFigures, year_figures
from domain.institutions import InstitutionKind
from launcher.system import System
from storage import yearly_figures
from storage.database import Database

YEAR = 2019
"""Long before anything that the tests do."""

_BY_KIND = {
    InstitutionKind.MUNICIPALITY: 61,
    InstitutionKind.POLICE: 40,
    InstitutionKind.LANDLORD: 3,
    InstitutionKind.OTHER: 4,
}


def a_year(year: int = YEAR) -> YearFigures:
    """Return figures in which something is hidden and something is shown."""
    counts = {
        measure: {
            place: count
            for kind, closed in _BY_KIND.items()
            for place, count in _spread(kind, closed, measure).items()
        }
        for measure in Measure
    }
    return year_figures(year, _BY_KIND, counts, hidden_below=5)


def _spread(
    kind: InstitutionKind, closed: int, measure: Measure
) -> Mapping[tuple[InstitutionKind, str], int]:
    """Give half to the first value, half of the rest to the second one, and so on."""
    spread: dict[tuple[InstitutionKind, str], int] = {}
    *values, last = VALUES[measure]
    for value in values:
        spread[kind, value] = (closed + 1) // 2
        closed -= spread[kind, value]
    return {**spread, (kind, last.value): closed}


async def publish_a_year(system: System) -> int:
    """Publish that year, unless it is out; return it."""
    database = Database(system.postgres.url)
    async with database.transaction() as session:
        await yearly_figures.publish(session, a_year(), datetime(2020, 1, 15, tzinfo=UTC))
    await database.close()
    return YEAR
