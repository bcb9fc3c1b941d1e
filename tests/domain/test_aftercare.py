"""After the closure: who may reopen a case, until when, and what else is still welcome."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain import aftercare
from domain.aftercare import Duty, PlannedDuty, reopening_until
from domain.calendar import end_of
from domain.entries import Decision, EntryFacts, EntryKind, Refusal, Verdict
from domain.identifiers import EntryNumber, StaffId
from domain.letters import Letter, PendingLetter
from domain.matter import Matter
from domain.overview import Referral
from domain.parties import Party
from domain.reopening import ReopeningRequest
from domain.retention import REOPENING_WINDOW, RETENTION
from domain.stages import Outcome
from domain.waits import Attention
from tests.domain.journey import ANNA, BRAM, SUPERVISOR

CLOSED_AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
LAST_DAY_OVER = end_of(reopening_until(CLOSED_AT))
"""The day that people read is theirs until its end, as everywhere."""
WELCOME = {
    EntryKind.CONTACT,
    EntryKind.LANGUAGE,
    EntryKind.FEEDBACK,
    EntryKind.LETTER_FAILED,
    EntryKind.SAFETY,
    EntryKind.BECAME_COMPLAINT,
    EntryKind.MANDATE_GIVEN,
    EntryKind.MANDATE_REVOKED,
}


def arriving(
    kind: EntryKind,
    author: Party,
    *,
    actor: StaffId | None = None,
    decision: Decision | None = None,
    at: datetime = CLOSED_AT + timedelta(days=1),
) -> EntryFacts:
    return EntryFacts(
        number=EntryNumber(12),
        kind=kind,
        author=author,
        received_at=at,
        actor=actor,
        decision=decision,
    )


def reopening(
    author: Party, actor: StaffId | None, at: datetime = CLOSED_AT + timedelta(days=1)
) -> EntryFacts:
    return arriving(EntryKind.DECISION, author, actor=actor, decision=Decision.REOPEN_CASE, at=at)


def refusal(
    entry: EntryFacts, *, mediator: StaffId | None = ANNA, already: bool = False
) -> Refusal | None:
    verdict = aftercare.answer(entry, closed_at=CLOSED_AT, mediator=mediator, reopening=already)
    assert verdict.number == entry.number
    assert aftercare.reopens(entry, verdict) == (
        verdict.applied and entry.decision is Decision.REOPEN_CASE
    )
    return verdict.refusal


def answer(entry: EntryFacts, **given: Any) -> Verdict:
    known: dict[str, Any] = {"closed_at": CLOSED_AT, "mediator": ANNA, "reopening": False}
    return aftercare.answer(entry, **(known | given))


class TestReopening:
    def test_is_for_a_supervisor(self) -> None:
        assert refusal(reopening(Party.SUPERVISOR, SUPERVISOR)) is None

    def test_is_for_the_mediator_of_the_case(self) -> None:
        assert refusal(reopening(Party.MEDIATOR, ANNA)) is None

    def test_is_not_for_another_mediator(self) -> None:
        assert refusal(reopening(Party.MEDIATOR, BRAM)) is Refusal.NOT_ASSIGNED

    def test_is_not_for_a_mediator_of_no_name_when_the_case_had_none(self) -> None:
        nameless = reopening(Party.MEDIATOR, None)
        assert refusal(nameless, mediator=None) is Refusal.NOT_ASSIGNED

    def test_is_for_a_supervisor_even_when_the_case_had_no_mediator(self) -> None:
        assert refusal(reopening(Party.SUPERVISOR, SUPERVISOR), mediator=None) is None

    def test_happens_once(self) -> None:
        entry = reopening(Party.SUPERVISOR, SUPERVISOR)
        assert refusal(entry, already=True) is Refusal.CLOSED

    def test_is_possible_until_the_window_ends(self) -> None:
        last = reopening(Party.MEDIATOR, ANNA, LAST_DAY_OVER - INSTANT)
        assert refusal(last) is None

    @pytest.mark.parametrize(
        ("author", "actor"), [(Party.MEDIATOR, ANNA), (Party.SUPERVISOR, SUPERVISOR)]
    )
    def test_is_not_possible_after_the_window(self, author: Party, actor: StaffId) -> None:
        late = reopening(author, actor, LAST_DAY_OVER)
        assert refusal(late) is Refusal.WINDOW_PASSED


class TestARequestToReopen:
    REQUEST = ReopeningRequest(EntryNumber(11), CLOSED_AT + timedelta(days=40))

    @pytest.mark.parametrize(
        ("at", "expected"),
        [
            (CLOSED_AT + timedelta(days=1), None),
            (LAST_DAY_OVER - INSTANT, None),
            (LAST_DAY_OVER, Refusal.WINDOW_PASSED),
        ],
    )
    def test_is_possible_until_the_window_ends(
        self, at: datetime, expected: Refusal | None
    ) -> None:
        entry = arriving(EntryKind.REOPENING_REQUEST, Party.COMPLAINANT, at=at)
        verdict = answer(entry)
        assert verdict.refusal is expected
        asked = aftercare.request_after(None, entry, verdict)
        assert asked == (None if expected else ReopeningRequest(entry.number, at))

    def test_is_made_once_at_a_time_and_not_while_the_case_opens_or_is_erased(self) -> None:
        entry = arriving(EntryKind.REOPENING_REQUEST, Party.COMPLAINANT)
        assert answer(entry, request=self.REQUEST).refusal is Refusal.ALREADY_DONE
        assert answer(entry, reopening=True).refusal is Refusal.NOT_NOW
        assert answer(entry, erasing=True).refusal is Refusal.NOT_NOW
        assert aftercare.request_after(self.REQUEST, entry, answer(entry, erasing=True)) == (
            self.REQUEST
        )

    @pytest.mark.parametrize("decision", [Decision.REOPEN_CASE, Decision.KEEP_CLOSED])
    @pytest.mark.parametrize(
        ("author", "actor"), [(Party.MEDIATOR, ANNA), (Party.SUPERVISOR, SUPERVISOR)]
    )
    def test_is_answered_also_after_the_window(
        self, decision: Decision, author: Party, actor: StaffId
    ) -> None:
        late = CLOSED_AT + REOPENING_WINDOW + timedelta(days=5)
        entry = arriving(EntryKind.DECISION, author, actor=actor, decision=decision, at=late)
        verdict = answer(entry, request=self.REQUEST)
        assert verdict.applied
        assert aftercare.request_after(self.REQUEST, entry, verdict) is None

    @pytest.mark.parametrize("actor", [BRAM, None])
    def test_is_not_answered_by_another_mediator(self, actor: StaffId | None) -> None:
        entry = arriving(
            EntryKind.DECISION, Party.MEDIATOR, actor=actor, decision=Decision.KEEP_CLOSED
        )
        assert answer(entry, request=self.REQUEST).refusal is Refusal.NOT_ASSIGNED

    def test_that_nobody_made_is_not_refused(self) -> None:
        entry = arriving(
            EntryKind.DECISION, Party.MEDIATOR, actor=ANNA, decision=Decision.KEEP_CLOSED
        )
        assert answer(entry).refusal is Refusal.NOTHING_TO_DECIDE

    def test_rests_while_the_complainant_wants_to_be_erased(self) -> None:
        entry = arriving(
            EntryKind.ERASURE_REQUEST, Party.COMPLAINANT, decision=Decision.REQUEST_ERASURE
        )
        assert aftercare.request_after(self.REQUEST, entry, answer(entry)) == self.REQUEST
        assert aftercare.why_look(self.REQUEST, None) == self.REQUEST.attentions
        assert aftercare.why_look(self.REQUEST, entry.received_at) == ()
        assert aftercare.why_look(None, None) == ()

    def test_outlives_everything_else(self) -> None:
        entry = arriving(EntryKind.FEEDBACK, Party.COMPLAINANT)
        assert aftercare.request_after(self.REQUEST, entry, answer(entry)) == self.REQUEST

    @pytest.mark.parametrize(
        ("matter", "party"),
        [(Matter.COMPLAINT, Party.MEDIATOR), (Matter.QUESTION, Party.ADVISER)],
    )
    def test_is_told_to_whoever_had_the_case(self, matter: Matter, party: Party) -> None:
        entry = arriving(EntryKind.REOPENING_REQUEST, Party.COMPLAINANT)
        letter = aftercare.letter_after(entry, answer(entry), matter, ANNA)
        assert letter is not None
        assert (letter.letter, letter.recipient) == (Letter.REOPENING_ASKED, party)
        assert (letter.mediator, letter.due_on) == (ANNA, date(2026, 3, 10))
        assert aftercare.letter_after(entry, answer(entry), matter, None) is None
        refused = answer(entry, erasing=True)
        assert aftercare.letter_after(entry, refused, matter, ANNA) is None
        asked = ReopeningRequest(entry.number, entry.received_at)
        reminder = aftercare.reopening_asked(asked, matter, ANNA, ":reminder")
        assert reminder is not None
        assert reminder.key != letter.key

    def test_that_is_not_followed_has_a_letter_that_says_why(self) -> None:
        entry = arriving(
            EntryKind.DECISION, Party.MEDIATOR, actor=ANNA, decision=Decision.KEEP_CLOSED
        )
        verdict = answer(entry, request=self.REQUEST)
        letter = aftercare.letter_after(entry, verdict, Matter.COMPLAINT, ANNA)
        assert letter == PendingLetter(Letter.NOT_REOPENED, Party.COMPLAINANT, about=entry.number)

    def test_is_reminded_of_after_four_days_and_late_after_seven(self) -> None:
        planned = aftercare.duties(CLOSED_AT, Outcome.SETTLED, None)
        asked = ReopeningRequest(EntryNumber(12), CLOSED_AT)
        remind = aftercare.next_duty(planned, 0, None, asked)
        assert remind == PlannedDuty(Duty.REMIND_OF_REQUEST, datetime(2026, 3, 6, 8, 0, tzinfo=UTC))
        asked = replace(asked, reminded=True)
        late = aftercare.next_duty(planned, 0, None, asked)
        assert late == PlannedDuty(Duty.REQUEST_LATE, datetime(2026, 3, 9, 23, 0, tzinfo=UTC))
        assert asked.attentions == (Attention.REOPENING_ASKED,)
        asked = replace(asked, late=True)
        assert asked.attentions == (Attention.REOPENING_LATE, Attention.REOPENING_ASKED)
        assert aftercare.next_duty(planned, 0, None, asked) == planned[0]

    def test_never_comes_before_what_is_due_earlier_or_being_erased(self) -> None:
        planned = aftercare.duties(CLOSED_AT, Outcome.SETTLED, None)
        asked = ReopeningRequest(EntryNumber(12), CLOSED_AT + timedelta(days=29))
        assert aftercare.next_duty(planned, 0, None, asked) == planned[0]
        erased_on = CLOSED_AT + timedelta(days=36)
        assert aftercare.next_duty(planned, 0, CLOSED_AT + timedelta(days=29), asked) == (
            PlannedDuty(Duty.ERASE, erased_on)
        )


class TestEverythingElse:
    @pytest.mark.parametrize("kind", sorted(WELCOME))
    @pytest.mark.parametrize("already", [False, True])
    def test_about_where_and_how_to_write_is_welcome(self, kind: EntryKind, already: bool) -> None:
        assert refusal(arriving(kind, Party.COMPLAINANT), already=already) is None

    @pytest.mark.parametrize(
        "kind",
        sorted(set(EntryKind) - WELCOME - {EntryKind.ERASURE_REQUEST, EntryKind.REOPENING_REQUEST}),
    )
    def test_is_refused_as_closed(self, kind: EntryKind) -> None:
        assert refusal(arriving(kind, Party.COMPLAINANT)) is Refusal.CLOSED

    @pytest.mark.parametrize(
        "decision", sorted(set(Decision) - {Decision.REOPEN_CASE, Decision.KEEP_CLOSED})
    )
    def test_that_is_decided_is_refused_as_closed(self, decision: Decision) -> None:
        entry = arriving(EntryKind.DECISION, Party.MEDIATOR, actor=ANNA, decision=decision)
        assert refusal(entry) is Refusal.CLOSED


class TestDanger:
    @pytest.mark.parametrize(
        ("decision", "told"), [(Decision.REPORT_DANGER, True), (Decision.REPORT_SAFE, False)]
    )
    def test_is_heard_after_the_closure_too(self, decision: Decision, told: bool) -> None:
        entry = arriving(EntryKind.SAFETY, Party.COMPLAINANT, decision=decision)
        assert aftercare.danger_told(entry) is told

    def test_is_in_no_other_entry(self) -> None:
        assert aftercare.danger_told(reopening(Party.SUPERVISOR, SUPERVISOR)) is None


class TestARequestToBeErased:
    def asked(
        self, decision: Decision, *, reopening: bool = False, erasing: bool = False
    ) -> tuple[Refusal | None, bool | None]:
        entry = arriving(EntryKind.ERASURE_REQUEST, Party.COMPLAINANT, decision=decision)
        verdict = aftercare.answer(
            entry, closed_at=CLOSED_AT, mediator=ANNA, reopening=reopening, erasing=erasing
        )
        return verdict.refusal, aftercare.erasure_asked(entry, verdict)

    def test_can_be_made_and_made_again(self) -> None:
        assert self.asked(Decision.REQUEST_ERASURE) == (None, True)
        assert self.asked(Decision.REQUEST_ERASURE, erasing=True) == (None, True)

    def test_can_be_taken_back_when_it_was_made(self) -> None:
        assert self.asked(Decision.CANCEL_ERASURE, erasing=True) == (None, False)
        assert self.asked(Decision.CANCEL_ERASURE) == (Refusal.NOT_NOW, None)

    def test_is_for_the_next_episode_when_the_case_is_being_reopened(self) -> None:
        assert self.asked(Decision.REQUEST_ERASURE, reopening=True) == (Refusal.NOT_NOW, None)

    def test_keeps_anybody_from_reopening_the_case(self) -> None:
        verdict = aftercare.answer(
            reopening(Party.SUPERVISOR, SUPERVISOR),
            closed_at=CLOSED_AT,
            mediator=ANNA,
            reopening=False,
            erasing=True,
        )
        assert verdict.refusal is Refusal.NOT_NOW

    def test_is_followed_after_seven_days_and_nothing_else_is_done(self) -> None:
        planned = aftercare.duties(CLOSED_AT, Outcome.SETTLED, None)
        asked = CLOSED_AT + timedelta(days=28)
        assert aftercare.next_duty(planned, 0, None) == planned[0]
        assert aftercare.next_duty(planned, 0, asked) == PlannedDuty(
            Duty.ERASE, asked + timedelta(days=7)
        )
        assert aftercare.erasure_on(asked) == date(2026, 4, 6)

    def test_never_keeps_a_case_longer(self) -> None:
        planned = aftercare.duties(CLOSED_AT, Outcome.SETTLED, None)
        asked = CLOSED_AT + RETENTION - timedelta(days=1)
        assert aftercare.next_duty(planned, 1, asked) == planned[-1]


class TestWhatWeStillOwe:
    REFERRAL = Referral(body="national_ombudsman", until=date(2027, 3, 1), source="Awb 9:24")

    def test_is_asking_how_it_was_and_erasing_in_the_end(self) -> None:
        owed = aftercare.duties(CLOSED_AT, Outcome.SETTLED, None)
        assert [(item.duty, item.at) for item in owed] == [
            (Duty.ASK_FOR_FEEDBACK, CLOSED_AT + timedelta(days=30)),
            (Duty.ERASE, CLOSED_AT + RETENTION),
        ]

    def test_is_a_word_before_the_window_to_the_next_body_ends(self) -> None:
        owed = aftercare.duties(CLOSED_AT, Outcome.NOT_SETTLED, self.REFERRAL)
        assert [item.duty for item in owed] == [
            Duty.ASK_FOR_FEEDBACK,
            Duty.REMIND_OF_WINDOW,
            Duty.ERASE,
        ]
        assert owed[1].at == datetime(2027, 1, 18, 8, 0, tzinfo=UTC)

    @pytest.mark.parametrize("outcome", [Outcome.SETTLED, Outcome.WITHDRAWN, Outcome.INADMISSIBLE])
    def test_is_no_such_word_where_nobody_needs_to_go_on(self, outcome: Outcome) -> None:
        owed = aftercare.duties(CLOSED_AT, outcome, self.REFERRAL)
        assert Duty.REMIND_OF_WINDOW not in {item.duty for item in owed}

    def test_is_no_such_word_once_the_day_for_it_has_gone_by(self) -> None:
        soon = Referral(body="kifid", until=date(2026, 4, 1), source="Kifid")
        owed = aftercare.duties(CLOSED_AT, Outcome.REFERRED, soon)
        assert Duty.REMIND_OF_WINDOW not in {item.duty for item in owed}

    def test_always_ends_with_the_erasure(self) -> None:
        for outcome in Outcome:
            assert aftercare.duties(CLOSED_AT, outcome, self.REFERRAL)[-1].duty is Duty.ERASE
