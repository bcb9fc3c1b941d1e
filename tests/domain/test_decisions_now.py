"""What is listed as possible is possible, on any way that a case may go."""

import copy
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from domain import entry_rules
from domain.aftercare import answer, reopening_until
from domain.calendar import civil_date, end_of
from domain.course import Course
from domain.decisions_now import DecisionNow, Standing, decisions_now
from domain.entries import DECISIONS_OF, Decision, EntryDetails, EntryFacts, EntryKind
from domain.grounds import Ground
from domain.identifiers import CaseId, EntryNumber, StaffId
from domain.parties import Party
from domain.read_model import overview_of
from domain.reopening import ReopeningRequest
from domain.retention import REOPENING_WINDOW
from domain.staff import Role
from domain.stages import Outcome, Stage
from domain.waits import Attention, Wait
from tests.domain.journey import (
    ANNA,
    BRAM,
    SUPERVISOR,
    Journey,
    awaiting_consent,
    awaiting_institution,
    closed,
    hearing_both_sides,
    offered,
    outcome_proposed,
)
from tests.domain.test_course_invariants import STAFF, ACase

EVERYBODY = {member: {Role.MEDIATOR} for member in STAFF} | {SUPERVISOR: {Role.SUPERVISOR}}
A_GROUND = next(iter(Ground))
SOMEBODY_NEW, SOMEBODY_ELSE = (StaffId(UUID(int=number)) for number in (77, 78))


def standing(journey: Journey, *, closed: bool = False, erasing: bool = False) -> Standing:
    """Return what the read model says of a case."""
    overview = overview_of(journey.course)
    return Standing(
        mediator=overview.mediator,
        offered=overview.offered,
        proposal=overview.proposal,
        consent=overview.consent,
        contacted=overview.contacted,
        closed_at=journey.now if closed else None,
        erasing=erasing,
        details=overview.details,
        moment=journey.now,
    )


def listed(case: Standing, reader: StaffId, *roles: Role) -> dict[Decision, DecisionNow]:
    return {one.decision: one for one in decisions_now(case, reader, roles)}


def entries_for(
    now: DecisionNow, reader: StaffId, course: Course, case: Standing
) -> Iterator[EntryFacts]:
    """Yield one entry for each choice that a listed decision offers."""
    for wait in now.waits or (None,):
        for stage in now.stages or (None,):
            for outcome in now.outcomes or (None,):
                clock = course.clocks.get(wait) if wait else None
                yield EntryFacts(
                    number=EntryNumber(course.cursor + 1),
                    kind=EntryKind.DECISION,
                    author=now.acting_as,
                    received_at=case.moment,
                    actor=reader,
                    decision=now.decision,
                    outcome=outcome,
                    mediator=SOMEBODY_NEW,
                    details=EntryDetails(
                        adviser=SOMEBODY_ELSE,
                        wait=wait,
                        stage=stage,
                        until=clock.day + timedelta(days=1) if clock else None,
                        day=a_possible_day(course, wait, case) if wait else case.day,
                        other_case=CaseId(uuid4()),
                        ground=A_GROUND,
                    ),
                )


def a_possible_day(course: Course, wait: Wait, case: Standing):
    """Return the first day from which a clock could count instead."""
    now = course.clocks[wait].start
    if wait is Wait.NEXT_BODY_WINDOW and course.handling_ended is not None:
        now = course.handling_ended
    assert case.details.complained_on is not None
    day = case.details.complained_on
    return day + timedelta(days=1) if day == now else day


class ASupervisedCase(ACase):
    """A case in which a supervisor intervenes as well."""

    @rule(
        decision=st.sampled_from(sorted(DECISIONS_OF[Party.SUPERVISOR] - {Decision.CLOSE_CASE})),
        wait=st.sampled_from(Wait),
        stage=st.sampled_from(Stage),
        days=st.integers(min_value=-40, max_value=40),
    )
    def a_supervisor_intervenes(
        self, decision: Decision, wait: Wait, stage: Stage, days: int
    ) -> None:
        day = civil_date(self.now) + timedelta(days=days)
        self.show(
            EntryKind.DECISION,
            Party.SUPERVISOR,
            decision=decision,
            actor=SUPERVISOR,
            mediator=BRAM,
            details=EntryDetails(wait=wait, stage=stage, day=day, until=day),
        )

    @rule(outcome=st.sampled_from(Outcome))
    def a_supervisor_closes(self, outcome: Outcome) -> None:
        if self.arrived > 30:
            self.show(
                EntryKind.DECISION,
                Party.SUPERVISOR,
                decision=Decision.CLOSE_CASE,
                actor=SUPERVISOR,
                outcome=outcome,
            )

    @invariant()
    def whatever_is_listed_is_possible(self) -> None:
        if not self.course.is_open:
            return
        course = copy.deepcopy(self.course)
        course.keep_time(self.now)  # as its workflow does before it tells
        journey = Journey()
        journey.course, journey.now = course, self.now
        case = standing(journey)
        for reader, roles in EVERYBODY.items():
            for now in decisions_now(case, reader, roles):
                for entry in entries_for(now, reader, course, case):
                    verdict = entry_rules.apply(copy.deepcopy(course), entry, self.now)
                    assert verdict.applied, (now, verdict)


TestAnySupervisedCase = ASupervisedCase.TestCase
TestAnySupervisedCase.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)


class TestTheList:
    def test_names_what_the_one_who_was_asked_can_answer(self) -> None:
        case = standing(offered())

        assert set(listed(case, ANNA, Role.MEDIATOR)) == {
            Decision.ACCEPT_CASE,
            Decision.DECLINE_CASE,
        }
        assert listed(case, BRAM, Role.MEDIATOR) == {}
        assert Decision.OFFER_CASE in listed(case, SUPERVISOR, Role.SUPERVISOR)

    def test_is_empty_for_who_neither_mediates_nor_supervises(self) -> None:
        case = standing(hearing_both_sides())

        assert listed(case, ANNA, Role.ADMINISTRATOR, Role.ADVISER) == {}

    def test_offers_the_choices_that_there_are(self) -> None:
        found = listed(standing(awaiting_institution()), SUPERVISOR, Role.SUPERVISOR)

        assert found[Decision.OVERRIDE_STAGE].stages == (
            Stage.AWAITING_CONSENT,
            Stage.HEARING_BOTH_SIDES,
        )
        assert Decision.EXTEND_TERM not in found  # every clock that runs is the law's
        assert Outcome.SETTLED not in found[Decision.CLOSE_CASE].outcomes

    def test_corrects_no_clock_that_can_only_have_begun_today(self) -> None:
        journey = awaiting_consent()
        today = listed(standing(journey), SUPERVISOR, Role.SUPERVISOR)
        tomorrow = standing(journey.later(timedelta(days=1)))

        assert Decision.CORRECT_DATE not in today
        found = listed(tomorrow, SUPERVISOR, Role.SUPERVISOR)
        assert found[Decision.CORRECT_DATE].waits == (Wait.COMPLAINANT_CONSENTS,)

    def test_resumes_only_what_was_paused(self) -> None:
        journey = awaiting_consent()
        before = listed(standing(journey), ANNA, Role.MEDIATOR)
        journey.intervention(Decision.PAUSE_FOR_DANGER)
        after = listed(standing(journey), ANNA, Role.MEDIATOR)

        assert Decision.PAUSE_FOR_DANGER in before.keys() - after.keys()
        assert Decision.RESUME in after.keys() - before.keys()

    def test_proposes_once(self) -> None:
        assert Decision.PROPOSE_OUTCOME in listed(
            standing(hearing_both_sides()), ANNA, Role.MEDIATOR
        )
        assert Decision.PROPOSE_OUTCOME not in listed(
            standing(outcome_proposed()), ANNA, Role.MEDIATOR
        )

    def test_decides_about_corrected_rules_once_there_are_any(self) -> None:
        journey = hearing_both_sides()
        journey.course.ask_attention(Attention.POLICY_CORRECTED)

        found = listed(standing(journey), ANNA, Role.MEDIATOR)

        assert {Decision.APPLY_CORRECTION, Decision.KEEP_RULES} <= set(found)

    @pytest.mark.parametrize("party", [Party.MEDIATOR, Party.SUPERVISOR])
    def test_takes_somebody_with_two_roles_as_the_course_will(self, party: Party) -> None:
        reader = ANNA if party is Party.MEDIATOR else SUPERVISOR
        found = listed(standing(awaiting_consent()), reader, Role.MEDIATOR, Role.SUPERVISOR)

        assert found[Decision.PAUSE_FOR_DANGER].acting_as is party

    def test_knows_every_decision_of_the_staff(self) -> None:
        """A decision without a rule is never listed: nobody would notice."""
        found: set[Decision] = set()
        journeys = [offered(), awaiting_consent(), awaiting_institution(), hearing_both_sides()]
        for journey in journeys:
            journey.later(timedelta(days=2))
            journey.course.steps_to_decide.append("board")
            journey.course.ask_attention(Attention.POLICY_CORRECTED)
            journey.course.ask_attention(Attention.REOPENING_ASKED)
            for danger in (False, True):
                journey.course.danger = danger
                for is_closed in (False, True):
                    case = standing(journey, closed=is_closed)
                    found |= set(listed(case, ANNA, Role.MEDIATOR))
                    found |= set(listed(case, SUPERVISOR, Role.SUPERVISOR))

        assert found == DECISIONS_OF[Party.MEDIATOR] | DECISIONS_OF[Party.SUPERVISOR]


class TestAfterTheEnd:
    @pytest.mark.parametrize("late", [False, True])
    @pytest.mark.parametrize(
        ("reader", "role"), [(ANNA, Role.MEDIATOR), (SUPERVISOR, Role.SUPERVISOR)]
    )
    def test_a_case_can_be_reopened_for_as_long_as_the_aftercare_says(
        self, reader: StaffId, role: Role, *, late: bool
    ) -> None:
        journey = closed()
        over = end_of(reopening_until(journey.now))
        moment = over if late else over - timedelta(seconds=1)
        case = replace(standing(journey, closed=True), moment=moment)
        entry = EntryFacts(
            number=EntryNumber(20),
            kind=EntryKind.DECISION,
            author=Party(role.value),
            received_at=case.moment,
            actor=reader,
            decision=Decision.REOPEN_CASE,
        )

        answered = answer(entry, closed_at=journey.now, mediator=ANNA, reopening=False)

        found = listed(case, reader, role)
        assert (Decision.REOPEN_CASE in found) == answered.applied == (not late)
        assert set(found) <= {Decision.REOPEN_CASE, Decision.RETRY_NOW}

    @pytest.mark.parametrize("asked", [True, False])
    @pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1)])
    @pytest.mark.parametrize(
        ("reader", "role"), [(ANNA, Role.MEDIATOR), (SUPERVISOR, Role.SUPERVISOR)]
    )
    def test_a_request_to_reopen_it_is_answered_whenever_that_is(
        self, reader: StaffId, role: Role, late: timedelta, *, asked: bool
    ) -> None:
        journey = closed()
        request = ReopeningRequest(EntryNumber(19), journey.now) if asked else None
        if asked:
            journey.course.ask_attention(Attention.REOPENING_ASKED)
        case = replace(standing(journey, closed=True), moment=journey.now + REOPENING_WINDOW + late)
        found = listed(case, reader, role)
        for decision in (Decision.REOPEN_CASE, Decision.KEEP_CLOSED):
            entry = EntryFacts(
                number=EntryNumber(20),
                kind=EntryKind.DECISION,
                author=Party(role.value),
                received_at=case.moment,
                actor=reader,
                decision=decision,
            )
            answered = answer(
                entry, closed_at=journey.now, mediator=ANNA, reopening=False, request=request
            )
            assert (decision in found) == answered.applied

    def test_nobody_reopens_what_is_being_erased_or_was_never_theirs(self) -> None:
        erasing = standing(closed(), closed=True, erasing=True)

        assert set(listed(erasing, SUPERVISOR, Role.SUPERVISOR)) == {Decision.RETRY_NOW}
        assert listed(standing(closed(), closed=True), BRAM, Role.MEDIATOR) == {}
