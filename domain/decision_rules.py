"""What a decision of the staff changes in a case."""

from datetime import datetime

from domain.course import Course
from domain.entries import CLOSABLE, DECISIONS_OF, PROPOSABLE, Decision, EntryFacts, Refusal
from domain.extension_rules import extend_by_decision, restart
from domain.identifiers import StaffId
from domain.intervention_rules import INTERVENTIONS, tell_of_intervention
from domain.letters import Letter
from domain.parties import Party
from domain.safety_rules import in_danger, safe_again
from domain.stages import Outcome
from domain.time_rules import take_step
from domain.waits import Attention, Wait


def effect_of_decision(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    """Apply a decision; return why not, when it is refused."""
    match entry.decision:
        case Decision.OFFER_CASE if entry.author is Party.SUPERVISOR:
            return _offered_by_supervisor(course, entry, now)
        case Decision.ACCEPT_CASE | Decision.DECLINE_CASE:
            return _answer_to_offer(course, entry, now)
        case None | Decision.OFFER_CASE | Decision.REOPEN_CASE:
            return Refusal.NOT_ALLOWED
        case decision if entry.author is Party.SUPERVISOR:
            return _intervention(course, entry, decision, now)
        case _ if entry.actor is None or entry.actor != course.mediator:
            return Refusal.NOT_ASSIGNED
        case _:
            course.seen_to(Attention.LETTER_FAILED)
            return _mediator_decision(course, entry, entry.actor, now)


def _offered_by_supervisor(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    if course.mediator is not None:
        return Refusal.NOT_NOW
    if entry.mediator is None:
        return Refusal.NOT_ALLOWED
    course.offer(entry.mediator, now)
    return None


def _intervention(
    course: Course, entry: EntryFacts, decision: Decision, now: datetime
) -> Refusal | None:
    if entry.actor is None or decision not in DECISIONS_OF[Party.SUPERVISOR]:
        return Refusal.NOT_ALLOWED
    if decision in INTERVENTIONS:
        refusal = INTERVENTIONS[decision](course, entry, now)
    else:
        refusal = _mediator_decision(course, entry, entry.actor, now)
    if refusal is None:
        tell_of_intervention(course, entry, decision)
    return refusal


def _answer_to_offer(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    if entry.actor is None or entry.actor != course.offered:
        return Refusal.NOT_OFFERED
    if entry.decision is Decision.DECLINE_CASE:
        course.offer_lapsed(now)
        return None
    course.mediator, course.offered = entry.actor, None
    course.declined.clear()
    course.answered(Wait.MEDIATOR_ACCEPTS, now)
    course.answered(Wait.MEDIATOR_FOUND, now)
    if course.bound_by.mediation and not course.may_contact:
        occasion = str(course.offers_made)
        course.post(Letter.CONSENT_REQUEST, Party.COMPLAINANT, occasion=occasion)
    return None


def _mediator_decision(
    course: Course, entry: EntryFacts, actor: StaffId, now: datetime
) -> Refusal | None:
    match entry.decision:
        case Decision.RECUSE:
            return _recuse(course, actor, now)
        case Decision.PROPOSE_OUTCOME:
            return _propose(course, entry, now)
        case Decision.CLOSE_CASE:
            return _close(course, entry, now)
        case Decision.TAKE_STEP | Decision.SKIP_STEP:
            return _step(course, take=entry.decision is Decision.TAKE_STEP)
        case Decision.EXTEND_TERM:
            return extend_by_decision(course, entry, now)
        case Decision.RESTART_TERM:
            return restart(course, entry, now)
        case Decision.PAUSE_FOR_DANGER:
            return in_danger(course, now)
        case Decision.RESUME:
            return safe_again(course, now) if course.danger else Refusal.NOT_NOW
        case Decision.APPLY_CORRECTION | Decision.KEEP_RULES:
            return _correction(course, wanted=entry.decision is Decision.APPLY_CORRECTION)
        case _:
            return Refusal.NOT_ALLOWED


def _propose(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    if entry.outcome not in PROPOSABLE:
        return Refusal.OUTCOME_NOT_ALLOWED
    if course.proposal is not None:
        return Refusal.NOT_NOW
    course.proposal, course.proposed_in = entry.outcome, entry.number
    for wait in (Wait.MEDIATOR_PROPOSES, Wait.COMPLAINANT_CONSENTS):
        course.answered(wait, now)
    course.seen_to(Attention.INSTITUTION_SILENT)
    course.post(Letter.OUTCOME_PROPOSAL, Party.COMPLAINANT, about=entry.number)
    return None


def _close(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    if entry.outcome is None or entry.outcome not in CLOSABLE:
        return Refusal.OUTCOME_NOT_ALLOWED
    if entry.outcome is Outcome.INADMISSIBLE and entry.details.ground is None:
        return Refusal.GROUND_MISSING
    course.close_with(entry.outcome, now, entry.details.ground)
    return None


def _step(course: Course, *, take: bool) -> Refusal | None:
    if not course.steps_to_decide or Wait.INSTITUTION_REPLIES not in course.clocks:
        return Refusal.NOTHING_TO_DECIDE
    if take and not course.may_contact:
        return Refusal.NO_CONSENT
    for rung_id in course.steps_to_decide if take else ():
        take_step(course, rung_id)
    course.steps_to_decide.clear()
    return None


def _correction(course: Course, *, wanted: bool) -> Refusal | None:
    if Attention.POLICY_CORRECTED not in course.attentions:
        return Refusal.NOTHING_TO_DECIDE
    course.seen_to(Attention.POLICY_CORRECTED)
    course.correction_wanted = wanted
    return None


def _recuse(course: Course, mediator: StaffId, now: datetime) -> None:
    course.recused.append(mediator)
    course.mediator = None
    course.proposal, course.proposed_in = None, None
    for wait in (Wait.MEDIATOR_PROPOSES, Wait.COMPLAINANT_RESPONDS):
        course.answered(wait, now)
    course.drop_letters_to(Party.MEDIATOR)
