"""Lists and counts of cases: only what the reader may see, what is due first in front."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from domain.entries import Decision
from domain.identifiers import CaseId, InstitutionId
from domain.institutions import InstitutionKind
from domain.intake import Notice, NoticeKind
from domain.matter import Matter
from domain.overview import Overview, OverviewDetails
from domain.read_model import overview_of
from domain.stages import Stage
from domain.todo import AT_ONCE
from domain.waits import Attention, Wait
from storage import case_lists, course_records
from storage.case_lists import CaseFilter
from storage.models import CaseRow, InstitutionRow, Lifecycle, OverviewRow
from tests.domain.journey import awaiting_consent
from tests.storage.archive import (
    MEDIATOR_1,
    MEDIATOR_2,
    START,
    SUPERVISOR,
    VOORBEELDSTAD,
    Archive,
    an_overview,
)

DAY = timedelta(days=1)
EVERYTHING = CaseFilter(reader=SUPERVISOR, all_cases=True)


def due(days: int, overview: Overview | None = None) -> Overview:
    """Return an overview whose wait is due some days after the start."""
    return replace(overview or an_overview(), due_at=START + days * DAY)


def in_danger(overview: Overview) -> Overview:
    reasons = (Attention.DANGER,)
    details = replace(overview.details, danger=True, attentions=reasons)
    return replace(overview, attention=Attention.DANGER, details=details)


def proposing(**more: Any) -> Overview:
    overview = an_overview(stage=Stage.HEARING_BOTH_SIDES, **more)
    return replace(overview, waiting_for=Wait.MEDIATOR_PROPOSES)


async def told(archive: Archive, *overviews: Overview) -> list[CaseId]:
    """Open a case for each overview."""
    cases: list[CaseId] = []
    for overview in overviews:
        cases.append(await archive.open_case())
        await archive.tell(cases[-1], overview)
    return cases


async def find(archive: Archive, wanted: CaseFilter) -> list[CaseId]:
    async with archive.database.transaction() as session:
        return [CaseId(it.case.id) for it in await case_lists.find_cases(session, wanted)]


async def narrowed(archive: Archive, **filters: Any) -> list[CaseId]:
    return await find(archive, replace(EVERYTHING, **filters))


class TestWhoSeesWhat:
    async def test_is_a_mediators_own_and_offered_cases_only(self, archive: Archive) -> None:
        own, offered, _ = await told(
            archive,
            an_overview(mediator=MEDIATOR_1),
            an_overview(offered=MEDIATOR_1),
            an_overview(mediator=MEDIATOR_2),
        )
        await archive.open_case()  # nobody told anything of this one yet
        assert set(await find(archive, CaseFilter(reader=MEDIATOR_1))) == {own, offered}

    async def test_is_everything_for_a_supervisor_even_what_no_workflow_told_of(
        self, archive: Archive
    ) -> None:
        cases = {await archive.open_case() for _ in range(3)}
        assert set(await find(archive, EVERYTHING)) == cases

    async def test_leaves_out_closed_cases_unless_they_are_wanted_or_ask_for_attention(
        self, archive: Archive
    ) -> None:
        closed, asking = await told(
            archive,
            an_overview(stage=Stage.CLOSED, mediator=MEDIATOR_1),
            an_overview(stage=Stage.CLOSED, attention=Attention.LETTER_FAILED),
        )
        assert await find(archive, EVERYTHING) == [asking]
        assert set(await narrowed(archive, closed=True)) == {closed, asking}
        assert set(await narrowed(archive, stages=[Stage.CLOSED])) == {closed, asking}
        assert await find(archive, CaseFilter(reader=MEDIATOR_1)) == []

    async def test_is_nothing_of_a_case_that_is_being_erased(self, archive: Archive) -> None:
        await told(archive, an_overview(stage=Stage.CLOSED, attention=Attention.LETTER_FAILED))
        await archive.execute(update(CaseRow).values(lifecycle=Lifecycle.ERASE_DUE))
        assert await narrowed(archive, closed=True) == []
        async with archive.database.transaction() as session:
            counts = await case_lists.count_cases(session, SUPERVISOR, all_cases=True)
        assert (dict(counts.stages), dict(counts.attentions), counts.needs_reader) == ({}, {}, 0)


class TestTheOrder:
    async def test_has_in_front_what_cannot_wait_then_what_is_due_first(
        self, archive: Archive
    ) -> None:
        late, soon, undated, danger = await told(
            archive,
            due(9),
            due(2),
            an_overview(),
            due(20, in_danger(an_overview(mediator=MEDIATOR_1))),
        )
        assert await find(archive, EVERYTHING) == [danger, soon, late, undated]

    async def test_comes_in_pages_that_together_hold_every_case_once(
        self, archive: Archive
    ) -> None:
        cases = await told(archive, *(due(n // 2) for n in range(5)))
        assert set(await all_pages(archive)) == set(cases)
        assert len(await all_pages(archive)) == 5

    async def test_of_a_kind_has_complaints_and_questions_in_one_order(
        self, archive: Archive
    ) -> None:
        last, fourth, third, first = await told(archive, *map(due, (6, 4, 3, 1)))
        questions = [await archive.open_question(InstitutionKind.MUNICIPALITY) for _ in range(2)]
        for question, days in zip(questions, (2, 5), strict=True):
            await archive.tell(question, due(days))
        await archive.open_question(InstitutionKind.POLICE)

        of_kind = replace(EVERYTHING, kinds=[InstitutionKind.MUNICIPALITY])
        second, fifth = questions
        ordered = [first, second, third, fourth, fifth, last]
        assert await all_pages(archive, wanted=of_kind) == ordered

    async def test_stays_whole_for_the_others_when_a_case_moves_between_two_pages(
        self, archive: Archive
    ) -> None:
        cases = await told(archive, *(due(n) for n in range(6)))
        moves = [(cases[0], due(30)), (cases[5], due(-1))]
        seen = await all_pages(archive, moves)
        others = cases[1:5]
        assert [case for case in seen if case in others] == others

    async def test_follows_a_danger_that_is_told_after_the_closure(self, archive: Archive) -> None:
        (case,) = await told(archive, an_overview(stage=Stage.CLOSED, mediator=MEDIATOR_1))
        async with archive.database.transaction() as session:
            await course_records.record_danger(session, case, danger=True)
        mine = CaseFilter(reader=MEDIATOR_1, needs_reader=True, danger=True)
        assert await find(archive, mine) == [case]
        async with archive.database.transaction() as session:
            assert (await session.get_one(OverviewRow, case)).place == AT_ONCE
            await course_records.record_danger(session, case, danger=False)
        assert await find(archive, CaseFilter(reader=MEDIATOR_1)) == []


class TestATimeThatStandsStill:
    @pytest.mark.parametrize("still", [True, False])
    async def test_is_never_late(self, archive: Archive, *, still: bool) -> None:
        journey = awaiting_consent()
        if still:
            journey.decision(Decision.PAUSE_FOR_DANGER)
        overview = replace(overview_of(journey.course), mediator=MEDIATOR_1)
        (case,) = await told(archive, overview)
        late = await narrowed(archive, due_before=journey.now + 365 * DAY)
        assert late == ([] if still else [case])


class TestADangerAfterTheClosure:
    @pytest.mark.parametrize("danger", [True, False])
    async def test_that_is_over_is_warned_of_no_more(
        self, archive: Archive, *, danger: bool
    ) -> None:
        notices = tuple(Notice(kind=kind) for kind in NoticeKind)
        overview = in_danger(an_overview(stage=Stage.CLOSED))
        details = replace(overview.details, notices=notices)
        (case,) = await told(archive, replace(overview, details=details))
        async with archive.database.transaction() as session:
            await course_records.record_danger(session, case, danger=danger)
        async with archive.database.transaction() as session:
            known = (await session.get_one(OverviewRow, case)).details
        left = {NoticeKind.DANGER} if not danger else set[NoticeKind]()
        assert {notice.kind for notice in known.notices} == {*NoticeKind} - left


async def all_pages(
    archive: Archive,
    moves: Sequence[tuple[CaseId, Overview]] = (),
    *,
    wanted: CaseFilter = EVERYTHING,
) -> list[CaseId]:
    """Return what pages of two hold; after the first of them some cases are told anew."""
    found: list[CaseId] = []
    after = None
    for _ in range(9):
        async with archive.database.transaction() as session:
            page = await case_lists.find_cases(session, replace(wanted, after=after, limit=2))
        if not page:
            return found
        assert len(page) <= 2
        found += [CaseId(listed.case.id) for listed in page]
        after = page[-1].position
        for case, overview in moves:
            await archive.tell(case, overview, revision=2)
    pytest.fail("the pages have no end")


class TestAFilter:
    async def test_narrows_down_by_each_property_with_several_values(
        self, archive: Archive
    ) -> None:
        waiting, silent, reopened, plain = await told(
            archive,
            due(1, replace(an_overview(), waiting_for=Wait.INSTITUTION_REPLIES)),
            due(3, an_overview(stage=Stage.HEARING_BOTH_SIDES, mediator=MEDIATOR_2)),
            in_danger(an_overview(stage=Stage.AWAITING_CONSENT)),
            an_overview(),
        )
        await archive.tell(reopened, in_danger(an_overview()), episode=2)
        other = await archive.open_case()
        await archive.execute(
            update(OverviewRow)
            .where(OverviewRow.case_id == other)
            .values(institution_id="voorbeeldbank")
        )
        question = await archive.open_question(InstitutionKind.MUNICIPALITY)
        unsaid = await archive.open_question()
        expected: list[tuple[dict[str, Any], set[CaseId]]] = [
            ({"stages": [Stage.HEARING_BOTH_SIDES]}, {silent}),
            (
                {"stages": [Stage.HEARING_BOTH_SIDES, Stage.RECEIVED]},
                {silent, other, question, unsaid},
            ),
            ({"mediators": [MEDIATOR_2]}, {silent}),
            ({"mediators": [MEDIATOR_2, MEDIATOR_1]}, {silent}),
            ({"waits": [Wait.INSTITUTION_REPLIES]}, {waiting}),
            ({"due_before": START + 2 * DAY}, {waiting}),
            ({"due_before": START + 9 * DAY, "waits": [Wait.MEDIATOR_PROPOSES]}, set()),
            ({"danger": True}, {reopened}),
            ({"danger": False}, {waiting, silent, plain, other, question, unsaid}),
            ({"reopened": True}, {reopened}),
            ({"reopened": False}, {waiting, silent, plain, other, question, unsaid}),
            ({"institutions": [InstitutionId("voorbeeldbank")]}, {other}),
            (
                {"kinds": [InstitutionKind.MUNICIPALITY]},
                {waiting, silent, reopened, plain, question},
            ),
            (
                {"kinds": [InstitutionKind.MUNICIPALITY], "matter": Matter.QUESTION},
                {question},
            ),
            ({"kinds": [InstitutionKind.POLICE]}, set()),
            ({"kinds": [InstitutionKind.POLICE, InstitutionKind.BANK_PRIVATE]}, {other}),
            ({"needs_reader": True}, {reopened}),
        ]
        for filters, found in expected:
            assert set(await narrowed(archive, **filters)) == found, filters

    async def test_finds_a_reason_to_look_that_is_not_the_most_urgent_one(
        self, archive: Archive
    ) -> None:
        both = OverviewDetails(attentions=(Attention.DANGER, Attention.POLICY_CORRECTED))
        urgent = replace(an_overview(attention=Attention.DANGER), details=both)
        case, _ = await told(archive, urgent, an_overview())
        for reasons, found in (
            ([Attention.DANGER], [case]),
            ([Attention.POLICY_CORRECTED], [case]),
            ([Attention.LETTER_FAILED], []),
            ([Attention.LETTER_FAILED, Attention.POLICY_CORRECTED], [case]),
        ):
            assert await narrowed(archive, attentions=reasons) == found


class TestWhatNeedsTheReader:
    async def test_is_what_the_mediator_has_to_do_and_what_they_were_offered(
        self, archive: Archive
    ) -> None:
        proposal, offer, _, _ = await told(
            archive,
            proposing(mediator=MEDIATOR_1),
            an_overview(offered=MEDIATOR_1),
            an_overview(stage=Stage.AWAITING_INSTITUTION, mediator=MEDIATOR_1),
            proposing(mediator=MEDIATOR_2),
        )
        mine = CaseFilter(reader=MEDIATOR_1, needs_reader=True)
        assert set(await find(archive, mine)) == {proposal, offer}


class TestTheCounts:
    @pytest.fixture
    async def counted(self, archive: Archive) -> Archive:
        both = OverviewDetails(attentions=(Attention.DANGER, Attention.POLICY_CORRECTED))
        await told(
            archive,
            replace(proposing(mediator=MEDIATOR_1, attention=Attention.DANGER), details=both),
            proposing(mediator=MEDIATOR_2),
            an_overview(offered=MEDIATOR_1),
            an_overview(stage=Stage.CLOSED, mediator=MEDIATOR_1),
            an_overview(stage=Stage.CLOSED, attention=Attention.LETTER_FAILED),
        )
        return archive

    async def test_are_of_all_cases_under_way_for_a_supervisor(self, counted: Archive) -> None:
        async with counted.database.transaction() as session:
            counts = await case_lists.count_cases(session, SUPERVISOR, all_cases=True)
        assert counts.stages == {
            Stage.HEARING_BOTH_SIDES: 2,
            Stage.FINDING_MEDIATOR: 1,
            Stage.CLOSED: 1,
        }
        assert counts.waits == {Wait.MEDIATOR_PROPOSES: 2}
        assert counts.attentions == {
            Attention.DANGER: 1,
            Attention.POLICY_CORRECTED: 1,
            Attention.LETTER_FAILED: 1,
        }
        assert counts.needs_reader == 2

    async def test_are_of_their_own_for_a_mediator(self, counted: Archive) -> None:
        async with counted.database.transaction() as session:
            counts = await case_lists.count_cases(session, MEDIATOR_1, all_cases=False)
        assert counts.stages == {Stage.HEARING_BOTH_SIDES: 1, Stage.FINDING_MEDIATOR: 1}
        assert counts.waits == {Wait.MEDIATOR_PROPOSES: 1}
        assert counts.attentions == {Attention.DANGER: 1, Attention.POLICY_CORRECTED: 1}
        assert counts.needs_reader == 2


class TestAnInstitution:
    async def test_of_a_case_stands_in_the_read_model(self, archive: Archive) -> None:
        case = await archive.open_case()
        async with archive.database.transaction() as session:
            row = await session.get_one(OverviewRow, case)
            assert row.institution_id == VOORBEELDSTAD
            assert (await session.get_one(InstitutionRow, row.institution_id)).name
