"""Identifiers that mean something to the people who read them.

They are opaque on purpose: none of them tells anything about a person.
"""

from typing import NewType
from uuid import UUID

CaseId = NewType("CaseId", UUID)
"""The primary key of a case; never shown to people."""

EntryNumber = NewType("EntryNumber", int)
"""The place of an entry in its case file: 1 for the complaint, then without gaps."""

InstitutionId = NewType("InstitutionId", str)
"""A short readable name, for instance ``voorbeeldstad``."""

StaffId = NewType("StaffId", UUID)
"""A mediator or supervisor."""

LetterId = NewType("LetterId", UUID)
"""A letter; derived from its case and key, so that the same letter is never made twice."""

DigestId = NewType("DigestId", UUID)
"""The digest of one person and day."""
