"""Running clocks: one for each thing that a case waits for, with its ladder and its reasons.

A clock is a value: whatever happens to it returns another one. It keeps everything that is needed
to explain its date, so that nobody has to reckon it again to say why.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.calendar import (
    Calendar,
    LastDay,
    Roll,
    Rolling,
    civil_date,
    end_of,
    last_day,
    office_hour_of,
)
from domain.identifiers import EntryNumber
from domain.parties import Party
from domain.policy.model import SERVICE_LEVEL, Anchor, Rung, Step, Term
from domain.spans import Span, Unit
from domain.waits import Wait


@dataclass(frozen=True, slots=True)
class Extension:
    """A term that was made longer.

    Attributes:
        entry: the entry that holds the notice or decision, with its reason.
        was: the last day before it.
        day: the last day after it.
        source: the article that allows it, or ``service_level``.
        with_consent: whether it took the complainant's consent.
        by: who gave it, where no law does.
    """

    entry: EntryNumber
    was: date
    day: date
    span: Span
    rolls: tuple[Roll, ...]
    source: str
    with_consent: bool = False
    by: Party = Party.MEDIATOR


class Ending(StrEnum):
    """How a clock ended."""

    ANSWERED = "answered"
    PASSED = "passed"
    """Its term passed, and it was started anew or is no longer of use."""
    STOPPED = "stopped"
    """It lost its point: the case closed, or went another way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One running clock.

    Attributes:
        since: the moment from which it counts, in UTC.
        start: the civil day of that moment: day 0.
        raw: the last day before any roll.
        day: the last day, rolls and extensions included; over at its end in Europe/Amsterdam.
        round: 1 at first; one more after each passing that started it anew.
        rung: how many rungs of its ladder were taken or left out.
        extensions: oldest first.
        passed: whether its end was noted. It may go on climbing its ladder all the same.
        paused_at: since when it stands still, in UTC; only where no law sets the term.
        paused_days: for how many days it stood still before, together.
        held_at: since when its ladder waits after its end, in UTC; its last day does not move.
        held_days: for how many days its ladder waited before, together.
    """

    wait: Wait
    since: datetime
    start: date
    span: Span
    rolling: Rolling
    raw: date
    day: date
    rolls: tuple[Roll, ...]
    statutory: bool
    source: str
    verified: bool
    round: int = 1
    rung: int = 0
    extensions: tuple[Extension, ...] = ()
    passed: bool = False
    paused_at: datetime | None = None
    paused_days: int = 0
    held_at: datetime | None = None
    held_days: int = 0

    @classmethod
    def begin(
        cls, wait: Wait, term: Term, since: datetime, calendar: Calendar, round_: int = 1
    ) -> "Clock":
        """Begin a clock that counts from ``since`` (UTC)."""
        end = last_day(civil_date(since), term.span, calendar, term.rolling)
        return cls.ending(wait, term, since, end, round_)

    @classmethod
    def ending(
        cls, wait: Wait, term: Term, since: datetime, end: LastDay, round_: int = 1
    ) -> "Clock":
        """Begin a clock whose last day was counted already."""
        return cls(
            wait=wait,
            since=since,
            start=end.start,
            span=end.span,
            rolling=term.rolling,
            raw=end.raw,
            day=end.day,
            rolls=end.rolls,
            statutory=term.statutory,
            source=term.source,
            verified=term.verified,
            round=round_,
        )

    @property
    def due_at(self) -> datetime:
        """The end of its last day, in UTC."""
        return end_of(self.day)

    @property
    def may_pause(self) -> bool:
        """Tell whether it may stand still: never where a law sets the term."""
        return not self.statutory

    def next_rung(self, term: Term) -> Rung | None:
        """Return the rung that comes next, if there is one."""
        return term.ladder[self.rung] if self.rung < len(term.ladder) else None

    def moment_of(self, rung: Rung) -> datetime:
        """Return when a rung is due, in UTC: at nine in the morning of its day.

        Never before the clock itself began; a rung of its first day is due at once. One that
        follows the end comes later by the days that the ladder waited.
        """
        if rung.anchor is Anchor.FIRST_DAY and rung.days == 0:
            return self.since
        anchor = self.start if rung.anchor is Anchor.FIRST_DAY else self.day
        held = self.held_days if rung.anchor is Anchor.LAST_DAY and rung.days > 0 else 0
        return max(office_hour_of(anchor + timedelta(days=rung.days + held)), self.since)

    def next_moment(self, term: Term) -> datetime | None:
        """Return when something happens if nobody acts, in UTC; ``None`` when nothing does."""
        rung = self.next_rung(term)
        return None if rung is None or self.paused_at or self.held_at else self.moment_of(rung)

    def remind_at(self, term: Term) -> datetime | None:
        """Return when the next reminder is due, in UTC."""
        rung = self.next_rung(term)
        return self.moment_of(rung) if rung and rung.step is Step.REMIND else None

    def overtaken(self, term: Term, now: datetime) -> bool:
        """Tell whether the next rung is a reminder that comes too late to be of use."""
        following = self.rung + 1
        if following >= len(term.ladder) or term.ladder[self.rung].step is not Step.REMIND:
            return False
        return self.moment_of(term.ladder[following]) <= now

    def climbed(self) -> "Clock":
        """Return the clock with its next rung taken or left out."""
        return replace(self, rung=self.rung + 1)

    def noted_as_passed(self) -> "Clock":
        """Return the clock with its end noted; it may go on climbing its ladder."""
        return replace(self, passed=True)

    def extended(self, extension: Extension, term: Term, now: datetime) -> "Clock":
        """Return the clock with a later last day; rungs that moved to the future come again."""
        later = replace(
            self,
            day=extension.day,
            extensions=(*self.extensions, extension),
            passed=False,
            held_at=None,
            held_days=0,
        )
        rungs = [n for n, rung in enumerate(term.ladder) if later.moment_of(rung) > now]
        return replace(later, rung=min([later.rung, *rungs]))

    def counted_from(self, since: datetime, calendar: Calendar) -> "Clock":
        """Return the clock counted again from another moment (UTC), by the rules that it has.

        What the law gave beside its term comes again, after the new last day; a day that somebody
        named stays, unless the term itself ends later. Its rungs stay taken.
        """
        end = last_day(civil_date(since), self.span, calendar, self.rolling)
        day, extensions = end.day, list[Extension]()
        for given in self.extensions:
            again = _given_again(given, day, calendar, self.rolling)
            if again.day > day:
                extensions.append(again)
                day = again.day
        return replace(
            self,
            since=since,
            start=end.start,
            raw=end.raw,
            rolls=end.rolls,
            extensions=tuple(extensions),
            day=day + timedelta(days=self.paused_days),
            paused_at=max(self.paused_at, since) if self.paused_at else None,
        )

    def paused(self, now: datetime) -> "Clock":
        """Return the clock standing still since ``now`` (UTC)."""
        return self if self.paused_at or not self.may_pause else replace(self, paused_at=now)

    def resumed(self, now: datetime) -> "Clock":
        """Return the clock running again, its last day later by the days that it stood still."""
        if self.paused_at is None:
            return self
        days = (civil_date(now) - civil_date(self.paused_at)).days
        return replace(
            self,
            paused_at=None,
            paused_days=self.paused_days + days,
            day=self.day + timedelta(days=days),
        )

    def held(self, now: datetime) -> "Clock":
        """Return the clock with its ladder waiting since ``now`` (UTC), once its end has passed."""
        return self if self.held_at or not self.passed else replace(self, held_at=now)

    def released(self, now: datetime) -> "Clock":
        """Return the clock with its ladder going on, later by the days that it waited."""
        if self.held_at is None:
            return self
        days = (civil_date(now) - civil_date(self.held_at)).days
        return replace(self, held_at=None, held_days=self.held_days + days)

    def ended(self, ending: Ending, now: datetime) -> "PastClock":
        """Return what is remembered of the clock once it has ended, at ``now`` (UTC)."""
        return PastClock(
            wait=self.wait,
            start=self.start,
            day=self.day,
            ended=now,
            ending=ending,
            round=self.round,
            counted=self if self.wait is Wait.INSTITUTION_REPLIES else None,
        )


def _given_again(given: Extension, was: date, calendar: Calendar, rolling: Rolling) -> Extension:
    if given.source == SERVICE_LEVEL:
        return replace(given, was=was)
    rolling = Rolling.NONE if given.span.unit is Unit.DAYS else rolling
    end = last_day(was, given.span, calendar, rolling)
    return replace(given, was=was, day=end.day, rolls=end.rolls)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastClock:
    """A clock that ended, and how.

    Attributes:
        counted: the clock as it stood; kept of the institution's term alone, about whose last day
            and its reasons a next body asks.
    """

    wait: Wait
    start: date
    day: date
    ended: datetime
    ending: Ending
    round: int
    counted: Clock | None = None
