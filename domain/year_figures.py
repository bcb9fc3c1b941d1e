"""What is published of a year, and what of it is hidden.

Only measures by kind of institution are published, never one measure by another, so that tables of
a year have nothing in common but the totals of the kinds, which they all show.

Questions have measures and totals of their own, so no number of complaints can be subtracted from
one of questions. A question that became a complaint is in both. If it were told of each kind how
many did, there were at least that many complaints about it, and of kinds that are counted together
the small one could be reckoned. So how questions ended is told of all kinds together. Of that
number everybody knows only that there were hardly fewer complaints in all, and those are shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from domain.figures import KINDS, VALUES, Answer, Kind, Measure
from domain.institutions import InstitutionKind
from domain.matter import Matter
from domain.policy.rows import Policy
from domain.suppression import Cell, CountTable, hidden_cells

_TOTALS_OF: Mapping[Matter, Measure] = MappingProxyType(
    {Matter.COMPLAINT: Measure.OUTCOME, Matter.QUESTION: Measure.QUESTION_OUTCOME}
)
"""The measure that says how many closures there were."""
_OF_THE_COMPLAINANT = frozenset(
    {
        *(Measure.OUTCOME, Measure.SUBJECT, Measure.DURATION),
        *(Measure.QUESTION_OUTCOME, Measure.QUESTION_DURATION),
    }
)
"""What is not for others to know, even of everybody alike."""
_WITHOUT_MEDIATION = frozenset(Answer) - {Answer.NOT_ASKED}
_OF_ALL_KINDS_TOGETHER = frozenset({Measure.QUESTION_OUTCOME})


type Counts = Mapping[Kind, int]
type MeasuredCounts = Mapping[Measure, Mapping[tuple[Kind, str], int]]
"""How many closures of a kind each value has; what is not there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindsCount:
    """A count of one kind of institution, or of several that are counted together."""

    kinds: tuple[Kind, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresRow:
    """The closures of one kind, or of several that are counted together.

    Attributes:
        counts: by column; ``None`` where it is hidden.
    """

    kinds: tuple[Kind, ...]
    total: int
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresTable:
    """One measure by kind of institution.

    Attributes:
        columns: the values of the measure.
        totals: of all kinds, by column; ``None`` where it is hidden.
    """

    measure: Measure
    columns: tuple[str, ...]
    rows: tuple[FiguresRow, ...]
    totals: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterFigures:
    """What is published of a year about questions alone, or about complaints alone.

    Attributes:
        received: how many arrived; ``None`` where it is hidden.
        received_by_kind: the same by kind; empty where that is hidden.
        closed: how many closures there were; without it there are no tables.
    """

    received: int | None
    received_by_kind: tuple[KindsCount, ...]
    closed: int | None
    tables: tuple[FiguresTable, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearFigures(MatterFigures):
    """What is published of a year; what it inherits is about complaints.

    Attributes:
        hidden_below: a count below this is hidden, and others where it could be reckoned from them.
        withheld: tables that were published, and are not shown any more.
        questions: ``None`` in a year that was published before they were counted.
    """

    year: int
    hidden_below: int
    withheld: tuple[Measure, ...] = ()
    questions: MatterFigures | None = None

    @property
    def all_tables(self) -> tuple[FiguresTable, ...]:
        """The tables about complaints, and those about questions."""
        return (*self.tables, *(self.questions.tables if self.questions else ()))

    def without(self, measure: Measure) -> "YearFigures":
        """Return these figures with one table less."""
        questions = self.questions
        return replace(
            self,
            tables=_without(self.tables, measure),
            withheld=(*self.withheld, measure),
            questions=questions and replace(questions, tables=_without(questions.tables, measure)),
        )


def _without(tables: Iterable[FiguresTable], measure: Measure) -> tuple[FiguresTable, ...]:
    return tuple(table for table in tables if table.measure is not measure)


def year_figures(
    year: int,
    received: Counts,
    asked: Counts,
    closed: MeasuredCounts,
    *,
    hidden_below: int,
    without_mediation: frozenset[Kind] = frozenset(),
) -> YearFigures:
    """Return what may be published of a year.

    Args:
        received: complaints.
        asked: questions.
        without_mediation: kinds whose institutions are never written to, as everybody knows.
    """
    rule = _Rule(hidden_below=hidden_below, without_mediation=without_mediation)
    complaints = rule.figures_of(Matter.COMPLAINT, received, closed)
    return YearFigures(
        year=year,
        hidden_below=hidden_below,
        received=complaints.received,
        received_by_kind=complaints.received_by_kind,
        closed=complaints.closed,
        tables=complaints.tables,
        questions=rule.figures_of(Matter.QUESTION, asked, closed),
    )


def merged(
    counts: Counts, least: int, kinds: Sequence[Kind] = tuple(InstitutionKind)
) -> tuple[KindsCount, ...]:
    """Return the kinds, those with small counts together, so that no count is below ``least``.

    Kinds of which there is none are with them, so that being among them says nothing; when there
    are no small counts, they are left out. Where all of those are too few even so, the next
    smallest kind comes along. Nothing is left when everything together is too little.
    """
    if sum(counts.values()) < least:
        return ()
    ascending = sorted(kinds, key=lambda kind: counts.get(kind, 0))
    together = [kind for kind in ascending if counts.get(kind, 0) < least]
    rest = ascending[len(together) :]
    small = sum(counts.get(kind, 0) for kind in together)
    while 0 < small < least:
        together.append(rest.pop(0))
        small += counts.get(together[-1], 0)
    groups: list[tuple[Kind, ...]] = [(kind,) for kind in kinds if kind in rest]
    if small:
        groups.append(tuple(kind for kind in kinds if kind in together))
    return tuple(
        KindsCount(kinds=those, count=sum(counts.get(kind, 0) for kind in those))
        for those in groups
    )


def never_written_to(policy: Policy, year: int) -> frozenset[Kind]:
    """Return the kinds of institutions with which we mediated on no day of a year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    mediated = {
        row.kind
        for row in policy.kinds
        if row.mediation
        and row.valid_from <= last
        and (row.valid_until is None or first <= row.valid_until)
    }
    return frozenset[Kind](InstitutionKind) - mediated


def median(table: FiguresTable, total: int) -> str | None:
    """Return the column in which the one in the middle is, as far as what is shown tells it."""
    hidden = total - sum(count or 0 for count in table.totals)
    least = most = 0
    for column, count in zip(table.columns, table.totals, strict=True):
        least += count or 0
        most += count or 0
        if count is None:
            most = min(most + hidden, total)
        if (least * 2 >= total) is not (most * 2 >= total):
            return None
        if least * 2 >= total:
            return column
    return None


def _by_kind(counts: Mapping[tuple[Kind, str], int]) -> Counts:
    by_kind: dict[Kind, int] = {}
    for (kind, _), count in counts.items():
        by_kind[kind] = by_kind.get(kind, 0) + count
    return by_kind


def _as_one(groups: Sequence[KindsCount], kinds: Sequence[Kind]) -> Sequence[KindsCount]:
    return [KindsCount(kinds=tuple(kinds), count=sum(group.count for group in groups))]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """What may be shown in a year."""

    hidden_below: int
    without_mediation: frozenset[Kind]

    def figures_of(self, matter: Matter, received: Counts, closed: MeasuredCounts) -> MatterFigures:
        kinds = KINDS if matter is Matter.QUESTION else tuple(InstitutionKind)
        by_kind = _by_kind(closed.get(_TOTALS_OF[matter], {}))
        groups = merged(by_kind, self.hidden_below, kinds)
        arrived = merged(received, self.hidden_below, kinds)
        return MatterFigures(
            received=sum(one.count for one in arrived) if arrived else None,
            received_by_kind=arrived,
            closed=sum(one.count for one in groups) if groups else None,
            tables=tuple(
                self._table(
                    measure,
                    _as_one(groups, kinds) if measure in _OF_ALL_KINDS_TOGETHER else groups,
                    closed[measure],
                )
                for measure in Measure
                # One that was not counted all year would tell by what it lacks.
                if measure.matter is matter
                and groups
                and _by_kind(closed.get(measure, {})) == by_kind
            ),
        )

    def _table(
        self,
        measure: Measure,
        groups: Sequence[KindsCount],
        counts: Mapping[tuple[Kind, str], int],
    ) -> FiguresTable:
        columns = tuple(value.value for value in VALUES[measure])
        lines = [
            [sum(counts.get((kind, column), 0) for kind in group.kinds) for column in columns]
            for group in groups
        ]
        table = CountTable(
            counts=lines,
            threshold=self.hidden_below,
            impossible=self._impossible(measure, groups, columns, lines),
            same_hidden=measure in _OF_THE_COMPLAINANT,
        )
        hidden = hidden_cells(table)

        def shown(row: int) -> tuple[int | None, ...]:
            cells: Sequence[Cell] = [(row, column) for column in range(len(columns))]
            return tuple(None if cell in hidden else table.count(cell) for cell in cells)

        return FiguresTable(
            measure=measure,
            columns=columns,
            rows=tuple(
                FiguresRow(kinds=group.kinds, total=group.count, counts=shown(row))
                for row, group in enumerate(groups)
            ),
            totals=shown(table.total_row),
        )

    def _impossible(
        self,
        measure: Measure,
        groups: Sequence[KindsCount],
        columns: Sequence[str],
        lines: Sequence[Sequence[int]],
    ) -> frozenset[Cell]:
        return frozenset(
            (row, column)
            for row, group in enumerate(groups)
            if measure is Measure.INSTITUTION and self.without_mediation.issuperset(group.kinds)
            for column, value in enumerate(columns)
            if value in _WITHOUT_MEDIATION and not lines[row][column]
        )
