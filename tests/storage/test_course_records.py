"""What a workflow tells of its case: answers that stay, and a read model that never goes back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.entries import Refusal, Verdict
from domain.identifiers import CaseId, EntryNumber
from domain.overview import Overview, OverviewDetails
from domain.stages import Stage
from domain.waits import Attention
from storage import course_records
from storage.course_records import CaseFilter
from storage.models import EntryStatus
from tests.storage.archive import MEDIATOR_1, MEDIATOR_2, START, SUPERVISOR, Archive, an_overview

FIRST, SECOND = EntryNumber(1), EntryNumber(2)


async def record(archive: Archive, case: CaseId, *verdicts: Verdict) -> None:
    async with archive.database.transaction() as session:
        await course_records.record_verdicts(session, case, verdicts, archive.now)


async def all_settled(archive: Archive, case: CaseId) -> bool:
    async with archive.database.transaction() as session:
        return await course_records.all_settled(session, case)


class TestAVerdict:
    async def test_stands_beside_its_entry(self, archive: Archive) -> None:
        case = await archive.open_case()
        await archive.append(case)
        await archive.append(case)
        await record(archive, case, Verdict(FIRST), Verdict(SECOND, Refusal.NOT_NOW))
        applied, refused = [await archive.outcome_of(case, n) for n in (1, 2)]
        assert (applied.status, applied.refusal) == (EntryStatus.APPLIED, None)
        assert (refused.status, refused.refusal) == (EntryStatus.REFUSED, Refusal.NOT_NOW)
        assert applied.settled_at == refused.settled_at == START
        assert applied.next_attempt_at is None

    async def test_stays_once_it_was_given(self, archive: Archive) -> None:
        case = await archive.open_case()
        await archive.append(case)
        await record(archive, case, Verdict(FIRST))
        archive.pass_by(timedelta(hours=1))
        await record(archive, case, Verdict(FIRST, Refusal.CLOSED))
        outcome = await archive.outcome_of(case, 1)
        assert (outcome.status, outcome.refusal, outcome.settled_at) == (
            EntryStatus.APPLIED,
            None,
            START,
        )

    async def test_is_reported_as_applied_only_the_first_time(self, archive: Archive) -> None:
        case = await archive.open_case()
        await archive.append(case)
        await archive.append(case)
        verdicts = (Verdict(FIRST), Verdict(SECOND, Refusal.NOT_NOW))

        async with archive.database.transaction() as session:
            once = await course_records.record_verdicts(session, case, verdicts, START)
        async with archive.database.transaction() as session:
            again = await course_records.record_verdicts(session, case, verdicts, START)

        assert (once, again) == ([FIRST], [])

    async def test_says_nothing_of_other_cases(self, archive: Archive) -> None:
        case, other = await archive.open_case(), await archive.open_case()
        await archive.append(case)
        await archive.append(other)
        await record(archive, case, Verdict(FIRST))
        assert await all_settled(archive, case)
        assert not await all_settled(archive, other)

    async def test_settles_a_case_once_every_entry_has_one(self, archive: Archive) -> None:
        case = await archive.open_case()
        assert await all_settled(archive, case)
        await archive.append(case)
        await archive.append(case)
        await record(archive, case, Verdict(SECOND))
        assert not await all_settled(archive, case)
        await record(archive, case, Verdict(FIRST, Refusal.CLOSED))
        assert await all_settled(archive, case)


class TestTheReadModel:
    async def test_shows_what_was_told_last(self, archive: Archive) -> None:
        case = await archive.open_case()
        assert await self.stage(archive, case) is None
        await archive.tell(case, an_overview(stage=Stage.RECEIVED), revision=1)
        await archive.tell(case, an_overview(stage=Stage.FINDING_MEDIATOR), revision=2)
        assert await self.stage(archive, case) is Stage.FINDING_MEDIATOR

    @pytest.mark.parametrize(("episode", "revision"), [(2, 4), (2, 5), (1, 99)])
    async def test_ignores_what_is_older_or_told_twice(
        self, archive: Archive, episode: int, revision: int
    ) -> None:
        case = await archive.open_case()
        await archive.tell(case, an_overview(stage=Stage.OUTCOME_PROPOSED), episode=2, revision=5)
        stale = an_overview(stage=Stage.RECEIVED, mediator=MEDIATOR_1)
        await archive.tell(case, stale, episode=episode, revision=revision)
        assert await self.stage(archive, case) is Stage.OUTCOME_PROPOSED

    @pytest.mark.parametrize(("episode", "revision"), [(2, 6), (3, 1)])
    async def test_takes_a_newer_revision_and_a_newer_episode(
        self, archive: Archive, episode: int, revision: int
    ) -> None:
        case = await archive.open_case()
        await archive.tell(case, an_overview(stage=Stage.CLOSED), episode=2, revision=5)
        await archive.tell(
            case, an_overview(stage=Stage.RECEIVED), episode=episode, revision=revision
        )
        assert await self.stage(archive, case) is Stage.RECEIVED

    async def test_keeps_every_property(self, archive: Archive) -> None:
        case = await archive.open_case()
        overview = an_overview(
            stage=Stage.AWAITING_CONSENT,
            mediator=MEDIATOR_1,
            offered=MEDIATOR_2,
            attention=Attention.LETTER_FAILED,
            cursor=7,
        )
        await archive.tell(case, overview)
        async with archive.database.transaction() as session:
            row = await course_records.overview_row(session, case)
        assert row is not None
        renamed = {"mediator": "mediator_id", "offered": "offered_id"}
        for name in Overview.__dataclass_fields__:
            assert getattr(row, renamed.get(name, name)) == getattr(overview, name)

    @staticmethod
    async def stage(archive: Archive, case: CaseId) -> Stage | None:
        async with archive.database.transaction() as session:
            row = await course_records.overview_row(session, case)
        return None if row is None else row.stage


class TestFindingCases:
    async def test_shows_a_mediator_their_own_and_offered_ones_only(self, archive: Archive) -> None:
        own, offered, foreign = [await archive.open_case() for _ in range(3)]
        await archive.open_case()  # nobody told anything of this one yet
        await archive.tell(own, an_overview(mediator=MEDIATOR_1))
        await archive.tell(offered, an_overview(offered=MEDIATOR_1))
        await archive.tell(foreign, an_overview(mediator=MEDIATOR_2))
        found = await self.find(archive, CaseFilter(reader=MEDIATOR_1))
        assert set(found) == {own, offered}

    async def test_shows_a_supervisor_all_even_what_no_workflow_told_of(
        self, archive: Archive
    ) -> None:
        cases = {await archive.open_case() for _ in range(3)}
        found = await self.find(archive, CaseFilter(reader=SUPERVISOR, all_cases=True))
        assert set(found) == cases

    async def test_can_be_narrowed_down(self, archive: Archive) -> None:
        early, late = await archive.open_case(), await archive.open_case()
        await archive.tell(early, an_overview(attention=Attention.NO_MEDIATOR))
        await archive.tell(late, an_overview(stage=Stage.HEARING_BOTH_SIDES))
        everything = CaseFilter(reader=SUPERVISOR, all_cases=True)
        by_stage = CaseFilter(reader=SUPERVISOR, all_cases=True, stage=Stage.HEARING_BOTH_SIDES)
        by_attention = CaseFilter(
            reader=SUPERVISOR, all_cases=True, attention=Attention.NO_MEDIATOR
        )
        assert len(await self.find(archive, everything)) == 2
        assert await self.find(archive, by_stage) == [late]
        assert await self.find(archive, by_attention) == [early]

    async def test_finds_a_reason_to_look_that_is_not_the_most_urgent_one(
        self, archive: Archive
    ) -> None:
        case, _ = await archive.open_case(), await archive.open_case()
        both = OverviewDetails(attentions=(Attention.DANGER, Attention.POLICY_CORRECTED))
        urgent = an_overview(attention=Attention.DANGER)
        await archive.tell(case, replace(urgent, details=both))
        for reason, found in (
            (Attention.DANGER, [case]),
            (Attention.POLICY_CORRECTED, [case]),
            (Attention.LETTER_FAILED, []),
        ):
            wanted = CaseFilter(reader=SUPERVISOR, all_cases=True, attention=reason)
            assert await self.find(archive, wanted) == found

    async def test_comes_in_pages_that_together_hold_every_case_once(
        self, archive: Archive
    ) -> None:
        cases = {await archive.open_case() for _ in range(5)}
        found: list[CaseId] = []
        after = None
        while page := await self.find(
            archive, CaseFilter(reader=SUPERVISOR, all_cases=True, after=after, limit=2)
        ):
            assert len(page) <= 2
            found += page
            after = page[-1]
        assert len(found) == 5
        assert set(found) == cases

    @staticmethod
    async def find(archive: Archive, wanted: CaseFilter) -> list[CaseId]:
        async with archive.database.transaction() as session:
            return [CaseId(row.id) for row, _ in await course_records.find_cases(session, wanted)]
