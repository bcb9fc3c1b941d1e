"""Backup and restore, for real: what was erased stays unreadable, and the rest can be read."""

import json
import os
import subprocess
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, update

from activities.erasure import ErasureActivities
from activities.messages import CaseReference, EraseCase
from domain.case_number import CaseNumber
from domain.identifiers import CaseId, EntryNumber
from domain.retention import ErasureReason
from launcher.postgres_programs import program_folder, unprivileged_user
from operations import restore
from storage.case_file import CaseFile
from storage.database import Database
from storage.erasure_ledger import FILE, ErasedCaseReadable, ErasureLedger
from storage.models import CaseRow, EntryRow, Lifecycle
from storage.vault import CannotOpen, Place
from tests.activities.fake_runs import FakeRuns
from tests.operations.conftest import Operator
from tests.storage.archive import Archive
from tests.storage.tampering import case_of


@pytest.fixture(autouse=True)
async def programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Put the embedded PostgreSQL's programs where an operator has theirs."""
    folder = await program_folder(tmp_path / "none", unprivileged_user())
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def ledger(operator: Operator, tmp_path: Path) -> ErasureLedger:
    return ErasureLedger(tmp_path / "erasures", operator.secrets.erasure_key())


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "monday"


@pytest.fixture
async def planted(archive: Archive) -> str:
    """Give a word that stands in a case."""
    await archive.append(await archive.open_case(), body={"text": "zonnebloem"})
    return "zonnebloem"


@asynccontextmanager
async def connected(url: str) -> AsyncGenerator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()


async def text_in(archive: Archive, database: Database, case: CaseId) -> object:
    """Open the first text of a case."""
    async with database.transaction() as session:
        return await CaseFile(session, archive.vault, archive.clock).body_of(case, EntryNumber(1))


class NoFiles:
    async def delete_objects_of(self, case: CaseId) -> None: ...


async def erase(archive: Archive, ledger: ErasureLedger, case: CaseId) -> None:
    """Erase a case as its workflow does."""
    row = await archive.row(case)
    await archive.execute(
        update(CaseRow).where(CaseRow.id == case).values(lifecycle=Lifecycle.CLOSED)
    )
    reference = CaseReference(case, CaseNumber(row.number), row.episode)
    request = EraseCase(reference, ErasureReason.REQUEST)
    erasure = ErasureActivities(
        archive.database, archive.vault, archive.clock, ledger, NoFiles(), FakeRuns()
    )
    await erasure.close_doors(reference)
    await erasure.note_erasure(request)
    await erasure.destroy_keys(reference)
    await erasure.delete_rows(request)


async def backed_up_then_erased(
    operator: Operator, archive: Archive, ledger: ErasureLedger, backup: Path
) -> tuple[CaseId, CaseId, bytes]:
    """Make two cases and a backup, and erase the first; return both, and its sealed text."""
    case, other = await case_of(archive), await case_of(archive)
    sealed = await sealed_text(archive.database, case)
    code, said = await operator.does("backup", backup)
    assert code == 0, said
    await erase(archive, ledger, case)
    return case, other, sealed


async def sealed_text(database: Database, case: CaseId) -> bytes:
    async with database.transaction() as session:
        body = await session.scalar(
            select(EntryRow.body).where(EntryRow.case_id == case, EntryRow.number == 1)
        )
    assert body is not None
    return body


class TestARestoreOfYesterdaysBackup:
    async def test_brings_back_others_and_nothing_that_was_erased(
        self,
        operator: Operator,
        archive: Archive,
        ledger: ErasureLedger,
        backup: Path,
        make_database: Callable[[], str],
    ) -> None:
        case, other, sealed = await backed_up_then_erased(operator, archive, ledger, backup)
        fresh = make_database()
        operator.works_on(fresh)

        code, said = await operator.does("restore", backup)

        assert (code, "1 cases were erased again" in said) == (0, True), said
        async with connected(fresh) as restored:
            assert await text_in(archive, restored, other) == {"text": "één"}
            async with restored.transaction() as session:
                assert (await session.get_one(CaseRow, case)).lifecycle is Lifecycle.ERASED
                # Not even for somebody who kept the sealed text.
                with pytest.raises(CannotOpen, match="key of this case is gone"):
                    await archive.vault.open(session, Place(case, "entries.body", 1), sealed)
            await ledger.refuse_erased_cases(restored)
        against = ("--against", backup / "ledger-heads.jsonl")
        assert (await operator.does("ledger-verify", *against))[0] == 0

    async def test_would_bring_it_back_without_the_replay(
        self,
        operator: Operator,
        archive: Archive,
        ledger: ErasureLedger,
        backup: Path,
        make_database: Callable[[], str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        case, _, _ = await backed_up_then_erased(operator, archive, ledger, backup)
        fresh = make_database()
        operator.works_on(fresh)

        with monkeypatch.context() as patch:
            patch.setattr(restore, "replay", replays_nothing)
            with pytest.raises(ErasedCaseReadable):
                await operator.does("restore", backup)

        async with connected(fresh) as restored:
            assert await text_in(archive, restored, case) == {"text": "één"}
            with pytest.raises(ErasedCaseReadable):  # as API and worker would say
                await ledger.refuse_erased_cases(restored)
            replayed = await operator.does("erasures-replay")
            assert replayed == (0, "1 cases were erased again\n")
            await ledger.refuse_erased_cases(restored)
            assert await text_in(archive, restored, case) == {}

    async def test_changes_nothing_more_when_it_is_replayed_again(
        self, operator: Operator, archive: Archive, ledger: ErasureLedger
    ) -> None:
        case, other = await case_of(archive), await case_of(archive)
        await erase(archive, ledger, case)

        assert await operator.does("erasures-replay") == (0, "0 cases were erased again\n")
        assert await text_in(archive, archive.database, other) == {"text": "één"}

    async def test_takes_the_place_of_what_is_there_only_when_told(
        self, operator: Operator, archive: Archive, ledger: ErasureLedger, backup: Path, url: str
    ) -> None:
        case, other, _ = await backed_up_then_erased(operator, archive, ledger, backup)
        later = await case_of(archive)
        await archive.database.close()

        code, said = await operator.does("restore", backup)
        assert (code, "--replace" in said) == (1, True)
        assert (await archive.row(later)).entry_count == 4
        await archive.database.close()

        code, said = await operator.does("restore", backup, "--replace")
        assert code == 0, said
        async with connected(url) as restored:
            assert await text_in(archive, restored, other) == {"text": "één"}
            async with restored.transaction() as session:
                assert await session.get(CaseRow, later) is None
                assert (await session.get_one(CaseRow, case)).lifecycle is Lifecycle.ERASED

    async def test_that_fails_leaves_everything_as_it_was(
        self,
        operator: Operator,
        archive: Archive,
        backup: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        case = await case_of(archive)
        assert (await operator.does("backup", backup))[0] == 0
        await archive.database.close()

        with monkeypatch.context() as patch:
            patch.setattr(restore, "EMPTYING", f"{restore.EMPTYING}; CREATE TABLE cases ()")
            code, said = await operator.does("restore", backup, "--replace")

        assert (code, "psql failed" in said) == (1, True)
        assert await text_in(archive, archive.database, case) == {"text": "één"}

    async def test_waits_until_nobody_else_is_there(
        self, operator: Operator, archive: Archive, backup: Path
    ) -> None:
        await case_of(archive)
        assert (await operator.does("backup", backup))[0] == 0

        code, said = await operator.does("restore", backup, "--replace")

        assert (code, "stop the API and the worker" in said) == (1, True)

    async def test_needs_the_erasure_ledger(
        self,
        operator: Operator,
        archive: Archive,
        ledger: ErasureLedger,
        backup: Path,
        make_database: Callable[[], str],
    ) -> None:
        before = await case_of(archive)
        await erase(archive, ledger, before)
        await backed_up_then_erased(operator, archive, ledger, backup)
        ledger.file.unlink()
        operator.works_on(make_database())

        code, said = await operator.does("restore", backup)
        assert (code, "--erasure-ledger-lost" in said) == (1, True)

        code, said = await operator.does("restore", backup, "--erasure-ledger-lost")
        assert code == 0, said
        assert set(ledger.erasures()) == {ledger.hash_of(before)}

    async def test_keeps_what_the_database_knew_when_the_file_was_lost(
        self, operator: Operator, archive: Archive, ledger: ErasureLedger, backup: Path
    ) -> None:
        case, _, _ = await backed_up_then_erased(operator, archive, ledger, backup)
        ledger.file.unlink()
        await archive.database.close()

        code, said = await operator.does("restore", backup, "--replace", "--erasure-ledger-lost")

        assert (code, "1 cases were erased again" in said) == (0, True), said
        assert set(ledger.erasures()) == {ledger.hash_of(case)}


class TestABackup:
    def test_holds_no_key_and_no_word_that_anybody_wrote(
        self, operator: Operator, planted: str, backup: Path
    ) -> None:
        assert operator.told("backup", backup)[0] == 0

        assert {path.name for path in backup.iterdir()} == {
            *("manifest.json", "database.dump", "ledger-heads.jsonl", FILE)
        }
        dump = gzip_free(backup / "database.dump")
        key = (Path(os.environ["WEDERHOOR_SECRETS_DIR"]) / "application.key").read_bytes()
        for path in [*backup.iterdir(), dump]:
            assert key not in path.read_bytes()
            assert key.hex().encode() not in path.read_bytes()
            assert planted.encode() not in path.read_bytes()
        assert b"voorbeeldstad" in dump.read_bytes()  # else nothing was looked through

    def test_is_closed_to_others(self, operator: Operator, backup: Path) -> None:
        assert operator.told("backup", backup)[0] == 0

        assert all(path.stat().st_mode & 0o077 == 0 for path in [backup, *backup.iterdir()])

    def test_goes_into_a_new_folder_only(self, operator: Operator, backup: Path) -> None:
        backup.mkdir(parents=True)
        (backup / "something").write_text("of mine")

        code, said = operator.told("backup", backup)

        assert (code, "is there already" in said) == (1, True)
        assert [path.name for path in backup.iterdir()] == ["something"]

    @pytest.mark.parametrize("kept", ["secrets", "erasures"])
    def test_stays_apart_from_what_is_kept_apart(
        self, operator: Operator, tmp_path: Path, kept: str
    ) -> None:
        code, said = operator.told("backup", tmp_path / kept / "backup")

        assert (code, "kept apart" in said) == (1, True)

    def test_that_was_broken_off_leaves_none(
        self, operator: Operator, backup: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setenv("PATH", "/nowhere")
            code, said = operator.told("backup", backup)
        assert (code, "pg_dump is not there" in said) == (1, True)
        assert not backup.exists()

        assert operator.told("backup", backup)[0] == 0

    @pytest.mark.parametrize("damage", ["cut", "changed", "gone", "manifest", "escape"])
    def test_that_was_damaged_is_not_restored(
        self, operator: Operator, backup: Path, damage: str
    ) -> None:
        assert operator.told("backup", backup)[0] == 0
        dump, manifest = backup / "database.dump", backup / "manifest.json"
        content = dump.read_bytes()
        match damage:
            case "cut":
                dump.write_bytes(content[:-1])
            case "changed":
                dump.write_bytes(content[:50] + bytes([content[50] ^ 1]) + content[51:])
            case "gone":
                dump.unlink()
            case "manifest":
                manifest.write_text("{}")
            case _:
                values = json.loads(manifest.read_text())
                values["files"][0]["name"] = "../monday/database.dump"
                manifest.write_text(json.dumps(values))

        code, said = operator.told("restore", backup, "--replace")

        assert (code, "restoring" in said) == (1, False)


async def replays_nothing(*_: object) -> int:
    return 0


def gzip_free(dump: Path) -> Path:
    """Return the dump as SQL, which hides nothing behind its compression."""
    plain = dump.with_name("dump.sql").parent.parent / "dump.sql"
    subprocess.run(["pg_restore", f"--file={plain}", str(dump)], check=True)
    return plain
