"""Interventions: what a supervisor changes in a case that is stuck, and whom that is told.

More time, danger and closing follow the rules that the mediator's decisions follow; here is what
only a supervisor may do.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType

from domain.calendar import civil_date, office_hour_of
from domain.clocks import Clock
from domain.contact_rules import write_again
from domain.correction_rules import open_window_anew
from domain.course import Course
from domain.entries import Decision, EntryFacts, Refusal
from domain.hearing_rules import institution_was_heard, leave_institution_alone
from domain.letters import Letter
from domain.matter import Matter
from domain.parties import Party
from domain.policy.model import Step
from domain.stages import Stage
from domain.waits import ATTENTION_ENDED_BY, Wait

READ_BY_THE_COMPLAINANT = frozenset(
    {
        Decision.EXTEND_TERM,
        Decision.CORRECT_DATE,
        Decision.PAUSE_FOR_DANGER,
        Decision.RESUME,
        Decision.OVERRIDE_STAGE,
        Decision.CLOSE_CASE,
        Decision.REOPEN_CASE,
        Decision.KEEP_CLOSED,
    }
)
"""Interventions that change what the complainant waits for: they read the reason.

The others move only what we do among ourselves; their reason stays with the mediator.
"""


def tell_of_intervention(course: Course, entry: EntryFacts, decision: Decision) -> None:
    """Call for a word to the mediator, and to the complainant where it touches them.

    Of a closure the complainant has a letter of its own.
    """
    if decision in READ_BY_THE_COMPLAINANT and course.is_open:
        course.tell_complainant(entry)
    course.tell_mediator(entry)


def _retry_now(course: Course, _: EntryFacts, now: datetime) -> Refusal | None:
    """Take the case for one whose letters leave; the letter book sees to most of them."""
    write_again(course, now)
    return None


# A date that was noted wrongly ---------------------------------------------------------------


def correctable(course: Course) -> tuple[Wait, ...]:
    """Return the running clocks that can be counted from another day."""
    return tuple(
        wait
        for wait in sorted(course.clocks)
        if wait is not Wait.NEXT_BODY_WINDOW or course.handling_ended is not None
    )


def _correct_date(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    """Count a clock from the true day, by the same rules; a fact is corrected, never a term."""
    wait, day = entry.details.wait, entry.details.day
    if wait is None or day is None or course.received_at is None:
        return Refusal.NOT_ALLOWED
    if wait not in correctable(course):
        return Refusal.NOT_NOW
    if not civil_date(course.received_at) <= day <= civil_date(entry.received_at):
        return Refusal.DAY_IMPOSSIBLE
    clock = course.clocks[wait]
    if day == (course.handling_ended if wait is Wait.NEXT_BODY_WINDOW else clock.start):
        return Refusal.ALREADY_DONE
    # What was called for about the old date would be beside the truth.
    course.outbox = [item for item in course.outbox if item.wait is not wait]
    if wait is Wait.NEXT_BODY_WINDOW:
        _handling_ended_on(course, day, now)
    else:
        _count_from(course, clock, day, now)
    return None


def _count_from(course: Course, clock: Clock, day: date, now: datetime) -> None:
    since = min(office_hour_of(day), now)
    counted = course.clocks[clock.wait] = clock.counted_from(since, course.calendar)
    if not clock.passed:
        return
    ladder = course.term(clock.wait).ladder
    passing = [n for n, rung in enumerate(ladder) if rung.step is Step.PASS]
    if passing and counted.moment_of(ladder[passing[0]]) > now:
        course.clocks[clock.wait] = replace(
            counted, passed=False, rung=passing[0], held_at=None, held_days=0
        )
        _did_not_pass(course, clock.wait)
    if clock.wait is Wait.INSTITUTION_REPLIES and course.handling_ended == clock.day:
        still = course.clocks[clock.wait].passed
        _handling_ended_on(course, counted.day if still else None, now)


def _did_not_pass(course: Course, wait: Wait) -> None:
    """Take back what followed from a passing that had not happened; reminders are not repeated."""
    for reason, waits in ATTENTION_ENDED_BY.items():
        if wait in waits:
            course.seen_to(reason)
    if wait is Wait.INSTITUTION_REPLIES:
        course.silence_established = False
        course.referral_offered = course.choosing_route = False
        course.steps_to_decide.clear()


def _handling_ended_on(course: Course, day: date | None, now: datetime) -> None:
    course.handling_ended = day
    if Wait.NEXT_BODY_WINDOW in course.clocks:
        open_window_anew(course, course.clocks[Wait.NEXT_BODY_WINDOW], now)


# A stage that is wrong -----------------------------------------------------------------------


def _why_not_consent(course: Course) -> Refusal | None:
    return None if course.bound_by.mediation else Refusal.SIGNPOSTING_ONLY


def _to_consent(course: Course, now: datetime) -> None:
    """The consent was noted wrongly: the complainant is asked again, and nothing leaves."""
    needed = set(course.bound_by.needed_consents)
    course.consents = [purpose for purpose in course.consents if purpose not in needed]
    leave_institution_alone(course, now)
    course.post(Letter.CONSENT_REQUEST, Party.COMPLAINANT, occasion=str(course.cursor))


def _why_not_institution(course: Course) -> Refusal | None:
    if not course.bound_by.mediation:
        return Refusal.SIGNPOSTING_ONLY
    if not course.may_contact:
        return Refusal.NO_CONSENT
    # Silence is counted by a clock: its day can be corrected, or it can be given more time.
    return Refusal.STAGE_NOT_POSSIBLE if course.silence_established else None


def _to_institution(course: Course, now: datetime) -> None:
    """What was taken for a reply was none: the term runs on from where it was counted."""
    if not course.replied or course.contacted_at is None:
        return
    course.replied = False
    _handling_ended_on(course, None, now)
    wait = Wait.INSTITUTION_REPLIES
    course.begin_clock(wait, course.contacted_at)
    before = [past for past in course.past_clocks if past.wait is wait]
    if before:
        clock, ladder = course.clocks[wait], course.term(wait).ladder
        clock = replace(clock, day=max(clock.day, before[-1].day), round=before[-1].round)
        taken = [rung for rung in ladder if clock.moment_of(rung) <= before[-1].ended]
        course.clocks[wait] = replace(clock, rung=len(taken))


def _why_not_hearing(course: Course) -> Refusal | None:
    if not course.bound_by.mediation:
        return None
    if not course.may_contact:
        return Refusal.NO_CONSENT
    return None if course.contacted else Refusal.NOT_CONTACTED


def _to_hearing(course: Course, now: datetime) -> None:
    """The institution was heard, in a way that nobody noted."""
    if course.bound_by.mediation and not (course.replied or course.silence_established):
        institution_was_heard(course, civil_date(now), now)


type _WhyNot = Callable[[Course], Refusal | None]
type _Facts = Callable[[Course, datetime], None]

_BY_HAND: Mapping[Stage, tuple[_WhyNot, _Facts]] = MappingProxyType(
    {
        Stage.AWAITING_CONSENT: (_why_not_consent, _to_consent),
        Stage.AWAITING_INSTITUTION: (_why_not_institution, _to_institution),
        Stage.HEARING_BOTH_SIDES: (_why_not_hearing, _to_hearing),
    }
)
"""Into which stages a case can be brought by hand: why not, and which facts bring it there.

A proposal is taken back by each of them. Consent is the complainant's to give and a proposal the
mediator's to make, so nothing here adds one; a mediator is found, reassigned or withdraws, and a
case is closed, by decisions of their own.
"""


def why_not_override(course: Course, stage: Stage) -> Refusal | None:
    """Return why a case cannot be brought to a stage by hand, if it cannot."""
    if course.mediator is None or stage not in _BY_HAND:
        return Refusal.STAGE_NOT_POSSIBLE
    if stage is course.needed_stage:
        return Refusal.ALREADY_DONE
    why_not, _ = _BY_HAND[stage]
    return why_not(course)


def reachable(course: Course) -> tuple[Stage, ...]:
    """Return the stages into which the case can be brought by hand now."""
    if not course.is_open or course.rules is None or course.matter is Matter.QUESTION:
        return ()
    return tuple(stage for stage in _BY_HAND if why_not_override(course, stage) is None)


def _override_stage(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    stage = entry.details.stage
    if stage is None:
        return Refusal.NOT_ALLOWED
    refusal = why_not_override(course, stage)
    if refusal is not None:
        return refusal
    if course.proposal is not None:
        course.proposal, course.proposed_in = None, None
        course.answered(Wait.COMPLAINANT_RESPONDS, now)
    if course.needed_stage is not stage:
        _, correct_facts = _BY_HAND[stage]
        correct_facts(course, now)
    return None


type _Rule = Callable[[Course, EntryFacts, datetime], Refusal | None]

INTERVENTIONS: Mapping[Decision, _Rule] = MappingProxyType(
    {
        Decision.RETRY_NOW: _retry_now,
        Decision.CORRECT_DATE: _correct_date,
        Decision.OVERRIDE_STAGE: _override_stage,
    }
)
"""What only a supervisor decides about the course of a case."""
