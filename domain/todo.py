"""What a case needs of whoever looks after it, until when, and its place in a list.

Reckoned from the read model alone, so it is stored with it and never depends on the moment.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from domain.overview import OverviewDetails
from domain.stages import Stage
from domain.waits import Attention, Wait

AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands in front of every day: what cannot wait for any."""

NO_DAY = datetime(9999, 12, 1, tzinfo=UTC)
"""Stands behind every day: nothing of this case has to be done by any."""


class Need(StrEnum):
    """What a case needs of its reader."""

    SEE_TO_DANGER = "see_to_danger"
    """The complainant is not safe."""
    SEE_TO_LETTER = "see_to_letter"
    """A letter could not be delivered."""
    ANSWER_OFFER = "answer_offer"
    """Accept the case, or decline it."""
    DECIDE_STEP = "decide_step"
    """A rung of the institution's ladder is taken only if the mediator decides so."""
    PROPOSE_OUTCOME = "propose_outcome"
    """Both sides were heard."""
    ANSWER_QUESTION = "answer_question"
    DECIDE_AFTER_SILENCE = "decide_after_silence"
    """The complainant did not answer in time: wait, ask again or close."""
    DECIDE_CORRECTION = "decide_correction"
    """A rule that the case keeps was corrected."""
    ANSWER_REOPENING = "answer_reopening"
    """The complainant asks that the case is opened again."""
    LOOK = "look"
    """The case asks for a supervisor's attention; ``attentions`` says why."""


_CANNOT_WAIT = frozenset({Need.SEE_TO_DANGER, Need.SEE_TO_LETTER, Need.ANSWER_REOPENING, Need.LOOK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What of a read model decides who has to do what.

    Attributes:
        has_mediator: whether the case is somebody's, and not only offered.
        attentions: every reason to look.
        due_at: until when what is awaited is due, in UTC.
    """

    stage: Stage
    has_mediator: bool
    is_offered: bool
    waiting_for: Wait | None
    due_at: datetime | None
    attentions: tuple[Attention, ...]
    details: OverviewDetails


@dataclass(frozen=True, slots=True)
class Todo:
    """What a case needs of one reader, the most urgent in front.

    Attributes:
        until: when the first of it is due, in UTC; ``None`` when it is due on no day.
    """

    needs: tuple[Need, ...] = ()
    until: datetime | None = None

    @property
    def cannot_wait(self) -> bool:
        """Tell whether it has to be seen to at once, whatever the day."""
        return not _CANNOT_WAIT.isdisjoint(self.needs)


def todo_of_mediator(case: Standing) -> Todo:
    """Return what a case needs of its mediator, or a question of its adviser."""
    if case.stage is Stage.CLOSED:
        needs = {
            Attention.DANGER: Need.SEE_TO_DANGER,
            Attention.REOPENING_ASKED: Need.ANSWER_REOPENING,
        }
        return Todo(tuple(need for reason, need in needs.items() if reason in case.attentions))
    found: dict[Need, datetime | None] = {}
    if Attention.DANGER in case.attentions:
        found[Need.SEE_TO_DANGER] = None
    if Attention.LETTER_FAILED in case.attentions:
        found[Need.SEE_TO_LETTER] = None
    if case.details.steps_to_decide:
        found[Need.DECIDE_STEP] = _next_moment(case.details, Wait.INSTITUTION_REPLIES)
    if case.waiting_for is Wait.MEDIATOR_PROPOSES:
        found[Need.PROPOSE_OUTCOME] = case.due_at
    if case.waiting_for is Wait.ADVISER_ANSWERS:
        found[Need.ANSWER_QUESTION] = case.due_at
    if Attention.COMPLAINANT_SILENT in case.attentions:
        found[Need.DECIDE_AFTER_SILENCE] = case.due_at
    if Attention.POLICY_CORRECTED in case.attentions:
        found[Need.DECIDE_CORRECTION] = case.due_at
    return Todo(tuple(found), _first(found.values()))


def todo_of_asked(case: Standing) -> Todo:
    """Return what a case needs of the mediator to whom it was offered."""
    ends = [
        view.clock.due_at
        for view in case.details.clocks
        if view.clock.wait is Wait.MEDIATOR_ACCEPTS
    ]
    return Todo((Need.ANSWER_OFFER,), _first(ends))


def todo_of_supervisor(case: Standing) -> Todo:
    """Return what a case needs of the supervisors."""
    return Todo((Need.LOOK,)) if case.attentions else Todo()


def todo_of_reader(case: Standing, *, mediates: bool, is_asked: bool, supervises: bool) -> Todo:
    """Return what a case needs of somebody, who may stand to it in several ways at once."""
    parts = [
        *([todo_of_mediator(case)] if mediates else []),
        *([todo_of_asked(case)] if is_asked else []),
        *([todo_of_supervisor(case)] if supervises else []),
    ]
    needs = tuple(need for part in parts for need in part.needs)
    return Todo(needs, _first(part.until for part in parts))


def place_in_list(case: Standing) -> datetime:
    """Return where a case stands among others: what is due first comes first.

    It is the same for all readers, so that one index serves all of them.
    """
    todo = Todo()
    if case.has_mediator or case.stage is Stage.CLOSED:
        todo = todo_of_mediator(case)
    elif case.is_offered:
        todo = todo_of_asked(case)
    if todo.cannot_wait:
        return AT_ONCE
    if case.stage is Stage.CLOSED:
        return NO_DAY
    return todo.until or case.due_at or NO_DAY


def _next_moment(details: OverviewDetails, wait: Wait) -> datetime | None:
    return _first(view.next_at for view in details.clocks if view.clock.wait is wait)


def _first(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
