"""Undelivered entries: claimed by one relay at a time, tried again after growing pauses."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from domain.entries import Refusal, Verdict
from domain.identifiers import CaseId, EntryNumber
from storage import course_records, undelivered
from storage.models import EntryStatus
from tests.storage.archive import START, Archive

SECOND = timedelta(seconds=1)


async def claim(archive: Archive, limit: int = 50) -> Sequence[tuple[CaseId, EntryNumber]]:
    async with archive.database.transaction() as session:
        return await undelivered.claim_due(session, archive.now, limit)


async def a_case_with(archive: Archive, entries: int) -> CaseId:
    case = await archive.open_case()
    for _ in range(entries):
        await archive.append(case)
    return case


class TestClaiming:
    async def test_gives_the_newest_entry_of_each_case(self, archive: Archive) -> None:
        one, two = await a_case_with(archive, 3), await a_case_with(archive, 1)
        assert dict(await claim(archive)) == {one: 3, two: 1}

    async def test_is_shared_by_no_two_relays(self, archive: Archive) -> None:
        cases = {await a_case_with(archive, 1) for _ in range(4)}
        async with (
            archive.database.transaction() as here,
            archive.database.transaction() as there,
        ):
            first = await undelivered.claim_due(here, archive.now, 2)
            claiming = undelivered.claim_due(there, archive.now, 50)
            second = await asyncio.wait_for(claiming, 10)  # it must not wait for the first one
        assert len(first) == len(second) == 2
        assert {case for case, _ in [*first, *second]} == cases

    async def test_is_not_repeated_before_a_pause(self, archive: Archive) -> None:
        await a_case_with(archive, 1)
        assert len(await claim(archive)) == 1
        assert await claim(archive) == []

    async def test_pauses_longer_each_time_but_never_longer_than_a_minute(
        self, archive: Archive
    ) -> None:
        case = await a_case_with(archive, 1)
        pauses: list[timedelta] = []
        for attempt in range(1, 13):
            assert await claim(archive) == [(case, 1)]
            outcome = await archive.outcome_of(case, 1)
            assert outcome.next_attempt_at is not None
            assert outcome.attempts == attempt
            pauses.append(outcome.next_attempt_at - archive.now)
            archive.pass_by(pauses[-1] - SECOND)
            assert await claim(archive) == []
            archive.pass_by(SECOND)
        assert pauses == sorted(pauses)
        assert pauses[0] < pauses[1] < pauses[2]
        assert pauses[-1] == timedelta(minutes=1)

    async def test_leaves_nothing_behind_when_the_relay_dies(self, archive: Archive) -> None:
        case = await a_case_with(archive, 1)
        await claim(archive)  # and the relay dies here
        archive.pass_by(timedelta(minutes=1))
        assert await claim(archive) == [(case, 1)]

    async def test_takes_what_waits_longest_first(self, archive: Archive) -> None:
        old = await a_case_with(archive, 1)
        archive.pass_by(SECOND)
        await a_case_with(archive, 1)
        assert await claim(archive, limit=1) == [(old, 1)]

    async def test_leaves_what_was_answered(self, archive: Archive) -> None:
        case = await a_case_with(archive, 2)
        answers = [Verdict(EntryNumber(1)), Verdict(EntryNumber(2), Refusal.NOT_NOW)]
        async with archive.database.transaction() as session:
            await course_records.record_verdicts(session, case, answers, archive.now)
        archive.pass_by(timedelta(days=1))
        assert await claim(archive) == []


class TestADeliveredEntry:
    async def test_counts_for_all_before_it_and_none_after(self, archive: Archive) -> None:
        case, other = await a_case_with(archive, 3), await a_case_with(archive, 1)
        async with archive.database.transaction() as session:
            await undelivered.mark_delivered(session, case, EntryNumber(2), archive.now)
        statuses = [(await archive.outcome_of(case, n)).status for n in (1, 2, 3)]
        assert statuses == [EntryStatus.DELIVERED, EntryStatus.DELIVERED, EntryStatus.UNDELIVERED]
        assert (await archive.outcome_of(other, 1)).status is EntryStatus.UNDELIVERED

    async def test_is_due_again_when_no_answer_comes_within_a_minute(
        self, archive: Archive
    ) -> None:
        case = await a_case_with(archive, 1)
        async with archive.database.transaction() as session:
            await undelivered.mark_delivered(session, case, EntryNumber(1), archive.now)
        archive.pass_by(59 * SECOND)
        assert await claim(archive) == []
        archive.pass_by(SECOND)
        assert await claim(archive) == [(case, 1)]

    async def test_is_no_step_back_for_one_that_was_answered(self, archive: Archive) -> None:
        case = await a_case_with(archive, 1)
        async with archive.database.transaction() as session:
            answers = [Verdict(EntryNumber(1))]
            await course_records.record_verdicts(session, case, answers, archive.now)
            await undelivered.mark_delivered(session, case, EntryNumber(1), archive.now)
        assert (await archive.outcome_of(case, 1)).status is EntryStatus.APPLIED

    async def test_is_no_backlog_any_more(self, archive: Archive) -> None:
        case = await a_case_with(archive, 3)
        async with archive.database.transaction() as session:
            assert await undelivered.backlog(session) == 3
            await undelivered.mark_delivered(session, case, EntryNumber(2), archive.now)
            assert await undelivered.backlog(session) == 1


class TestRefusingTheRest:
    async def test_answers_everything_that_nobody_else_will(self, archive: Archive) -> None:
        case, other = await a_case_with(archive, 3), await a_case_with(archive, 1)
        async with archive.database.transaction() as session:
            answers = [Verdict(EntryNumber(1))]
            await course_records.record_verdicts(session, case, answers, archive.now)
            await undelivered.mark_delivered(session, case, EntryNumber(2), archive.now)
            await undelivered.refuse_rest(session, case, Refusal.CLOSED, archive.now)
        outcomes = [await archive.outcome_of(case, n) for n in (1, 2, 3)]
        assert [(outcome.status, outcome.refusal) for outcome in outcomes] == [
            (EntryStatus.APPLIED, None),
            (EntryStatus.REFUSED, Refusal.CLOSED),
            (EntryStatus.REFUSED, Refusal.CLOSED),
        ]
        assert {outcome.settled_at for outcome in outcomes} == {START}
        assert dict(await claim(archive)) == {other: 1}
