"""Hearing both sides: the questions of the mediator, and what the institution answers."""

from datetime import date, datetime

from domain.calendar import civil_date
from domain.clocks import Ending
from domain.course import Course
from domain.entries import EntryFacts, Refusal
from domain.letters import Letter
from domain.parties import Party
from domain.waits import Wait


def ask_complainant(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    """Put a question to the complainant."""
    letter = (Letter.QUESTION_TO_COMPLAINANT, Party.COMPLAINANT)
    return ask(course, entry, Wait.COMPLAINANT_ANSWERS, letter, now)


def contact_institution(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    """Put a further question to the institution; the first letter leaves by itself."""
    if not course.may_contact:
        return Refusal.NO_CONSENT
    if not course.contacted:
        return Refusal.NOT_CONTACTED
    letter = (Letter.QUESTION_TO_INSTITUTION, Party.INSTITUTION)
    return ask(course, entry, Wait.INSTITUTION_ANSWERS, letter, now)


def ask(
    course: Course, entry: EntryFacts, wait: Wait, letter: tuple[Letter, Party], now: datetime
) -> Refusal | None:
    """Begin the clock of a question to one side, and call for the letter that carries it."""
    if wait not in course.bound_by.terms:
        return Refusal.NOT_ALLOWED  # a case that began before there were such terms
    if wait in course.asked:
        course.end_clock(wait, Ending.STOPPED, now)  # the new question has the whole term
    else:
        course.asked.append(wait)
    course.begin_clock(wait, now)
    course.post(*letter, about=entry.number, running=course.clocks[wait])
    return None


def record_reply(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    """Note what the institution answered by another way; it counts from the day it answered."""
    if course.contacted_at is None:
        return Refusal.NOT_CONTACTED
    day = entry.details.day
    if day is None or not civil_date(course.contacted_at) <= day <= civil_date(entry.received_at):
        return Refusal.DAY_IMPOSSIBLE
    institution_was_heard(course, day, now)
    course.post(Letter.NEWS, Party.COMPLAINANT, about=entry.number)
    return None


def institution_was_heard(course: Course, day: date, now: datetime) -> None:
    """Note a reply: also a late one ends the wait and whatever became pointless by it.

    Args:
        day: the civil day on which the institution replied.
    """
    course.replied = True
    if course.handling_ended is None or day < course.handling_ended:
        course.handling_ended = day
    course.steps_to_decide.clear()
    course.answered(Wait.INSTITUTION_REPLIES, now)
    course.question_answered(Wait.INSTITUTION_ANSWERS, now)
    course.choosing_route = False
    course.answered(Wait.COMPLAINANT_CHOOSES_ROUTE, now)


def leave_institution_alone(course: Course, now: datetime) -> None:
    """Note that nothing may be sent to the institution any more, or expected of it."""
    course.drop_letters_to(Party.INSTITUTION)
    course.end_clock(Wait.INSTITUTION_REPLIES, Ending.STOPPED, now)
    course.question_answered(Wait.INSTITUTION_ANSWERS, now)
    course.steps_to_decide.clear()


def resume_institutions_term(course: Course, now: datetime) -> None:
    """Let the institution's term go on: from its day of receipt, consent or none (Awb 9:11)."""
    wait = Wait.INSTITUTION_REPLIES
    before = [past.counted for past in course.past_clocks if past.wait is wait and past.counted]
    if course.replied or wait in course.clocks or not before:
        return
    clock = before[-1]
    course.clocks[wait] = clock.paused(now) if course.danger else clock.resumed(now)
