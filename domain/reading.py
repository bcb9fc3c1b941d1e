"""Break-glass: a supervisor reads the texts of a case because a second one lets them, for a while.

Who may read what is decided here, from who asked, who answered and when; never by a text.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.identifiers import StaffId

UNANSWERED_FOR = timedelta(hours=24)
"""After that a request that nobody answered has ended."""
READABLE_FOR = timedelta(minutes=15)
"""Counted from the approval."""


class ReadingScope(StrEnum):
    """Which texts of a case somebody asks to read; each is asked for by itself."""

    STORY = "story"
    """Everything but who the complainant is: texts, and the clean copies of attachments."""
    IDENTITY = "identity"
    """Who the complainant is and where to reach them, and nothing else."""


class GlassState(StrEnum):
    """How far a request has come, as it is kept."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    READ = "read"
    """Approved, and opened at least once."""


class GlassProblem(StrEnum):
    """Why a step of a request is not possible."""

    SECOND_PERSON = "second_person"
    """Nobody answers their own request, and the mediator of the case answers none of it."""
    NOT_ASKED_BY_THEM = "not_asked_by_them"
    ANSWERED = "answered"
    EXPIRED = "expired"
    NOT_APPROVED = "not_approved"
    ASKER_LEFT = "asker_left"
    """Whoever asked is no supervisor any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glass:
    """A request to read a case.

    Attributes:
        asked_at: in UTC, and so ``answered_at``, when it was approved or refused.
    """

    state: GlassState
    asked_by: StaffId
    asked_at: datetime
    answered_at: datetime | None = None

    @property
    def until(self) -> datetime | None:
        """Until when it can be answered or read, in UTC; ``None`` once it was refused."""
        match self.state:
            case GlassState.ASKED:
                return self.asked_at + UNANSWERED_FOR
            case GlassState.REFUSED:
                return None
            case _:
                return (self.answered_at or self.asked_at) + READABLE_FOR

    def is_over(self, now: datetime) -> bool:
        """Tell whether its time has gone by."""
        return self.until is not None and now >= self.until

    def why_not_answer(
        self,
        who: StaffId,
        now: datetime,
        *,
        mediator: StaffId | None,
        supervisors: Collection[StaffId],
    ) -> GlassProblem | None:
        """Return why somebody may not answer it now.

        Args:
            mediator: the mediator of the case.
            supervisors: who of those concerned has that role now.
        """
        if who in {self.asked_by, mediator}:
            return GlassProblem.SECOND_PERSON
        if self.state is not GlassState.ASKED:
            return GlassProblem.ANSWERED
        if self.is_over(now):
            return GlassProblem.EXPIRED
        return None if self.asked_by in supervisors else GlassProblem.ASKER_LEFT

    def why_not_read(self, who: StaffId, now: datetime) -> GlassProblem | None:
        """Return why somebody may not read by it now."""
        if who != self.asked_by:
            return GlassProblem.NOT_ASKED_BY_THEM
        if self.state not in {GlassState.APPROVED, GlassState.READ}:
            return GlassProblem.NOT_APPROVED
        return GlassProblem.EXPIRED if self.is_over(now) else None
