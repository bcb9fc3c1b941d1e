"""Taking from the policy what one case keeps, and finding the cases that a correction touches."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar

from domain.calendar import Calendar, FreeDay, Rolling
from domain.institutions import InstitutionKind
from domain.policy.feast_days import feast_days
from domain.policy.model import (
    CaseRules,
    ExtensionRule,
    Limit,
    NextBody,
    Rung,
    Term,
    Window,
)
from domain.policy.rows import BodyRow, KindRow, Policy, Row, TermRow, WindowRow
from domain.waits import Wait

R = TypeVar("R", bound=Row)

_YEARS_AHEAD = 3


class NoRules(LookupError):
    """The policy has no row for this kind of institution on this day."""


def calendar_on(policy: Policy, on: date) -> Calendar:
    """Return which days are ordinary, as a case that begins on this day would count them."""
    return Calendar(_Selection(policy, on).free_days())


def case_rules(policy: Policy, kind: InstitutionKind, on: date) -> CaseRules:
    """Return what a case about an institution of this kind keeps from the policy of a day.

    Args:
        on: the civil day on which the case begins.

    Raises:
        NoRules: when the policy does not reach back to that day.
    """
    return _Selection(policy, on).rules(kind)


def question_rules(policy: Policy, kind: InstitutionKind | None, on: date) -> CaseRules:
    """Return what a question keeps from the policy of a day; no other side is bound by any.

    Args:
        kind: the kind of institution that it is about, if that was said.
        on: the civil day on which it was asked.
    """
    return _Selection(policy, on).rules_of_questions(kind)


def row_on[T: Row](rows: Iterable[T], id_: str, day: date) -> T:
    """Return the row of an id that is valid on a day.

    Raises:
        NoRules: when there is none.
    """
    for row in rows:
        if row.id == id_ and row.is_valid_on(day):
            return row
    raise NoRules(f"no row {id_} on {day}")


def touched_rows(
    unverified_rows: Mapping[str, str], policy: Policy, on: date
) -> dict[str, str | None]:
    """Return which unverified rows, that a case keeps, say something else by now or are gone.

    Rows that were only verified, noted or dated otherwise are not among them.

    Args:
        unverified_rows: of the case's rules: the rows' places and digests.
        on: the civil day of the policy to compare with: the first one of the case.

    Returns:
        The digests of what those rows say now, by place and in order of place.
    """
    now = {row.place: row.digest for row in policy.rows() if row.is_valid_on(on)}
    return {
        place: now.get(place)
        for place, digest in sorted(unverified_rows.items())
        if now.get(place) != digest
    }


class _Selection:
    """The rows of one day, with a note of those unverified ones that were taken."""

    def __init__(self, policy: Policy, on: date) -> None:
        self._policy = policy
        self._on = on
        self._unverified: dict[str, str] = {}

    def rules(self, kind: InstitutionKind) -> CaseRules:
        row = self._take(self._policy.kinds, kind)
        body = self._take_if(self._policy.bodies, row.next_body)
        windows = tuple(
            self._take(self._policy.windows, id_) for id_ in (body.windows if body else ())
        )
        return CaseRules(
            version=self._policy.version,
            on=self._on,
            kind=kind,
            mediation=row.mediation,
            terms=self._terms(row, body, windows),
            needed_consents=row.consents,
            next_body=body and NextBody(id=body.id, windows=tuple(map(_window, windows))),
            too_old=self._limit(row.too_old),
            objection=self._limit(row.objection),
            free_days=self.free_days(),
            unverified_rows=self._unverified,
        )

    def rules_of_questions(self, kind: InstitutionKind | None) -> CaseRules:
        rows = {
            row.wait: row
            for row in self._policy.terms
            if row.questions and row.is_valid_on(self._on)
        }
        return CaseRules(
            version=self._policy.version,
            on=self._on,
            kind=kind,
            mediation=False,
            terms={wait: self._term(rows[wait]) for wait in Wait if wait in rows},
            needed_consents=(),
            next_body=None,
            too_old=None,
            objection=None,
            free_days=self.free_days(),
            unverified_rows=self._unverified,
        )

    def _terms(
        self, kind: KindRow, body: BodyRow | None, windows: tuple[WindowRow, ...]
    ) -> dict[Wait, Term]:
        rows = {
            row.wait: row
            for row in self._policy.terms
            if row.everywhere and row.is_valid_on(self._on)
        }
        rows |= {row.wait: row for row in (self._find(self._policy.terms, t) for t in kind.terms)}
        terms = {wait: self._term(rows[wait], kind) for wait in Wait if wait in rows}
        if body and body.ladder and windows:
            longest = max(windows, key=lambda window: window.span.least_days)
            terms[Wait.NEXT_BODY_WINDOW] = Term(
                row=longest.id,
                span=longest.span,
                rolling=Rolling.NONE,
                statutory=True,
                source=longest.source,
                verified=longest.verified,
                ladder=self._ladder(body.ladder),
            )
        return terms

    def _term(self, row: TermRow, kind: KindRow | None = None) -> Term:
        self._note(row)
        ladder = kind.ladder if kind and row.wait is Wait.INSTITUTION_REPLIES else None
        extension = self._take_if(self._policy.extensions, row.extension)
        return Term(
            row=row.id,
            span=row.span,
            rolling=row.rolling,
            statutory=row.statutory,
            source=row.source,
            verified=row.verified,
            ladder=self._ladder(ladder or row.ladder),
            extension=extension
            and ExtensionRule(
                span=extension.span, source=extension.source, verified=extension.verified
            ),
        )

    def _ladder(self, id_: str) -> tuple[Rung, ...]:
        return self._take(self._policy.ladders, id_).rungs

    def _limit(self, id_: str | None) -> Limit | None:
        row = self._take_if(self._policy.limits, id_)
        return row and Limit(row=row.id, span=row.span, source=row.source, verified=row.verified)

    def free_days(self) -> tuple[FreeDay, ...]:
        """Return the days that are not ordinary, for some years ahead."""
        years = range(self._on.year, self._on.year + _YEARS_AHEAD + 1)
        days = {free.day: free for year in years for free in feast_days(year)}
        for row in self._policy.free_days:
            if row.is_valid_on(self._on) and row.day.year in years:
                self._note(row)
                days.setdefault(row.day, FreeDay(row.day, "royal_decree"))
        return tuple(days[day] for day in sorted(days))

    def _take_if(self, rows: Iterable[R], id_: str | None) -> R | None:
        return None if id_ is None else self._take(rows, id_)

    def _take(self, rows: Iterable[R], id_: str) -> R:
        row = self._find(rows, id_)
        self._note(row)
        return row

    def _find(self, rows: Iterable[R], id_: str) -> R:
        return row_on(rows, id_, self._on)

    def _note(self, row: Row) -> None:
        if not row.verified:
            self._unverified[row.place] = row.digest


def _window(row: WindowRow) -> Window:
    return Window(
        row=row.id, span=row.span, start=row.start, source=row.source, verified=row.verified
    )
