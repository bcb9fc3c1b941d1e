"""What an entry changes in a question, where that is not the same as in a complaint."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType

from domain.clocks import Clock, Ending
from domain.consultation import outcome_of_closing
from domain.course import Course
from domain.entries import EntryFacts, EntryKind, Refusal
from domain.hearing_rules import ask
from domain.identifiers import StaffId
from domain.intake import IntakeFacts, Notice, NoticeKind, Safety
from domain.letters import Letter
from domain.matter import Matter
from domain.parties import Party
from domain.safety_rules import in_danger
from domain.stages import Outcome
from domain.waits import Wait

_OF_QUESTIONS = frozenset({EntryKind.QUESTION, EntryKind.BECAME_COMPLAINT})
_OF_COMPLAINTS = frozenset(
    {
        EntryKind.COMPLAINT,
        EntryKind.CONSENT,
        EntryKind.RESPONSE,
        EntryKind.MEDIATOR_OBJECTION,
        EntryKind.INSTITUTION_REPLY,
        EntryKind.INSTITUTION_EXTENSION,
        EntryKind.INSTITUTION_OBJECTION,
        EntryKind.INSTITUTION_CORRECTION,
    }
)


def is_of_other_matter(matter: Matter, kind: EntryKind) -> bool:
    """Tell whether an entry has no meaning in a case about this matter."""
    return kind in (_OF_COMPLAINTS if matter is Matter.QUESTION else _OF_QUESTIONS)


def _question(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    """Note what was asked, and whether whoever asks is safe."""
    if entry.number != 1:
        return Refusal.NOT_ALLOWED
    course.received_at = course.asked_at = entry.received_at
    intake = entry.details.intake or IntakeFacts()
    if intake.safety is Safety.NOT_SAFE:
        course.notices = (Notice(kind=NoticeKind.DANGER),)
        in_danger(course, now)
    return None


def _message(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    """Pass on what one of the two writes; after an answer, what the complainant asks goes on.

    A message that answers a question of the adviser, or comes after an answer, has the whole term.
    """
    if entry.author is Party.COMPLAINANT:
        if Wait.COMPLAINANT_ANSWERS in course.asked:
            course.question_answered(Wait.COMPLAINANT_ANSWERS, now)
            course.end_clock(Wait.ADVISER_ANSWERS, Ending.STOPPED, now)
            course.asked_at = entry.received_at
        elif course.advice_given:
            course.advice_given = False
            course.answered(Wait.COMPLAINANT_FOLLOWS_UP, now)
            course.asked_at = entry.received_at
        course.tell_mediator(entry)
        return None
    if entry.actor is None or entry.actor != course.mediator:
        return Refusal.NOT_ASSIGNED
    if entry.audience.includes(Party.INSTITUTION):
        return Refusal.OTHER_MATTER
    if entry.audience.includes(Party.COMPLAINANT):
        course.tell_complainant(entry)
    return None


def _became_complaint(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    """Note that there is a complaint about it now; the question closes, or goes on beside it."""
    other = entry.details.other_case
    if other is None:
        return Refusal.NOT_ALLOWED
    course.linked.append(other)
    if not course.is_open:
        return None
    if entry.outcome is Outcome.BECAME_COMPLAINT:
        course.close_with(Outcome.BECAME_COMPLAINT, now)
    else:
        course.tell_mediator(entry)
    return None


RULES: Mapping[EntryKind, Callable[[Course, EntryFacts, datetime], Refusal | None]] = (
    MappingProxyType(
        {
            EntryKind.QUESTION: _question,
            EntryKind.BECAME_COMPLAINT: _became_complaint,
            EntryKind.MESSAGE: _message,
            EntryKind.ATTACHMENT: _message,
        }
    )
)
"""What has rules of its own in a question; everything else is as in a complaint."""


def last_day_to_begin(course: Course, now: datetime) -> date:
    """Return by when an adviser who gets the question at ``now`` (UTC) has to be there."""
    wait = Wait.ADVISER_AVAILABLE
    return Clock.begin(wait, course.term(wait), now, course.calendar).day


def take_up(course: Course, adviser: StaffId, now: datetime) -> None:
    """Give the question to an adviser, who is not asked first."""
    course.mediator = adviser
    course.unfit = {}
    course.declined.clear()
    course.offers_made += 1
    course.answered(Wait.ADVISER_AVAILABLE, now)
    course.post(Letter.QUESTION_ASSIGNED, Party.ADVISER, occasion=str(course.offers_made))


def answer(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    """Give the answer, also a late one and a second one; from now on the complainant can ask on."""
    course.question_answered(Wait.COMPLAINANT_ANSWERS, now)
    course.answered(Wait.ADVISER_ANSWERS, now)
    course.answered(Wait.COMPLAINANT_FOLLOWS_UP, now)
    course.advice_given = True
    course.asked_at = None
    course.post(Letter.ANSWER, Party.COMPLAINANT, about=entry.number)
    return None


def ask_for_more(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    """Ask the complainant what the answer depends on; the answer waits for that."""
    course.advice_given = False
    course.asked_at = None  # what was asked before has had its turn
    letter = (Letter.ADVISER_ASKS, Party.COMPLAINANT)
    return ask(course, entry, Wait.COMPLAINANT_ANSWERS, letter, now)


def close(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    """Close the question: nothing more is to be answered; what was not answered is called so."""
    waits = {clock.wait for clock in course.past_clocks} | course.clocks.keys()
    if course.advice_given:
        waits.add(Wait.COMPLAINANT_FOLLOWS_UP)  # its clock begins once this batch was read
    outcome = outcome_of_closing(waits)
    if entry.outcome is not outcome:
        return Refusal.OUTCOME_NOT_ALLOWED
    course.close_with(outcome, now)
    return None
