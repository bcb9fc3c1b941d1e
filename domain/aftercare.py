"""What can still be done with a case after its closure, and what we still owe to people then."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.calendar import civil_date, end_of, office_hour_of
from domain.entries import Decision, EntryFacts, EntryKind, Refusal, Verdict
from domain.identifiers import StaffId
from domain.letters import Letter, PendingLetter
from domain.matter import Matter
from domain.overview import Referral
from domain.parties import Party
from domain.reopening import ReopeningRequest, answer_until
from domain.retention import ERASURE_WAIT, FEEDBACK_AFTER, REOPENING_WINDOW, RETENTION
from domain.stages import Outcome
from domain.waits import Attention

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
    REMIND_OF_REQUEST = "remind_of_request"
    """Nobody has answered yet that the complainant wants the case opened again."""
    REQUEST_LATE = "request_late"
    """Nobody answered that in time: a supervisor looks."""
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
    planned: tuple[PlannedDuty, ...],
    done: int,
    erasure_asked_at: datetime | None,
    request: ReopeningRequest | None = None,
) -> PlannedDuty:
    """Return what has to be done next.

    Args:
        planned: what ``duties`` planned; the last one is the erasure at the end of retention.
        done: how many of those were done.
        erasure_asked_at: when the complainant asked to be erased: nothing else is done then.
        request: to open the case again, while nobody has answered it.
    """
    if erasure_asked_at is not None:
        return PlannedDuty(Duty.ERASE, min(erasure_asked_at + ERASURE_WAIT, planned[-1].at))
    return min((planned[done], *_duties_about(request)), key=lambda item: item.at)


def _duties_about(request: ReopeningRequest | None) -> Iterator[PlannedDuty]:
    if request is not None and not request.reminded:
        yield PlannedDuty(Duty.REMIND_OF_REQUEST, request.remind_at)
    if request is not None and not request.late:
        yield PlannedDuty(Duty.REQUEST_LATE, request.late_from)


def reopening_until(closed_at: datetime) -> date:
    """Return the last civil day on which a case that was closed (in UTC) can be reopened."""
    return civil_date(closed_at + REOPENING_WINDOW)


def may_reopen(closed_at: datetime, at: datetime) -> bool:
    """Tell whether a case that was closed can be reopened at a moment; both in UTC."""
    return at < end_of(reopening_until(closed_at))


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
    request: ReopeningRequest | None = None,
) -> Verdict:
    """Return what becomes of an entry that arrives after the closure.

    Args:
        closed_at: the closure, in UTC; the window for reopening counts from it.
        mediator: whose case the closed episode was.
        reopening: whether an earlier entry already reopened the case.
        erasing: whether the complainant asked to be erased.
        request: to open the case again, while nobody has answered it.
    """
    if entry.kind is EntryKind.ERASURE_REQUEST:
        return Verdict(entry.number, _erasure_refusal(entry, reopening=reopening, erasing=erasing))
    if erasing and _is_about_reopening(entry):
        return Verdict(entry.number, Refusal.NOT_NOW)
    if entry.kind is EntryKind.REOPENING_REQUEST:
        refusal = _request_refusal(entry, closed_at, request, reopening=reopening)
        return Verdict(entry.number, refusal)
    return Verdict(entry.number, _refusal(entry, closed_at, mediator, request, reopening=reopening))


def erasure_asked(entry: EntryFacts, verdict: Verdict) -> bool | None:
    """Tell whether this entry asks to be erased, or keeps the case; ``None`` for neither."""
    if entry.kind is not EntryKind.ERASURE_REQUEST or not verdict.applied:
        return None
    return entry.decision is Decision.REQUEST_ERASURE


def reopens(entry: EntryFacts, verdict: Verdict) -> bool:
    """Tell whether this entry, so answered, reopens the case."""
    return verdict.applied and entry.decision is Decision.REOPEN_CASE


def request_after(
    before: ReopeningRequest | None, entry: EntryFacts, verdict: Verdict
) -> ReopeningRequest | None:
    """Return the request to open the case again that is to be answered after an entry.

    It outlives a request to be erased, which may be taken back; nobody answers it meanwhile.
    """
    if not verdict.applied:
        return before
    if entry.kind is EntryKind.REOPENING_REQUEST:
        return ReopeningRequest(entry.number, entry.received_at)
    answered = entry.decision in {Decision.REOPEN_CASE, Decision.KEEP_CLOSED}
    return None if answered else before


def why_look(
    request: ReopeningRequest | None, erasure_asked_at: datetime | None
) -> tuple[Attention, ...]:
    """Return why somebody should look at a request to open the case again."""
    return () if request is None or erasure_asked_at is not None else request.attentions


def letter_after(
    entry: EntryFacts, verdict: Verdict, matter: Matter, handler: StaffId | None
) -> PendingLetter | None:
    """Return the letter that an entry calls for after the closure, if any.

    Args:
        handler: whose case the closed episode was.
    """
    if not verdict.applied:
        return None
    if entry.kind is EntryKind.REOPENING_REQUEST:
        request = ReopeningRequest(entry.number, entry.received_at)
        return reopening_asked(request, matter, handler)
    if entry.decision is Decision.KEEP_CLOSED:
        return PendingLetter(Letter.NOT_REOPENED, Party.COMPLAINANT, about=entry.number)
    return None


def reopening_asked(
    request: ReopeningRequest, matter: Matter, handler: StaffId | None, occasion: str = ""
) -> PendingLetter | None:
    """Return the letter to whoever had the case; none where nobody had it."""
    if handler is None:
        return None
    return PendingLetter(
        Letter.REOPENING_ASKED,
        matter.handler,
        occasion=f"{request.number}{occasion}",
        mediator=handler,
        due_on=answer_until(request.asked_at),
    )


def _is_about_reopening(entry: EntryFacts) -> bool:
    about = {Decision.REOPEN_CASE, Decision.KEEP_CLOSED}
    return entry.kind is EntryKind.REOPENING_REQUEST or entry.decision in about


def _request_refusal(
    entry: EntryFacts, closed_at: datetime, request: ReopeningRequest | None, *, reopening: bool
) -> Refusal | None:
    if reopening:
        return Refusal.NOT_NOW  # it is being opened
    if request is not None:
        return Refusal.ALREADY_DONE
    return None if may_reopen(closed_at, entry.received_at) else Refusal.WINDOW_PASSED


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
    entry: EntryFacts,
    closed_at: datetime,
    mediator: StaffId | None,
    request: ReopeningRequest | None,
    *,
    reopening: bool,
) -> Refusal | None:
    if entry.kind in _ALWAYS_WELCOME or entry.is_supervision:
        return None
    if not _is_about_reopening(entry) or reopening:
        return Refusal.CLOSED
    if entry.author is not Party.SUPERVISOR and (entry.actor is None or entry.actor != mediator):
        return Refusal.NOT_ASSIGNED
    if entry.decision is Decision.KEEP_CLOSED:
        return Refusal.NOTHING_TO_DECIDE if request is None else None
    asked_in_time = request is not None or may_reopen(closed_at, entry.received_at)
    return None if asked_in_time else Refusal.WINDOW_PASSED
