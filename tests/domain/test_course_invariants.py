"""Whatever arrives, in whatever order and at whatever moment: what must always hold of a case.

The machine does with a course what ``workflows/complaint.py`` and ``workflows/conduct.py`` do.
"""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from pydantic import TypeAdapter

from domain import entry_rules, time_rules
from domain.course import Course
from domain.entries import Decision, EntryDetails, EntryFacts, EntryKind
from domain.identifiers import EntryNumber, StaffId
from domain.letters import STILL_OF_USE_AT_CLOSURE, Letter
from domain.parties import Audience, Party
from domain.read_model import overview_of
from domain.stage_letters import call_for_contact
from domain.stages import TRANSITIONS, Outcome, Stage
from domain.waits import Attention, Wait
from tests.domain.journey import ANNA, BRAM, CARLA, IN_EVERY_OPEN_STAGE, START, received

STAFF = (ANNA, BRAM, CARLA)
AT_THE_END = {Letter.CLOSING, Letter.CLOSING_TO_INSTITUTION}

_OF_THE_COMPLAINANT = {
    EntryKind.MESSAGE: [None],
    EntryKind.ATTACHMENT: [None],
    EntryKind.CONSENT: [Decision.GIVE_CONSENT, Decision.REVOKE_CONSENT],
    EntryKind.RESPONSE: [Decision.ACCEPT_OUTCOME, Decision.REJECT_OUTCOME],
    EntryKind.CONTACT: [None],
    EntryKind.LANGUAGE: [None],
    EntryKind.MANDATE_GIVEN: [None],
    EntryKind.MANDATE_REVOKED: [None],
}


class ACase(RuleBasedStateMachine):
    """One episode of a case, between the people who write and the workflow that acts."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.course = received().course
        self.arrived = 1
        self.outcome: Outcome | None = None
        self.letter_to_institution_posted = False
        self.posted: set[str] = set()

    def show(
        self,
        kind: EntryKind,
        author: Party,
        **facts: object,
    ) -> None:
        self.arrived += 1
        entry = EntryFacts(
            number=EntryNumber(self.arrived),
            kind=kind,
            author=author,
            received_at=self.now,
            **facts,  # pyright: ignore[reportArgumentType]
        )
        entry_rules.apply(self.course, entry, self.now)

    @initialize(stage=st.sampled_from(sorted(IN_EVERY_OPEN_STAGE)))
    def a_case_has_come_as_far_as_a_stage(self, stage: Stage) -> None:
        journey = IN_EVERY_OPEN_STAGE[stage]()
        self.now, self.course, self.arrived = journey.now, journey.course, journey.course.cursor
        self.letter_to_institution_posted = journey.course.contacted

    @rule(data=st.data(), kind=st.sampled_from(sorted(_OF_THE_COMPLAINANT)))
    def the_complainant_writes(self, data: st.DataObject, kind: EntryKind) -> None:
        decision = data.draw(st.sampled_from(_OF_THE_COMPLAINANT[kind]))
        self.show(kind, Party.COMPLAINANT, decision=decision)

    @precondition(lambda self: self.arrived > 25)
    @rule()
    def the_complainant_withdraws(self) -> None:
        self.show(EntryKind.WITHDRAWAL, Party.COMPLAINANT)

    @rule(
        decision=st.sampled_from(
            [
                Decision.ACCEPT_CASE,
                Decision.DECLINE_CASE,
                Decision.RECUSE,
                Decision.ASK_COMPLAINANT,
                Decision.CONTACT_INSTITUTION,
                Decision.RECORD_REPLY,
                Decision.PROPOSE_OUTCOME,
                Decision.REFER,
                Decision.DECLARE_INADMISSIBLE,
                Decision.CLOSE_CASE,
                Decision.LINK_CASE,
            ]
        ),
        actor=st.sampled_from([*STAFF, None]),
        outcome=st.sampled_from([*Outcome, None]),
    )
    def a_mediator_decides(self, decision: Decision, actor: object, outcome: object) -> None:
        self.show(
            EntryKind.DECISION, Party.MEDIATOR, decision=decision, actor=actor, outcome=outcome
        )

    @rule(
        decision=st.sampled_from(
            [Decision.ASK_COMPLAINANT, Decision.CONTACT_INSTITUTION, Decision.RECORD_REPLY]
        ),
        days=st.integers(min_value=-3, max_value=60),
    )
    def the_right_mediator_hears_a_side(self, decision: Decision, days: int) -> None:
        self.show(
            EntryKind.DECISION,
            Party.MEDIATOR,
            decision=decision,
            actor=self.course.mediator,
            details=EntryDetails(day=self.now.date() - timedelta(days=days)),
        )

    @rule(decision=st.sampled_from([Decision.ACCEPT_CASE, Decision.PROPOSE_OUTCOME]))
    def the_right_mediator_decides(self, decision: Decision) -> None:
        actor = self.course.mediator or self.course.offered
        self.show(
            EntryKind.DECISION,
            Party.MEDIATOR,
            decision=decision,
            actor=actor,
            outcome=Outcome.SETTLED,
        )

    @rule(actor=st.sampled_from(STAFF), audience=st.sampled_from(Audience))
    def a_mediator_writes(self, actor: object, audience: Audience) -> None:
        self.show(EntryKind.MESSAGE, Party.MEDIATOR, actor=actor, audience=audience)

    @rule(mediator=st.sampled_from(STAFF))
    def a_supervisor_offers(self, mediator: object) -> None:
        self.show(
            EntryKind.DECISION,
            Party.SUPERVISOR,
            decision=Decision.OFFER_CASE,
            mediator=mediator,
        )

    @rule(holder=st.sampled_from(STAFF), mediator=st.none() | st.sampled_from(STAFF))
    def a_supervisor_reassigns(self, holder: StaffId, mediator: StaffId | None) -> None:
        before = self.course.mediator
        self.show(
            EntryKind.DECISION,
            Party.SUPERVISOR,
            decision=Decision.REASSIGN,
            mediator=mediator,
            details=EntryDetails(holder=holder),
        )
        assert self.course.mediator in {None, before}

    @rule(adviser=st.sampled_from(STAFF))
    def a_supervisor_assigns_an_adviser(self, adviser: StaffId) -> None:
        self.show(
            EntryKind.DECISION,
            Party.SUPERVISOR,
            decision=Decision.ASSIGN_ADVISER,
            details=EntryDetails(adviser=adviser),
        )

    @rule(
        kind=st.sampled_from([EntryKind.MEDIATOR_OBJECTION, EntryKind.MEDIATOR_UNAVAILABLE]),
        holder=st.sampled_from(STAFF),
    )
    def somebody_is_objected_to_or_gone(self, kind: EntryKind, holder: StaffId) -> None:
        author = Party.PORTAL if kind is EntryKind.MEDIATOR_UNAVAILABLE else Party.COMPLAINANT
        self.show(kind, author, details=EntryDetails(holder=holder))

    @rule(
        kind=st.sampled_from(
            [
                EntryKind.INSTITUTION_REPLY,
                EntryKind.INSTITUTION_EXTENSION,
                EntryKind.INSTITUTION_OBJECTION,
                EntryKind.INSTITUTION_CORRECTION,
            ]
        )
    )
    def the_institution_answers(self, kind: EntryKind) -> None:
        if self.course.is_open and self.course.contact_failed:
            self.letter_to_institution_posted = True  # it reads it, so that it left
        self.show(kind, Party.INSTITUTION)

    @rule(
        decision=st.sampled_from(
            [
                Decision.TAKE_STEP,
                Decision.SKIP_STEP,
                Decision.EXTEND_TERM,
                Decision.RESTART_TERM,
                Decision.PAUSE_FOR_DANGER,
                Decision.RESUME,
            ]
        ),
        wait=st.sampled_from(Wait),
        days=st.integers(min_value=-3, max_value=60),
    )
    def the_mediator_moves_a_clock(self, decision: Decision, wait: Wait, days: int) -> None:
        until = self.now.date() + timedelta(days=days)
        self.show(
            EntryKind.DECISION,
            Party.MEDIATOR,
            decision=decision,
            actor=self.course.mediator,
            details=EntryDetails(wait=wait, until=until),
        )

    @rule(decision=st.sampled_from([Decision.ACCEPT_REFERRAL, Decision.REJECT_REFERRAL]))
    def the_complainant_chooses_a_route(self, decision: Decision) -> None:
        self.show(EntryKind.RESPONSE, Party.COMPLAINANT, decision=decision)

    @rule(decision=st.sampled_from([Decision.REPORT_DANGER, Decision.REPORT_SAFE]))
    def the_complainant_is_in_danger_or_safe(self, decision: Decision) -> None:
        self.show(EntryKind.SAFETY, Party.COMPLAINANT, decision=decision)

    @rule(letter=st.none() | st.sampled_from([Letter.COMPLAINT_TO_INSTITUTION, Letter.NEWS]))
    def a_letter_fails(self, letter: Letter | None) -> None:
        self.show(EntryKind.LETTER_FAILED, Party.PORTAL, details=EntryDetails(letter=letter))
        if self.course.contact_failed:
            self.letter_to_institution_posted = False

    @rule()
    def a_supervisor_has_it_tried_again(self) -> None:
        self.show(EntryKind.DECISION, Party.SUPERVISOR, decision=Decision.RETRY_NOW, actor=CARLA)

    @rule(
        hours=st.sampled_from([0, 1, 30, 24 * 8, 24 * 15, 24 * 60]),
        mediator=st.sampled_from([*STAFF, None]),
    )
    def the_workflow_takes_a_turn(self, hours: int, mediator: object) -> None:
        self.now += timedelta(hours=hours)
        course = self.course
        before = course.stage
        course.enter(course.needed_stage)  # never raises ForbiddenTransition
        assert course.stage is before or course.stage in TRANSITIONS[before]
        if not course.is_open:
            course.post(Letter.CLOSING, Party.COMPLAINANT)
            if course.contacted:
                course.post(Letter.CLOSING_TO_INSTITUTION, Party.INSTITUTION)
            return
        excluded = [*course.declined, *course.recused]
        if course.stage is Stage.FINDING_MEDIATOR and course.offered is None:
            chosen = next((member for member in STAFF if member == mediator), None)
            if chosen is not None and chosen not in excluded:
                course.offer(chosen, self.now)
        if course.stage is Stage.AWAITING_INSTITUTION:
            call_for_contact(course)
        course.keep_time(self.now)
        assert course.wait is not None
        assert course.wait in course.clocks or (
            course.danger and course.wait is Wait.INSTITUTION_REPLIES
        )
        time_rules.act_on_time(course, self.now)
        assert all(
            moment is None or moment > self.now for moment in map(course.next_moment, course.clocks)
        )

    @precondition(lambda self: self.course.next_letter)
    @rule()
    def the_workflow_posts_a_letter(self) -> None:
        letter = self.course.next_letter
        assert letter is not None
        if letter.letter is Letter.COMPLAINT_TO_INSTITUTION:
            self.letter_to_institution_posted = True
        assert not (self.course.danger and letter.recipient is Party.INSTITUTION)
        self.course.posted(letter, self.now)
        assert letter not in self.course.outbox
        self.posted.add(letter.key)

    # What must always hold --------------------------------------------------------------------

    @invariant()
    def the_cursor_is_the_last_number(self) -> None:
        assert self.course.cursor == self.arrived

    @invariant()
    def an_outcome_is_final(self) -> None:
        if self.outcome is not None:
            assert self.course.outcome is self.outcome
            assert self.course.needed_stage is Stage.CLOSED
        self.outcome = self.course.outcome

    @invariant()
    def no_clock_runs_for_a_case_that_is_over(self) -> None:
        if not self.course.is_open:
            assert self.course.clocks == {}
            assert self.course.offered is None
            still = {Attention.LETTER_FAILED, Attention.DANGER}
            assert set(self.course.attentions) <= still

    @invariant()
    def nobody_advises_and_mediates(self) -> None:
        assert self.course.mediator not in self.course.advised

    @invariant()
    def danger_asks_for_attention_until_it_is_over(self) -> None:
        assert self.course.danger == (Attention.DANGER in self.course.attentions)

    @invariant()
    def a_ladder_waits_only_after_its_end_and_while_an_outcome_is_considered(self) -> None:
        for clock in self.course.clocks.values():
            assert clock.held_at is None or clock.passed

    @invariant()
    def no_clock_that_a_law_sets_ever_stands_still(self) -> None:
        for clock in self.course.clocks.values():
            assert clock.paused_at is None or not clock.statutory
            assert clock.paused_at is None or self.course.danger

    @invariant()
    def no_clock_ends_before_it_began_or_is_moved_forward(self) -> None:
        for clock in self.course.clocks.values():
            assert clock.start <= clock.raw <= clock.day
            assert all(given.was < given.day for given in clock.extensions)

    @invariant()
    def it_travels_unchanged_through_json(self) -> None:
        assert _COURSE.validate_json(_COURSE.dump_json(self.course)) == self.course

    @invariant()
    def nothing_is_for_the_institution_without_consent(self) -> None:
        # Whether the closing letter may leave is decided by the post office, which knows more.
        letters = {
            item.letter
            for item in self.course.outbox
            if item.recipient is Party.INSTITUTION
            and item.letter is not Letter.CLOSING_TO_INSTITUTION
        }
        assert self.course.may_contact or not letters

    @invariant()
    def the_institution_is_contacted_by_a_posted_letter_only(self) -> None:
        assert self.course.contacted == self.letter_to_institution_posted

    @invariant()
    def nobody_is_called_silent_whom_no_letter_reached(self) -> None:
        course = self.course
        if course.contact_failed and course.is_open:
            assert (course.contacted_at, course.handling_ended) == (None, None)
            assert (course.silence_established, course.referral_offered) == (False, False)
            assert not {Wait.INSTITUTION_REPLIES, Wait.INSTITUTION_ANSWERS} & set(course.clocks)
            assert not [it for it in course.outbox if it.recipient is Party.INSTITUTION]
            assert Attention.LETTER_FAILED in course.attentions

    @invariant()
    def the_institution_replied_only_after_it_was_contacted(self) -> None:
        assert self.course.contacted or not self.course.replied

    @invariant()
    def a_letter_to_a_mediator_names_who_has_the_case_or_was_asked(self) -> None:
        asked = self.course.mediator or self.course.offered
        for item in self.course.outbox:
            if item.recipient is Party.MEDIATOR:
                assert item.mediator is not None
                assert item.mediator == asked or item.letter is Letter.CASE_MOVED
            else:
                assert item.mediator is None

    @invariant()
    def no_letter_waits_twice(self) -> None:
        keys = [item.key for item in self.course.outbox]
        assert len(keys) == len(set(keys))

    @invariant()
    def a_closed_case_only_says_goodbye(self) -> None:
        if not self.course.is_open:
            still_of_use = STILL_OF_USE_AT_CLOSURE | AT_THE_END
            # A mediator is told of a supervisor who closed the case.
            told = [item for item in self.course.outbox if item.recipient is not Party.MEDIATOR]
            assert {item.letter for item in told} <= still_of_use
            assert {item.letter for item in self.course.outbox} <= still_of_use | {Letter.NEWS}

    @invariant()
    def somebody_has_the_case_or_is_asked_but_never_both(self) -> None:
        assert self.course.mediator is None or self.course.offered is None

    @invariant()
    def the_overview_agrees_with_the_course(self) -> None:
        overview = overview_of(self.course)
        assert overview.outcome is self.course.outcome
        assert (overview.due_at is None) == (overview.waiting_since is None)
        assert (overview.proposal is None) == (overview.proposed_in is None)


_COURSE = TypeAdapter(Course)

TestAnyCourseOfACase = ACase.TestCase
TestAnyCourseOfACase.settings = settings(max_examples=150, stateful_step_count=50, deadline=None)
