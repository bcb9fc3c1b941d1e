"""What a staff member can decide now, as answers show it."""

from datetime import datetime

from pydantic.alias_generators import to_camel

from api.case_answers import CaseBody
from api.schemas import Wire
from api.who import Staff
from catalogues.texts import text
from domain.decision_forms import form_of
from domain.decisions_now import DecisionNow, Standing, decisions_now
from domain.entries import Decision
from domain.identifiers import StaffId
from domain.languages import Language
from domain.overview import OverviewDetails
from domain.parties import Party
from domain.stages import Outcome, Stage
from domain.waits import Wait
from storage.models import CaseRow, OverviewRow


class DecisionNowBody(Wire):
    """A decision that the reader can take now, at ``POST /v1/cases/{number}/decisions``."""

    decision: Decision
    acting_as: Party
    title: str
    consequence: str
    """What it causes, and when."""
    needs: list[str]
    """The fields that belong to it beside ``decision``, and ``may`` those that may be left out."""
    may: list[str]
    waits: list[Wait]
    """The clocks that it can be about; empty when it is about none."""
    outcomes: list[Outcome]
    stages: list[Stage]


class OneCaseBody(CaseBody):
    """The course of a case, and what the reader can decide about it."""

    decisions_now: list[DecisionNowBody]
    """What is possible now. When something arrives meanwhile, it may be refused all the same."""


def decisions_of(
    case: CaseRow,
    overview: OverviewRow | None,
    staff: Staff,
    language: Language,
    *,
    erasing: bool,
    now: datetime,
) -> list[DecisionNowBody]:
    """Present what somebody can decide now.

    Args:
        erasing: whether the complainant asked to be erased.
        now: the present of the case, in UTC.
    """
    standing = _standing(case, overview, erasing=erasing, now=now)
    return [_body(one, language) for one in decisions_now(standing, staff.id, staff.roles)]


def _standing(
    case: CaseRow, overview: OverviewRow | None, *, erasing: bool, now: datetime
) -> Standing:
    mediator = overview.mediator_id if overview else None
    offered = overview.offered_id if overview else None
    return Standing(
        mediator=StaffId(mediator) if mediator else None,
        offered=StaffId(offered) if offered else None,
        proposal=overview.proposal if overview else None,
        consent=overview is not None and overview.consent,
        contacted=overview is not None and overview.contacted,
        closed_at=case.closed_at,
        erasing=erasing,
        details=overview.details if overview else OverviewDetails(),
        moment=now,
    )


def _body(one: DecisionNow, language: Language) -> DecisionNowBody:
    form = form_of(one.decision, one.acting_as)
    return DecisionNowBody(
        decision=one.decision,
        acting_as=one.acting_as,
        title=text(language, f"decision.{one.decision}"),
        consequence=text(language, f"decision.{one.decision}.then"),
        needs=sorted(map(to_camel, form.needs)),
        may=sorted(map(to_camel, form.may - form.needs)),
        waits=list(one.waits),
        outcomes=list(one.outcomes),
        stages=list(one.stages),
    )
