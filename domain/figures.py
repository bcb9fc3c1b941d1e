"""The yearly figures: what is counted of each case that closes, and what of it is published.

A complaint that was registered is counted (Awb 9:12a asks that of public bodies). Each closure
counts once, in the year in which it happened: a case that was reopened counts again when it closes
again. A measure sorts every closure into one of its values. Only measures by kind of institution
are counted and published, never one measure by another, so that tables of a year have nothing in
common but the totals of the kinds, which they all show.

Questions have measures and totals of their own, so no number of complaints can be subtracted from
one of questions. A question that became a complaint is in both. If it were told of each kind how
many did, there were at least that many complaints about it, and of kinds that are counted together
the small one could be reckoned. So how questions ended is told of all kinds together. Of that
number everybody knows only that there were hardly fewer complaints in all, and those are shown.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from domain.calendar import civil_date
from domain.clocks import Ending, PastClock
from domain.institutions import InstitutionKind
from domain.intake import About
from domain.letters import Letter
from domain.matter import Matter
from domain.policy.rows import Policy
from domain.stages import Outcome
from domain.suppression import Cell, CountTable, hidden_cells
from domain.waits import Wait


class NotSaid(StrEnum):
    """The kind of institution of a question whose asker named none."""

    NOT_SAID = "not_said"


type Kind = InstitutionKind | NotSaid
KINDS: Sequence[Kind] = (*InstitutionKind, *NotSaid)
"""Of questions; a complaint is always about one of the first ones."""


class Measure(StrEnum):
    """What is counted of a closure."""

    OUTCOME = "outcome"
    SUBJECT = "subject"
    """The answer at intake; a text is never read."""
    DURATION = "duration"
    INSTITUTION = "institution"
    """Whether the institution answered, and how far we had to go for that."""
    ACKNOWLEDGEMENT = "acknowledgement"
    MEDIATOR = "mediator"
    PROPOSAL = "proposal"
    """These three are promises of our own."""
    INTERVENTION = "intervention"
    REOPENED = "reopened"
    QUESTION_OUTCOME = "question_outcome"
    QUESTION_ANSWER = "question_answer"
    """Whether we answered, how soon, and as promised or not."""
    QUESTION_DURATION = "question_duration"

    @property
    def matter(self) -> Matter:
        """Of which closures it is counted."""
        return Matter.QUESTION if self.value.startswith("question_") else Matter.COMPLAINT


class Duration(StrEnum):
    """How many days there were from the complaint to the closure."""

    TO_14 = "to_14"
    TO_42 = "to_42"
    TO_70 = "to_70"
    TO_182 = "to_182"
    LONGER = "longer"


_LAST_DAY_OF = {
    Duration.TO_14: 14,
    Duration.TO_42: 42,
    Duration.TO_70: 70,
    Duration.TO_182: 182,
}


class Answer(StrEnum):
    """Whether the institution answered."""

    NOT_ASKED = "not_asked"
    """It was never written to."""
    UNPROMPTED = "unprompted"
    """In time."""
    REMINDED = "reminded"
    """In time, after we reminded it."""
    LATE = "late"
    SILENT = "silent"
    """Its term had passed without an answer."""
    NOT_DUE = "not_due"
    """The case closed before its term was over."""


class Promise(StrEnum):
    """Whether we did in time what we promise to do."""

    KEPT = "kept"
    LATE = "late"
    NOT_DUE = "not_due"
    """The case closed before it was due, or it was not needed."""


class Whether(StrEnum):
    """Whether something happened."""

    YES = "yes"
    NO = "no"


class ComplaintOutcome(StrEnum):
    """How a complaint can end."""

    SETTLED = Outcome.SETTLED
    PARTLY_SETTLED = Outcome.PARTLY_SETTLED
    NOT_SETTLED = Outcome.NOT_SETTLED
    WITHDRAWN = Outcome.WITHDRAWN
    INADMISSIBLE = Outcome.INADMISSIBLE
    REFERRED = Outcome.REFERRED


class QuestionOutcome(StrEnum):
    """How a question can end."""

    ADVISED = Outcome.ADVISED
    NOT_ADVISED = Outcome.NOT_ADVISED
    BECAME_COMPLAINT = Outcome.BECAME_COMPLAINT
    WITHDRAWN = Outcome.WITHDRAWN


class QuestionAnswer(StrEnum):
    """When a question got its first answer, and whether every answer came as promised."""

    SOON = "soon"
    """As promised, and within two days."""
    IN_TIME = "in_time"
    """As promised, later than that."""
    LATE = "late"
    SILENT = "silent"
    """A term had passed, and there was no answer."""
    NOT_DUE = "not_due"
    """There was no answer, and it closed before one was due."""


VALUES: Mapping[Measure, type[StrEnum]] = MappingProxyType(
    {
        Measure.OUTCOME: ComplaintOutcome,
        Measure.SUBJECT: About,
        Measure.DURATION: Duration,
        Measure.INSTITUTION: Answer,
        Measure.ACKNOWLEDGEMENT: Promise,
        Measure.MEDIATOR: Promise,
        Measure.PROPOSAL: Promise,
        Measure.INTERVENTION: Whether,
        Measure.REOPENED: Whether,
        Measure.QUESTION_OUTCOME: QuestionOutcome,
        Measure.QUESTION_ANSWER: QuestionAnswer,
        Measure.QUESTION_DURATION: Duration,
    }
)
"""Into what each measure sorts a closure, in the order in which it is shown."""

_PROMISES = {
    Measure.ACKNOWLEDGEMENT: Wait.PORTAL_ACKNOWLEDGES,
    Measure.MEDIATOR: Wait.MEDIATOR_FOUND,
    Measure.PROPOSAL: Wait.MEDIATOR_PROPOSES,
}
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
_REMINDERS = frozenset({Letter.INSTITUTION_REMINDER, Letter.TERM_ENDS_TODAY})
_WITHOUT_MEDIATION = frozenset(Answer) - {Answer.NOT_ASKED}
_OF_ALL_KINDS_TOGETHER = frozenset({Measure.QUESTION_OUTCOME})


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """What is known of an episode when it closes.

    Attributes:
        about: the answer at intake.
        complained_on: the civil day on which the complaint of this episode arrived.
        past_clocks: of this episode.
        letters: that were written in this episode.
        intervened: whether a supervisor decided something in the case.
        episode: from 1.
    """

    about: About
    outcome: Outcome
    complained_on: date
    closed_on: date
    contacted: bool
    replied: bool
    past_clocks: Sequence[PastClock]
    letters: Collection[Letter]
    intervened: bool
    episode: int


def counted(closure: Closure) -> Mapping[Measure, str]:
    """Return how each measure sorts a closure."""
    days = (closure.closed_on - closure.complained_on).days
    promises = {name: _kept(closure.past_clocks, wait) for name, wait in _PROMISES.items()}
    return {
        Measure.OUTCOME: ComplaintOutcome(closure.outcome),
        Measure.SUBJECT: closure.about,
        Measure.DURATION: duration_of(days),
        Measure.INSTITUTION: _answer(closure),
        **promises,
        Measure.INTERVENTION: _whether(closure.intervened),
        Measure.REOPENED: _whether(closure.episode > 1),
    }


def duration_of(days: int) -> Duration:
    """Return the band of a number of days."""
    fitting = (band for band, last in _LAST_DAY_OF.items() if days <= last)
    return next(fitting, Duration.LONGER)


def _whether(happened: bool) -> Whether:
    return Whether.YES if happened else Whether.NO


def is_late(clock: PastClock) -> bool:
    """Tell whether what was awaited came after the last day, or not at all."""
    return clock.ending is Ending.PASSED or civil_date(clock.ended) > clock.day


def _kept(past: Iterable[PastClock], wait: Wait) -> Promise:
    clocks = [clock for clock in past if clock.wait is wait]
    if any(map(is_late, clocks)):
        return Promise.LATE
    answered = any(clock.ending is Ending.ANSWERED for clock in clocks)
    return Promise.KEPT if answered else Promise.NOT_DUE


def _answer(closure: Closure) -> Answer:
    if not closure.contacted:
        return Answer.NOT_ASKED
    clocks = [clock for clock in closure.past_clocks if clock.wait is Wait.INSTITUTION_REPLIES]
    late = bool(clocks) and is_late(clocks[-1])
    if not closure.replied:
        return Answer.SILENT if late else Answer.NOT_DUE
    if late:
        return Answer.LATE
    return Answer.REMINDED if _REMINDERS.intersection(closure.letters) else Answer.UNPROMPTED


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
