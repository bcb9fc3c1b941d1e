"""What can be decided in a question, and what has no meaning there."""

import pytest

from domain.decisions_now import Standing, decisions_now
from domain.entries import Decision, EntryKind, Refusal, is_about
from domain.matter import Matter
from domain.parties import Party
from domain.read_model import overview_of
from domain.staff import Role
from domain.stages import Outcome
from storage.course_records import columns_of
from tests.domain.asking import (
    answered,
    awaiting_adviser,
)
from tests.domain.journey import ANNA, BRAM, START, received

MEANS_NOTHING = (
    EntryKind.COMPLAINT,
    EntryKind.CONSENT,
    EntryKind.RESPONSE,
    EntryKind.MEDIATOR_OBJECTION,
    EntryKind.INSTITUTION_REPLY,
    EntryKind.INSTITUTION_EXTENSION,
    EntryKind.INSTITUTION_OBJECTION,
    EntryKind.INSTITUTION_CORRECTION,
)


class TestWhatHasNoMeaning:
    @pytest.mark.parametrize("kind", MEANS_NOTHING)
    def test_in_a_question_is_refused(self, kind: EntryKind) -> None:
        author = Party.INSTITUTION if "institution" in kind else Party.COMPLAINANT
        assert awaiting_adviser().shown(kind, author).refusal is Refusal.OTHER_MATTER

    @pytest.mark.parametrize("kind", [EntryKind.QUESTION, EntryKind.BECAME_COMPLAINT])
    def test_in_a_complaint_is_refused(self, kind: EntryKind) -> None:
        assert received().shown(kind, Party.COMPLAINANT).refusal is Refusal.OTHER_MATTER

    @pytest.mark.parametrize(
        "decision",
        [
            *(it for it in Decision if is_about(Matter.COMPLAINT, it)),
            *(it for it in Decision if is_about(Matter.QUESTION, it)),
        ],
    )
    def test_among_decisions_is_refused_and_nothing_else_is(self, decision: Decision) -> None:
        refusal = awaiting_adviser().advises(decision).refusal
        assert (refusal is Refusal.OTHER_MATTER) == (not is_about(Matter.QUESTION, decision))
        refusal = received().decision(decision).refusal
        assert (refusal is Refusal.OTHER_MATTER) == (not is_about(Matter.COMPLAINT, decision))


class TestTheReadModel:
    def test_tells_the_adviser_what_to_do(self) -> None:
        overview = overview_of(awaiting_adviser().course)
        row = columns_of(overview)
        assert row["needs_mediator"] is True
        assert row["place"] == overview.due_at

    def test_offers_the_decisions_of_an_adviser(self) -> None:
        asking = answered()
        case = Standing(
            mediator=ANNA,
            offered=None,
            proposal=None,
            consent=False,
            contacted=False,
            closed_at=None,
            erasing=False,
            details=overview_of(asking.course).details,
            moment=START,
        )
        possible = {it.decision: it for it in decisions_now(case, ANNA, {Role.ADVISER})}
        assert set(possible) == {
            Decision.RECUSE,
            Decision.ANSWER_QUESTION,
            Decision.ASK_COMPLAINANT,
            Decision.CLOSE_CASE,
            Decision.EXTEND_TERM,
            Decision.RESTART_TERM,
            Decision.PAUSE_FOR_DANGER,
        }
        assert possible[Decision.CLOSE_CASE].outcomes == (Outcome.ADVISED,)
        assert {it.acting_as for it in possible.values()} == {Party.ADVISER}
        assert decisions_now(case, BRAM, {Role.ADVISER}) == ()
        assert decisions_now(case, ANNA, {Role.MEDIATOR}) == ()
