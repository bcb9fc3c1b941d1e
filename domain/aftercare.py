"""What can still be done with a case after its closure, and what we still owe to people then."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.calendar import civil_date, office_hour_of
from domain.entries import Decision, EntryFacts, EntryKind, Refusal, Verdict
from domain.identifiers import StaffId
from domain.overview import Referral
from domain.parties import Party
from domain.retention import ERASURE_WAIT, FEEDBACK_AFTER, REOPENING_WINDOW, RETENTION
from domain.stages import Outcome

_ALWAYS_WELCOME = frozenset(
    {
        EntryKind.CONTACT,
        EntryKind.LANGUAGE,
        EntryKind.FEEDBACK,
        EntryKind.LETTER_FAILED,
        EntryKind.SAFETY,
        EntryKind.BECAME_COMPLAINT,
        EntryKind.MANDATE_GIVEN,
        EntryKind.MANDATE_REVOKED,
    }
)
_MAY_GO_ON_ELSEWHERE = frozenset({Outcome.NOT_SETTLED, Outcome.PARTLY_SETTLED, Outcome.REFERRED})
_WINDOW_REMINDER_BEFORE = timedelta(weeks=6)


class Duty(StrEnum):
    """Something that we do by ourselves after a closure."""

    ASK_FOR_FEEDBACK = "ask_for_feedback"
    REMIND_OF_WINDOW = "remind_of_window"
    """The way to the next body ends soon."""
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class PlannedDuty:
    """A duty and its moment, in UTC."""

    duty: Duty
    at: datetime


def duties(
    closed_at: datetime, outcome: Outcome, referral: Referral | None
) -> tuple[PlannedDuty, ...]:
    """Return what has to be done after a closure, in order.

    Args:
        closed_at: the closure, in UTC.
        referral: the way to the next body, as it stood then.
    """
    planned = [
        PlannedDuty(Duty.ASK_FOR_FEEDBACK, closed_at + FEEDBACK_AFTER),
        PlannedDuty(Duty.ERASE, closed_at + RETENTION),
    ]
    if referral is not None and referral.until is not None and outcome in _MAY_GO_ON_ELSEWHERE:
        reminder = office_hour_of(referral.until - _WINDOW_REMINDER_BEFORE)
        if closed_at < reminder < closed_at + RETENTION:
            planned.append(PlannedDuty(Duty.REMIND_OF_WINDOW, reminder))
    return tuple(sorted(planned, key=lambda item: item.at))


def next_duty(
    planned: tuple[PlannedDuty, ...], done: int, erasure_asked_at: datetime | None
) -> PlannedDuty:
    """Return what has to be done next.

    Args:
        planned: what ``duties`` planned; the last one is the erasure at the end of retention.
        done: how many of those were done.
        erasure_asked_at: when the complainant asked to be erased: nothing else is done then.
    """
    if erasure_asked_at is None:
        return planned[done]
    return PlannedDuty(Duty.ERASE, min(erasure_asked_at + ERASURE_WAIT, planned[-1].at))


def may_reopen(closed_at: datetime, at: datetime) -> bool:
    """Tell whether a case that was closed can be reopened at a moment; both in UTC."""
    return at <= closed_at + REOPENING_WINDOW


def erasure_on(asked_at: datetime) -> date:
    """Return the civil day on which a case is erased whose complainant asked for it."""
    return civil_date(asked_at + ERASURE_WAIT)


def answer(
    entry: EntryFacts,
    *,
    closed_at: datetime,
    mediator: StaffId | None,
    reopening: bool,
    erasing: bool = False,
) -> Verdict:
    """Return what becomes of an entry that arrives after the closure.

    Args:
        closed_at: the closure, in UTC; the window for reopening counts from it.
        mediator: whose case the closed episode was.
        reopening: whether an earlier entry already reopened the case.
        erasing: whether the complainant asked to be erased.
    """
    if entry.kind is EntryKind.ERASURE_REQUEST:
        return Verdict(entry.number, _erasure_refusal(entry, reopening=reopening, erasing=erasing))
    if erasing and entry.decision is Decision.REOPEN_CASE:
        return Verdict(entry.number, Refusal.NOT_NOW)
    return Verdict(entry.number, _refusal(entry, closed_at, mediator, reopening=reopening))


def erasure_asked(entry: EntryFacts, verdict: Verdict) -> bool | None:
    """Tell whether this entry asks to be erased, or keeps the case; ``None`` for neither."""
    if entry.kind is not EntryKind.ERASURE_REQUEST or not verdict.applied:
        return None
    return entry.decision is Decision.REQUEST_ERASURE


def reopens(entry: EntryFacts, verdict: Verdict) -> bool:
    """Tell whether this entry, so answered, reopens the case."""
    return verdict.applied and entry.decision is Decision.REOPEN_CASE


def danger_told(entry: EntryFacts) -> bool | None:
    """Tell whether the complainant says not to be safe; ``None`` when it is about something else.

    Nothing goes to the institution after a closure, but a person should look, and a case that is
    reopened goes on in danger.
    """
    if entry.kind is not EntryKind.SAFETY:
        return None
    return entry.decision is Decision.REPORT_DANGER


def _erasure_refusal(entry: EntryFacts, *, reopening: bool, erasing: bool) -> Refusal | None:
    if reopening:
        return Refusal.NOT_NOW  # the next episode can be asked
    if entry.decision is Decision.CANCEL_ERASURE and not erasing:
        return Refusal.NOT_NOW
    return None


def _refusal(
    entry: EntryFacts, closed_at: datetime, mediator: StaffId | None, *, reopening: bool
) -> Refusal | None:
    if entry.kind in _ALWAYS_WELCOME or entry.is_supervision:
        return None
    if entry.decision is not Decision.REOPEN_CASE or reopening:
        return Refusal.CLOSED
    if entry.author is not Party.SUPERVISOR and (entry.actor is None or entry.actor != mediator):
        return Refusal.NOT_ASSIGNED
    return None if may_reopen(closed_at, entry.received_at) else Refusal.WINDOW_PASSED
