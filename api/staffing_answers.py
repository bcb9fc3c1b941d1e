"""The bodies of answers about the staff: who is there when, and whom a case suits."""

from datetime import date
from uuid import UUID

from api.schemas import Wire
from domain.institutions import InstitutionKind, Region
from domain.matching import ConflictKind, Unfit


class AbsenceStateBody(Wire):
    """Days on which somebody is not there, both included."""

    first_day: date
    last_day: date


class ConflictStateBody(Wire):
    """Something towards which a mediator is not free."""

    institution_id: str | None
    case_number: str | None
    kind: ConflictKind


class AvailabilityStateBody(Wire):
    """Which cases suit a mediator, and when they are there."""

    staff_id: UUID
    working_days: list[int]
    absences: list[AbsenceStateBody]
    conflicts: list[ConflictStateBody]
    institution_kinds: list[InstitutionKind]
    regions: list[Region]
    capacity: int | None


class HandedOverBody(Wire):
    """How many cases and offers go to others; what was under way before is not among them."""

    cases: int
    offers: int
    under_way: int
    locked: int
    """How many stayed, because the key of their case does not open; do it again afterwards."""


class UnfitBody(Wire):
    """For how many mediators a reason holds not to offer them a case."""

    reason: Unfit
    mediators: int
