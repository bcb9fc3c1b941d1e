"""What can still be done with a case after its closure."""

from datetime import datetime

from domain.entries import Decision, EntryFacts, EntryKind, Refusal, Verdict
from domain.identifiers import StaffId
from domain.parties import Party
from domain.policy.terms import REOPENING_WINDOW

_ALWAYS_WELCOME = frozenset({EntryKind.CONTACT, EntryKind.LANGUAGE})


def answer(
    entry: EntryFacts, *, closed_at: datetime, mediator: StaffId | None, reopening: bool
) -> Verdict:
    """Return what becomes of an entry that arrives after the closure.

    Args:
        closed_at: the closure, in UTC; the window for reopening counts from it.
        mediator: the mediator of the closed episode.
        reopening: whether an earlier entry already reopened the case.
    """
    return Verdict(entry.number, _refusal(entry, closed_at, mediator, reopening=reopening))


def reopens(entry: EntryFacts, verdict: Verdict) -> bool:
    """Tell whether this entry, so answered, reopens the case."""
    return verdict.applied and entry.decision is Decision.REOPEN_CASE


def _refusal(
    entry: EntryFacts, closed_at: datetime, mediator: StaffId | None, *, reopening: bool
) -> Refusal | None:
    if entry.kind in _ALWAYS_WELCOME:
        return None
    if entry.decision is not Decision.REOPEN_CASE or reopening:
        return Refusal.CLOSED
    if entry.author is Party.MEDIATOR and (entry.actor is None or entry.actor != mediator):
        return Refusal.NOT_ASSIGNED
    if entry.received_at > closed_at + REOPENING_WINDOW:
        return Refusal.WINDOW_PASSED
    return None
