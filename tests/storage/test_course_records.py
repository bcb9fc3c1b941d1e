"""What a workflow tells of its case: answers that stay, and a read model that never goes back."""

from datetime import timedelta

import pytest

from domain.entries import Refusal, Verdict
from domain.identifiers import CaseId, EntryNumber
from domain.overview import Overview
from domain.stages import Stage
from domain.waits import Attention
from storage import course_records
from storage.models import EntryStatus
from tests.storage.archive import MEDIATOR_1, MEDIATOR_2, START, Archive, an_overview

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
        assert await self.stage(archive, case) is Stage.RECEIVED
        await archive.tell(case, an_overview(stage=Stage.AWAITING_CONSENT), revision=1)
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
