"""Whose case it is: taken over, objected to, advised on, and left by whoever is not there."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from domain import time_rules
from domain.assignment_rules import last_day_to_accept, may_object, nobody_fits, people_of, remember
from domain.course import Course
from domain.entries import Decision, EntryDetails, EntryKind, Refusal, Verdict
from domain.identifiers import StaffId
from domain.letters import Letter
from domain.matching import Unfit
from domain.parties import Party
from domain.people import CasePeople
from domain.read_model import overview_of
from domain.stages import Stage
from domain.waits import Attention, Wait
from tests.domain.journey import (
    ANNA,
    BRAM,
    CARLA,
    SUPERVISOR,
    Journey,
    awaiting_consent,
    awaiting_institution,
    closed,
    finding_mediator,
    hearing_both_sides,
    offered,
    outcome_proposed,
)

WITH_A_MEDIATOR = (awaiting_consent, awaiting_institution, hearing_both_sides, outcome_proposed)
TOLD = [(Letter.MEDIATOR_CHANGED, Party.COMPLAINANT), (Letter.CASE_MOVED, Party.MEDIATOR)]


def reassigned(
    journey: Journey,
    *,
    holder: StaffId | None = ANNA,
    to: StaffId | None = None,
    author: Party = Party.SUPERVISOR,
) -> Verdict:
    return journey.shown(
        EntryKind.DECISION,
        author,
        actor=SUPERVISOR,
        decision=Decision.REASSIGN,
        mediator=to,
        details=EntryDetails(holder=holder),
    )


def objected(journey: Journey, holder: StaffId = ANNA) -> Verdict:
    return journey.shown(
        EntryKind.MEDIATOR_OBJECTION,
        Party.COMPLAINANT,
        details=EntryDetails(holder=holder),
    )


def advised_by(journey: Journey, adviser: StaffId | None) -> Verdict:
    return journey.shown(
        EntryKind.DECISION,
        Party.SUPERVISOR,
        actor=SUPERVISOR,
        decision=Decision.ASSIGN_ADVISER,
        details=EntryDetails(adviser=adviser),
    )


def gone(journey: Journey, member: StaffId | None = ANNA) -> Verdict:
    return journey.shown(
        EntryKind.MEDIATOR_UNAVAILABLE, Party.PORTAL, details=EntryDetails(holder=member)
    )


def taken_over(journey: Journey, mediator: StaffId) -> None:
    """Let another mediator be offered the case and accept it."""
    journey.settle_and_post()
    journey.course.offer(mediator, journey.now)
    assert journey.decision(Decision.ACCEPT_CASE, mediator).applied
    journey.settle_and_post()


class TestTakingACase:
    @pytest.mark.parametrize("begin", WITH_A_MEDIATOR)
    @pytest.mark.parametrize("author", [Party.SUPERVISOR, Party.PORTAL])
    def test_asks_for_another_mediator_and_goes_on_where_it_stood(
        self, begin: Callable[[], Journey], author: Party
    ) -> None:
        journey = begin()
        consents, contacted = list(journey.course.consents), journey.course.contacted_at
        assert reassigned(journey, author=author).applied
        assert journey.pending == TOLD
        assert journey.settle() is Stage.FINDING_MEDIATOR
        taken_over(journey, BRAM)
        assert journey.course.mediator == BRAM
        assert (journey.course.consents, journey.course.contacted_at) == (consents, contacted)
        assert Letter.MEDIATOR_CHANGED not in {
            item.letter for item in journey.posted if item.recipient is Party.INSTITUTION
        }

    def test_withdraws_a_proposal_as_a_recusal_does(self) -> None:
        journey = outcome_proposed()
        reassigned(journey)
        assert journey.course.proposal is None
        taken_over(journey, BRAM)
        assert journey.course.stage is Stage.HEARING_BOTH_SIDES

    def test_leaves_danger_and_the_institutions_term_as_they_are(self) -> None:
        journey = awaiting_institution()
        journey.shown(EntryKind.SAFETY, Party.COMPLAINANT, decision=Decision.REPORT_DANGER)
        term = journey.course.clocks[Wait.INSTITUTION_REPLIES]
        reassigned(journey)
        taken_over(journey, BRAM)
        assert journey.course.danger
        assert Attention.DANGER in journey.course.attentions
        assert journey.course.clocks[Wait.INSTITUTION_REPLIES] == term

    def test_never_asks_again_whom_it_was_taken_from_unless_they_are_named(self) -> None:
        journey = awaiting_consent()
        reassigned(journey)
        assert journey.course.recused == [ANNA]
        assert journey.supervisor_offers_to(ANNA).applied
        assert journey.decision(Decision.ACCEPT_CASE, ANNA).applied

    def test_offers_it_to_whoever_is_named(self) -> None:
        journey = awaiting_consent()
        assert reassigned(journey, to=CARLA).applied
        assert journey.course.offered == CARLA
        assert {item.mediator for item in journey.course.outbox if item.mediator} == {ANNA, CARLA}

    def test_tells_the_one_before_also_when_an_offer_follows_at_once(self) -> None:
        journey = awaiting_consent()
        reassigned(journey)
        journey.course.offer(BRAM, journey.now)
        journey.course.offer(CARLA, journey.now)
        letters = [(item.letter, item.mediator) for item in journey.course.outbox[1:]]
        assert letters == [(Letter.CASE_MOVED, ANNA), (Letter.CASE_OFFER, CARLA)]

    def test_takes_an_open_offer_back_without_a_word_to_the_complainant(self) -> None:
        journey = offered()
        assert reassigned(journey).applied
        assert journey.course.offered is None
        assert journey.course.recused == [ANNA]
        assert journey.pending == [(Letter.CASE_MOVED, Party.MEDIATOR)]

    def test_twice_takes_it_from_nobody_else(self) -> None:
        journey = awaiting_consent()
        reassigned(journey)
        assert reassigned(journey).refusal is Refusal.NOT_NOW
        taken_over(journey, BRAM)
        assert reassigned(journey).refusal is Refusal.ALREADY_DONE
        assert journey.course.mediator == BRAM

    def test_and_giving_it_to_the_same_one_is_refused(self) -> None:
        journey = awaiting_consent()
        assert reassigned(journey, to=ANNA).refusal is Refusal.ALREADY_DONE
        assert journey.course.mediator == ANNA

    def test_is_nothing_for_a_mediator(self) -> None:
        journey = awaiting_consent()
        assert journey.decision(Decision.REASSIGN).refusal is Refusal.NOT_ALLOWED

    def test_is_over_once_the_case_is_closed(self) -> None:
        assert reassigned(closed()).refusal is Refusal.CLOSED


class TestAnObjectionToTheMediator:
    @pytest.mark.parametrize("begin", WITH_A_MEDIATOR)
    def test_is_granted_at_once(self, begin: Callable[[], Journey]) -> None:
        journey = begin()
        assert may_object(journey.course)
        assert overview_of(journey.course).details.may_object
        assert objected(journey).applied
        assert journey.pending == TOLD
        assert (journey.course.mediator, journey.course.recused) == (None, [ANNA])
        assert not may_object(journey.course)

    def test_can_be_made_once(self) -> None:
        journey = awaiting_consent()
        objected(journey)
        taken_over(journey, BRAM)
        assert not overview_of(journey.course).details.may_object
        assert objected(journey, BRAM).refusal is Refusal.OBJECTED_BEFORE
        assert journey.course.mediator == BRAM

    def test_hits_nobody_who_took_over_meanwhile(self) -> None:
        journey = awaiting_consent()
        reassigned(journey)
        taken_over(journey, BRAM)
        assert objected(journey, ANNA).refusal is Refusal.NOT_NOW
        assert journey.course.mediator == BRAM
        assert may_object(journey.course)

    @pytest.mark.parametrize("begin", [finding_mediator, offered])
    def test_needs_a_mediator(self, begin: Callable[[], Journey]) -> None:
        journey = begin()
        assert not may_object(journey.course)
        assert objected(journey).refusal is Refusal.NOT_NOW
        assert not journey.course.objected

    def test_tells_the_mediator_also_when_the_complaint_is_withdrawn_at_once(self) -> None:
        journey = awaiting_consent()
        objected(journey)
        journey.withdrawal()
        assert journey.pending == [(Letter.CASE_MOVED, Party.MEDIATOR)]


class TestAnAdviser:
    def test_never_mediates_in_the_same_case(self) -> None:
        journey = finding_mediator()
        assert advised_by(journey, BRAM).applied
        assert overview_of(journey.course).details.adviser == BRAM
        assert journey.supervisor_offers_to(BRAM).refusal is Refusal.ADVISES
        assert journey.course.offered is None

    def test_cannot_be_given_the_case_by_a_reassignment_either(self) -> None:
        journey = awaiting_consent()
        advised_by(journey, BRAM)
        assert reassigned(journey, to=BRAM).refusal is Refusal.ADVISES
        assert journey.course.mediator == ANNA

    def test_stays_away_from_mediating_after_another_one_advises(self) -> None:
        journey = finding_mediator()
        advised_by(journey, BRAM)
        advised_by(journey, CARLA)
        assert (journey.course.adviser, journey.course.advised) == (CARLA, [BRAM, CARLA])
        assert journey.supervisor_offers_to(BRAM).refusal is Refusal.ADVISES

    def test_is_never_the_mediator(self) -> None:
        journey = awaiting_consent()
        assert advised_by(journey, ANNA).refusal is Refusal.MEDIATES
        assert journey.course.adviser is None

    def test_loses_an_offer_and_cannot_accept_it_any_more(self) -> None:
        journey = offered()
        assert advised_by(journey, ANNA).applied
        assert journey.course.offered is None
        assert journey.decision(Decision.ACCEPT_CASE, ANNA).refusal is Refusal.ADVISES

    def test_is_named(self) -> None:
        journey = finding_mediator()
        assert advised_by(journey, None).refusal is Refusal.NOT_ALLOWED

    def test_is_assigned_once(self) -> None:
        journey = finding_mediator()
        advised_by(journey, BRAM)
        assert advised_by(journey, BRAM).refusal is Refusal.ALREADY_DONE

    def test_is_assigned_by_a_supervisor_alone(self) -> None:
        journey = awaiting_consent()
        assert journey.decision(Decision.ASSIGN_ADVISER).refusal is Refusal.NOT_ALLOWED


class TestSomebodyWhoIsNotThereAnyMore:
    def test_loses_an_offer_at_once(self) -> None:
        journey = offered()
        assert gone(journey).applied
        assert (journey.course.offered, journey.course.declined) == (None, [ANNA])
        assert journey.course.wait is Wait.MEDIATOR_AVAILABLE

    def test_leaves_a_case_that_needs_a_look_until_somebody_else_has_it(self) -> None:
        journey = awaiting_consent()
        assert gone(journey).applied
        assert journey.course.attention is Attention.MEDIATOR_UNAVAILABLE
        assert journey.course.mediator == ANNA
        reassigned(journey)
        assert journey.course.attention is None

    def test_is_no_matter_once_the_case_is_with_somebody_else(self) -> None:
        journey = awaiting_consent()
        assert gone(journey, BRAM).refusal is Refusal.ALREADY_DONE
        assert gone(journey, None).refusal is Refusal.NOT_ALLOWED
        assert journey.course.attention is None


class TestNobodyWhoFits:
    def test_asks_for_attention_at_once_and_says_why(self) -> None:
        journey = finding_mediator()
        nobody_fits(journey.course, {Unfit.FULL: 2, Unfit.KIND: 1})
        journey.settle()
        overview = overview_of(journey.course)
        assert overview.attention is Attention.NO_MEDIATOR
        assert overview.details.unfit == {Unfit.FULL: 2, Unfit.KIND: 1}

    def test_is_over_once_somebody_is_asked(self) -> None:
        journey = finding_mediator()
        nobody_fits(journey.course, {Unfit.FULL: 2})
        journey.settle()
        journey.course.offer(ANNA, journey.now)
        assert journey.course.attention is None
        assert journey.course.unfit == {}

    def test_leads_to_everybody_being_considered_each_business_day(self) -> None:
        journey = offered()
        journey.decision(Decision.DECLINE_CASE)
        journey.settle_and_post()
        time_rules.act_on_time(journey.course, journey.now)
        considered: list[int] = []
        for _ in range(7):
            assert journey.course.wait is Wait.MEDIATOR_AVAILABLE
            journey.climbs(Wait.MEDIATOR_AVAILABLE)
            assert journey.course.declined == []
            nobody_fits(journey.course, {Unfit.FULL: 2})
            time_rules.act_on_time(journey.course, journey.now)
            considered.append(journey.now.isoweekday())
        assert considered == [2, 3, 4, 5, 1, 2, 3]

    def test_leaves_time_to_accept_until_the_last_day_of_an_offer(self) -> None:
        journey = finding_mediator()
        promised = last_day_to_accept(journey.course, journey.now)
        journey.course.offer(ANNA, journey.now)
        journey.settle()
        assert journey.course.clocks[Wait.MEDIATOR_ACCEPTS].day == promised
        assert promised == journey.now.date() + timedelta(days=2)


class TestTheNextEpisode:
    def test_remembers_who_had_a_part_in_the_one_before(self) -> None:
        journey = awaiting_consent()
        advised_by(journey, CARLA)
        objected(journey)
        taken_over(journey, BRAM)
        people = people_of(journey.course)
        assert people == CasePeople(
            mediator=BRAM, recused=(ANNA,), adviser=CARLA, advised=(CARLA,), objected=True
        )
        course = Course()
        remember(course, people)
        assert people_of(course) == people
        assert course.earlier_mediator == BRAM
