"""A complainant asks that a closed case is opened again: who answers that, and until when.

Whoever had the case answers, or a supervisor: by opening it again, or by saying why not. Both
times are Wederhoor's own service level.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.calendar import civil_date, end_of, office_hour_of
from domain.identifiers import EntryNumber
from domain.waits import Attention

ANSWER_WITHIN = timedelta(days=7)
"""How long an answer may take."""

REMIND_AFTER = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class ReopeningRequest:
    """A request that nobody has answered yet.

    Attributes:
        number: of its entry.
        asked_at: when it arrived, in UTC.
        reminded: whether whoever had the case was reminded of it.
        late: whether its last day has passed.
    """

    number: EntryNumber
    asked_at: datetime
    reminded: bool = False
    late: bool = False

    @property
    def remind_at(self) -> datetime:
        """When whoever had the case is reminded, in UTC."""
        return office_hour_of(civil_date(self.asked_at + REMIND_AFTER))

    @property
    def late_from(self) -> datetime:
        """The moment from which an answer is late, in UTC."""
        return end_of(answer_until(self.asked_at))

    @property
    def attentions(self) -> tuple[Attention, ...]:
        """Why somebody should look at the case."""
        late = (Attention.REOPENING_LATE,) if self.late else ()
        return (*late, Attention.REOPENING_ASKED)


ATTENTIONS = frozenset({Attention.REOPENING_ASKED, Attention.REOPENING_LATE})


def answer_until(asked_at: datetime) -> date:
    """Return the last day on which a request that arrived at a moment (UTC) is answered in time."""
    return civil_date(asked_at + ANSWER_WITHIN)
