"""The erasure ledger: only ever added to, on the disk first, and nobody serves against it."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from domain.identifiers import CaseId
from domain.retention import ErasureReason
from storage.erasure_ledger import (
    ErasedCaseReadable,
    Erasure,
    ErasureLedger,
    ErasureLedgerDamaged,
)
from storage.models import Lifecycle
from tests.storage.archive import Archive
from tests.storage.tampering import case_of, tampered

NOW = datetime(2027, 4, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> ErasureLedger:
    return ErasureLedger(tmp_path / "erasures", b"e" * 32)


def erasure(ledger: ErasureLedger, case: CaseId) -> Erasure:
    return Erasure(ledger.hash_of(case), NOW, ErasureReason.REQUEST)


class TestTheErasureLedger:
    def test_is_empty_before_the_first_erasure(self, ledger: ErasureLedger) -> None:
        assert ledger.erasures() == {}
        assert not ledger.file.exists()

    def test_keeps_each_erasure_once(self, ledger: ErasureLedger) -> None:
        first, second = (erasure(ledger, CaseId(uuid4())) for _ in range(2))
        ledger.add([first])
        ledger.add([first, second])

        assert list(ledger.erasures().values()) == [first, second]
        assert len(ledger.file.read_text().splitlines()) == 2

    def test_tells_nothing_of_the_case(self, ledger: ErasureLedger) -> None:
        case = CaseId(uuid4())
        ledger.add([erasure(ledger, case)])

        content = ledger.file.read_text()
        assert str(case) not in content
        assert case.hex not in content
        assert ledger.hash_of(case) != ErasureLedger(ledger.file.parent, b"x" * 32).hash_of(case)

    def test_is_closed_to_others(self, ledger: ErasureLedger) -> None:
        ledger.add([erasure(ledger, CaseId(uuid4()))])

        assert ledger.file.stat().st_mode & 0o077 == 0

    def test_goes_on_after_a_line_that_was_not_finished(self, ledger: ErasureLedger) -> None:
        first, second = (erasure(ledger, CaseId(uuid4())) for _ in range(2))
        ledger.add([first])
        with ledger.file.open("a") as file:
            file.write(second.line()[:20])
        assert list(ledger.erasures().values()) == [first]

        ledger.add([second])

        assert list(ledger.erasures().values()) == [first, second]

    @pytest.mark.parametrize("line", ["", "{}", "[]", "nothing", '{"case": "0"}'])
    def test_is_refused_when_a_line_was_damaged(self, ledger: ErasureLedger, line: str) -> None:
        ledger.add([erasure(ledger, CaseId(uuid4()))])
        with ledger.file.open("a") as file:
            file.write(f"{line}\n")

        with pytest.raises(ErasureLedgerDamaged, match="line 2"):
            ledger.erasures()


class TestServing:
    async def test_is_refused_while_an_erased_case_has_a_key(
        self, ledger: ErasureLedger, archive: Archive
    ) -> None:
        case, other = await case_of(archive), await case_of(archive)
        await ledger.refuse_erased_cases(archive.database)
        ledger.add([erasure(ledger, case)])

        with pytest.raises(ErasedCaseReadable, match="erasures-replay"):
            await ledger.refuse_erased_cases(archive.database)

        assert await ledger.readable_cases(archive.database) == [case]
        await tampered(archive, f"DELETE FROM case_keys WHERE case_id = '{case}'")
        await ledger.refuse_erased_cases(archive.database)
        assert (await archive.row(other)).lifecycle is Lifecycle.OPEN

    async def test_goes_on_while_the_erasure_is_under_way(
        self, ledger: ErasureLedger, archive: Archive
    ) -> None:
        case = await case_of(archive)
        ledger.add([erasure(ledger, case)])
        await tampered(archive, "UPDATE cases SET lifecycle = 'erase_due'")

        await ledger.refuse_erased_cases(archive.database)
