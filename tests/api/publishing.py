"""A year of figures that is out, so that everybody can read it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from domain.figures import VALUES, Kind, Measure, NotSaid
from domain.institutions import InstitutionKind
from domain.matter import Matter
from domain.year_figures import YearFigures, year_figures
from launcher.system import System
from storage import yearly_figures
from storage.database import Database

YEAR = 2019
"""Long before anything that the tests do."""
YEAR_WITHOUT_QUESTIONS = YEAR - 1
"""They were not counted yet."""

_BY_KIND: Mapping[Matter, Mapping[Kind, int]] = {
    Matter.COMPLAINT: {
        InstitutionKind.MUNICIPALITY: 61,
        InstitutionKind.POLICE: 40,
        InstitutionKind.LANDLORD: 3,
        InstitutionKind.OTHER: 4,
    },
    Matter.QUESTION: {
        NotSaid.NOT_SAID: 33,
        InstitutionKind.POLICE: 4,
        InstitutionKind.OPERATOR: 3,
    },
}


def a_year(year: int = YEAR) -> YearFigures:
    """Return figures in which something is hidden and something is shown."""
    counts = {
        measure: {
            place: count
            for kind, closed in _BY_KIND[measure.matter].items()
            for place, count in _spread(kind, closed, measure).items()
        }
        for measure in Measure
    }
    complaints, questions = _BY_KIND[Matter.COMPLAINT], _BY_KIND[Matter.QUESTION]
    return year_figures(year, complaints, questions, counts, hidden_below=5)


def _spread(kind: Kind, closed: int, measure: Measure) -> Mapping[tuple[Kind, str], int]:
    """Give half to the first value, half of the rest to the second one, and so on."""
    spread: dict[tuple[Kind, str], int] = {}
    *values, last = VALUES[measure]
    for value in values:
        spread[kind, value] = (closed + 1) // 2
        closed -= spread[kind, value]
    return {**spread, (kind, last.value): closed}


async def publish_a_year(system: System) -> int:
    """Publish that year and the one before, unless they are out; return it."""
    database = Database(system.postgres.url)
    before = replace(a_year(YEAR_WITHOUT_QUESTIONS), questions=None)
    async with database.transaction() as session:
        await yearly_figures.publish(session, before, datetime(2019, 1, 15, tzinfo=UTC))
        await yearly_figures.publish(session, a_year(), datetime(2020, 1, 15, tzinfo=UTC))
    await database.close()
    return YEAR
