"""Intake: what a complainant is warned of, with dates on the safe side."""

from datetime import date

import pytest

from domain.institutions import InstitutionKind
from domain.intake import About, IntakeFacts, Notice, NoticeKind, Safety, notices
from tests.domain.journey import rules_for

TODAY = date(2026, 11, 25)
CITY = rules_for(InstitutionKind.MUNICIPALITY)


def kinds(
    intake: IntakeFacts, kind: InstitutionKind = InstitutionKind.MUNICIPALITY
) -> list[NoticeKind]:
    return [notice.kind for notice in notices(intake, TODAY, rules_for(kind))]


class TestADecision:
    def test_can_be_objected_to_until_a_day_that_is_not_rolled(self) -> None:
        # Six weeks after Friday 13 November end on Christmas Day; the safe side is that day.
        intake = IntakeFacts(about=About.DECISION, decided_on=date(2026, 11, 13))
        [notice] = notices(intake, TODAY, CITY)
        assert notice == Notice(
            kind=NoticeKind.OBJECTION_RUNNING, until=date(2026, 12, 25), source="Awb 6:7"
        )

    @pytest.mark.parametrize(
        ("decided_on", "expected"),
        [
            (date(2026, 10, 14), NoticeKind.OBJECTION_RUNNING),
            (date(2026, 10, 13), NoticeKind.OBJECTION_OVER),
        ],
    )
    def test_can_be_objected_to_up_to_and_with_the_last_day(
        self, decided_on: date, expected: NoticeKind
    ) -> None:
        assert kinds(IntakeFacts(about=About.DECISION, decided_on=decided_on)) == [expected]

    def test_of_an_unknown_day_is_warned_of_without_a_date(self) -> None:
        [notice] = notices(IntakeFacts(about=About.DECISION), TODAY, CITY)
        assert (notice.kind, notice.until) == (NoticeKind.OBJECTION_POSSIBLE, None)

    def test_of_a_bank_knows_no_objection(self) -> None:
        intake = IntakeFacts(about=About.DECISION, decided_on=TODAY)
        assert kinds(intake, InstitutionKind.BANK_PRIVATE) == []


class TestWhatHappenedLongAgo:
    def test_may_be_refused_after_a_year(self) -> None:
        assert kinds(IntakeFacts(happened_on=date(2025, 11, 24))) == [NoticeKind.TOO_OLD]

    def test_is_no_matter_within_the_year(self) -> None:
        assert kinds(IntakeFacts(happened_on=date(2025, 11, 25))) == []


class TestOtherAnswers:
    @pytest.mark.parametrize(
        ("intake", "kind"),
        [
            (IntakeFacts(other_procedure=True), NoticeKind.OTHER_PROCEDURE),
            (IntakeFacts(handled_before=True), NoticeKind.HANDLED_BEFORE),
            (IntakeFacts(safety=Safety.NOT_SAFE), NoticeKind.DANGER),
        ],
    )
    def test_are_warned_of(self, intake: IntakeFacts, kind: NoticeKind) -> None:
        assert kinds(intake) == [kind]

    def test_that_were_skipped_warn_of_nothing(self) -> None:
        assert kinds(IntakeFacts()) == []

    def test_about_a_landlord_say_that_we_only_show_the_way(self) -> None:
        found = kinds(IntakeFacts(), InstitutionKind.LANDLORD)
        assert found == [NoticeKind.SIGNPOSTING_ONLY]


class TestANotice:
    def test_may_tell_of_objecting_to_a_decision(self) -> None:
        assert {kind for kind in NoticeKind if kind.tells_of_objecting} == {
            NoticeKind.OBJECTION_RUNNING,
            NoticeKind.OBJECTION_OVER,
            NoticeKind.OBJECTION_POSSIBLE,
        }
