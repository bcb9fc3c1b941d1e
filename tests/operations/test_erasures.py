"""Replaying the erasure ledger."""

from pathlib import Path

from domain.identifiers import CaseId
from domain.retention import ErasureReason
from operations.erasures import replay
from storage.erasure_ledger import Erasure, ErasureLedger
from storage.models import Lifecycle
from tests.storage.archive import Archive
from tests.storage.tampering import case_of


class Objects:
    """The files of cases."""

    def __init__(self) -> None:
        self.deleted: list[CaseId] = []

    async def delete_objects_of(self, case: CaseId) -> None:
        self.deleted.append(case)


class TestReplaying:
    async def test_erases_what_came_back_with_its_files_and_nothing_else(
        self, archive: Archive, tmp_path: Path
    ) -> None:
        ledger, objects = ErasureLedger(tmp_path, b"e" * 32), Objects()
        case, other = await case_of(archive), await case_of(archive)
        ledger.add([Erasure(ledger.hash_of(case), archive.now, ErasureReason.REQUEST)])

        assert await replay(archive.database, ledger, objects) == 1
        assert await replay(archive.database, ledger, objects) == 0

        assert objects.deleted == [case]
        assert (await archive.row(case)).lifecycle is Lifecycle.ERASED
        assert (await archive.row(other)).lifecycle is Lifecycle.OPEN
