"""The guide: what it is, whom to turn to, until when, and how to stay anonymous.

It runs on the policy of today, the same rows that bind cases, so that it never promises what the
workflow would not keep.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from domain.calendar import Calendar, Rolling, last_day
from domain.institutions import InstitutionKind
from domain.next_body import last_to_end
from domain.policy.model import SERVICE_LEVEL, CaseRules, Limit, Term, Window
from domain.policy.rows import HelplineRow, LimitRow, Policy, SideRouteRow, SituationRow
from domain.policy.selection import NoRules, calendar_on, case_rules, row_on
from domain.situations import Happened, Nature, Paper, Wish
from domain.spans import Span
from domain.waits import Wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What somebody tells the guide: enumerations and civil days, never a text.

    Attributes:
        kind: ``None`` where nobody said; the rules are then those of another kind.
        wish: ``None`` where nobody said.
        decided_on: the day on the decision.
        complained_on: when the institution received a complaint about it.
        answered_on: when the institution answered that.
    """

    happened: Happened
    kind: InstitutionKind | None = None
    wish: Wish | None = None
    happened_on: date | None = None
    decided_on: date | None = None
    complained_on: date | None = None
    answered_on: date | None = None


class DeadlineKind(StrEnum):
    """Which last day it is, and of whom."""

    OBJECT_BY = "object_by"
    COMPLAIN_BY = "complain_by"
    """What happened longer ago the institution may refuse to handle."""
    INSTITUTION_ANSWERS_BY = "institution_answers_by"
    NEXT_BODY_BY = "next_body_by"
    DATA_ANSWERED_BY = "data_answered_by"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A last day.

    Attributes:
        day: the last day, in civil time; the person's own ones are never rolled. ``None`` when a
            day is missing to count from, or where no law sets one.
        reckoned: counted as if the step were taken today.
        over: that day has ended, in Europe/Amsterdam.
        source: ``None`` where no law sets a day, and we promise nothing either.
        verified: whether somebody read the source.
        within: where no law sets a day: how long after our letter we ask for an answer.
    """

    kind: DeadlineKind
    day: date | None
    reckoned: bool
    statutory: bool
    source: str | None
    verified: bool
    within: Span | None = None
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """What the guide answers.

    Attributes:
        situation: the id of the policy row that decides; its words are in the catalogue.
        source: what that row cites; of a complaint for which it cites no law, what binds
            institutions of the kind.
        mediation: whether we can take it as a complaint and write to the institution.
        next_body: where it can go after the institution, or instead of us where we only show the
            way; below ``body`` in the catalogue.
        needs_name: the institution handles complaints with a name and address only; ``None``
            where nobody said which one. We never need a name.
        helplines: for whoever is not safe, where that may be so.
    """

    situation: str
    nature: Nature
    source: str
    verified: bool
    mediation: bool
    next_body: str | None
    needs_name: bool | None
    deadlines: tuple[Deadline, ...]
    side_routes: tuple[SideRouteRow, ...]
    helplines: tuple[HelplineRow, ...]
    papers: tuple[Paper, ...]


def guide(policy: Policy, situation: Situation, today: date) -> Guidance:
    """Answer somebody who does not know where to turn.

    Args:
        today: the day in Europe/Amsterdam, whose rows of the policy count.

    Raises:
        domain.policy.selection.NoRules: when the policy does not reach back to that day.
    """
    row = _row(policy, situation, today)
    kind = row_on(policy.kinds, situation.kind or InstitutionKind.OTHER, today)
    rules = case_rules(policy, kind.kind, today)
    is_complaint = row.nature is Nature.COMPLAINT
    law = kind if is_complaint and row.source == SERVICE_LEVEL else row
    shows_the_way = row.nature is Nature.QUESTION and not rules.mediation
    has_body = is_complaint or shows_the_way
    return Guidance(
        situation=row.id,
        nature=row.nature,
        source=law.source,
        verified=law.verified,
        mediation=rules.mediation and is_complaint,
        next_body=rules.next_body.id if rules.next_body and has_body else None,
        needs_name=None if situation.kind is None else kind.needs_name,
        deadlines=tuple(
            replace(deadline, over=deadline.day is not None and deadline.day < today)
            for deadline in _deadlines(policy, row, rules, situation, today)
        ),
        side_routes=tuple(_side_routes(policy, row, situation, today)),
        helplines=tuple(_helplines(policy, row, today)),
        papers=row.papers,
    )


def _row(policy: Policy, situation: Situation, today: date) -> SituationRow:
    """Return the row that says most of a situation; one of the policy fits everything."""
    fitting = [
        row
        for row in policy.situations
        if row.is_valid_on(today) and row.fits(situation.kind, situation.happened, situation.wish)
    ]
    if not fitting:
        raise NoRules(f"no situation fits on {today}")
    return max(fitting, key=lambda row: row.conditions)


def _deadlines(
    policy: Policy, row: SituationRow, rules: CaseRules, situation: Situation, today: date
) -> Iterator[Deadline]:
    match row.nature:
        case Nature.OBJECTION:
            yield from _objection(policy, row, rules, situation, today)
        case Nature.COMPLAINT:
            yield from _complaint(policy, rules, situation, today)
        case Nature.DATA_REQUEST:
            yield from _data_request(policy, row, today)
        case Nature.REPORT | Nature.QUESTION:
            return


def _objection(
    policy: Policy, row: SituationRow, rules: CaseRules, situation: Situation, today: date
) -> Iterator[Deadline]:
    limit = rules.objection or (row_on(policy.limits, row.limit, today) if row.limit else None)
    if limit is None:
        return
    yield _by_law(
        DeadlineKind.OBJECT_BY, limit, _unrolled(situation.decided_on, limit, Calendar(()))
    )


def _complaint(
    policy: Policy, rules: CaseRules, situation: Situation, today: date
) -> Iterator[Deadline]:
    complained = situation.complained_on or today
    calendar = calendar_on(policy, complained)
    if rules.too_old is not None and situation.complained_on is None:
        day = _unrolled(situation.happened_on, rules.too_old, calendar)
        yield _by_law(DeadlineKind.COMPLAIN_BY, rules.too_old, day)
    term = rules.terms.get(Wait.INSTITUTION_REPLIES)
    if term is None:
        return
    end = last_day(complained, term.span, calendar, term.rolling).day if term.statutory else None
    if situation.answered_on is None and situation.kind is not None:
        yield _institution_answers(term, end, complained_before=situation.complained_on is not None)
    ends = [day for day in (end, situation.answered_on) if day is not None]
    if end is not None and ends[-1] < end:
        ends = ends[-1:]
    yield from _next_body(rules, situation, ends, calendar, today)


def _institution_answers(term: Term, day: date | None, *, complained_before: bool) -> Deadline:
    """Our own promise binds nobody who was not written to by us."""
    promised = not (term.statutory or complained_before)
    return Deadline(
        kind=DeadlineKind.INSTITUTION_ANSWERS_BY,
        day=day,
        reckoned=term.statutory and not complained_before,
        statutory=term.statutory,
        source=term.source if term.statutory or promised else None,
        verified=term.verified,
        within=term.span if promised else None,
    )


def _next_body(
    rules: CaseRules, situation: Situation, ends: Sequence[date], calendar: Calendar, today: date
) -> Iterator[Deadline]:
    """Yield the last day for the next body.

    After a late answer it counts from the end of the term, the safe side, for as long as that
    lasts; then from the answer, as Awb 9:24 and Kifid allow.
    """
    if rules.next_body is None or situation.complained_on is None:
        return
    windows = rules.next_body.windows
    found = [
        last_to_end(windows, calendar, term_ended=end, complained=situation.complained_on)
        for end in ends
    ]
    counted = [window for window in found if window is not None]
    lasting = [window for window in counted if window.until >= today]
    for window in lasting[:1] or counted[-1:]:
        yield _by_law(DeadlineKind.NEXT_BODY_BY, window.window, window.until)


def _data_request(policy: Policy, row: SituationRow, today: date) -> Iterator[Deadline]:
    if row.limit is not None:
        limit = row_on(policy.limits, row.limit, today)
        end = last_day(today, limit.span, calendar_on(policy, today), Rolling.STATUTORY)
        yield _by_law(DeadlineKind.DATA_ANSWERED_BY, limit, end.day, reckoned=True)


def _unrolled(start: date | None, limit: Limit | LimitRow, calendar: Calendar) -> date | None:
    return last_day(start, limit.span, calendar, Rolling.NONE).day if start else None


def _by_law(
    kind: DeadlineKind, rule: Limit | LimitRow | Window, day: date | None, *, reckoned: bool = False
) -> Deadline:
    return Deadline(
        kind=kind,
        day=day,
        reckoned=reckoned,
        statutory=True,
        source=rule.source,
        verified=rule.verified,
    )


def _side_routes(
    policy: Policy, row: SituationRow, situation: Situation, today: date
) -> Iterator[SideRouteRow]:
    wish = situation.wish
    for route in policy.side_routes:
        here = not route.kinds or situation.kind in route.kinds
        wished = wish in route.wishes and wish not in row.wishes
        if (wished or route.id in row.side_routes) and here and route.is_valid_on(today):
            yield route


def _helplines(policy: Policy, row: SituationRow, today: date) -> Iterator[HelplineRow]:
    for line in policy.helplines:
        if row.danger and line.danger and line.is_valid_on(today):
            yield line
