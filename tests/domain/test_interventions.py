"""Interventions of a supervisor: what each changes, what it never changes, and who is told."""

import copy
from collections.abc import Callable
from datetime import timedelta

import pytest

from domain import time_rules
from domain.aftercare import answer
from domain.calendar import civil_date
from domain.entries import DECISIONS_OF, Decision, EntryDetails, EntryFacts, EntryKind, Refusal
from domain.grounds import Ground
from domain.identifiers import EntryNumber
from domain.institutions import InstitutionKind
from domain.intervention_rules import READ_BY_THE_COMPLAINANT, reachable
from domain.letters import Letter
from domain.parties import Party
from domain.stages import Outcome, Stage
from domain.waits import Attention, Wait
from tests.domain.journey import (
    ANNA,
    IN_EVERY_OPEN_STAGE,
    SUPERVISOR,
    Journey,
    awaiting_consent,
    awaiting_institution,
    closed,
    consented,
    hearing_both_sides,
    offered,
    outcome_proposed,
)

DAY = timedelta(days=1)
REPLIES = Wait.INSTITUTION_REPLIES
TOLD = {(Letter.NEWS, Party.COMPLAINANT), (Letter.NEWS, Party.MEDIATOR)}


def overrides(journey: Journey, stage: Stage) -> Refusal | None:
    details = EntryDetails(stage=stage)
    return journey.intervention(Decision.OVERRIDE_STAGE, details=details).refusal


def stands_unsaid(journey: Journey, before: Journey) -> bool:
    """Tell whether nothing changed but that the entry was read."""
    before.course.cursor = journey.course.cursor
    return journey.course == before.course


class TestEveryIntervention:
    @pytest.mark.parametrize("decision", sorted(DECISIONS_OF[Party.SUPERVISOR]))
    def test_needs_somebody_who_takes_it(self, decision: Decision) -> None:
        journey = awaiting_institution()

        verdict = journey.shown(EntryKind.DECISION, Party.SUPERVISOR, decision=decision)

        assert verdict.refusal in {Refusal.NOT_ALLOWED, Refusal.NOT_NOW}

    @pytest.mark.parametrize(
        "decision", [Decision.PROPOSE_OUTCOME, Decision.RECUSE, Decision.TAKE_STEP]
    )
    def test_is_none_of_what_the_mediator_decides(self, decision: Decision) -> None:
        journey = hearing_both_sides()

        verdict = journey.intervention(decision, outcome=Outcome.SETTLED)

        assert verdict.refusal is Refusal.NOT_ALLOWED
        assert (journey.course.proposal, journey.course.mediator) == (None, ANNA)

    @pytest.mark.parametrize(
        "decision", [Decision.RETRY_NOW, Decision.CORRECT_DATE, Decision.OVERRIDE_STAGE]
    )
    def test_is_not_for_the_mediator(self, decision: Decision) -> None:
        journey = awaiting_institution()
        stage = EntryDetails(stage=Stage.HEARING_BOTH_SIDES, wait=REPLIES, day=journey.now.date())

        assert journey.decision(decision, details=stage).refusal is Refusal.NOT_ALLOWED
        assert not journey.course.replied

    @pytest.mark.parametrize("decision", [Decision.PAUSE_FOR_DANGER, Decision.RETRY_NOW])
    def test_tells_the_mediator_and_the_complainant_where_it_touches_them(
        self, decision: Decision
    ) -> None:
        journey = awaiting_institution()

        assert journey.intervention(decision).applied

        touched = decision in READ_BY_THE_COMPLAINANT
        expected = TOLD if touched else TOLD - {(Letter.NEWS, Party.COMPLAINANT)}
        assert set(journey.pending) == expected

    @pytest.mark.parametrize(
        "decision", sorted(DECISIONS_OF[Party.SUPERVISOR] - {Decision.RETRY_NOW})
    )
    def test_comes_too_late_once_the_case_has_ended(self, decision: Decision) -> None:
        assert closed().intervention(decision).refusal is Refusal.CLOSED


class TestRetrying:
    def test_ends_the_attention_for_a_letter_that_failed(self) -> None:
        journey = awaiting_institution()
        journey.shown(EntryKind.LETTER_FAILED, Party.PORTAL)
        assert journey.course.attention is Attention.LETTER_FAILED

        assert journey.intervention(Decision.RETRY_NOW).applied

        assert journey.course.attention is None

    def test_is_possible_after_the_end_as_well(self) -> None:
        journey = closed()
        assert journey.intervention(Decision.RETRY_NOW).applied
        entry = EntryFacts(
            number=EntryNumber(9),
            kind=EntryKind.DECISION,
            author=Party.SUPERVISOR,
            received_at=journey.now + 900 * DAY,
            actor=SUPERVISOR,
            decision=Decision.RETRY_NOW,
        )
        assert answer(entry, closed_at=journey.now, mediator=ANNA, reopening=False).applied


class TestGivingMoreTime:
    def test_follows_the_rule_of_the_mediator(self) -> None:
        journey = awaiting_consent()
        before = journey.course.clocks[Wait.COMPLAINANT_CONSENTS]
        until = before.day + 9 * DAY
        details = EntryDetails(wait=before.wait, until=until)

        assert journey.intervention(Decision.EXTEND_TERM, details=details).applied

        assert journey.course.clocks[before.wait].day == until

    def test_moves_no_term_of_the_law(self) -> None:
        journey = awaiting_institution()
        before = journey.course.clocks[REPLIES]
        details = EntryDetails(wait=REPLIES, until=before.day + DAY)

        refusal = journey.intervention(Decision.EXTEND_TERM, details=details).refusal

        assert refusal is Refusal.STATUTORY_TERM
        assert journey.course.clocks[REPLIES] == before


class TestDanger:
    def test_is_noted_and_ended(self) -> None:
        journey = awaiting_consent()

        assert journey.intervention(Decision.PAUSE_FOR_DANGER).applied
        assert journey.course.danger
        assert journey.course.clocks[Wait.COMPLAINANT_CONSENTS].paused_at == journey.now

        assert journey.intervention(Decision.RESUME).applied
        assert not journey.course.danger
        assert journey.intervention(Decision.RESUME).refusal is Refusal.NOT_NOW


class TestClosing:
    def test_takes_an_outcome_that_needs_nobodys_answer(self) -> None:
        journey = awaiting_institution()
        refused = journey.intervention(Decision.CLOSE_CASE, outcome=Outcome.SETTLED)
        assert refused.refusal is Refusal.OUTCOME_NOT_ALLOWED

        assert journey.intervention(Decision.CLOSE_CASE, outcome=Outcome.NOT_SETTLED).applied

        assert journey.course.outcome is Outcome.NOT_SETTLED
        assert (Letter.NEWS, Party.MEDIATOR) in journey.pending
        assert (Letter.NEWS, Party.COMPLAINANT) not in journey.pending

    def test_names_the_ground_where_nobody_can_handle_it(self) -> None:
        journey = awaiting_institution()
        refused = journey.intervention(Decision.CLOSE_CASE, outcome=Outcome.INADMISSIBLE)
        assert refused.refusal is Refusal.GROUND_MISSING

        details = EntryDetails(ground=next(iter(Ground)))
        journey.intervention(Decision.CLOSE_CASE, outcome=Outcome.INADMISSIBLE, details=details)

        assert journey.course.outcome is Outcome.INADMISSIBLE


class TestOverridingAStage:
    @pytest.mark.parametrize("begun", [*IN_EVERY_OPEN_STAGE.values(), consented])
    @pytest.mark.parametrize("wanted", list(Stage))
    def test_brings_the_case_there_or_changes_nothing(
        self, begun: Callable[[], Journey], wanted: Stage
    ) -> None:
        journey = begun()
        before, possible = copy.deepcopy(journey), reachable(journey.course)

        refusal = overrides(journey, wanted)

        assert (refusal is None) == (wanted in possible)
        if refusal is None:
            assert journey.course.needed_stage is wanted
            assert set(journey.pending) >= TOLD
            assert journey.settle() is wanted
        else:
            assert stands_unsaid(journey, before)

    @pytest.mark.parametrize(
        ("begun", "stages"),
        [
            (awaiting_consent, set[Stage]()),
            (awaiting_institution, {Stage.AWAITING_CONSENT, Stage.HEARING_BOTH_SIDES}),
            (hearing_both_sides, {Stage.AWAITING_CONSENT, Stage.AWAITING_INSTITUTION}),
            (
                outcome_proposed,
                {Stage.AWAITING_CONSENT, Stage.AWAITING_INSTITUTION, Stage.HEARING_BOTH_SIDES},
            ),
            (offered, set[Stage]()),
        ],
    )
    def test_knows_what_is_possible(self, begun: Callable[[], Journey], stages: set[Stage]) -> None:
        assert set(reachable(begun().course)) == stages

    @pytest.mark.parametrize("wanted", list(Stage))
    def test_never_gives_consent_nor_lets_a_letter_leave_without_it(self, wanted: Stage) -> None:
        journey = awaiting_consent()

        overrides(journey, wanted)

        assert not journey.course.may_contact
        assert Party.INSTITUTION not in {recipient for _, recipient in journey.pending}
        assert not [one for one in journey.post() if one.recipient is Party.INSTITUTION]

    def test_hears_nobody_once_consent_was_taken_back(self) -> None:
        journey = awaiting_institution()
        journey.consent(Decision.REVOKE_CONSENT)
        assert journey.settle() is Stage.AWAITING_CONSENT

        assert overrides(journey, Stage.HEARING_BOTH_SIDES) is Refusal.NO_CONSENT
        assert not journey.course.replied

    def test_back_to_consent_asks_again_and_leaves_the_institution_alone(self) -> None:
        journey = consented()
        assert (Letter.COMPLAINT_TO_INSTITUTION, Party.INSTITUTION) not in journey.posted

        assert overrides(journey, Stage.AWAITING_CONSENT) is None
        journey.settle()

        assert (Letter.CONSENT_REQUEST, Party.COMPLAINANT) in journey.pending
        assert Party.INSTITUTION not in {recipient for _, recipient in journey.pending}
        assert REPLIES not in journey.course.clocks
        journey.consent()
        assert journey.settle() is Stage.AWAITING_INSTITUTION

    def test_back_to_consent_asks_with_a_letter_of_its_own(self) -> None:
        """As many offers as entries must not make two letters one."""
        journey = offered()
        while journey.course.offers_made < journey.course.cursor + 3:
            journey.let_pass(Wait.MEDIATOR_ACCEPTS)
            journey.course.offer(ANNA, journey.now)
            journey.settle_and_post()
        journey.decision(Decision.ACCEPT_CASE)
        journey.settle_and_post()
        journey.consent()
        journey.settle_and_post()

        overrides(journey, Stage.AWAITING_CONSENT)
        journey.settle_and_post()

        asked = [one.key for one in journey.posted if one.letter is Letter.CONSENT_REQUEST]
        assert journey.course.offers_made == journey.course.cursor
        assert len(asked) == len(set(asked)) == 2

    def test_back_to_the_institution_lets_the_term_run_on(self) -> None:
        journey = awaiting_institution()
        journey.remind(REPLIES)
        before = journey.settle_and_post().course.clocks[REPLIES]
        journey.reply()
        journey.settle_and_post()

        assert overrides(journey, Stage.AWAITING_INSTITUTION) is None
        journey.settle()

        clock = journey.course.clocks[REPLIES]
        assert (clock.start, clock.day, clock.rung) == (before.start, before.day, before.rung)
        assert journey.course.handling_ended is None
        assert not time_rules.act_on_time(journey.course, journey.now)

    def test_undoes_no_silence_that_a_clock_established(self) -> None:
        journey = awaiting_institution()
        journey.let_pass(REPLIES)
        journey.settle_and_post()

        assert overrides(journey, Stage.AWAITING_INSTITUTION) is Refusal.STAGE_NOT_POSSIBLE

    def test_to_hearing_takes_the_institution_for_heard_today(self) -> None:
        journey = awaiting_institution().later(3 * DAY)

        assert overrides(journey, Stage.HEARING_BOTH_SIDES) is None
        journey.settle()

        assert journey.course.handling_ended == civil_date(journey.now)
        assert REPLIES not in journey.course.clocks

    def test_hears_no_institution_of_which_we_only_show_the_way(self) -> None:
        kinds = [kind for kind in InstitutionKind if not Journey(kind).course.bound_by.mediation]
        for kind in kinds:
            journey = offered(kind)
            journey.decision(Decision.ACCEPT_CASE)
            journey.settle_and_post()
            assert overrides(journey, Stage.AWAITING_CONSENT) is Refusal.SIGNPOSTING_ONLY
            assert overrides(journey, Stage.AWAITING_INSTITUTION) is Refusal.SIGNPOSTING_ONLY
        assert kinds
