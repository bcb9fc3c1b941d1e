"""Ten mediators and two hundred cases, with a clock of their own: leave, declines and all."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from domain import time_rules
from domain.assignment_rules import last_day_to_accept, nobody_fits
from domain.calendar import civil_date
from domain.entries import Decision, EntryDetails, EntryKind
from domain.identifiers import CaseId, InstitutionId, StaffId
from domain.institutions import InstitutionKind, Region
from domain.languages import Language
from domain.letters import Letter
from domain.matching import Absence, Candidate, Need, Ranking, WorkingTime, rank
from domain.parties import Party
from domain.stages import Stage
from domain.waits import Wait
from tests.domain.journey import START, Journey

NL, EN = Language.DUTCH, Language.ENGLISH
KINDS = InstitutionKind
STAD, DIENST, POLITIE, BANK = map(InstitutionId, ("stad", "dienst", "politie", "bank"))
INSTITUTIONS: dict[InstitutionId, tuple[InstitutionKind, Region | None]] = {
    STAD: (KINDS.MUNICIPALITY, Region.UTRECHT),
    DIENST: (KINDS.NATIONAL_SERVICE, None),
    POLITIE: (KINDS.POLICE, Region.ZUID_HOLLAND),
    BANK: (KINDS.BANK_PRIVATE, None),
}
FIRST_DAY = civil_date(START)
CASES = 200
ARRIVE_WITHIN = 120
"""Days."""
WORK_TAKES = (10, 40)
"""Days from accepting a case to its end, at least and at most."""


@dataclass
class Mediator:
    """One of the ten, and how they are.

    Attributes:
        declines: how often they decline an offer, and ``silent`` how often they say nothing.
        leaves_on: the day on which they leave for good.
    """

    name: str
    capacity: int = 12
    languages: frozenset[Language] = frozenset({NL, EN})
    kinds: frozenset[InstitutionKind] = frozenset()
    regions: frozenset[Region] = frozenset()
    conflicts: frozenset[InstitutionId] = frozenset()
    working_days: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    leave: tuple[Absence, ...] = ()
    declines: float = 0.1
    silent: float = 0.05
    leaves_on: date | None = None
    last_asked_at: datetime | None = None
    id: StaffId = field(init=False)

    def is_here(self, today: date) -> bool:
        return self.leaves_on is None or today < self.leaves_on

    @property
    def time(self) -> WorkingTime:
        return WorkingTime(working_days=self.working_days, absences=self.leave)


def _on_leave(first: int, days: int) -> tuple[Absence, ...]:
    begin = FIRST_DAY + timedelta(days=first)
    return (Absence(begin, begin + timedelta(days=days)),)


def ten() -> list[Mediator]:
    mediators = [
        Mediator("Anna"),
        Mediator("Bram"),
        Mediator("Carla", languages=frozenset({NL})),
        Mediator("Daan", conflicts=frozenset({STAD}), declines=0.3),
        Mediator("Esra", kinds=frozenset({KINDS.MUNICIPALITY, KINDS.NATIONAL_SERVICE})),
        Mediator("Fred", regions=frozenset({Region.ZUID_HOLLAND}), leave=_on_leave(20, 21)),
        Mediator("Gita", capacity=6, working_days=frozenset({1, 2})),
        Mediator("Hugo", capacity=6, conflicts=frozenset({POLITIE, BANK}), silent=0.4),
        Mediator("Iris", leave=_on_leave(60, 30)),
        Mediator("Joep", leaves_on=FIRST_DAY + timedelta(days=75)),
    ]
    for number, mediator in enumerate(mediators, start=1):
        mediator.id = StaffId(UUID(int=number))
    return mediators


@dataclass
class Case:
    """One case, and what the office knows of it."""

    id: CaseId
    institution: InstitutionId
    language: Language
    journey: Journey
    accepted_by: list[StaffId] = field(default_factory=list[StaffId])
    ends_on: date | None = None

    @property
    def holder(self) -> StaffId | None:
        return self.journey.course.mediator or self.journey.course.offered


class OfficeOfTen:
    """Plays the workflow, the relay and the people, half a day at a time."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.mediators = {mediator.id: mediator for mediator in ten()}
        self.now = START
        self.cases: list[Case] = []
        self.times_nobody_fitted = 0
        self.most_at_once = 0
        self._arrivals = sorted(self.chance.randrange(ARRIVE_WITHIN) for _ in range(CASES))

    def runs(self) -> None:
        """Let the office work until every case has ended, for two years at most."""
        for half in range(2 * 730):
            self.now = START + timedelta(hours=12 * half)
            self._receives()
            self._looks_whether_all_are_here()
            for case in self._open:
                self._conducts(case)
                self._lets_the_mediator_act(case)
            load = Counter(case.holder for case in self._open if case.holder)
            self.most_at_once = max(self.most_at_once, *load.values(), 0)
            if len(self.cases) == CASES and not any(self._open):
                return

    @property
    def today(self) -> date:
        return civil_date(self.now)

    @property
    def _open(self) -> Iterator[Case]:
        return (case for case in self.cases if case.journey.course.is_open)

    def _receives(self) -> None:
        days = (self.today - FIRST_DAY).days
        while len(self.cases) < CASES and self._arrivals[len(self.cases)] <= days:
            institution = self.chance.choice(list(INSTITUTIONS))
            journey = Journey(INSTITUTIONS[institution][0])
            journey.now = self.now
            journey.complaint()
            journey.course.post(Letter.ACKNOWLEDGEMENT, Party.COMPLAINANT)
            journey.settle_and_post()
            identifier = CaseId(UUID(int=1000 + len(self.cases)))
            language = EN if self.chance.random() < 0.25 else NL
            self.cases.append(Case(identifier, institution, language, journey))

    def _looks_whether_all_are_here(self) -> None:
        for case in self._open:
            holder, course = case.holder, case.journey.course
            if holder is None:
                continue
            person = self.mediators[holder]
            details = EntryDetails(holder=holder)
            case.journey.now = self.now
            if not person.is_here(self.today):
                assert case.journey.shown(
                    EntryKind.DECISION, Party.PORTAL, decision=Decision.REASSIGN, details=details
                ).applied
            elif course.offered and Wait.MEDIATOR_ACCEPTS in course.clocks:
                last = course.clocks[Wait.MEDIATOR_ACCEPTS].day
                if self.today <= last and not person.time.has_a_day(self.today, last):
                    kind = EntryKind.MEDIATOR_UNAVAILABLE
                    assert case.journey.shown(kind, Party.PORTAL, details=details).applied

    def _conducts(self, case: Case) -> None:
        course, case.journey.now = case.journey.course, self.now
        time_rules.act_on_time(course, self.now)
        if course.needed_stage is Stage.FINDING_MEDIATOR and course.offered is None:
            ranking = self.ranking(case)
            if ranking.fitting:
                chosen = ranking.fitting[0]
                course.offer(chosen, self.now)
                self.mediators[chosen].last_asked_at = self.now
            else:
                self.times_nobody_fitted += 1
                nobody_fits(course, ranking.reasons)
        case.journey.settle_and_post()

    def _lets_the_mediator_act(self, case: Case) -> None:
        course = case.journey.course
        if course.mediator is not None:
            case.ends_on = case.ends_on or self.today + timedelta(
                days=self.chance.randint(*WORK_TAKES)
            )
            if self.today >= case.ends_on:
                case.journey.withdrawal()
        elif course.offered is not None and self._works_now(course.offered):
            person, draw = self.mediators[course.offered], self.chance.random()
            if draw < person.declines:
                case.journey.decision(Decision.DECLINE_CASE, person.id)
            elif draw > person.declines + person.silent:
                assert case.journey.decision(Decision.ACCEPT_CASE, person.id).applied
                case.accepted_by.append(person.id)
            case.journey.settle_and_post()

    def _works_now(self, member: StaffId) -> bool:
        return self.mediators[member].time.has_a_day(self.today, self.today)

    def ranking(self, case: Case) -> Ranking:
        course = case.journey.course
        kind, region = INSTITUTIONS[case.institution]
        need = Need(
            case=case.id,
            institution=case.institution,
            kind=kind,
            language=case.language,
            region=region,
            first_day=self.today,
            answer_by=last_day_to_accept(course, self.now),
            excluded=frozenset([*course.declined, *course.recused]),
        )
        load = Counter(other.holder for other in self._open)
        here = [one for one in self.mediators.values() if one.is_here(self.today)]
        return rank([self._candidate(one, case, load[one.id]) for one in here], need)

    def _candidate(self, one: Mediator, case: Case, load: int) -> Candidate:
        return Candidate(
            id=one.id,
            languages=one.languages,
            kinds=one.kinds,
            regions=one.regions,
            capacity=one.capacity,
            time=one.time,
            conflicts=frozenset[InstitutionId | CaseId](one.conflicts),
            load=load,
            with_institution=sum(
                one.id in other.accepted_by
                for other in self.cases
                if other.institution == case.institution
            ),
            last_asked_at=one.last_asked_at,
        )
