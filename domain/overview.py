"""The read model of a case: what its file, the desk and the pages show of its course."""

from dataclasses import dataclass
from datetime import datetime

from domain.course import Course
from domain.identifiers import EntryNumber, StaffId
from domain.stages import Outcome, Stage
from domain.waits import Attention, Wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Where a case stands.

    Attributes:
        waiting_for: what is awaited, which also names the party and what follows if nobody acts.
        waiting_since: when that wait began, in UTC.
        due_at: until when, in UTC.
        term_source: where that term comes from (see ``Term.source``).
        cursor: the last entry that this overview takes into account.
    """

    stage: Stage
    cursor: EntryNumber
    waiting_for: Wait | None
    waiting_since: datetime | None
    remind_at: datetime | None
    due_at: datetime | None
    term_source: str | None
    mediator: StaffId | None
    offered: StaffId | None
    consent: bool
    contacted: bool
    replied: bool
    proposal: Outcome | None
    proposed_in: EntryNumber | None
    outcome: Outcome | None
    attention: Attention | None


def overview_of(course: Course) -> Overview:
    """Return the read model of a course."""
    deadline = course.deadline
    return Overview(
        stage=course.stage,
        cursor=course.cursor,
        waiting_for=course.wait if course.is_open else None,
        waiting_since=deadline.since if deadline else None,
        remind_at=deadline.remind_at if deadline else None,
        due_at=deadline.due_at if deadline else None,
        term_source=course.terms[deadline.wait].source if deadline else None,
        mediator=course.mediator,
        offered=course.offered,
        consent=course.consent,
        contacted=course.contacted,
        replied=course.replied,
        proposal=course.proposal,
        proposed_in=course.proposed_in,
        outcome=course.outcome,
        attention=course.attention,
    )
