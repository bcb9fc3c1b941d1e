"""More time: once by the institution's notice, again only with consent, never for nothing."""

from datetime import timedelta

import pytest

from domain.calendar import end_of
from domain.clocks import Ending
from domain.entries import Decision, EntryDetails, EntryKind, Refusal
from domain.institutions import InstitutionKind
from domain.letters import Letter
from domain.parties import Party
from domain.policy.model import Purpose
from domain.read_model import overview_of
from domain.stages import Stage
from domain.waits import Wait
from tests.domain.journey import (
    Journey,
    awaiting_consent,
    awaiting_institution,
    hearing_both_sides,
)

REPLY = Wait.INSTITUTION_REPLIES
FOUR_WEEKS = timedelta(weeks=4)


def extends(journey: Journey, until_days: int | None = None) -> Refusal | None:
    until = None
    if until_days is not None:
        until = journey.course.clocks[REPLY].day + timedelta(days=until_days)
    details = EntryDetails(until=until)
    entry = journey.shown(EntryKind.INSTITUTION_EXTENSION, Party.INSTITUTION, details=details)
    return entry.refusal


class TestAnExtensionByTheInstitution:
    def test_moves_the_last_day_and_says_why(self) -> None:
        journey = awaiting_institution()
        before = journey.course.clocks[REPLY]
        assert extends(journey) is None
        after = journey.course.clocks[REPLY]
        [given] = after.extensions
        assert after.day == given.day >= before.day + FOUR_WEEKS
        assert (given.was, given.entry) == (before.day, journey.course.cursor)
        assert given.source.startswith("Awb")
        assert not given.with_consent
        assert (Letter.EXTENSION_NOTED, Party.COMPLAINANT) in journey.pending

    def test_may_ask_for_less_than_the_law_gives(self) -> None:
        journey = awaiting_institution()
        before = journey.course.clocks[REPLY].day
        assert extends(journey, 10) is None
        assert journey.course.clocks[REPLY].day == before + timedelta(days=10)

    @pytest.mark.parametrize("days", [0, -1, 40])
    def test_may_not_ask_for_more_or_for_nothing(self, days: int) -> None:
        journey = awaiting_institution()
        before = journey.course.clocks[REPLY]
        assert extends(journey, days) is Refusal.NOT_ALLOWED
        assert journey.course.clocks[REPLY] == before

    def test_lets_the_reminder_of_the_new_date_come_again(self) -> None:
        journey = awaiting_institution()
        journey.remind(REPLY)
        journey.post()
        extends(journey)
        journey.post()
        journey.remind(REPLY)
        [letter] = journey.course.outbox
        assert letter.letter is Letter.INSTITUTION_REMINDER
        assert letter.due_on == journey.course.clocks[REPLY].day

    def test_is_possible_on_the_last_day_and_not_after_it(self) -> None:
        journey = awaiting_institution()
        last = journey.course.clocks[REPLY].due_at
        journey.now = last - timedelta(minutes=1)
        assert extends(journey) is None
        late = awaiting_institution()
        late.now = last
        assert extends(late) is Refusal.TERM_PASSED

    def test_comes_too_late_once_the_silence_was_noted(self) -> None:
        journey = awaiting_institution()
        journey.let_pass(REPLY)
        assert extends(journey) is Refusal.TERM_PASSED

    def test_is_nothing_where_no_term_runs(self) -> None:
        assert extends(hearing_both_sides()) is Refusal.NOT_NOW
        assert extends(awaiting_consent()) is Refusal.NOT_CONTACTED

    def test_is_nothing_where_no_law_gives_it(self) -> None:
        journey = awaiting_institution(InstitutionKind.BANK_BUSINESS)
        assert extends(journey) is Refusal.NO_EXTENSION

    @pytest.mark.parametrize(
        ("kind", "extendable"),
        [
            (InstitutionKind.MUNICIPALITY, True),
            (InstitutionKind.CARE_INSTITUTION, True),
            (InstitutionKind.BANK_BUSINESS, False),
            (InstitutionKind.HEALTH_INSURER, False),
        ],
    )
    def test_is_told_of_beforehand(self, kind: InstitutionKind, extendable: bool) -> None:
        views = overview_of(awaiting_institution(kind).course).details.clocks
        assert {view.clock.wait for view in views if view.extendable} == (
            {REPLY} if extendable else set()
        )


class TestAFurtherExtension:
    def test_is_refused_without_consent_and_the_complainant_is_asked(self) -> None:
        journey = awaiting_institution()
        extends(journey)
        journey.post()
        before = journey.course.clocks[REPLY]
        assert extends(journey) is Refusal.NEEDS_CONSENT
        assert journey.course.clocks[REPLY] == before
        assert (Letter.EXTENSION_ASKED, Party.COMPLAINANT) in journey.pending

    def test_is_given_with_consent(self) -> None:
        journey = awaiting_institution()
        extends(journey)
        first = journey.course.clocks[REPLY].day
        assert journey.consent(purpose=Purpose.FURTHER_EXTENSION).applied
        assert extends(journey) is None
        after = journey.course.clocks[REPLY]
        assert after.day >= first + FOUR_WEEKS
        assert [given.with_consent for given in after.extensions] == [False, True]

    def test_uses_the_consent_up(self) -> None:
        journey = awaiting_institution()
        extends(journey)
        journey.consent(purpose=Purpose.FURTHER_EXTENSION)
        extends(journey)
        assert extends(journey) is Refusal.NEEDS_CONSENT

    def test_does_not_use_up_a_consent_that_was_of_no_use(self) -> None:
        journey = awaiting_institution()
        extends(journey)
        journey.consent(purpose=Purpose.FURTHER_EXTENSION)
        assert extends(journey, 100) is Refusal.NOT_ALLOWED
        assert Purpose.FURTHER_EXTENSION in journey.course.consents


class TestTheMediatorsTime:
    def decides(
        self, journey: Journey, decision: Decision, wait: Wait, days: int = 7
    ) -> Refusal | None:
        clock = journey.course.clocks.get(wait)
        until = clock.day + timedelta(days=days) if clock else None
        return journey.decision(decision, details=EntryDetails(wait=wait, until=until)).refusal

    def test_can_be_given_where_no_law_sets_the_term(self) -> None:
        journey = awaiting_consent()
        before = journey.course.clocks[Wait.COMPLAINANT_CONSENTS]
        assert self.decides(journey, Decision.EXTEND_TERM, Wait.COMPLAINANT_CONSENTS) is None
        after = journey.course.clocks[Wait.COMPLAINANT_CONSENTS]
        assert after.day == before.day + timedelta(days=7)
        assert after.due_at == end_of(after.day)

    @pytest.mark.parametrize("decision", [Decision.EXTEND_TERM, Decision.RESTART_TERM])
    def test_cannot_be_given_where_a_law_sets_it(self, decision: Decision) -> None:
        journey = awaiting_institution()
        assert self.decides(journey, decision, REPLY) is Refusal.STATUTORY_TERM

    def test_can_be_given_to_an_institution_whose_term_is_our_own(self) -> None:
        journey = awaiting_institution(InstitutionKind.BANK_BUSINESS)
        assert self.decides(journey, Decision.EXTEND_TERM, REPLY) is None

    @pytest.mark.parametrize("days", [0, -3])
    def test_cannot_be_taken_away(self, days: int) -> None:
        journey = awaiting_consent()
        wait = Wait.COMPLAINANT_CONSENTS
        assert self.decides(journey, Decision.EXTEND_TERM, wait, days) is Refusal.NOT_ALLOWED

    def test_ends_where_no_span_can_be_counted(self) -> None:
        journey = awaiting_consent()
        wait = Wait.COMPLAINANT_CONSENTS
        assert self.decides(journey, Decision.EXTEND_TERM, wait, 3661) is Refusal.NOT_ALLOWED
        assert self.decides(journey, Decision.EXTEND_TERM, wait, 3660) is None

    def test_is_nothing_for_a_clock_that_does_not_run(self) -> None:
        journey = awaiting_consent()
        assert self.decides(journey, Decision.EXTEND_TERM, REPLY) is Refusal.NOT_NOW

    def test_can_begin_again(self) -> None:
        journey = hearing_both_sides().later(timedelta(days=9))
        before = journey.course.clocks[Wait.MEDIATOR_PROPOSES]
        assert self.decides(journey, Decision.RESTART_TERM, Wait.MEDIATOR_PROPOSES) is None
        after = journey.course.clocks[Wait.MEDIATOR_PROPOSES]
        assert (after.since, after.round, after.rung) == (journey.now, before.round + 1, 0)
        assert journey.course.past_clocks[-1].ending is Ending.STOPPED
        assert journey.settle() is Stage.HEARING_BOTH_SIDES
