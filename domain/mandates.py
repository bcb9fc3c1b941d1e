"""Mandates: somebody lets another person, or an organisation, act in their case.

Everybody may be represented in dealings with public bodies (Awb 2:1); an organisation that helps,
or a telephone helper, hands in for somebody who asked for that, or is let in later. A mandate is an
entry of the case file and bears its number; who has one comes in with a code of their own, which
ends with the mandate. What decides about the person stays theirs alone: consent, name, address,
withdrawal, erasure and their own code.
"""

from enum import StrEnum

from domain.entries import EntryKind


class MandateForm(StrEnum):
    """How a mandate was given. Spoken is enough here; a public body may ask for it in writing."""

    SPOKEN = "spoken"
    WRITTEN = "written"
    PORTAL = "portal"
    """By the complainant, in their case."""


KEPT_FROM_REPRESENTATIVES = frozenset(
    {
        EntryKind.CONTACT,
        EntryKind.IDENTITY,
        EntryKind.MANDATE_GIVEN,
        EntryKind.MEDIATOR_OBJECTION,
    }
)
"""Entries of a complainant whose words no representative reads: who they are, and where."""
