"""The digest of a day: how much waits for a person, in numbers and nothing else."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.calendar import end_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestFigures:
    """How many cases wait for one person.

    Attributes:
        due_today: those that need something by the end of the day, what is late included.
        due_this_week: the same by the end of the week, those of today included.
        offers: cases that were offered and not answered.
        attention: cases that ask for a supervisor's attention; none for anybody else.
    """

    due_today: int = 0
    due_this_week: int = 0
    offers: int = 0
    attention: int = 0

    @property
    def is_worth_a_mail(self) -> bool:
        """Tell whether anything has to be done today."""
        return bool(self.due_today or self.offers or self.attention)


def ends_of(day: date) -> tuple[datetime, datetime]:
    """Return when a day and its week are over, in UTC; a week ends on Sunday."""
    return end_of(day), end_of(day + timedelta(days=6 - day.weekday()))
