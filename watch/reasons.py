"""Why a watcher from outside calls for somebody, and what it saw."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from domain.waits import Attention


class Reason(StrEnum):
    """What is wrong, as metrics and logs call it."""

    ENTRIES_UNDELIVERED = "entries_undelivered"
    WORKFLOW_FAILING = "workflow_failing"
    WORKFLOW_MISSING = "workflow_missing"
    NOT_ACCEPTED_IN_TIME = "not_accepted_in_time"
    NOT_ANSWERED_IN_TIME = "not_answered_in_time"
    """A question; complaints are answered by institutions."""
    LETTERS_WAITING = "letters_waiting"
    NO_WORKER = "no_worker"
    """Nobody asks Temporal for our tasks."""
    SCHEDULE_PAUSED = "schedule_paused"
    SCHEDULE_LATE = "schedule_late"
    """A Schedule did not act at its time, or has no next time."""
    FIGURES_UNPUBLISHED = "figures_unpublished"
    """The figures of a year are not out, although the Schedule should have seen to it."""
    DATABASE_UNREACHABLE = "database_unreachable"
    TEMPORAL_UNREACHABLE = "temporal_unreachable"


NOTED_ON_THE_CASE: Mapping[Reason, Attention] = MappingProxyType(
    {
        Reason.ENTRIES_UNDELIVERED: Attention.ENTRIES_UNDELIVERED,
        Reason.WORKFLOW_FAILING: Attention.WORKFLOW_FAILING,
        Reason.WORKFLOW_MISSING: Attention.WORKFLOW_MISSING,
    }
)
"""What is noted in the read model of the case, too; its key is the id of the case."""

type Seen = Mapping[Reason, Mapping[str, datetime | None]]
"""By reason and whatever it is about: since when, in UTC; ``None`` when nothing tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long things may take before they count as wrong."""

    entries: timedelta = timedelta(minutes=5)
    letters: timedelta = timedelta(minutes=30)
    worker: timedelta = timedelta(minutes=2)
    """A worker asks again after a minute at the latest."""
    schedules: timedelta = timedelta(minutes=10)
    answers: timedelta = timedelta(seconds=20)
    """What database or Temporal may take for one look."""
