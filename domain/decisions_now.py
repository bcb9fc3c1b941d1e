"""Which decisions somebody may take now, computed from the read model of a case.

What is listed is not refused a moment later, unless something has arrived meanwhile; the workflow
has the last word all the same.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from domain.aftercare import may_reopen
from domain.calendar import civil_date
from domain.consultation import outcome_of_closing
from domain.entries import CLOSABLE, PROPOSABLE, Decision
from domain.identifiers import StaffId
from domain.matter import Matter
from domain.overview import OverviewDetails
from domain.parties import Party
from domain.staff import Role, acts_as
from domain.stages import Outcome, Stage
from domain.waits import Attention, Wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a case stands, as far as it decides who may do what.

    Attributes:
        closed_at: the closure, in UTC; ``None`` while it is open.
        erasing: whether the complainant asked to be erased.
        moment: the present of the case, in UTC.
    """

    mediator: StaffId | None
    offered: StaffId | None
    proposal: Outcome | None
    consent: bool
    contacted: bool
    closed_at: datetime | None
    erasing: bool
    details: OverviewDetails
    moment: datetime

    @property
    def day(self) -> date:
        """The civil day of the case."""
        return civil_date(self.moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionNow:
    """A decision that can be taken now, and what can be chosen for it.

    Attributes:
        acting_as: as whom the reader would take it.
        waits: the clocks that it can be about, if it is about one.
        outcomes: with which outcomes, if it takes one.
        stages: into which stages, if it takes one.
    """

    decision: Decision
    acting_as: Party
    waits: tuple[Wait, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    stages: tuple[Stage, ...] = ()


def decisions_now(
    case: Standing, reader: StaffId, roles: Collection[Role]
) -> tuple[DecisionNow, ...]:
    """Return the decisions that a staff member may take now, in the order of ``Decision``."""
    found: list[DecisionNow] = []
    for decision in Decision:
        handles = reader in {case.mediator, case.offered}
        party = acts_as(roles, decision, case.details.matter, handles=handles)
        if party is None or not _possible(case, decision, reader, party):
            continue
        found.append(
            DecisionNow(
                decision=decision,
                acting_as=party,
                waits=_waits(case, decision),
                outcomes=_outcomes(case, decision),
                stages=case.details.reachable if decision is Decision.OVERRIDE_STAGE else (),
            )
        )
    return tuple(found)


def _possible(case: Standing, decision: Decision, reader: StaffId, party: Party) -> bool:
    if decision in {Decision.REOPEN_CASE, Decision.KEEP_CLOSED}:
        theirs = party is Party.SUPERVISOR or reader == case.mediator
        asked = Attention.REOPENING_ASKED in case.details.attentions
        in_time = case.closed_at is not None and may_reopen(case.closed_at, case.moment)
        possible = asked or (in_time and decision is Decision.REOPEN_CASE)
        return theirs and possible and case.closed_at is not None and not case.erasing
    if decision is Decision.RETRY_NOW:
        return True
    if case.closed_at is not None:
        return False
    if decision in _ANSWERS_TO_AN_OFFER:
        return reader == case.offered
    if party is not Party.SUPERVISOR and reader != case.mediator:
        return False
    if decision in _ABOUT_A_CLOCK:
        return bool(_waits(case, decision))
    return decision in POSSIBLE_WHEN and POSSIBLE_WHEN[decision](case)


_ANSWERS_TO_AN_OFFER = frozenset({Decision.ACCEPT_CASE, Decision.DECLINE_CASE})


def _movable(case: Standing) -> tuple[Wait, ...]:
    return tuple(view.clock.wait for view in case.details.clocks if not view.clock.statutory)


def _correctable(case: Standing) -> tuple[Wait, ...]:
    """Return the clocks for which there is another day to count from."""
    details = case.details
    if details.complained_on is None:
        return ()
    if details.complained_on < case.day:
        return details.correctable
    started = {view.clock.wait: view.clock.start for view in details.clocks}
    return tuple(wait for wait in details.correctable if started[wait] != case.day)


_ABOUT_A_CLOCK: Mapping[Decision, Callable[[Standing], tuple[Wait, ...]]] = MappingProxyType(
    {
        Decision.EXTEND_TERM: _movable,
        Decision.RESTART_TERM: _movable,
        Decision.CORRECT_DATE: _correctable,
    }
)


def _outcomes(case: Standing, decision: Decision) -> tuple[Outcome, ...]:
    match decision:
        case Decision.PROPOSE_OUTCOME:
            return tuple(sorted(PROPOSABLE))
        case Decision.CLOSE_CASE if case.details.matter is Matter.QUESTION:
            clocks = (*(view.clock for view in case.details.clocks), *case.details.past_clocks)
            return (outcome_of_closing(clock.wait for clock in clocks),)
        case Decision.CLOSE_CASE:
            return tuple(sorted(CLOSABLE))
        case _:
            return ()


def _waits(case: Standing, decision: Decision) -> tuple[Wait, ...]:
    return _ABOUT_A_CLOCK[decision](case) if decision in _ABOUT_A_CLOCK else ()


def _always(_: Standing) -> bool:
    return True


def _rung_waits(case: Standing) -> bool:
    runs = Wait.INSTITUTION_REPLIES in {view.clock.wait for view in case.details.clocks}
    return bool(case.details.steps_to_decide) and runs


def _rules_were_corrected(case: Standing) -> bool:
    return Attention.POLICY_CORRECTED in case.details.attentions


POSSIBLE_WHEN: Mapping[Decision, Callable[[Standing], bool]] = MappingProxyType(
    {
        Decision.RECUSE: _always,
        Decision.ANSWER_QUESTION: _always,
        Decision.ASK_COMPLAINANT: _always,
        Decision.CONTACT_INSTITUTION: lambda case: case.consent and case.contacted,
        Decision.RECORD_REPLY: lambda case: case.contacted,
        Decision.REFER: _always,
        Decision.DECLARE_INADMISSIBLE: _always,
        Decision.LINK_CASE: _always,
        Decision.PROPOSE_OUTCOME: lambda case: case.proposal is None,
        Decision.CLOSE_CASE: _always,
        Decision.TAKE_STEP: lambda case: _rung_waits(case) and case.consent,
        Decision.SKIP_STEP: _rung_waits,
        Decision.PAUSE_FOR_DANGER: lambda case: not case.details.danger,
        Decision.RESUME: lambda case: case.details.danger,
        Decision.APPLY_CORRECTION: _rules_were_corrected,
        Decision.KEEP_RULES: _rules_were_corrected,
        Decision.OVERRIDE_STAGE: lambda case: bool(case.details.reachable),
        Decision.OFFER_CASE: lambda case: case.mediator is None,
        Decision.REASSIGN: lambda case: (
            case.details.matter is Matter.QUESTION or (case.mediator or case.offered) is not None
        ),
        Decision.ASSIGN_ADVISER: _always,
    }
)
"""When a decision about an open case is possible, for whoever may take it at all."""
