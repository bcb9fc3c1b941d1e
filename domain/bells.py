"""Bells: the signals that tell a workflow that an entry has arrived, by who wrote what."""

from enum import StrEnum

from domain.entries import EntryKind
from domain.parties import Party


class Bell(StrEnum):
    """The name under which a signal rings; the Temporal UI shows it. Its argument is a number."""

    COMPLAINANT_WROTE = "complainant_wrote"
    COMPLAINANT_DECIDED = "complainant_decided"
    COMPLAINANT_WITHDREW = "complainant_withdrew"
    MEDIATOR_WROTE = "mediator_wrote"
    MEDIATOR_DECIDED = "mediator_decided"
    ADVISER_WROTE = "adviser_wrote"
    ADVISER_DECIDED = "adviser_decided"
    INSTITUTION_REPLIED = "institution_replied"
    SUPERVISOR_INTERVENED = "supervisor_intervened"
    PORTAL_NOTED = "portal_noted"


_DECIDED_BY_COMPLAINANTS = frozenset(
    {
        EntryKind.CONSENT,
        EntryKind.RESPONSE,
        EntryKind.SAFETY,
        EntryKind.ERASURE_REQUEST,
        EntryKind.REOPENING_REQUEST,
        EntryKind.MEDIATOR_OBJECTION,
        EntryKind.BECAME_COMPLAINT,
        EntryKind.MANDATE_GIVEN,
        EntryKind.MANDATE_REVOKED,
    }
)


def bell_for(kind: EntryKind, author: Party) -> Bell:
    """Return the bell that announces an entry of this kind by this author."""
    match author:
        case Party.SUPERVISOR:
            return Bell.SUPERVISOR_INTERVENED
        case Party.INSTITUTION:
            return Bell.INSTITUTION_REPLIED
        case Party.PORTAL:
            return Bell.PORTAL_NOTED
        case Party.MEDIATOR:
            if kind is EntryKind.DECISION:
                return Bell.MEDIATOR_DECIDED
            return Bell.MEDIATOR_WROTE
        case Party.ADVISER:
            decided = kind is EntryKind.DECISION
            return Bell.ADVISER_DECIDED if decided else Bell.ADVISER_WROTE
        case Party.COMPLAINANT:
            if kind is EntryKind.WITHDRAWAL:
                return Bell.COMPLAINANT_WITHDREW
            if kind in _DECIDED_BY_COMPLAINANTS:
                return Bell.COMPLAINANT_DECIDED
            return Bell.COMPLAINANT_WROTE
