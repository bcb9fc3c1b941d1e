"""Who may be offered a case, and who comes first. A pure function: facts in, a ranking out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from domain.identifiers import CaseId, InstitutionId, StaffId
from domain.institutions import InstitutionKind, Region
from domain.languages import Language

NOMINAL_CAPACITY = 20
"""Cases. What somebody without a limit of their own weighs as."""

ORDINARY_WEEK = (1, 2, 3, 4, 5)
"""Monday to Friday, as ISO 8601 numbers the days of a week."""

_NEVER = datetime.min.replace(tzinfo=UTC)


class Unfit(StrEnum):
    """Why a mediator is not offered a case."""

    EXCLUDED = "excluded"
    """They declined, stayed silent, withdrew, or were taken off the case."""
    ADVISER = "adviser"
    """They advise in this case, or did."""
    CONFLICT = "conflict"
    """They declared a conflict with the institution or the case."""
    LANGUAGE = "language"
    KIND = "kind"
    """They do not mediate with this kind of institution."""
    REGION = "region"
    ABSENT = "absent"
    """There is no day on which they work and could answer the offer."""
    FULL = "full"
    """They have as many cases as they can take."""


class ConflictKind(StrEnum):
    """Why somebody is not free towards an institution or a case."""

    WORKS_THERE = "works_there"
    """They work there, or did."""
    FAMILY = "family"
    """Somebody close to them works there, or is part of the case."""
    KNOWS_COMPLAINANT = "knows_complainant"
    INTEREST = "interest"
    """They have an interest of their own: money, a membership, a dispute."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which somebody does not work, both included."""

    first_day: date
    last_day: date

    def covers(self, day: date) -> bool:
        """Tell whether a day belongs to it."""
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingTime:
    """When somebody works.

    Attributes:
        working_days: days of the week as ISO 8601 numbers them, Monday is 1.
    """

    working_days: frozenset[int] = frozenset(ORDINARY_WEEK)
    absences: tuple[Absence, ...] = ()

    def has_a_day(self, first: date, last: date) -> bool:
        """Tell whether they work on any day from the first to the last."""
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return any(self._works_on(day) for day in days)

    def _works_on(self, day: date) -> bool:
        here = day.isoweekday() in self.working_days
        return here and not any(absence.covers(day) for absence in self.absences)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a case asks of its mediator, or a question of its adviser.

    Attributes:
        institution: ``None`` for a question, and ``kind`` as well.
        region: of the institution; ``None`` for one that is everywhere.
        first_day: the civil day of the offer, and ``answer_by`` the last one to answer it.
        excluded: who is not asked, since the case knows them already.
    """

    case: CaseId
    institution: InstitutionId | None
    kind: InstitutionKind | None
    language: Language
    first_day: date
    answer_by: date
    region: Region | None = None
    excluded: frozenset[StaffId] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A mediator, with all that decides whether a case suits them.

    Attributes:
        kinds: the kinds of institutions they mediate with; empty for all.
        regions: where they mediate; empty for everywhere.
        capacity: how many cases they take at the same time; ``None`` for no limit.
        conflicts: the institutions and cases towards which they are not free.
        withdrew: whether they left the complainant's case before, or were objected to.
        advises: whether they advise in the case, or did.
        knows_the_case: whether they mediated for this complainant before.
        load: open cases and open offers.
        with_institution: cases about the same institution, open or lately closed.
        last_asked_at: when they were last offered a case, in UTC.
    """

    id: StaffId
    languages: frozenset[Language]
    kinds: frozenset[InstitutionKind] = frozenset()
    regions: frozenset[Region] = frozenset()
    capacity: int | None = None
    time: WorkingTime = WorkingTime()
    conflicts: frozenset[InstitutionId | CaseId] = frozenset()
    withdrew: bool = False
    advises: bool = False
    knows_the_case: bool = False
    load: int = 0
    with_institution: int = 0
    last_asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """Who may be offered a case, the best choice in front, and why each other may not."""

    fitting: Sequence[StaffId]
    left_out: Mapping[StaffId, Sequence[Unfit]]

    @property
    def reasons(self) -> Mapping[Unfit, int]:
        """For how many people each reason holds."""
        return Counter(reason for reasons in self.left_out.values() for reason in reasons)


def rank(candidates: Iterable[Candidate], need: Need) -> Ranking:
    """Return who fits a case and who comes first.

    Whoever mediated for the complainant before comes first; then the least load for one's
    capacity, the fewest cases about the same institution, and who was asked longest ago. Equals
    stand in a stable order, so that a question asked twice has one answer.
    """
    fitting: list[Candidate] = []
    left_out: dict[StaffId, Sequence[Unfit]] = {}
    for candidate in candidates:
        reasons = tuple(reason for reason, holds in _checks(candidate, need) if holds)
        if reasons:
            left_out[candidate.id] = reasons
        else:
            fitting.append(candidate)
    return Ranking([candidate.id for candidate in sorted(fitting, key=_place)], left_out)


def _checks(one: Candidate, need: Need) -> Iterable[tuple[Unfit, bool]]:
    yield Unfit.EXCLUDED, one.id in need.excluded or one.withdrew
    yield Unfit.ADVISER, one.advises
    yield Unfit.CONFLICT, not one.conflicts.isdisjoint({need.institution, need.case})
    yield Unfit.LANGUAGE, need.language not in one.languages
    yield Unfit.KIND, bool(one.kinds and need.kind) and need.kind not in one.kinds
    yield Unfit.REGION, bool(one.regions and need.region) and need.region not in one.regions
    yield Unfit.ABSENT, not one.time.has_a_day(need.first_day, need.answer_by)
    yield Unfit.FULL, one.capacity is not None and one.load >= one.capacity


def _place(one: Candidate) -> tuple[bool, Fraction, int, datetime, StaffId]:
    return (
        not one.knows_the_case,
        Fraction(one.load, one.capacity or NOMINAL_CAPACITY),
        one.with_institution,
        one.last_asked_at or _NEVER,
        one.id,
    )
