"""What a complainant may say of a complaint at intake, and what we warn of because of it.

Every question can be skipped. No answer refuses a complaint: only a mediator finds one
inadmissible.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.calendar import Calendar, Rolling, last_day
from domain.policy.model import CaseRules, Limit


class About(StrEnum):
    """What the complaint is about."""

    CONDUCT = "conduct"
    DECISION = "decision"
    UNSURE = "unsure"


class Safety(StrEnum):
    """The answer to "Are you safe now?"."""

    SAFE = "safe"
    NOT_SAFE = "not_safe"
    NOT_SAID = "not_said"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeFacts:
    """The answers at intake: enumerations and dates, never a text. ``None`` where skipped."""

    about: About = About.UNSURE
    happened_on: date | None = None
    decided_on: date | None = None
    other_procedure: bool | None = None
    handled_before: bool | None = None
    safety: Safety = Safety.NOT_SAID


class NoticeKind(StrEnum):
    """What a complainant should know before relying on a complaint."""

    OBJECTION_RUNNING = "objection_running"
    """A decision can be objected to, and a complaint does not stop that clock."""
    OBJECTION_OVER = "objection_over"
    OBJECTION_POSSIBLE = "objection_possible"
    """It is about a decision, but we do not know of which day."""
    TOO_OLD = "too_old"
    """The institution may refuse to handle it."""
    OTHER_PROCEDURE = "other_procedure"
    HANDLED_BEFORE = "handled_before"
    SIGNPOSTING_ONLY = "signposting_only"
    DANGER = "danger"

    @property
    def tells_of_objecting(self) -> bool:
        """Whether it says that a decision can, or could, be objected to."""
        return self in {
            NoticeKind.OBJECTION_RUNNING,
            NoticeKind.OBJECTION_OVER,
            NoticeKind.OBJECTION_POSSIBLE,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to warn of.

    Attributes:
        until: the last day, where there is one; never rolled, to be on the safe side.
        source: the article behind it, if any.
    """

    kind: NoticeKind
    until: date | None = None
    source: str | None = None


def notices(intake: IntakeFacts, received_on: date, rules: CaseRules) -> tuple[Notice, ...]:
    """Return what the complainant has to be warned of.

    Args:
        received_on: the civil day on which the complaint arrived.
    """
    return tuple(_notices(intake, received_on, rules))


def of_somebody_safe(told: Iterable[Notice]) -> tuple[Notice, ...]:
    """Return what there is to warn of once the complainant is safe: letters wait no longer."""
    return tuple(notice for notice in told if notice.kind is not NoticeKind.DANGER)


def _notices(intake: IntakeFacts, received_on: date, rules: CaseRules) -> Iterator[Notice]:
    if intake.safety is Safety.NOT_SAFE:
        yield Notice(kind=NoticeKind.DANGER)
    if not rules.mediation:
        yield Notice(kind=NoticeKind.SIGNPOSTING_ONLY)
    if intake.about is About.DECISION and rules.objection is not None:
        yield _objection(intake.decided_on, received_on, rules.objection)
    if intake.happened_on and rules.too_old:
        end = _unrolled(intake.happened_on, rules.too_old)
        if end < received_on:
            yield Notice(kind=NoticeKind.TOO_OLD, until=end, source=rules.too_old.source)
    if intake.other_procedure:
        yield Notice(kind=NoticeKind.OTHER_PROCEDURE)
    if intake.handled_before:
        yield Notice(kind=NoticeKind.HANDLED_BEFORE)


def _objection(decided_on: date | None, received_on: date, limit: Limit) -> Notice:
    if decided_on is None:
        return Notice(kind=NoticeKind.OBJECTION_POSSIBLE, source=limit.source)
    until = _unrolled(decided_on, limit)
    kind = NoticeKind.OBJECTION_RUNNING if until >= received_on else NoticeKind.OBJECTION_OVER
    return Notice(kind=kind, until=until, source=limit.source)


def _unrolled(start: date, limit: Limit) -> date:
    return last_day(start, limit.span, Calendar(()), Rolling.NONE).day
