"""Waits: of whom something is awaited, until when, and what follows when nobody acts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from domain.parties import Party


class Wait(StrEnum):
    """Something that a case waits for. Each one has a deadline, a reminder and an escalation."""

    MEDIATOR_AVAILABLE = "mediator_available"
    MEDIATOR_ACCEPTS = "mediator_accepts"
    COMPLAINANT_CONSENTS = "complainant_consents"
    INSTITUTION_REPLIES = "institution_replies"
    MEDIATOR_PROPOSES = "mediator_proposes"
    COMPLAINANT_RESPONDS = "complainant_responds"

    @property
    def party(self) -> Party:
        """Of whom it is awaited."""
        match self:
            case Wait.MEDIATOR_AVAILABLE:
                return Party.PORTAL
            case Wait.MEDIATOR_ACCEPTS | Wait.MEDIATOR_PROPOSES:
                return Party.MEDIATOR
            case Wait.COMPLAINANT_CONSENTS | Wait.COMPLAINANT_RESPONDS:
                return Party.COMPLAINANT
            case Wait.INSTITUTION_REPLIES:
                return Party.INSTITUTION


class Attention(StrEnum):
    """Why a supervisor should look at a case."""

    NO_MEDIATOR = "no_mediator"
    MEDIATOR_SILENT = "mediator_silent"
    COMPLAINANT_SILENT = "complainant_silent"
    INSTITUTION_SILENT = "institution_silent"
    LETTER_FAILED = "letter_failed"
    WORKFLOW_MISSING = "workflow_missing"
    """Temporal has no workflow of an open case; only the relay can notice that."""


ATTENTION_ENDED_BY: Mapping[Attention, frozenset[Wait]] = MappingProxyType(
    {
        Attention.NO_MEDIATOR: frozenset({Wait.MEDIATOR_AVAILABLE, Wait.MEDIATOR_ACCEPTS}),
        Attention.MEDIATOR_SILENT: frozenset({Wait.MEDIATOR_PROPOSES}),
        Attention.COMPLAINANT_SILENT: frozenset(
            {Wait.COMPLAINANT_CONSENTS, Wait.COMPLAINANT_RESPONDS}
        ),
        Attention.INSTITUTION_SILENT: frozenset({Wait.INSTITUTION_REPLIES}),
    }
)
"""The answers after which nobody has to look any more."""

SERVICE_LEVEL = "service_level"
"""The source of a term that no law sets: Wederhoor set it itself."""


@dataclass(frozen=True, slots=True)
class Term:
    """How long a wait lasts.

    Attributes:
        remind_after: from the start of the wait to the reminder.
        due_after: from the start of the wait to its end.
        source: where the term comes from: the article of a law, or ``SERVICE_LEVEL``.
        verified: whether the source was read, rather than remembered.
    """

    remind_after: timedelta
    due_after: timedelta
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Deadline:
    """One running wait.

    Attributes:
        since: when it began, in UTC.
        round: 1 at first; one more after each escalation that started it anew.
        reminded: whether this round's reminder went out.
    """

    wait: Wait
    since: datetime
    remind_at: datetime
    due_at: datetime
    round: int = 1
    reminded: bool = False

    @classmethod
    def begin(cls, wait: Wait, term: Term, now: datetime, round_: int = 1) -> "Deadline":
        """Begin a wait at ``now`` (UTC)."""
        return cls(wait, now, now + term.remind_after, now + term.due_after, round_)

    @property
    def next_moment(self) -> datetime:
        """When something has to happen if nobody acts: the reminder, else the end."""
        return self.due_at if self.reminded else self.remind_at

    def reminder_due(self, now: datetime) -> bool:
        """Tell whether the reminder has to go out now; never once the end has come."""
        return not self.reminded and self.remind_at <= now < self.due_at

    def passed(self, now: datetime) -> bool:
        """Tell whether the wait ended unanswered."""
        return now >= self.due_at

    def after_reminder(self) -> "Deadline":
        """Return the deadline with its reminder noted."""
        return replace(self, reminded=True)
