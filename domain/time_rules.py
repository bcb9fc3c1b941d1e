"""What the passing of time does to a case: rungs of ladders, climbed one by one."""

from datetime import datetime

from domain.clocks import Clock, Ending
from domain.course import Course
from domain.letters import Letter
from domain.parties import Party
from domain.policy.model import Anchor, Decides, Rung, Step
from domain.stages import Outcome
from domain.waits import Attention, Wait

_ATTENTION_WHEN_PASSED = {
    Wait.PORTAL_ACKNOWLEDGES: Attention.ACKNOWLEDGEMENT_LATE,
    Wait.MEDIATOR_FOUND: Attention.NO_MEDIATOR,
    Wait.MEDIATOR_PROPOSES: Attention.MEDIATOR_SILENT,
    Wait.ADVISER_ANSWERS: Attention.ADVISER_SILENT,
    Wait.INSTITUTION_REPLIES: Attention.INSTITUTION_SILENT,
    Wait.COMPLAINANT_CONSENTS: Attention.COMPLAINANT_SILENT,
    Wait.COMPLAINANT_RESPONDS: Attention.COMPLAINANT_SILENT,
    Wait.COMPLAINANT_ANSWERS: Attention.COMPLAINANT_SILENT,
    Wait.INSTITUTION_ANSWERS: Attention.INSTITUTION_SILENT,
    Wait.COMPLAINANT_CHOOSES_ROUTE: Attention.COMPLAINANT_SILENT,
}
_STARTS_ANEW = frozenset(
    {
        Wait.COMPLAINANT_CONSENTS,
        Wait.COMPLAINANT_RESPONDS,
        Wait.INSTITUTION_REACHED,
        Wait.MEDIATOR_PROPOSES,
        Wait.ADVISER_ANSWERS,
    }
)
_ATTENTION_ON_REMINDER = {
    Wait.MEDIATOR_AVAILABLE: Attention.NO_MEDIATOR,
    Wait.MEDIATOR_FOUND: Attention.NO_MEDIATOR,
    Wait.ADVISER_AVAILABLE: Attention.NO_ADVISER,
}
_SOMEBODY_AVAILABLE = frozenset({Wait.MEDIATOR_AVAILABLE, Wait.ADVISER_AVAILABLE})


def act_on_time(course: Course, now: datetime) -> bool:
    """Take every rung that is due at ``now`` (UTC), in order; tell whether there was one."""
    acted = False
    while (wait := _first_due(course, now)) is not None:
        _climb(course, wait, now)
        acted = True
    return acted


def take_step(course: Course, rung_id: str) -> None:
    """Take a rung of the institution's ladder that the mediator decided on."""
    ladder = course.term(Wait.INSTITUTION_REPLIES).ladder
    clock = course.clocks[Wait.INSTITUTION_REPLIES]
    for rung in ladder:
        if rung.id == rung_id:
            _take(course, rung, clock)


def _first_due(course: Course, now: datetime) -> Wait | None:
    due = [
        (moment, wait)
        for wait in course.clocks
        if (moment := course.next_moment(wait)) is not None and moment <= now
    ]
    return min(due)[1] if due else None


def _climb(course: Course, wait: Wait, now: datetime) -> None:
    clock, term = course.clocks[wait], course.term(wait)
    rung = clock.next_rung(term)
    if rung is None:
        raise RuntimeError(f"the ladder of {wait} has no further rung")
    overtaken = clock.overtaken(term, now)
    clock = course.clocks[wait] = clock.climbed()
    if wait is Wait.INSTITUTION_REPLIES:
        course.steps_to_decide.clear()
    if overtaken:
        return
    if rung.decides is Decides.MEDIATOR:
        course.steps_to_decide.append(rung.id)
        course.post(Letter.STEP_TO_DECIDE, Party.MEDIATOR, running=clock, occasion=rung.id)
    else:
        _take(course, rung, clock)
        if rung.step is Step.PASS:
            _passed(course, clock, now)


def _take(course: Course, rung: Rung, clock: Clock) -> None:
    if rung.step is Step.REMIND and clock.wait in _ATTENTION_ON_REMINDER:
        course.ask_attention(_ATTENTION_ON_REMINDER[clock.wait])
    if clock.wait in _SOMEBODY_AVAILABLE and rung.anchor is Anchor.LAST_DAY:
        course.declined.clear()  # everybody is considered again
    if rung.step is Step.OFFER_REFERRAL:
        course.referral_offered = course.choosing_route = True
    for post in rung.posts:
        course.post(post.letter, post.to, running=clock, contact=post.contact, occasion=rung.id)


def _passed(course: Course, clock: Clock, now: datetime) -> None:
    """Note that a term passed unanswered; wait anew where that helps."""
    wait = clock.wait
    course.clocks[wait] = clock.noted_as_passed()
    if wait in _ATTENTION_WHEN_PASSED:
        course.ask_attention(_ATTENTION_WHEN_PASSED[wait])
    if wait in _STARTS_ANEW:
        course.end_clock(wait, Ending.PASSED, now)
        course.begin_clock(wait, now, clock.round + 1)
    match wait:
        case Wait.MEDIATOR_AVAILABLE | Wait.ADVISER_AVAILABLE:
            course.end_clock(wait, Ending.PASSED, now)
        case Wait.MEDIATOR_ACCEPTS:
            course.offer_lapsed(now)
        case Wait.INSTITUTION_REPLIES:
            course.silence_established = True
            course.handling_ended = course.handling_ended or clock.day
        case Wait.COMPLAINANT_CHOOSES_ROUTE:
            course.choosing_route = False
            course.end_clock(wait, Ending.PASSED, now)
        case Wait.COMPLAINANT_FOLLOWS_UP:
            course.close_with(Outcome.ADVISED, now)
        case _:
            pass
