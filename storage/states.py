"""How far cases, entries and letters have come, as the tables keep it."""

from enum import StrEnum


class Lifecycle(StrEnum):
    """Decides, instead of Temporal, whether a workflow of this case may be started."""

    OPEN = "open"
    CLOSED = "closed"
    ERASE_DUE = "erase_due"
    """Its erasure has begun, and cannot be taken back."""
    ERASED = "erased"


GONE = frozenset({Lifecycle.ERASE_DUE, Lifecycle.ERASED})
"""Nobody reads or writes such a case any more."""


class EntryStatus(StrEnum):
    """How far an entry has come."""

    UNDELIVERED = "undelivered"
    """Committed; no workflow was told yet."""
    DELIVERED = "delivered"
    """A workflow's bell was rung; its answer is awaited."""
    APPLIED = "applied"
    REFUSED = "refused"


class LetterStatus(StrEnum):
    """How far a letter has come."""

    QUEUED = "queued"
    IN_FILE = "in_file"
    """The complainant has no contact address: the letter waits in the case file."""
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
    """Consent was revoked before it went out."""
