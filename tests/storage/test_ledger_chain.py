"""The ledger chain: whatever somebody with the database does to entries can be seen."""

from collections.abc import Sequence

import pytest
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.entries import Refusal
from storage.ledger_chain import (
    ChainAlreadyBegun,
    ChainNotBegun,
    Fault,
    Finding,
    Head,
    LedgerChain,
    refuse_entries_from_before,
    verify,
)
from storage.models import CaseKeyRow, CaseRow, EntryRow, LedgerLinkRow, Lifecycle
from tests.storage.archive import Archive
from tests.storage.tampering import FULL, case_of, tampered

FORGED: dict[str, str] = {
    "kind": "kind = 'withdrawal'",
    "author": "author = 'institution'",
    "audience": "audience = 'both_sides'",
    "received_at": "received_at = received_at + interval '1 microsecond'",
    "actor_id": "actor_id = '6f1c2f0e-7d1b-4a7e-9a51-0c5a3f6f0002'",
    "decision": "decision = 'reopen_case'",
    "outcome": "outcome = 'not_settled'",
    "institution_id": "institution_id = 'voorbeeldbank'",
    "mediator_id": "mediator_id = NULL",
    "language": "language = 'en'",
    "details": """details = jsonb_set(details, '{purpose}', '"contact"')""",
    "body": "body = set_byte(body, 60, (get_byte(body, 60) + 1) % 256)",
}
"""A forgery of every column besides the two that are the entry's place."""


async def findings(archive: Archive, anchors: Sequence[Head] = ()) -> Sequence[Finding]:
    found = verify(archive.database, archive.chain, anchors)
    return [finding async for _, batch in found for finding in batch]


async def faults(archive: Archive, anchors: Sequence[Head] = ()) -> set[tuple[int, Fault]]:
    return {(finding.entry, finding.fault) for finding in await findings(archive, anchors)}


async def heads(archive: Archive) -> Sequence[Head]:
    return [head async for batch, _ in verify(archive.database, archive.chain) for head in batch]


class TestAnUntouchedLedger:
    async def test_verifies(self, archive: Archive) -> None:
        case = await case_of(archive)
        await archive.open_case()
        await archive.append(case)

        assert await findings(archive) == []

    async def test_verifies_whatever_became_of_its_entries(self, archive: Archive) -> None:
        case = await case_of(archive)
        await archive.answer(case, Refusal.NOT_NOW)

        assert await findings(archive) == []

    async def test_verifies_when_the_key_of_a_case_is_destroyed(self, archive: Archive) -> None:
        await case_of(archive)
        await archive.execute(delete(CaseKeyRow))

        assert await findings(archive) == []

    async def test_verifies_in_several_batches(
        self, archive: Archive, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("storage.ledger_chain._BATCH", 2)
        for _ in range(5):
            await case_of(archive, 1)

        seen = [len(batch) async for batch, _ in verify(archive.database, archive.chain)]

        assert seen == [2, 2, 1]

    async def test_does_not_verify_under_another_key(self, archive: Archive) -> None:
        await case_of(archive, 1)
        archive.chain = LedgerChain(b"x" * 32)

        assert await faults(archive) == {(1, Fault.CHANGED), (1, Fault.BROKEN)}


class TestAnEntry:
    @pytest.mark.parametrize("column", FORGED)
    async def test_that_was_changed_is_found(self, archive: Archive, column: str) -> None:
        await case_of(archive)

        await tampered(archive, f"UPDATE entries SET {FORGED[column]} WHERE number = 2")

        assert await faults(archive) == {(2, Fault.CHANGED)}

    def test_has_no_column_that_could_be_changed_unseen(self) -> None:
        assert set(FORGED) | {"case_id", "number"} == set(EntryRow.__table__.columns.keys())

    async def test_that_was_removed_from_the_middle_is_found(self, archive: Archive) -> None:
        await case_of(archive)

        await tampered(archive, "DELETE FROM entries WHERE number = 2")

        assert await faults(archive) == {(2, Fault.MISSING)}

    async def test_that_was_removed_with_its_link_is_found(self, archive: Archive) -> None:
        await case_of(archive)

        await tampered(
            archive,
            "DELETE FROM entries WHERE number = 2",
            "DELETE FROM ledger_links WHERE number = 2",
        )

        assert await faults(archive) == {(2, Fault.MISSING), (3, Fault.BROKEN)}

    async def test_that_was_removed_with_its_number_is_found(self, archive: Archive) -> None:
        await case_of(archive)

        await tampered(
            archive,
            "DELETE FROM entries WHERE number = 2",
            "DELETE FROM ledger_links WHERE number = 2",
            "UPDATE entries SET number = number - 1 WHERE number > 2",
            "UPDATE ledger_links SET number = number - 1 WHERE number > 2",
            "UPDATE cases SET entry_count = entry_count - 1",
        )

        found = await faults(archive)
        assert {(2, Fault.CHANGED), (2, Fault.BROKEN)} <= found

    async def test_that_was_removed_from_the_tail_is_found(self, archive: Archive) -> None:
        await case_of(archive)

        await tampered(
            archive,
            "DELETE FROM entries WHERE number = 4",
            "DELETE FROM ledger_links WHERE number = 4",
        )

        assert await faults(archive) == {(4, Fault.MISSING)}

    async def test_that_was_put_in_is_found(self, archive: Archive) -> None:
        await case_of(archive)

        await tampered(
            archive,
            """INSERT INTO entries (case_id, number, kind, author, audience, received_at)
               SELECT id, 5, 'withdrawal', 'complainant', 'mediator_only', now() FROM cases""",
            "UPDATE cases SET entry_count = 5",
        )

        assert await faults(archive) == {(5, Fault.NOT_LINKED)}

    async def test_that_was_put_in_is_found_after_the_next_one(self, archive: Archive) -> None:
        case = await case_of(archive)
        await tampered(
            archive,
            """INSERT INTO entries (case_id, number, kind, author, audience, received_at)
               SELECT id, 5, 'withdrawal', 'complainant', 'mediator_only', now() FROM cases""",
            "UPDATE cases SET entry_count = 5",
        )

        await archive.append(case)

        assert (5, Fault.NOT_LINKED) in await faults(archive)

    async def test_that_was_swapped_with_another_is_found(self, archive: Archive) -> None:
        await case_of(archive)

        await tampered(
            archive,
            "UPDATE entries SET number = 99 WHERE number = 2",
            "UPDATE entries SET number = 2 WHERE number = 3",
            "UPDATE entries SET number = 3 WHERE number = 99",
        )

        assert await faults(archive) == {(2, Fault.CHANGED), (3, Fault.CHANGED)}

    async def test_that_was_swapped_with_its_link_is_found(self, archive: Archive) -> None:
        await case_of(archive)

        await tampered(
            archive,
            *(
                f"UPDATE {table} SET number = {after} WHERE number = {before}"
                for table in ("entries", "ledger_links")
                for before, after in ((2, 99), (3, 2), (99, 3))
            ),
        )

        assert {(2, Fault.CHANGED), (3, Fault.CHANGED)} <= await faults(archive)

    async def test_whose_text_is_an_older_one_of_the_same_case_is_found(
        self, archive: Archive
    ) -> None:
        await case_of(archive)

        await tampered(
            archive,
            """UPDATE entries SET body = (SELECT body FROM entries WHERE number = 1)
               WHERE number = 3""",
        )

        assert await faults(archive) == {(3, Fault.CHANGED)}

    async def test_that_was_played_again_is_found(self, archive: Archive) -> None:
        await case_of(archive)

        await tampered(
            archive,
            "CREATE TEMPORARY TABLE again AS SELECT * FROM entries WHERE number = 2",
            "UPDATE again SET number = 5",
            "INSERT INTO entries TABLE again",
            "DROP TABLE again",
            """INSERT INTO ledger_links SELECT case_id, 5, digest, link
               FROM ledger_links WHERE number = 2""",
            "UPDATE cases SET entry_count = 5",
        )

        assert await faults(archive) == {(5, Fault.CHANGED), (5, Fault.BROKEN)}

    async def test_of_another_case_is_found(self, archive: Archive) -> None:
        first, second = await case_of(archive, 1), await case_of(archive, 1)

        await tampered(
            archive,
            f"DELETE FROM entries WHERE case_id = '{second}'",
            f"DELETE FROM ledger_links WHERE case_id = '{second}'",
            f"UPDATE entries SET case_id = '{second}' WHERE case_id = '{first}'",
            f"UPDATE ledger_links SET case_id = '{second}' WHERE case_id = '{first}'",
        )

        found = await findings(archive)
        numbers = {(await archive.row(case)).number for case in (first, second)}
        assert {finding.case_number for finding in found} == numbers


class TestACase:
    async def test_that_took_the_number_of_another_is_found(self, archive: Archive) -> None:
        cases = [await case_of(archive, 1), await case_of(archive, 1)]
        numbers = [(await archive.row(case)).number for case in cases]

        await tampered(
            archive,
            f"UPDATE cases SET number = 'another' WHERE id = '{cases[0]}'",
            f"UPDATE cases SET number = '{numbers[0]}' WHERE id = '{cases[1]}'",
            f"UPDATE cases SET number = '{numbers[1]}' WHERE id = '{cases[0]}'",
        )

        found = await findings(archive)
        assert {(item.case_number, item.fault) for item in found} == {
            (number, Fault.BROKEN) for number in numbers
        }


class TestAnAnchor:
    async def test_holds_while_the_case_goes_on(self, archive: Archive) -> None:
        case = await case_of(archive)
        anchors = await heads(archive)
        await archive.append(case)
        await case_of(archive)

        assert await findings(archive, anchors) == []

    async def test_shows_that_a_tail_was_cut_off_with_its_number(self, archive: Archive) -> None:
        await case_of(archive)
        anchors = await heads(archive)

        await tampered(
            archive,
            "DELETE FROM entries WHERE number = 4",
            "DELETE FROM ledger_links WHERE number = 4",
            "UPDATE cases SET entry_count = 3",
        )

        assert await faults(archive) == set()
        assert await faults(archive, anchors) == {(4, Fault.TRUNCATED)}

    async def test_shows_that_another_tail_took_the_place_of_the_first(
        self, archive: Archive
    ) -> None:
        case = await case_of(archive)
        anchors = await heads(archive)
        await tampered(
            archive,
            "DELETE FROM entries WHERE number = 4",
            "DELETE FROM ledger_links WHERE number = 4",
            "UPDATE cases SET entry_count = 3",
        )
        await archive.append(case)

        assert await faults(archive) == set()
        assert await faults(archive, anchors) == {(4, Fault.TRUNCATED)}

    async def test_shows_that_a_whole_case_is_gone(self, archive: Archive) -> None:
        await case_of(archive, 2)
        [anchor] = await heads(archive)

        await tampered(
            archive,
            *("DELETE FROM entries", "DELETE FROM ledger_links"),
            *("DELETE FROM case_keys", "DELETE FROM overviews", "DELETE FROM cases"),
        )

        assert await findings(archive, [anchor]) == [
            Finding(anchor.case_number, 2, Fault.TRUNCATED)
        ]


class TestAnErasedCase:
    async def test_verifies_without_its_entries(self, archive: Archive) -> None:
        case = await case_of(archive)
        await tampered(archive, "DELETE FROM entries", "UPDATE cases SET lifecycle = 'erased'")

        assert (await archive.row(case)).lifecycle is Lifecycle.ERASED
        assert await findings(archive) == []

    async def test_still_shows_a_link_that_is_missing(self, archive: Archive) -> None:
        await case_of(archive)
        await tampered(
            archive,
            *("DELETE FROM entries", "UPDATE cases SET lifecycle = 'erased'"),
            "DELETE FROM ledger_links WHERE number = 2",
        )

        assert await faults(archive) == {(2, Fault.MISSING), (3, Fault.BROKEN)}


class TestBeginning:
    async def test_links_what_is_there_already(self, archive: Archive) -> None:
        case = await case_of(archive)
        await case_of(archive, 2)
        await tampered(archive, "DELETE FROM ledger_links")

        async with archive.database.transaction() as session:
            assert await archive.chain.begin(session) == 6

        await archive.append(case)
        assert await findings(archive) == []

    async def test_launders_nothing_later(self, archive: Archive) -> None:
        await case_of(archive)
        await tampered(archive, "DELETE FROM ledger_links WHERE number > 1")

        async with archive.database.transaction() as session:
            with pytest.raises(ChainAlreadyBegun):
                await archive.chain.begin(session)
        assert {fault for _, fault in await faults(archive)} == {Fault.NOT_LINKED}

    async def test_is_asked_for_before_anybody_is_served(self, archive: Archive) -> None:
        await refuse_entries_from_before(archive.database)
        await case_of(archive)
        await refuse_entries_from_before(archive.database)
        await tampered(archive, "DELETE FROM ledger_links")

        with pytest.raises(ChainNotBegun, match="ledger-begin"):
            await refuse_entries_from_before(archive.database)


class TestTheLinks:
    async def test_are_made_in_the_transaction_of_their_entry(self, archive: Archive) -> None:
        case = await archive.open_case()

        async def fails(session: AsyncSession) -> None:
            await archive.file_in(session).append(case, FULL, archive.chain)
            raise RuntimeError

        with pytest.raises(RuntimeError):
            async with archive.database.transaction() as session:
                await fails(session)

        async with archive.database.transaction() as session:
            assert (await session.scalars(select(LedgerLinkRow))).all() == []
            assert (await session.get_one(CaseRow, case)).entry_count == 0
