"""The yearly figures for everybody: as JSON, and as a table to calculate with."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.guidance import ChoiceBody
from api.problems import Problem, language_of
from api.schemas import Wire
from api.wire_format import StrictRoute
from api.wiring import Parts, Wiring
from domain.calendar import civil_date
from domain.figures import Kind, Measure
from domain.languages import Language
from domain.year_figures import FiguresTable, MatterFigures, YearFigures
from explanations import figures as wording
from storage import yearly_figures
from storage.figures_models import PublishedFiguresRow

router = APIRouter(prefix="/figures", route_class=StrictRoute, tags=["public"])

_LAST_YEAR = 9999
_HEADER = ("year", "revision", "table", "kinds", "value", "count")
_ALL = "all"


class PublishedYearBody(Wire):
    """A year of which figures were published.

    ``revision`` is the newest one; a later one only hides more.
    """

    year: int
    revision: int
    published_on: date


class PublishedYearsBody(Wire):
    """The years of which figures were published, the latest in front."""

    years: list[PublishedYearBody]


class KindsCountBody(Wire):
    """A count of some kinds of institutions, which are counted together where there are several."""

    kinds: list[ChoiceBody]
    count: int


class FiguresRowBody(Wire):
    """A row of a table. ``counts`` are in the order of the columns; ``null`` is hidden."""

    kinds: list[ChoiceBody]
    total: int
    counts: list[int | None]


class FiguresTableBody(Wire):
    """One measure of the closures, by kind of institution; ``totals`` are of all kinds."""

    code: Measure
    text: str
    columns: list[ChoiceBody]
    rows: list[FiguresRowBody]
    totals: list[int | None]


class MatterFiguresBody(Wire):
    """The figures of one matter. ``received`` and ``closed`` are ``null`` when they are hidden."""

    received: int | None
    received_by_kind: list[KindsCountBody]
    closed: int | None
    median_duration: str | None
    """The duration of the closure in the middle, in words, where what is shown tells it."""
    tables: list[FiguresTableBody]


class FiguresBody(PublishedYearBody, MatterFiguresBody):
    """The figures of a year. A count below ``hidden_below`` is hidden, unless there is none.

    Others are hidden where the hidden ones could be reckoned from them. What does not stand in
    ``questions`` is about complaints; ``questions`` is ``null`` where they were not counted.
    """

    hidden_below: int
    rule: str
    questions: MatterFiguresBody | None
    withheld: list[ChoiceBody]
    """Tables that were published, and are not shown any more because something is wrong in them."""


class Csv(Response):
    """A table to calculate with (RFC 4180)."""

    media_type = "text/csv; charset=utf-8; header=present"

    def __init__(self, content: str, name: str, status_code: int = 200) -> None:
        disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
        super().__init__(content, status_code, disposition)


type Year = Annotated[int, Path(ge=1, le=9999)]


@router.get("")
async def list_years(parts: Parts) -> PublishedYearsBody:
    """List the years of which figures were published."""
    async with parts.database.transaction() as session:
        rows = await yearly_figures.published_years(session)
    return PublishedYearsBody(years=[_year(row) for row in rows])


@router.get("/{year}.csv", response_class=Csv)
async def read_table(parts: Parts, year: Year) -> Csv:
    """Give the figures of a year as one table.

    ``value`` is ``all`` for the total of a row, and ``kinds`` for all kinds. ``count`` is empty
    where it is hidden. Every field is a code of ours or a number.
    """
    row = await published_year(parts, year)
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(_HEADER)
    for line in _lines(row.figures):
        table.writerow([row.year, row.revision, *line])
    return Csv(written.getvalue(), f"wederhoor-{row.year}.csv")


@router.get("/{year}")
async def read_figures(parts: Parts, request: Request, year: Year) -> FiguresBody:
    """Show the figures of a year, with the words for them."""
    row, language = await published_year(parts, year), language_of(request)
    figures = row.figures
    return FiguresBody(
        **dict(_year(row)),
        **dict(_of_matter(figures, language)),
        hidden_below=figures.hidden_below,
        rule=wording.rule_in_words(figures, language),
        questions=figures.questions and _of_matter(figures.questions, language),
        withheld=[
            ChoiceBody(code=measure, text=wording.measure_in_words(measure, language))
            for measure in figures.withheld
        ],
    )


async def published_year(parts: Wiring, year: int) -> PublishedFiguresRow:
    """Return what was published of a year.

    Raises:
        Problem: when nothing was.
    """
    if year <= _LAST_YEAR:
        async with parts.database.transaction() as session:
            row = await yearly_figures.published(session, year)
        if row is not None:
            return row
    raise Problem(404, "not-found")


def _year(row: PublishedFiguresRow) -> PublishedYearBody:
    day = civil_date(row.published_at)
    return PublishedYearBody(year=row.year, revision=row.revision, published_on=day)


def _of_matter(figures: MatterFigures, language: Language) -> MatterFiguresBody:
    return MatterFiguresBody(
        received=figures.received,
        received_by_kind=[
            KindsCountBody(kinds=_kinds(one.kinds, language), count=one.count)
            for one in figures.received_by_kind
        ],
        closed=figures.closed,
        median_duration=wording.median_in_words(figures, language),
        tables=[_table(table, language) for table in figures.tables],
    )


def _kinds(kinds: tuple[Kind, ...], language: Language) -> list[ChoiceBody]:
    return [ChoiceBody(code=kind, text=wording.kind_in_words(kind, language)) for kind in kinds]


def _table(table: FiguresTable, language: Language) -> FiguresTableBody:
    return FiguresTableBody(
        code=table.measure,
        text=wording.measure_in_words(table.measure, language),
        columns=[
            ChoiceBody(code=column, text=wording.value_in_words(table.measure, column, language))
            for column in table.columns
        ],
        rows=[
            FiguresRowBody(
                kinds=_kinds(row.kinds, language), total=row.total, counts=list(row.counts)
            )
            for row in table.rows
        ],
        totals=list(table.totals),
    )


type _Line = tuple[str, str, str, int | None]


def _lines(figures: YearFigures) -> Iterator[_Line]:
    yield from _lines_of_matter(figures, "received", "closed")
    if figures.questions is not None:
        yield from _lines_of_matter(figures.questions, "questions_received", "questions_closed")


def _lines_of_matter(figures: MatterFigures, received: str, closed: str) -> Iterator[_Line]:
    yield (received, _ALL, _ALL, figures.received)
    for one in figures.received_by_kind:
        yield (received, "+".join(one.kinds), _ALL, one.count)
    yield (closed, _ALL, _ALL, figures.closed)
    for table in figures.tables:
        for row in table.rows:
            kinds = "+".join(row.kinds)
            yield (table.measure, kinds, _ALL, row.total)
            for column, count in zip(table.columns, row.counts, strict=True):
                yield (table.measure, kinds, column, count)
        for column, count in zip(table.columns, table.totals, strict=True):
            yield (table.measure, _ALL, column, count)
