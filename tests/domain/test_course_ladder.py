"""The ladder: from the institution's silence to the way to the next body, one rung at a time."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from domain import time_rules
from domain.calendar import civil_date, office_hour_of
from domain.clocks import Ending
from domain.entries import Decision, EntryKind, Refusal
from domain.institutions import InstitutionKind
from domain.letters import Contact, Letter, PendingLetter
from domain.parties import Party
from domain.policy.model import Purpose
from domain.read_model import referral_of
from domain.stages import Outcome, Stage
from domain.waits import Attention, Wait
from tests.domain.journey import ANNA, Journey, awaiting_institution, rules_for

REPLY = Wait.INSTITUTION_REPLIES
RUNGS = ("reminder", "last_day", "passed", "coordinator", "board", "referral")


def of_the_ladder(letters: Iterable[PendingLetter]) -> list[PendingLetter]:
    """Return the letters that the institution's clock called for; the mediator's runs beside it."""
    return [item for item in letters if item.wait is REPLY]


def at_rung(number: int) -> Journey:
    """Return a case whose institution stayed silent up to and with a rung; everything posted."""
    journey = awaiting_institution()
    for _ in range(number):
        journey.climbs(REPLY)
        journey.settle_and_post()
    return journey


class TestTheLadder:
    def test_is_climbed_in_order_each_rung_on_its_day_at_nine(self) -> None:
        journey = awaiting_institution()
        day = journey.course.clocks[REPLY].day
        climbed: list[tuple[int, list[tuple[Letter, Party, Contact]]]] = []
        for _ in range(6):
            journey.climbs(REPLY)
            assert journey.now == office_hour_of(civil_date(journey.now))
            letters = [
                (item.letter, item.recipient, item.contact)
                for item in of_the_ladder(journey.post())
            ]
            climbed.append(((civil_date(journey.now) - day).days, letters))
        first, to = Contact.HANDLER, Party.INSTITUTION
        assert climbed == [
            (-7, [(Letter.INSTITUTION_REMINDER, to, first)]),
            (0, [(Letter.TERM_ENDS_TODAY, to, first)]),
            (
                1,
                [
                    (Letter.TERM_PASSED, to, first),
                    (Letter.INSTITUTION_SILENT, Party.COMPLAINANT, first),
                    (Letter.WAIT_PASSED, Party.MEDIATOR, first),
                ],
            ),
            (8, [(Letter.NEXT_CONTACT, to, Contact.COORDINATOR)]),
            (22, [(Letter.STEP_TO_DECIDE, Party.MEDIATOR, first)]),
            (36, [(Letter.REFERRAL_OFFER, Party.COMPLAINANT, first)]),
        ]

    @pytest.mark.parametrize("rung", range(7))
    def test_ends_where_the_institution_answers_however_late(self, rung: int) -> None:
        journey = at_rung(rung)
        assert journey.reply().applied
        assert REPLY not in journey.course.clocks
        assert journey.course.attention is not Attention.INSTITUTION_SILENT
        assert not journey.course.steps_to_decide
        assert not journey.course.choosing_route
        assert journey.pending == [
            (Letter.NEWS, Party.COMPLAINANT),
            (Letter.NEWS, Party.MEDIATOR),
        ]
        assert journey.settle() is Stage.HEARING_BOTH_SIDES

    @pytest.mark.parametrize("rung", range(6))
    def test_takes_back_the_letter_of_a_rung_when_the_answer_came_first(self, rung: int) -> None:
        journey = at_rung(rung)
        journey.climbs(REPLY)
        journey.reply()
        assert of_the_ladder(journey.course.outbox) == []

    def test_goes_on_while_another_mediator_is_sought(self) -> None:
        journey = at_rung(3)
        journey.decision(Decision.RECUSE)
        journey.settle()
        journey.climbs(REPLY)
        assert (Letter.NEXT_CONTACT, Party.INSTITUTION) in journey.pending

    def test_waits_while_an_outcome_is_considered_and_goes_on_after_a_no(self) -> None:
        journey = at_rung(3)
        journey.decision(Decision.PROPOSE_OUTCOME, outcome=Outcome.PARTLY_SETTLED)
        journey.settle_and_post()
        assert journey.course.next_moment(REPLY) is None
        journey.response(Decision.REJECT_OUTCOME)
        journey.settle_and_post()
        assert journey.course.next_moment(REPLY) is not None

    @pytest.mark.parametrize("rung", [3, 4, 5])
    def test_loses_no_day_while_an_outcome_is_considered(self, rung: int) -> None:
        journey = at_rung(rung)
        planned = journey.course.next_moment(REPLY)
        assert planned is not None
        journey.decision(Decision.PROPOSE_OUTCOME, outcome=Outcome.PARTLY_SETTLED)
        journey.settle_and_post().later(timedelta(days=70))
        journey.response(Decision.REJECT_OUTCOME)
        journey.settle_and_post()
        moment = journey.course.next_moment(REPLY)
        assert moment is not None
        assert civil_date(moment) == civil_date(planned) + timedelta(days=70)

    def test_waits_also_where_the_term_passed_meanwhile(self) -> None:
        journey = at_rung(2)
        journey.decision(Decision.PROPOSE_OUTCOME, outcome=Outcome.PARTLY_SETTLED)
        journey.settle_and_post()
        journey.let_pass(REPLY)
        assert journey.course.next_moment(REPLY) is None
        journey.later(timedelta(days=30))
        journey.response(Decision.REJECT_OUTCOME)
        journey.settle_and_post()
        moment = journey.course.next_moment(REPLY)
        assert moment is not None
        assert moment > journey.now

    def test_leaves_the_mediator_time_for_the_step_after_a_no(self) -> None:
        journey = at_rung(5)
        journey.decision(Decision.PROPOSE_OUTCOME, outcome=Outcome.PARTLY_SETTLED)
        journey.settle_and_post().later(timedelta(days=30))
        journey.response(Decision.REJECT_OUTCOME)
        journey.settle_and_post()
        assert not time_rules.act_on_time(journey.course, journey.now)
        assert journey.course.steps_to_decide == ["board"]
        assert journey.decision(Decision.TAKE_STEP).applied

    def test_does_not_lose_its_days_when_it_is_held_twice(self) -> None:
        journey = at_rung(3)
        planned = journey.course.next_moment(REPLY)
        assert planned is not None
        for days in (10, 20):
            journey.decision(Decision.PROPOSE_OUTCOME, outcome=Outcome.PARTLY_SETTLED)
            journey.settle_and_post().later(timedelta(days=days))
            journey.response(Decision.REJECT_OUTCOME)
            journey.settle_and_post()
        moment = journey.course.next_moment(REPLY)
        assert moment is not None
        assert civil_date(moment) == civil_date(planned) + timedelta(days=30)


class TestTheRungThatTheMediatorDecidesOn:
    def test_writes_to_the_board_when_the_mediator_says_so(self) -> None:
        journey = at_rung(5)
        assert journey.course.steps_to_decide == ["board"]
        assert journey.decision(Decision.TAKE_STEP).applied
        [letter] = journey.course.outbox
        assert (letter.letter, letter.contact) == (Letter.NEXT_CONTACT, Contact.BOARD)
        assert journey.course.steps_to_decide == []

    def test_writes_nothing_when_the_mediator_says_no(self) -> None:
        journey = at_rung(5)
        assert journey.decision(Decision.SKIP_STEP).applied
        assert journey.pending == []

    def test_is_left_out_when_nobody_decided_before_the_next_one(self) -> None:
        journey = at_rung(6)
        assert journey.course.steps_to_decide == []
        verdict = journey.decision(Decision.TAKE_STEP)
        assert verdict.refusal is Refusal.NOTHING_TO_DECIDE

    @pytest.mark.parametrize("decision", [Decision.TAKE_STEP, Decision.SKIP_STEP])
    def test_is_nothing_before_its_time(self, decision: Decision) -> None:
        assert at_rung(4).decision(decision).refusal is Refusal.NOTHING_TO_DECIDE

    def test_has_a_letter_of_its_own_for_each_desk(self) -> None:
        journey = at_rung(5)
        journey.decision(Decision.TAKE_STEP)
        journey.post()
        keys = [item.key for item in journey.posted if item.letter is Letter.NEXT_CONTACT]
        assert len(set(keys)) == len(keys) == 2


class TestTheOfferOfTheNextBody:
    def test_names_the_last_day_on_the_safe_side(self) -> None:
        journey = at_rung(6)
        day = journey.course.clocks[REPLY].day
        referral = referral_of(journey.course)
        assert referral is not None
        assert (referral.body, referral.source) == ("national_ombudsman", "Awb 9:24")
        assert referral.until == day.replace(year=day.year + 1)

    def test_is_awaited_with_a_reminder(self) -> None:
        journey = at_rung(6)
        journey.remind(Wait.COMPLAINANT_CHOOSES_ROUTE)
        assert journey.pending == [(Letter.YOUR_TURN, Party.COMPLAINANT)]

    def test_closes_the_case_as_referred_when_it_is_accepted(self) -> None:
        journey = at_rung(6)
        assert journey.response(Decision.ACCEPT_REFERRAL).applied
        assert journey.course.final_outcome is Outcome.REFERRED

    def test_leaves_the_case_with_the_mediator_when_it_is_declined(self) -> None:
        journey = at_rung(6)
        assert journey.response(Decision.REJECT_REFERRAL).applied
        assert journey.course.is_open
        assert journey.pending == [(Letter.NEWS, Party.MEDIATOR)]
        assert Wait.COMPLAINANT_CHOOSES_ROUTE not in journey.course.clocks

    def test_goes_to_the_mediator_when_it_is_not_answered_and_can_still_be_accepted(self) -> None:
        journey = at_rung(6)
        journey.let_pass(Wait.COMPLAINANT_CHOOSES_ROUTE)
        assert (Letter.WAIT_PASSED, Party.MEDIATOR) in journey.pending
        assert Attention.COMPLAINANT_SILENT in journey.course.attentions
        assert Wait.COMPLAINANT_CHOOSES_ROUTE not in journey.course.clocks
        assert journey.response(Decision.ACCEPT_REFERRAL).applied

    @pytest.mark.parametrize("decision", [Decision.ACCEPT_REFERRAL, Decision.REJECT_REFERRAL])
    def test_cannot_be_answered_before_it_was_made(self, decision: Decision) -> None:
        assert at_rung(5).response(decision).refusal is Refusal.NOT_NOW


class TestTheWindowToTheNextBody:
    def test_runs_from_the_end_of_a_term_that_passed_in_silence(self) -> None:
        journey = at_rung(3)
        reply, window = (journey.course.clocks[w] for w in (REPLY, Wait.NEXT_BODY_WINDOW))
        assert window.start == reply.day
        assert window.rolls == ()

    def test_runs_from_the_answer_when_one_came_in_time(self) -> None:
        journey = awaiting_institution().later(timedelta(days=10))
        journey.reply()
        journey.settle()
        window = journey.course.clocks[Wait.NEXT_BODY_WINDOW]
        assert window.start == civil_date(journey.now)

    def test_keeps_the_earlier_day_when_the_answer_came_late(self) -> None:
        journey = at_rung(4)
        before = journey.course.clocks[Wait.NEXT_BODY_WINDOW].day
        journey.reply()
        journey.settle()
        assert journey.course.clocks[Wait.NEXT_BODY_WINDOW].day == before

    def test_says_twice_that_it_ends(self) -> None:
        journey = at_rung(3)
        letters = 0
        for _ in range(2):
            journey.remind(Wait.NEXT_BODY_WINDOW)
            sent = {item.letter for item in journey.post()}
            letters += Letter.WINDOW_CLOSING in sent
            journey.settle()
        assert letters == 2

    def test_does_not_run_before_anybody_handled_the_complaint(self) -> None:
        assert Wait.NEXT_BODY_WINDOW not in awaiting_institution().course.clocks
        referral = referral_of(awaiting_institution().course)
        assert referral is not None
        assert referral.until is None


class TestOfSeveralWindows:
    def test_the_one_that_ends_last_counts(self) -> None:
        journey = awaiting_institution(InstitutionKind.BANK_PRIVATE)
        contacted = civil_date(journey.now)
        journey.reply()  # three months from here end before a year from the complaint does
        window = journey.course.window_to_next_body
        assert window is not None
        assert window.until == contacted.replace(year=contacted.year + 1)


class TestAKindForWhichWeOnlyShowTheWay:
    @pytest.mark.parametrize("kind", [InstitutionKind.LANDLORD, InstitutionKind.OPERATOR])
    def test_never_contacts_anybody(self, kind: InstitutionKind) -> None:
        assert not rules_for(kind).mediation
        assert REPLY not in rules_for(kind).terms
        journey = Journey(kind)
        journey.complaint()
        journey.settle()
        verdict = journey.consent(Decision.GIVE_CONSENT, Purpose.CONTACT)
        assert verdict.refusal is Refusal.SIGNPOSTING_ONLY
        journey.course.offer(ANNA, journey.now)
        journey.decision(Decision.ACCEPT_CASE)
        assert journey.settle() is Stage.HEARING_BOTH_SIDES
        assert Party.INSTITUTION not in {recipient for _, recipient in journey.pending}

    def test_is_closed_with_the_way_to_go(self) -> None:
        journey = Journey(InstitutionKind.LANDLORD)
        journey.complaint()
        referral = referral_of(journey.course)
        assert referral is not None
        assert referral.body == "landlord_routes"


class TestAReplyThatIsNoAnswer:
    def test_such_as_a_corrected_fact_lets_the_term_run_on(self) -> None:
        journey = awaiting_institution()
        before = journey.course.clocks[REPLY]
        assert journey.shown(EntryKind.INSTITUTION_CORRECTION, Party.INSTITUTION).applied
        journey.settle()
        assert journey.course.clocks[REPLY] == before
        assert journey.pending == [
            (Letter.NEWS, Party.COMPLAINANT),
            (Letter.NEWS, Party.MEDIATOR),
        ]

    def test_but_an_objection_is_one(self) -> None:
        journey = awaiting_institution()
        journey.shown(EntryKind.INSTITUTION_OBJECTION, Party.INSTITUTION)
        assert journey.settle() is Stage.HEARING_BOTH_SIDES
        assert journey.course.past_clocks[-1].ending is Ending.ANSWERED
