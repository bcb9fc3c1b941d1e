"""What a decision of the staff changes in a case."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from domain import consultation_rules
from domain.assignment_rules import assign_adviser, give_back, reassign
from domain.contact_rules import letters_seen_to
from domain.course import Course
from domain.entries import CLOSABLE, PROPOSABLE, Decision, EntryFacts, Refusal, is_about, may_decide
from domain.extension_rules import extend_by_decision, restart
from domain.hearing_rules import ask_complainant, contact_institution, record_reply
from domain.intervention_rules import INTERVENTIONS, tell_of_intervention
from domain.letters import Letter
from domain.matter import Matter
from domain.parties import Party
from domain.safety_rules import in_danger, safe_again
from domain.stages import Outcome
from domain.time_rules import take_step
from domain.waits import Attention, Wait


def effect_of_decision(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    """Apply a decision; return why not, when it is refused."""
    if entry.decision is not None and _is_of_other_matter(course.matter, entry.decision):
        return Refusal.OTHER_MATTER
    match entry.decision:
        case Decision.OFFER_CASE if entry.author is Party.SUPERVISOR:
            return _offered_by_supervisor(course, entry, now)
        case Decision.REASSIGN if entry.author is Party.PORTAL or _by_a_supervisor(entry):
            return reassign(course, entry, now)
        case Decision.ASSIGN_ADVISER if _by_a_supervisor(entry):
            return assign_adviser(course, entry, now)
        case Decision.ACCEPT_CASE | Decision.DECLINE_CASE:
            return _answer_to_offer(course, entry, now)
        case None | Decision.OFFER_CASE | Decision.REOPEN_CASE | Decision.KEEP_CLOSED:
            return Refusal.NOT_ALLOWED
        case decision if entry.author is Party.SUPERVISOR:
            return _intervention(course, entry, decision, now)
        case decision if decision not in _OF_THE_HANDLER[course.matter]:
            return Refusal.NOT_ALLOWED
        case _ if entry.actor is None or entry.actor != course.mediator:
            return Refusal.NOT_ASSIGNED
        case decision:
            letters_seen_to(course)
            return _OF_THE_HANDLER[course.matter][decision](course, entry, now)


def _is_of_other_matter(matter: Matter, decision: Decision) -> bool:
    elsewhere = any(is_about(other, decision) for other in Matter)
    return elsewhere and not is_about(matter, decision)


def _by_a_supervisor(entry: EntryFacts) -> bool:
    return entry.author is Party.SUPERVISOR and entry.actor is not None


def _offered_by_supervisor(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    if course.mediator is not None:
        return Refusal.NOT_NOW
    if entry.mediator is None:
        return Refusal.NOT_ALLOWED
    if entry.mediator in course.advised:
        return Refusal.ADVISES
    course.offer(entry.mediator, now)
    return None


def _intervention(
    course: Course, entry: EntryFacts, decision: Decision, now: datetime
) -> Refusal | None:
    if entry.actor is None or not may_decide(Party.SUPERVISOR, course.matter, decision):
        return Refusal.NOT_ALLOWED
    rule = INTERVENTIONS.get(decision) or _OF_THE_HANDLER[course.matter][decision]
    refusal = rule(course, entry, now)
    if refusal is None:
        tell_of_intervention(course, entry, decision)
    return refusal


def _answer_to_offer(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    if entry.actor in course.advised:
        return Refusal.ADVISES
    if entry.actor is None or entry.actor != course.offered:
        return _too_late(course, entry)
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


def _too_late(course: Course, entry: EntryFacts) -> Refusal:
    """Say why an answer to an offer came to nothing, so that whoever gave it knows what to do."""
    if course.mediator is None:
        return Refusal.NOT_OFFERED
    return Refusal.ALREADY_DONE if entry.actor == course.mediator else Refusal.ALREADY_TAKEN


def _propose(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    if entry.outcome not in PROPOSABLE:
        return Refusal.OUTCOME_NOT_ALLOWED
    if course.proposal is not None:
        return Refusal.ALREADY_DONE
    course.proposal, course.proposed_in = entry.outcome, entry.number
    for wait in (Wait.MEDIATOR_PROPOSES, Wait.COMPLAINANT_CONSENTS):
        course.answered(wait, now)
    course.seen_to(Attention.INSTITUTION_SILENT)
    course.post(Letter.OUTCOME_PROPOSAL, Party.COMPLAINANT, about=entry.number)
    return None


def _refer(course: Course, _: EntryFacts, now: datetime) -> Refusal | None:
    course.close_with(Outcome.REFERRED, now)
    return None


def _declare_inadmissible(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    if entry.details.ground is None:
        return Refusal.GROUND_MISSING
    course.close_with(Outcome.INADMISSIBLE, now, entry.details.ground)
    return None


def _close(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    if entry.outcome is None or entry.outcome not in CLOSABLE:
        return Refusal.OUTCOME_NOT_ALLOWED
    if entry.outcome is Outcome.INADMISSIBLE:
        return _declare_inadmissible(course, entry, now)
    course.close_with(entry.outcome, now)
    return None


def _link(course: Course, entry: EntryFacts, _: datetime) -> Refusal | None:
    other = entry.details.other_case
    if other is None:
        return Refusal.NOT_ALLOWED
    if other in course.linked:
        return Refusal.ALREADY_DONE
    course.linked.append(other)
    return None


def _take_step(course: Course, _: EntryFacts, __: datetime) -> Refusal | None:
    if not course.steps_to_decide or Wait.INSTITUTION_REPLIES not in course.clocks:
        return Refusal.NOTHING_TO_DECIDE
    if not course.may_contact:
        return Refusal.NO_CONSENT
    for rung_id in course.steps_to_decide:
        take_step(course, rung_id)
    course.steps_to_decide.clear()
    return None


def _skip_step(course: Course, _: EntryFacts, __: datetime) -> Refusal | None:
    if not course.steps_to_decide or Wait.INSTITUTION_REPLIES not in course.clocks:
        return Refusal.NOTHING_TO_DECIDE
    course.steps_to_decide.clear()
    return None


def _correction(course: Course, entry: EntryFacts, _: datetime) -> Refusal | None:
    if Attention.POLICY_CORRECTED not in course.attentions:
        return Refusal.NOTHING_TO_DECIDE
    course.seen_to(Attention.POLICY_CORRECTED)
    course.correction_wanted = entry.decision is Decision.APPLY_CORRECTION
    return None


def _pause(course: Course, _: EntryFacts, now: datetime) -> Refusal | None:
    in_danger(course, now)
    return None


def _resume(course: Course, _: EntryFacts, now: datetime) -> Refusal | None:
    if not course.danger:
        return Refusal.NOT_NOW
    safe_again(course, now)
    return None


def _recuse(course: Course, _: EntryFacts, now: datetime) -> Refusal | None:
    give_back(course, now)
    return None


type _Rule = Callable[[Course, EntryFacts, datetime], Refusal | None]

_OF_THE_MEDIATOR: Mapping[Decision, _Rule] = MappingProxyType(
    {
        Decision.RECUSE: _recuse,
        Decision.ASK_COMPLAINANT: ask_complainant,
        Decision.CONTACT_INSTITUTION: contact_institution,
        Decision.RECORD_REPLY: record_reply,
        Decision.PROPOSE_OUTCOME: _propose,
        Decision.REFER: _refer,
        Decision.DECLARE_INADMISSIBLE: _declare_inadmissible,
        Decision.CLOSE_CASE: _close,
        Decision.TAKE_STEP: _take_step,
        Decision.SKIP_STEP: _skip_step,
        Decision.EXTEND_TERM: extend_by_decision,
        Decision.RESTART_TERM: restart,
        Decision.PAUSE_FOR_DANGER: _pause,
        Decision.RESUME: _resume,
        Decision.APPLY_CORRECTION: _correction,
        Decision.KEEP_RULES: _correction,
        Decision.LINK_CASE: _link,
    }
)
"""What the mediator of the case alone decides."""

_OF_THE_ADVISER: Mapping[Decision, _Rule] = MappingProxyType(
    {
        Decision.RECUSE: _recuse,
        Decision.ANSWER_QUESTION: consultation_rules.answer,
        Decision.ASK_COMPLAINANT: consultation_rules.ask_for_more,
        Decision.CLOSE_CASE: consultation_rules.close,
        Decision.EXTEND_TERM: extend_by_decision,
        Decision.RESTART_TERM: restart,
        Decision.PAUSE_FOR_DANGER: _pause,
        Decision.RESUME: _resume,
        Decision.APPLY_CORRECTION: _correction,
        Decision.KEEP_RULES: _correction,
    }
)
"""What the adviser alone decides of a question."""

_OF_THE_HANDLER: Mapping[Matter, Mapping[Decision, _Rule]] = MappingProxyType(
    {Matter.COMPLAINT: _OF_THE_MEDIATOR, Matter.QUESTION: _OF_THE_ADVISER}
)
