"""Break-glass: two people, in the right order, for a short time; and who is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.aftercare import answer
from domain.entries import READINGS, EntryFacts, EntryKind, Refusal
from domain.identifiers import EntryNumber
from domain.letters import Letter
from domain.parties import Audience, Party
from domain.reading import READABLE_FOR, UNANSWERED_FOR, Glass, GlassProblem, GlassState
from tests.domain.journey import (
    ANNA,
    BRAM,
    CARLA,
    IN_EVERY_OPEN_STAGE,
    START,
    SUPERVISOR,
    Journey,
    closed,
    hearing_both_sides,
)

INSTANT = timedelta(microseconds=1)
ASKED = Glass(state=GlassState.ASKED, asked_by=BRAM, asked_at=START)
APPROVED = replace(ASKED, state=GlassState.APPROVED, answered_at=START + timedelta(hours=1))
READ = replace(APPROVED, state=GlassState.READ)
REFUSED = replace(APPROVED, state=GlassState.REFUSED)


def why_not(glass: Glass, **other: object) -> GlassProblem | None:
    given = {"who": CARLA, "now": START, "mediator": ANNA, "supervisors": {BRAM}} | other
    return glass.why_not_answer(**given)  # pyright: ignore[reportArgumentType]


class TestAnAnswer:
    def test_is_for_a_second_supervisor(self) -> None:
        assert why_not(ASKED) is None

    @pytest.mark.parametrize("who", [BRAM, ANNA])
    def test_is_not_for_who_asked_nor_for_the_mediator(self, who: object) -> None:
        assert why_not(ASKED, who=who) is GlassProblem.SECOND_PERSON

    @pytest.mark.parametrize("glass", [APPROVED, REFUSED, READ])
    def test_is_given_once(self, glass: Glass) -> None:
        assert why_not(glass) is GlassProblem.ANSWERED

    def test_is_in_time_until_the_very_end(self) -> None:
        end = START + UNANSWERED_FOR

        assert why_not(ASKED, now=end - INSTANT) is None
        assert why_not(ASKED, now=end) is GlassProblem.EXPIRED

    def test_is_for_somebody_who_still_supervises(self) -> None:
        assert why_not(ASKED, supervisors=set[object]()) is GlassProblem.ASKER_LEFT


class TestReading:
    @pytest.mark.parametrize("glass", [APPROVED, READ])
    def test_lasts_as_long_as_it_was_approved_for(self, glass: Glass) -> None:
        assert glass.answered_at is not None
        end = glass.answered_at + READABLE_FOR

        assert glass.why_not_read(BRAM, end - INSTANT) is None
        assert glass.why_not_read(BRAM, end) is GlassProblem.EXPIRED
        assert glass.until == end

    @pytest.mark.parametrize("glass", [ASKED, REFUSED])
    def test_comes_after_an_approval(self, glass: Glass) -> None:
        assert glass.why_not_read(BRAM, START) is GlassProblem.NOT_APPROVED

    @pytest.mark.parametrize("who", [ANNA, CARLA])
    def test_is_for_who_asked_alone(self, who: object) -> None:
        assert (
            APPROVED.why_not_read(who, START)  # pyright: ignore[reportArgumentType]
            is GlassProblem.NOT_ASKED_BY_THEM
        )


class TestTheCase:
    @pytest.mark.parametrize("kind", sorted(READINGS))
    @pytest.mark.parametrize("begun", [*IN_EVERY_OPEN_STAGE.values(), closed])
    def test_takes_every_step_without_going_another_way(
        self, kind: EntryKind, begun: Callable[[], Journey]
    ) -> None:
        journey, untouched = begun(), begun()

        verdict = journey.shown(
            kind, Party.SUPERVISOR, audience=Audience.COMPLAINANT, actor=SUPERVISOR
        )

        assert verdict.applied
        untouched.course.cursor = journey.course.cursor
        untouched.course.outbox = journey.course.outbox
        assert journey.course == untouched.course

    def test_tells_both_once_somebody_may_read(self) -> None:
        journey = hearing_both_sides()
        for kind in sorted(READINGS):
            journey.shown(kind, Party.SUPERVISOR, actor=SUPERVISOR)

        assert journey.pending == [
            (Letter.NEWS, Party.COMPLAINANT),
            (Letter.NEWS, Party.MEDIATOR),
        ]

    @pytest.mark.parametrize("kind", sorted(READINGS))
    def test_takes_no_step_of_anybody_else(self, kind: EntryKind) -> None:
        refusal = hearing_both_sides().shown(kind, Party.MEDIATOR, actor=ANNA).refusal
        assert refusal is Refusal.NOT_ALLOWED

    @pytest.mark.parametrize("kind", sorted(READINGS))
    def test_notes_every_step_after_the_end_as_well(self, kind: EntryKind) -> None:
        entry = EntryFacts(
            number=EntryNumber(9),
            kind=kind,
            author=Party.SUPERVISOR,
            received_at=START,
            actor=SUPERVISOR,
        )
        assert answer(entry, closed_at=START, mediator=ANNA, reopening=True).applied
