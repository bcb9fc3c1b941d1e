"""Handing cases over, and noticing that somebody is not there for them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from delivery.courier import Courier, NotDelivered
from delivery.holders import HandedOver, HandOver, Holders, Staffing
from domain.calendar import end_of
from domain.entries import Decision, EntryKind, Refusal
from domain.identifiers import CaseId, EntryNumber, StaffId
from domain.matching import Absence, ConflictKind
from domain.parties import Party
from domain.stages import Stage
from domain.waits import Attention
from storage import availability
from storage.models import (
    CaseRow,
    EntryOutcomeRow,
    EntryRow,
    EntryStatus,
    Lifecycle,
    OverviewRow,
    StaffRow,
)
from tests.storage.archive import MEDIATOR_1, MEDIATOR_2, VOORBEELDSTAD, Archive, an_overview
from tests.storage.conftest import archive, database, server, url

__all__ = ["archive", "database", "server", "url"]


class Doorbells(Courier):
    """Rings, and remembers where; some cases do not hear it."""

    def __init__(self) -> None:
        self.rung: list[tuple[CaseId, EntryNumber]] = []
        self.deaf: set[CaseId] = set()

    async def deliver(self, case: CaseId, number: EntryNumber) -> None:
        if case in self.deaf:
            raise NotDelivered("UNAVAILABLE")
        self.rung.append((case, number))


def holders(archive: Archive) -> Holders:
    return Holders(archive.database, archive.vault, archive.clock, archive.chain)


async def hand_over(archive: Archive, author: Party = Party.PORTAL) -> HandedOver:
    handing = HandOver(archive.database, holders(archive))
    return await handing.everything_of(MEDIATOR_1, "vertrekt", author, None)


async def a_case(
    archive: Archive,
    *,
    mediator: StaffId | None = None,
    offered: StaffId | None = None,
    due_at: datetime | None = None,
    attention: Attention | None = None,
    stage: Stage = Stage.FINDING_MEDIATOR,
) -> CaseId:
    case = await archive.open_case()
    await archive.append(case)
    await archive.answer(case)
    overview = an_overview(stage=stage, mediator=mediator, offered=offered, attention=attention)
    await archive.tell(case, overview)
    await archive.execute(
        update(OverviewRow).where(OverviewRow.case_id == case).values(due_at=due_at)
    )
    return case


async def entries_of(archive: Archive, case: CaseId) -> Sequence[EntryRow]:
    async with archive.database.transaction() as session:
        rows = select(EntryRow).where(EntryRow.case_id == case, EntryRow.number > 1)
        return (await session.scalars(rows.order_by(EntryRow.number))).all()


async def kinds_in(archive: Archive, case: CaseId) -> list[EntryKind]:
    return [row.kind for row in await entries_of(archive, case)]


async def change(archive: Archive, member: StaffId, **values: object) -> None:
    await archive.execute(update(StaffRow).where(StaffRow.id == member).values(values))


class TestAHandOver:
    @pytest.mark.parametrize("author", [Party.PORTAL, Party.SUPERVISOR])
    async def test_gives_each_open_case_and_offer_one_entry(
        self, archive: Archive, author: Party
    ) -> None:
        theirs = await a_case(archive, mediator=MEDIATOR_1)
        offered = await a_case(archive, offered=MEDIATOR_1)
        others = await a_case(archive, mediator=MEDIATOR_2)
        closed = await a_case(archive, mediator=MEDIATOR_1, stage=Stage.CLOSED)
        await archive.execute(
            update(CaseRow).where(CaseRow.id == closed).values(lifecycle=Lifecycle.CLOSED)
        )

        assert await hand_over(archive, author) == HandedOver(cases=1, offers=1)

        for case in (theirs, offered):
            [entry] = await entries_of(archive, case)
            assert (entry.kind, entry.decision) == (EntryKind.DECISION, Decision.REASSIGN)
            assert (entry.author, entry.mediator_id) == (author, None)
            assert entry.details is not None
            assert entry.details.holder == MEDIATOR_1
            outcome = await archive.outcome_of(case, 2)
            assert outcome.status is EntryStatus.UNDELIVERED  # the relay delivers it
        assert await entries_of(archive, others) == []
        assert await entries_of(archive, closed) == []

    async def test_keeps_the_reason_sealed(self, archive: Archive) -> None:
        case = await a_case(archive, mediator=MEDIATOR_1)
        await hand_over(archive)
        [entry] = await entries_of(archive, case)
        assert b"vertrekt" not in (entry.body or b"")
        async with archive.file() as file:
            assert await file.body_of(case, EntryNumber(2)) == {"text": "vertrekt"}

    async def test_again_changes_nothing_while_the_cases_have_not_answered(
        self, archive: Archive
    ) -> None:
        case = await a_case(archive, mediator=MEDIATOR_1)
        await hand_over(archive)
        assert await hand_over(archive) == HandedOver(under_way=1)
        assert len(await entries_of(archive, case)) == 1

    async def test_goes_on_where_it_was_broken_off(
        self, archive: Archive, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cases = [await a_case(archive, mediator=MEDIATOR_1) for _ in range(3)]
        note, killed_at = Holders.note, 2

        async def dying(self: Holders, held: availability.Held, entry: object) -> bool:
            nonlocal killed_at
            killed_at -= 1
            if killed_at == 0:
                raise KeyboardInterrupt
            return await note(self, held, entry)  # pyright: ignore[reportArgumentType]

        monkeypatch.setattr(Holders, "note", dying)
        with pytest.raises(KeyboardInterrupt):
            await hand_over(archive)
        monkeypatch.setattr(Holders, "note", note)
        assert await hand_over(archive) == HandedOver(cases=2, under_way=1)
        assert [len(await entries_of(archive, case)) for case in cases] == [1, 1, 1]

    async def test_goes_on_past_a_case_whose_key_does_not_open(self, archive: Archive) -> None:
        cases = [await a_case(archive, mediator=MEDIATOR_1) for _ in range(3)]
        for case in cases:
            await archive.append(case, body={"text": "verhaal"})
            await archive.answer(case)
        await archive.turn_key(cases[1])
        assert await hand_over(archive) == HandedOver(cases=2, locked=1)
        await archive.turn_key(cases[1])
        assert await hand_over(archive) == HandedOver(cases=1, under_way=2)

    async def test_can_be_done_again_once_they_were_given_a_case_anew(
        self, archive: Archive
    ) -> None:
        case = await a_case(archive, mediator=MEDIATOR_1)
        await hand_over(archive)
        await archive.answer(case)
        await archive.tell(case, an_overview(mediator=MEDIATOR_2, cursor=2), revision=2)
        assert await hand_over(archive) == HandedOver()
        await archive.tell(case, an_overview(mediator=MEDIATOR_1, cursor=2), revision=3)
        assert await hand_over(archive) == HandedOver(cases=1)


class Office:
    """The one who looks whether everybody is there."""

    def __init__(self, archive: Archive) -> None:
        self.doorbells = Doorbells()
        self.staffing = Staffing(archive.database, holders(archive), self.doorbells, archive.clock)

    async def looks(self) -> list[tuple[CaseId, EntryNumber]]:
        """Look once; return where it rang."""
        self.doorbells.rung.clear()
        await self.staffing.look()
        return list(self.doorbells.rung)


@pytest.fixture
def office(archive: Archive) -> Office:
    return Office(archive)


class TestAnOfferToSomebodyWhoIsNotThere:
    async def test_stays_while_they_are(self, archive: Archive, office: Office) -> None:
        due = archive.now + timedelta(days=2)
        case = await a_case(archive, offered=MEDIATOR_1, due_at=due)
        await office.looks()
        assert await entries_of(archive, case) == []

    @pytest.mark.parametrize("why", ["inactive", "absent", "other days", "institution", "case"])
    async def test_lapses(self, archive: Archive, office: Office, why: str) -> None:
        due = end_of(archive.now.date() + timedelta(days=1))
        case = await a_case(archive, offered=MEDIATOR_1, due_at=due)
        other = await a_case(archive, offered=MEDIATOR_2, due_at=due)
        today = archive.now.date()
        async with archive.database.transaction() as session:
            if why == "absent":
                absence = Absence(today, today + timedelta(days=1))
                await availability.set_absences(session, MEDIATOR_1, [absence])
            if why == "institution":
                conflicts = {VOORBEELDSTAD: ConflictKind.FAMILY}
                await availability.set_institution_conflicts(session, MEDIATOR_1, conflicts)
            if why == "case":
                conflict = {case: ConflictKind.FAMILY}
                await availability.set_case_conflicts(session, MEDIATOR_1, conflict)
        if why == "inactive":
            await change(archive, MEDIATOR_1, active=False)
        if why == "other days":
            await change(archive, MEDIATOR_1, working_days=[5])

        await office.looks()

        [entry] = await entries_of(archive, case)
        assert (entry.kind, entry.author) == (EntryKind.MEDIATOR_UNAVAILABLE, Party.PORTAL)
        assert entry.details is not None
        assert entry.details.holder == MEDIATOR_1
        assert await entries_of(archive, other) == []
        await office.looks()
        assert len(await entries_of(archive, case)) == 1

    async def test_lapses_in_the_moved_time_of_its_case(
        self, archive: Archive, office: Office
    ) -> None:
        now = archive.now.date()
        absence = Absence(now + timedelta(days=100), now + timedelta(days=110))
        async with archive.database.transaction() as session:
            await availability.set_absences(session, MEDIATOR_1, [absence])
        due = archive.now + timedelta(days=103)
        case = await a_case(archive, offered=MEDIATOR_1, due_at=due)
        await archive.execute(update(CaseRow).values(time_offset=timedelta(days=101)))
        await office.looks()
        assert await kinds_in(archive, case) == [EntryKind.MEDIATOR_UNAVAILABLE]

    async def test_is_left_to_its_own_clock_once_that_has_run_out(
        self, archive: Archive, office: Office
    ) -> None:
        case = await a_case(archive, offered=MEDIATOR_1, due_at=archive.now)
        await office.looks()
        assert await entries_of(archive, case) == []


class TestACaseOfSomebodyWhoIsNotThere:
    async def test_is_told_once_when_they_left(self, archive: Archive, office: Office) -> None:
        case = await a_case(archive, mediator=MEDIATOR_1)
        await office.looks()
        assert await entries_of(archive, case) == []
        await change(archive, MEDIATOR_1, active=False)
        for _ in range(2):
            await office.looks()
            assert await kinds_in(archive, case) == [EntryKind.MEDIATOR_UNAVAILABLE]

    async def test_is_told_when_they_declare_a_conflict(
        self, archive: Archive, office: Office
    ) -> None:
        case = await a_case(archive, mediator=MEDIATOR_1)
        async with archive.database.transaction() as session:
            conflict = {case: ConflictKind.KNOWS_COMPLAINANT}
            await availability.set_case_conflicts(session, MEDIATOR_1, conflict)
        await office.looks()
        assert await kinds_in(archive, case) == [EntryKind.MEDIATOR_UNAVAILABLE]

    async def test_stays_with_somebody_who_is_only_away(
        self, archive: Archive, office: Office
    ) -> None:
        case = await a_case(archive, mediator=MEDIATOR_1)
        today = archive.now.date()
        async with archive.database.transaction() as session:
            absence = Absence(today, today + timedelta(days=90))
            await availability.set_absences(session, MEDIATOR_1, [absence])
        await office.looks()
        assert await entries_of(archive, case) == []


class TestAChangeOfTheRegister:
    async def test_rings_at_every_case_that_looks_for_somebody(
        self, archive: Archive, office: Office
    ) -> None:
        seeking = await a_case(archive)
        await a_case(archive, offered=MEDIATOR_2)
        await a_case(archive, mediator=MEDIATOR_2, stage=Stage.AWAITING_CONSENT)
        await office.looks()
        assert await office.looks() == []
        await change(archive, MEDIATOR_1, capacity=3)
        assert await office.looks() == [(seeking, 1)]
        assert await office.looks() == []

    async def test_is_told_at_the_first_look_since_nobody_knows_what_was_before(
        self, archive: Archive, office: Office
    ) -> None:
        seeking = await a_case(archive)
        assert await office.looks() == [(seeking, 1)]

    async def test_reaches_the_others_when_one_case_cannot_be_told(
        self, archive: Archive, office: Office
    ) -> None:
        deaf, hearing = await a_case(archive), await a_case(archive)
        office.doorbells.deaf.add(deaf)
        assert await office.looks() == [(hearing, 1)]


async def test_an_answered_entry_that_was_refused_does_not_stop_the_next_one(
    archive: Archive,
) -> None:
    case = await a_case(archive, mediator=MEDIATOR_1)
    await hand_over(archive)
    await archive.answer(case, Refusal.NOT_NOW)
    async with archive.database.transaction() as session:
        assert (await session.get_one(EntryOutcomeRow, (case, 2))).refusal is Refusal.NOT_NOW
    assert await hand_over(archive) == HandedOver(cases=1)
