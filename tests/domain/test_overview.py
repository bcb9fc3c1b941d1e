"""The read model says where a case stands, until when, and why that date."""

import pytest

from domain.read_model import overview_of
from domain.stages import Outcome, Stage
from domain.waits import Attention, Wait
from tests.domain.journey import (
    ANNA,
    IN_EVERY_OPEN_STAGE,
    Journey,
    awaiting_consent,
    awaiting_institution,
    closed,
    offered,
    outcome_proposed,
)


class TestTheOverview:
    @pytest.mark.parametrize("stage", sorted(set(IN_EVERY_OPEN_STAGE) - {Stage.RECEIVED}))
    def test_says_what_is_awaited_until_when_and_why(self, stage: Stage) -> None:
        course = IN_EVERY_OPEN_STAGE[stage]().course
        overview = overview_of(course)
        clock = course.clock
        assert clock is not None
        assert (overview.stage, overview.waiting_for) == (stage, clock.wait)
        assert (overview.waiting_since, overview.due_at, overview.term_source) == (
            clock.since,
            clock.due_at,
            clock.source,
        )
        assert overview.remind_at == clock.remind_at(course.term(clock.wait))

    def test_names_the_law_that_binds_the_institution(self) -> None:
        assert overview_of(awaiting_institution().course).term_source == "Awb 9:11"

    def test_has_no_date_before_anything_is_awaited(self) -> None:
        overview = overview_of(Journey().course)
        assert (overview.stage, overview.cursor) == (Stage.RECEIVED, 0)
        assert (overview.waiting_for, overview.due_at, overview.term_source) == (None, None, None)

    def test_shows_who_was_asked_and_who_accepted(self) -> None:
        asked, accepted = overview_of(offered().course), overview_of(awaiting_consent().course)
        assert (asked.offered, asked.mediator) == (ANNA, None)
        assert (accepted.offered, accepted.mediator) == (None, ANNA)

    def test_shows_the_consent_and_how_far_the_institution_is(self) -> None:
        overview = overview_of(awaiting_institution().course)
        assert (overview.consent, overview.contacted, overview.replied) == (True, True, False)

    def test_shows_the_proposal_and_the_entry_it_stands_in(self) -> None:
        course = outcome_proposed().course
        overview = overview_of(course)
        assert (overview.proposal, overview.proposed_in) == (
            Outcome.PARTLY_SETTLED,
            course.cursor,
        )

    def test_shows_why_somebody_should_look(self) -> None:
        journey = awaiting_consent()
        journey.let_pass(Wait.COMPLAINANT_CONSENTS)
        assert overview_of(journey.course).attention is Attention.COMPLAINANT_SILENT

    def test_of_a_closed_case_awaits_nothing(self) -> None:
        course = closed().course
        overview = overview_of(course)
        assert (overview.stage, overview.outcome) == (Stage.CLOSED, Outcome.WITHDRAWN)
        assert overview.cursor == course.cursor
        assert (overview.waiting_for, overview.waiting_since, overview.due_at) == (None, None, None)

    def test_awaits_nothing_from_the_moment_the_outcome_is_known(self) -> None:
        journey = awaiting_consent()
        journey.withdrawal()
        overview = overview_of(journey.course)
        assert (overview.stage, overview.waiting_for) == (Stage.AWAITING_CONSENT, None)
