"""Whose case it is: taken from a mediator, objected to, and who advises beside them."""

from collections.abc import Mapping
from datetime import date, datetime

from domain.clocks import Clock
from domain.consultation_rules import take_up
from domain.course import Course
from domain.entries import EntryFacts, Refusal
from domain.identifiers import StaffId
from domain.letters import Letter
from domain.matching import Unfit
from domain.matter import Matter
from domain.parties import Party
from domain.people import CasePeople
from domain.waits import Attention, Wait


def last_day_to_accept(course: Course, now: datetime) -> date:
    """Return until when somebody who is asked at ``now`` (UTC) can accept the case."""
    wait = Wait.MEDIATOR_ACCEPTS
    return Clock.begin(wait, course.term(wait), now, course.calendar).day


def nobody_fits(course: Course, reasons: Mapping[Unfit, int]) -> None:
    """Note that nobody can be asked: somebody should look at once."""
    course.unfit = dict(reasons)
    is_question = course.matter is Matter.QUESTION
    course.ask_attention(Attention.NO_ADVISER if is_question else Attention.NO_MEDIATOR)


def may_object(course: Course) -> bool:
    """Tell whether the complainant can still ask for another mediator."""
    possible = course.matter is Matter.COMPLAINT and course.is_open
    return possible and course.mediator is not None and not course.objected


def people_of(course: Course) -> CasePeople:
    """Return whoever had a part in the case so far."""
    return CasePeople(
        mediator=course.mediator or course.earlier_mediator,
        recused=tuple(course.recused),
        adviser=course.adviser,
        advised=tuple(course.advised),
        objected=course.objected,
    )


def remember(course: Course, people: CasePeople) -> None:
    """Note who had a part in earlier episodes."""
    course.earlier_mediator, course.adviser = people.mediator, people.adviser
    course.recused, course.advised = list(people.recused), list(people.advised)
    course.objected = people.objected


def give_back(course: Course, now: datetime) -> None:
    """Take the case from its mediator for good; the next one goes on where it stood."""
    if course.mediator is not None:
        course.recused.append(course.mediator)
    course.mediator = None
    course.proposal, course.proposed_in = None, None
    for wait in (Wait.MEDIATOR_PROPOSES, Wait.COMPLAINANT_RESPONDS):
        course.answered(wait, now)
    course.seen_to(Attention.MEDIATOR_UNAVAILABLE)
    course.drop_letters_to(course.matter.handler)


def reassign(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    """Take a case or an offer from whoever has it, and offer it to the one who is named, if any.

    It names whom it is taken from, so that one that comes late, or twice, hits nobody else.
    """
    holder = course.mediator or course.offered
    if holder is None:
        return _given_to(course, entry, now)
    if entry.details.holder not in {None, holder} or entry.mediator == holder:
        return Refusal.ALREADY_DONE
    if entry.mediator in course.advised:
        return Refusal.ADVISES
    if course.mediator is None:
        course.offer_lapsed(now)
        course.recused.append(holder)
    else:
        _moves_on(course, now)
    course.post(Letter.CASE_MOVED, course.matter.handler, occasion=str(course.cursor), to=holder)
    if entry.mediator is not None and course.matter is Matter.QUESTION:
        take_up(course, entry.mediator, now)
    elif entry.mediator is not None:
        course.offer(entry.mediator, now)
    return None


def _given_to(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    """Give a question that nobody has to whom a supervisor names; a complaint is offered."""
    if entry.mediator is None or course.matter is Matter.COMPLAINT:
        return Refusal.NOT_NOW
    take_up(course, entry.mediator, now)
    return None


def object_to_mediator(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    """Give the case to somebody else because the complainant wants that: once, unexamined."""
    mediator = course.mediator
    if mediator is None or entry.details.holder not in {None, mediator}:
        return Refusal.NOT_NOW
    if course.objected:
        return Refusal.OBJECTED_BEFORE
    course.objected = True
    _moves_on(course, now)
    course.post(Letter.CASE_MOVED, Party.MEDIATOR, occasion=str(course.cursor), to=mediator)
    return None


def assign_adviser(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    """Note who advises in the case; they never mediate in it, from now on."""
    adviser = entry.details.adviser
    if adviser is None:
        return Refusal.NOT_ALLOWED
    if adviser == course.mediator:
        return Refusal.MEDIATES
    if adviser == course.adviser:
        return Refusal.ALREADY_DONE
    if adviser == course.offered:
        course.offer_lapsed(now)
    course.adviser = adviser
    if adviser not in course.advised:
        course.advised.append(adviser)
    return None


def mediator_unavailable(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    """Note that somebody is not there any more: their offer lapses, their case needs a look.

    A question goes to another adviser at once: nobody has got to know anybody by it.
    """
    gone: StaffId | None = entry.details.holder
    if gone is None:
        return Refusal.NOT_ALLOWED
    if gone == course.offered:
        course.offer_lapsed(now)
    elif gone == course.mediator and course.matter is Matter.QUESTION:
        give_back(course, now)
    elif gone == course.mediator:
        course.ask_attention(Attention.MEDIATOR_UNAVAILABLE)
    else:
        return Refusal.ALREADY_DONE
    return None


def _moves_on(course: Course, now: datetime) -> None:
    give_back(course, now)
    if course.matter is Matter.COMPLAINT:
        course.post(Letter.MEDIATOR_CHANGED, Party.COMPLAINANT, occasion=str(course.cursor))
