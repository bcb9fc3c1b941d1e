"""What an entry changes in a case: applied with its effect, or refused with a reason."""

from datetime import datetime

from domain import consultation_rules
from domain.assignment_rules import mediator_unavailable, object_to_mediator
from domain.calendar import civil_date
from domain.contact_rules import letter_failed, letters_seen_to, reached_after_all
from domain.course import Course
from domain.decision_rules import effect_of_decision
from domain.entries import READINGS, Decision, EntryDetails, EntryFacts, EntryKind, Refusal, Verdict
from domain.extension_rules import extend_by_notice
from domain.hearing_rules import institution_was_heard, leave_institution_alone
from domain.intake import IntakeFacts, NoticeKind, notices
from domain.letters import Letter
from domain.matter import Matter
from domain.parties import Party
from domain.policy.model import Purpose
from domain.safety_rules import in_danger, safe_again
from domain.stages import Outcome
from domain.waits import Attention, Wait

_WELCOME_AFTER_THE_END = frozenset(
    {
        EntryKind.CONTACT,
        EntryKind.LANGUAGE,
        EntryKind.LETTER_FAILED,
        EntryKind.SAFETY,
        EntryKind.ERASURE_REQUEST,
        EntryKind.BECAME_COMPLAINT,
        EntryKind.MANDATE_GIVEN,
        EntryKind.MANDATE_REVOKED,
    }
)


def apply(course: Course, entry: EntryFacts, now: datetime) -> Verdict:
    """Show a case its next entry; return what became of it.

    Entries come strictly in order of number; the caller sees to that.

    Args:
        now: the workflow's present, in UTC; legal time is the entry's own ``received_at``.
    """
    course.cursor = entry.number
    means_nothing = consultation_rules.is_of_other_matter(course.matter, entry.kind)
    welcome = entry.kind in _WELCOME_AFTER_THE_END and not means_nothing
    welcome = welcome or entry.is_supervision
    if not (course.is_open or welcome):
        return Verdict(entry.number, Refusal.CLOSED)
    return Verdict(entry.number, _effect_of(course, entry, now))


def _effect_of(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    if consultation_rules.is_of_other_matter(course.matter, entry.kind):
        return Refusal.OTHER_MATTER
    match entry.kind:
        case kind if course.matter is Matter.QUESTION and kind in consultation_rules.RULES:
            return consultation_rules.RULES[kind](course, entry, now)
        case EntryKind.COMPLAINT:
            return _complaint(course, entry, now)
        case EntryKind.CONTACT:
            letters_seen_to(course)  # there is another address
            return None
        case (
            EntryKind.IDENTITY
            | EntryKind.LANGUAGE
            | EntryKind.MANDATE_GIVEN
            | EntryKind.MANDATE_REVOKED
        ):
            return None
        case EntryKind.MESSAGE | EntryKind.ATTACHMENT:
            return _message(course, entry, now)
        case EntryKind.DECISION:
            return effect_of_decision(course, entry, now)
        case EntryKind.MEDIATOR_UNAVAILABLE:
            return mediator_unavailable(course, entry, now)
        case kind if kind in READINGS:
            return _reading(course, entry)
        case EntryKind.LETTER_FAILED | EntryKind.RULES_CORRECTED:
            return _noted_by_the_portal(course, entry, now)
        case _ if entry.author is Party.INSTITUTION:
            return _from_the_institution(course, entry, now)
        case _:
            return _decided_by_the_complainant(course, entry, now)


def _decided_by_the_complainant(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    match entry.kind:
        case EntryKind.CONSENT:
            return _consent(course, entry, now)
        case EntryKind.RESPONSE:
            return _response(course, entry, now)
        case EntryKind.MEDIATOR_OBJECTION:
            return object_to_mediator(course, entry, now)
        case EntryKind.WITHDRAWAL:
            return course.close_with(Outcome.WITHDRAWN, now)
        case EntryKind.SAFETY:
            return _safety(course, entry, now)
        case EntryKind.ERASURE_REQUEST:
            return _erasure(course, entry, now)
        case _:
            return Refusal.NOT_NOW  # looking back comes after the closure


def _reading(course: Course, entry: EntryFacts) -> Refusal | None:
    """Tell both whose texts they are and who keeps them, once somebody else may read them."""
    if not entry.is_supervision:
        return Refusal.NOT_ALLOWED
    if course.is_open and entry.kind is EntryKind.BREAK_GLASS_APPROVED:
        course.tell_complainant(entry)
        course.tell_mediator(entry)
    return None


def _noted_by_the_portal(course: Course, entry: EntryFacts, now: datetime) -> None:
    if entry.kind is EntryKind.LETTER_FAILED:
        letter_failed(course, entry.details.letter, now)
    else:
        course.ask_attention(Attention.POLICY_CORRECTED)
        course.tell_mediator(entry)


def _complaint(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    if entry.number != 1:
        return Refusal.NOT_ALLOWED
    course.received_at = entry.received_at
    _comes_from_a_question(course, entry.details)
    intake = entry.details.intake or IntakeFacts()
    course.notices = notices(intake, civil_date(entry.received_at), course.bound_by)
    if any(notice.kind is NoticeKind.DANGER for notice in course.notices):
        in_danger(course, now)
    return None


def _comes_from_a_question(course: Course, details: EntryDetails) -> None:
    """Note the question that this complaint comes from; whoever advised there never mediates."""
    if details.other_case is not None:
        course.linked.append(details.other_case)
    if details.adviser is not None:
        course.advised.append(details.adviser)


def _message(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    if entry.author is Party.COMPLAINANT:
        course.question_answered(Wait.COMPLAINANT_ANSWERS, now)
        course.tell_mediator(entry)
        return None
    if entry.author is not Party.MEDIATOR or entry.actor != course.mediator:
        return Refusal.NOT_ASSIGNED
    if entry.audience.includes(Party.INSTITUTION):
        if not course.may_contact:
            return Refusal.NO_CONSENT
        if not course.contacted:
            return Refusal.NOT_CONTACTED
        course.post(Letter.MESSAGE_TO_INSTITUTION, Party.INSTITUTION, about=entry.number)
    if entry.audience.includes(Party.COMPLAINANT):
        course.tell_complainant(entry)
    return None


def _consent(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    purpose = entry.details.purpose or Purpose.CONTACT
    if not course.bound_by.mediation:
        return Refusal.SIGNPOSTING_ONLY
    before = course.may_contact
    if entry.decision is Decision.GIVE_CONSENT:
        if purpose not in course.consents:
            course.consents.append(purpose)
        if course.may_contact and not before:
            _may_contact_from_now(course, now)
        return None
    if entry.decision is Decision.REVOKE_CONSENT:
        if purpose in course.consents:
            course.consents.remove(purpose)
        if before and not course.may_contact:
            _may_contact_no_more(course, now)
        elif purpose is Purpose.NAME and course.contacted:
            course.post(Letter.NAME_WITHDRAWN, Party.COMPLAINANT, occasion=str(course.cursor))
        return None
    return Refusal.NOT_ALLOWED


def _may_contact_from_now(course: Course, now: datetime) -> None:
    course.answered(Wait.COMPLAINANT_CONSENTS, now)
    if course.contacted:
        # The letter may have been cancelled before it left; otherwise this does nothing.
        course.post(Letter.COMPLAINT_TO_INSTITUTION, Party.INSTITUTION)


def _may_contact_no_more(course: Course, now: datetime) -> None:
    leave_institution_alone(course, now)
    if course.contacted:
        occasion = str(course.cursor)
        course.post(Letter.CONSENT_REVOKED, Party.COMPLAINANT, occasion=occasion)


def _response(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    match entry.decision:
        case Decision.ACCEPT_OUTCOME | Decision.REJECT_OUTCOME if course.proposal is None:
            return Refusal.NOT_NOW
        case Decision.ACCEPT_OUTCOME | Decision.REJECT_OUTCOME if _is_about_another(course, entry):
            return Refusal.PROPOSAL_CHANGED
        case Decision.ACCEPT_REFERRAL | Decision.REJECT_REFERRAL if not course.referral_offered:
            return Refusal.NOT_NOW
        case Decision.ACCEPT_OUTCOME if course.proposal is not None:
            return course.close_with(course.proposal, now)
        case Decision.REJECT_OUTCOME:
            course.answered(Wait.COMPLAINANT_RESPONDS, now)
            course.proposal, course.proposed_in = None, None
            course.tell_mediator(entry)
            return None
        case Decision.ACCEPT_REFERRAL:
            return course.close_with(Outcome.REFERRED, now)
        case Decision.REJECT_REFERRAL:
            course.choosing_route = False
            course.answered(Wait.COMPLAINANT_CHOOSES_ROUTE, now)
            course.tell_mediator(entry)
            return None
        case _:
            return Refusal.NOT_ALLOWED


def _is_about_another(course: Course, entry: EntryFacts) -> bool:
    """Tell whether somebody answers a proposal that is not the present one."""
    return entry.details.proposal not in {None, course.proposed_in}


def _safety(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    if entry.decision is Decision.REPORT_DANGER:
        in_danger(course, now)
    elif entry.decision is Decision.REPORT_SAFE:
        safe_again(course, now)
    else:
        return Refusal.NOT_ALLOWED
    if course.is_open:
        course.tell_mediator(entry)
    return None


def _erasure(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    """A request to be erased withdraws the complaint; the aftercare sees to the rest."""
    if entry.decision is Decision.CANCEL_ERASURE:
        if course.erasure_asked_at is None:
            return Refusal.NOT_NOW
        course.erasure_asked_at = None
        return None
    course.erasure_asked_at = entry.received_at
    if course.is_open:
        course.close_with(Outcome.WITHDRAWN, now)
    return None


def _from_the_institution(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    reached_after_all(course, entry.received_at, now)
    if not course.contacted:
        return Refusal.NOT_CONTACTED
    match entry.kind:
        case EntryKind.INSTITUTION_EXTENSION:
            return extend_by_notice(course, entry, now)
        case EntryKind.INSTITUTION_REPLY | EntryKind.INSTITUTION_OBJECTION:
            institution_was_heard(course, civil_date(entry.received_at), now)
        case _:
            pass
    course.tell_complainant(entry)
    course.tell_mediator(entry)
    return None
