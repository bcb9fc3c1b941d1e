"""The bodies of requests of the staff. Names are lower camel case on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import (
    Field,
    StrictBool,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from api.schemas import CaseNumberTyped, Day, InstitutionKey, Sent, Text
from domain.decision_forms import FORMS, Item
from domain.entries import Decision
from domain.grounds import Ground
from domain.institutions import InstitutionKind, Region
from domain.matching import ConflictKind
from domain.parties import Audience
from domain.reading import ReadingScope
from domain.stages import Outcome, Stage
from domain.waits import Wait


class StaffMessageBody(Sent):
    """A message of the mediator, or a note for the mediator alone."""

    text: Text
    audience: Audience


class DecisionBody(Sent):
    """A decision of a mediator or supervisor. ``decision`` says what belongs to it.

    A supervisor always says why. The complainant reads that where it changes what they wait for:
    of everything but ``retry_now`` and ``offer_case``.
    """

    decision: Decision
    outcome: Annotated[Outcome | None, Field(validate_default=True)] = None
    """Belongs to ``propose_outcome`` and ``close_case`` only."""
    ground: Annotated[Ground | None, Field(validate_default=True)] = None
    """Why it cannot be handled; belongs to ``declare_inadmissible``, and to
    ``close_case`` as inadmissible."""
    wait: Annotated[Wait | None, Field(validate_default=True)] = None
    """Which clock; belongs to ``extend_term``, ``restart_term`` and ``correct_date`` only."""
    until: Annotated[Day | None, Field(validate_default=True)] = None
    """The new last day; belongs to ``extend_term`` only."""
    day: Annotated[Day | None, Field(validate_default=True)] = None
    """The day of the reply, or the true day from which the clock counts; belongs to
    ``record_reply`` and ``correct_date`` only."""
    stage: Annotated[Stage | None, Field(validate_default=True)] = None
    """Belongs to ``override_stage`` only; ``decisionsNow`` of the case lists what is possible."""
    mediator_id: Annotated[UUID | None, Field(validate_default=True)] = None
    """Belongs to ``offer_case`` and ``reassign`` only."""
    adviser_id: Annotated[UUID | None, Field(validate_default=True)] = None
    """Belongs to ``assign_adviser`` only."""
    case_number: Annotated[str | None, Field(validate_default=True, max_length=20)] = None
    """The other case; belongs to ``link_case`` only."""
    text: Annotated[Text | None, Field(validate_default=True)] = None
    """What the question or the reply says; belongs to ``ask_complainant``,
    ``contact_institution`` and ``record_reply`` only."""
    reason: Annotated[Text | None, Field(validate_default=True)] = None
    """Why. The decisions that end, refuse or move something need one. Of a proposal and a closure
    the complainant reads it."""

    @field_validator(*(item.value for item in Item))
    @classmethod
    def _belongs(cls, value: object, so_far: ValidationInfo) -> object:
        decision = so_far.data.get("decision")
        form = FORMS.get(decision) if decision is not None else None
        if form is None:
            return value  # already refused, or not for the staff
        item = Item(so_far.field_name)
        if value is None and item in form.needs:
            raise PydanticCustomError("missing", "this decision needs it")
        closes = item is Item.GROUND and decision is Decision.CLOSE_CASE
        unasked = closes and so_far.data.get("outcome") is not Outcome.INADMISSIBLE
        if value is not None and (unasked or not form.takes(item)):
            raise PydanticCustomError("value_error", "it does not belong to this decision")
        return value


class BreakGlassRequest(Sent):
    """Asks to read the texts of a case of somebody else. The complainant reads the reason."""

    scope: ReadingScope
    """``story``: what was written, and the attachments. ``identity``: who the complainant is."""
    reason: Text


class BreakGlassAnswer(Sent):
    """A second supervisor lets the first one read for 15 minutes, or does not."""

    approve: StrictBool
    reason: Text | None = None
    """The complainant reads it."""


class HandOverBody(Sent):
    """Takes every open case and offer from somebody, and says why."""

    reason: Text


class AbsenceBody(Sent):
    """Days on which somebody is not there, both included."""

    first_day: Day
    last_day: Day

    @field_validator("last_day")
    @classmethod
    def _follows(cls, value: date, so_far: ValidationInfo) -> date:
        first = so_far.data.get("first_day")
        if first is not None and value < first:
            raise PydanticCustomError("value_error", "before the first day")
        return value


class ConflictBody(Sent):
    """Something towards which a mediator is not free: an institution, or one case."""

    institution_id: InstitutionKey | None = None
    case_number: Annotated[CaseNumberTyped | None, Field(validate_default=True)] = None
    kind: ConflictKind

    @field_validator("case_number")
    @classmethod
    def _one_thing(cls, value: str | None, so_far: ValidationInfo) -> str | None:
        if (value is None) == (so_far.data.get("institution_id") is None):
            raise PydanticCustomError("value_error", "an institution, or a case")
        return value


class AvailabilityBody(Sent):
    """When a mediator is there, and towards whom they are not free. It replaces what was known."""

    working_days: Annotated[list[Annotated[int, Field(ge=1, le=7)]], Field(max_length=7)]
    """As ISO 8601 numbers the days of the week: Monday is 1."""
    absences: Annotated[list[AbsenceBody], Field(max_length=100)]
    conflicts: Annotated[list[ConflictBody], Field(max_length=200)]


class SuitabilityBody(AvailabilityBody):
    """What an administrator says of a mediator. It replaces what was known."""

    institution_kinds: Annotated[list[InstitutionKind], Field(max_length=len(InstitutionKind))]
    """With which kinds of institutions they mediate; empty for all."""
    regions: Annotated[list[Region], Field(max_length=len(Region))]
    """Where they mediate; empty for everywhere."""
    capacity: Annotated[int | None, Field(ge=0, le=1000)]
    """How many cases they take at the same time; ``null`` for no limit."""
