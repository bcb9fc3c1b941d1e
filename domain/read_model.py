"""Telling how a case stands: from its course to the read model."""

from dataclasses import replace

from domain.assignment_rules import may_object
from domain.calendar import civil_date
from domain.clocks import Clock
from domain.course import Course
from domain.intervention_rules import correctable, reachable
from domain.overview import ClockView, Overview, OverviewDetails, Referral, Trouble
from domain.policy.model import CaseRules
from domain.waits import Attention, by_urgency


def overview_of(course: Course, trouble: Trouble | None = None) -> Overview:
    """Return the read model of a course.

    Args:
        trouble: what cannot be done at present.
    """
    failing = [] if trouble is None else [Attention.EFFECT_FAILING]
    attentions = by_urgency([*course.attentions, *failing])
    clock = course.clock if course.is_open else None
    return Overview(
        stage=course.stage,
        cursor=course.cursor,
        waiting_for=course.wait if course.is_open else None,
        waiting_since=clock.since if clock else None,
        remind_at=clock.remind_at(course.term(clock.wait)) if clock else None,
        due_at=clock.due_at if clock else None,
        term_source=clock.source if clock else None,
        mediator=course.mediator,
        offered=course.offered,
        consent=course.rules is not None and course.may_contact,
        contacted=course.contacted,
        replied=course.replied,
        proposal=course.proposal,
        proposed_in=course.proposed_in,
        outcome=course.outcome,
        attention=next(iter(attentions), None),
        details=replace(
            (
                _details(course, course.rules)
                if course.rules
                else OverviewDetails(matter=course.matter)
            ),
            attentions=attentions,
            trouble=trouble,
        ),
    )


def referral_of(course: Course) -> Referral | None:
    """Return the way to the next body, with the last day where there is one."""
    body = course.bound_by.next_body
    if body is None:
        return None
    window = course.window_to_next_body
    return Referral(
        body=body.id,
        until=window.until if window else None,
        source=window.window.source if window else None,
    )


def _details(course: Course, rules: CaseRules) -> OverviewDetails:
    return OverviewDetails(
        matter=course.matter,
        kind=rules.kind,
        mediation=rules.mediation,
        clocks=tuple(
            _view(course, clock)
            for clock in sorted(course.clocks.values(), key=lambda clock: (clock.day, clock.wait))
        ),
        past_clocks=tuple(course.past_clocks),
        consents=tuple(course.consents),
        needed_consents=rules.needed_consents,
        contestable=rules.objection is not None,
        linked=tuple(course.linked),
        steps_to_decide=tuple(course.steps_to_decide),
        notices=course.notices,
        referral=referral_of(course),
        ground=course.ground,
        danger=course.danger,
        adviser=course.adviser,
        recused=tuple(course.recused),
        may_object=may_object(course),
        unfit=dict(course.unfit),
        policy_version=rules.version,
        rules_of=rules.on,
        unverified_rows=rules.unverified_rows,
        complained_on=civil_date(course.received_at) if course.received_at else None,
        correctable=correctable(course),
        reachable=reachable(course),
    )


def _view(course: Course, clock: Clock) -> ClockView:
    term = course.term(clock.wait)
    rung = clock.next_rung(term)
    moment = course.next_moment(clock.wait)
    return ClockView(
        clock=clock,
        next_step=rung.step if rung and moment else None,
        next_at=moment,
        extendable=term.extension is not None,
    )
