"""The operator's commands for key rings, on a real database and real files."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from domain.identifiers import CaseId, EntryNumber
from settings import private_files
from settings.key_ring import VAULT_PURPOSES, KeyPurpose, KeyRing, new_ring, read_ring
from settings.key_stores import FileStore
from storage.models import CaseKeyRow
from storage.sealed_vault import SealedVault
from storage.wrapping_keys import RingKeys
from tests.operations.console import Console
from tests.storage.archive import Archive
from tests.storage.conftest import archive, database, server, url

__all__ = ["archive", "database", "server", "url"]

CASE, IDENTITY = KeyPurpose.CASE, KeyPurpose.IDENTITY
CHECKOUT = Path(__file__).parent.parent.parent


class KeyKeeper(Console):
    """Gives commands, and knows where the rings are."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        super().__init__(capsys)
        self.folder = folder

    @property
    def store(self) -> FileStore:
        return FileStore(self.folder)

    def replace(self, ring: KeyRing) -> None:
        """Put another ring in the place of the one of its purpose."""
        private_files.replace(self.folder / f"{ring.purpose}.json", ring.text().encode())

    def versions(self, purpose: KeyPurpose = CASE) -> list[int]:
        return [key.version for key in self.store.read(purpose).keys]


@pytest.fixture
def operator(
    url: str,
    archive: Archive,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> KeyKeeper:
    """Give an operator of the database, whose case files are under the same rings."""
    for name, value in (
        ("ENVIRONMENT", "production"),
        ("DATABASE_URL", url),
        ("SECRETS_DIR", tmp_path),
        ("ERASURE_LEDGER", tmp_path / "erasures"),
        ("PUBLIC_URL", "https://wederhoor.example"),
        ("SMTP_HOST", "smtp.example"),
    ):
        monkeypatch.setenv(f"WEDERHOOR_{name}", str(value))
    working = KeyKeeper(tmp_path / "keys", capsys)
    working.store.make_missing(datetime.now(UTC) - timedelta(days=40))
    archive.vault = SealedVault(RingKeys(FileStore(working.folder)))
    return working


@pytest.fixture
async def cases(archive: Archive, operator: KeyKeeper) -> list[CaseId]:
    assert operator.versions() == [1]
    cases = [await archive.open_case() for _ in range(4)]
    for case in cases:
        await archive.append(case, body={"text": "het verhaal"})
    return cases


async def are_readable(archive: Archive, cases: list[CaseId]) -> bool:
    for case in cases:
        async with archive.file() as file:
            if await file.body_of(case, EntryNumber(1)) != {"text": "het verhaal"}:
                return False
    return True


async def versions_in_use(archive: Archive) -> set[int]:
    async with archive.database.transaction() as session:
        return set(await session.scalars(select(CaseKeyRow.version)))


class TestRotating:
    async def test_says_how_far_it_is_and_what_comes_next(
        self, archive: Archive, operator: KeyKeeper, cases: list[CaseId]
    ) -> None:
        code, said = await operator.does("keys-rotate", "--batch", "3")
        assert code == 0
        assert "case: 3 of 4\ncase: 4 of 4\ncase: version 2, made now, wraps 4" in said
        assert "identity: version 2, made now, wraps 0" in said
        assert "keys-retire" in said
        assert operator.versions(CASE) == operator.versions(IDENTITY) == [1, 2]
        assert await are_readable(archive, cases)

    async def test_killed_in_the_middle_goes_on_when_it_is_run_again(
        self, archive: Archive, operator: KeyKeeper, cases: list[CaseId]
    ) -> None:
        words = ["-m", "operations", "keys-rotate", "--batch", "1"]
        process = await asyncio.create_subprocess_exec(
            sys.executable, *words, stdout=subprocess.PIPE, cwd=CHECKOUT
        )
        assert process.stdout is not None
        assert await process.stdout.readline() == b"case: 1 of 4\n"
        process.kill()
        await process.communicate()
        assert operator.versions() == [1, 2]
        assert await are_readable(archive, cases)
        code, said = await operator.does("keys-rotate")
        assert code == 0
        # When it was killed late there was nothing left to do, and one more version is made.
        assert "case: version 2, made before" in said or operator.versions() == [1, 2, 3]
        assert await versions_in_use(archive) == {operator.versions()[-1]}
        assert await are_readable(archive, cases)

    async def test_names_a_case_whose_key_does_not_open_and_fails(
        self, archive: Archive, operator: KeyKeeper, cases: list[CaseId]
    ) -> None:
        await archive.execute(
            update(CaseKeyRow).where(CaseKeyRow.case_id == cases[0]).values(wrapped=b"damaged")
        )
        code, said = await operator.does("keys-rotate")
        assert code == 1
        assert f"DO NOT OPEN: {(await archive.row(cases[0])).number}" in said

    async def test_says_what_is_wrong_with_a_ring(
        self, operator: KeyKeeper, cases: list[CaseId]
    ) -> None:
        path = operator.folder / "case.json"
        for spoil, words in (
            (lambda: path.chmod(0o644), "chmod 600"),
            (lambda: operator.replace(new_ring(CASE, datetime.now(UTC))), "put back the copy"),
            (path.unlink, "no keys/case.json"),
        ):
            spoil()
            for command in ("keys-rotate", "keys-retire"):
                code, said = await operator.does(command)
                assert code == 1
                assert words in said
        assert not path.exists()
        assert len(cases) == 4

    async def test_shows_no_key(self, operator: KeyKeeper, cases: list[CaseId]) -> None:
        for words in (["keys-rotate"], ["keys-status"], ["keys-retire"]):
            secrets = [
                key.secret.hex() for p in VAULT_PURPOSES for key in operator.store.read(p).keys
            ]
            _, said = await operator.does(*words)
            assert not any(secret in said for secret in secrets)
        assert len(cases) == 4


class TestRetiring:
    async def test_destroys_the_older_versions_and_warns_of_older_backups(
        self, archive: Archive, operator: KeyKeeper, cases: list[CaseId]
    ) -> None:
        await operator.does("keys-rotate")
        code, said = await operator.does("keys-retire")
        assert code == 0
        assert "case: versions destroyed: 1\nidentity: versions destroyed: 1" in said
        assert "Older backups" in said
        assert operator.versions(CASE) == operator.versions(IDENTITY) == [2]
        assert await are_readable(archive, cases)

    async def test_keeps_what_is_in_use_and_fails(
        self, archive: Archive, operator: KeyKeeper, cases: list[CaseId]
    ) -> None:
        operator.store.change(CASE, lambda ring: ring.with_new(2, datetime.now(UTC)))
        await archive.append(await archive.open_case(), body={"text": "onder versie 2"})
        code, said = await operator.does("keys-retire")
        assert code == 1
        assert "case: version 1 stays, it wraps 4 keys of cases: rotate first" in said
        assert operator.versions() == [1, 2]
        assert await are_readable(archive, cases)


class TestTheStatus:
    async def test_lists_versions_ages_and_what_they_wrap(
        self, operator: KeyKeeper, cases: list[CaseId]
    ) -> None:
        code, said = await operator.does("keys-status")
        assert code == 0
        assert "case     version 1 wraps 4 keys of cases; made 40 days ago" in said
        assert said.count("TOO OLD: run keys-rotate") == 2
        await operator.does("keys-rotate")
        code, said = await operator.does("keys-status")
        assert "version 1 wraps 0 keys" in said
        assert "version 2 wraps 4 keys of cases; made 0 days ago" in said
        assert "TOO OLD" not in said
        assert len(cases) == 4

    async def test_fails_when_a_version_is_missing(
        self, operator: KeyKeeper, cases: list[CaseId]
    ) -> None:
        now = datetime.now(UTC)
        operator.store.change(CASE, lambda ring: ring.with_new(2, now).without([1]))
        code, said = await operator.does("keys-status")
        assert code == 1
        assert "version 1 wraps 4 keys of cases; IT IS NOT IN THE RING" in said
        assert len(cases) == 4


class TestRingsFromTheEnvironment:
    """Rotated by hand, in steps between which every process starts again."""

    @pytest.fixture
    def given(
        self, operator: KeyKeeper, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[pytest.MonkeyPatch]:
        monkeypatch.setenv("WEDERHOOR_KEY_PROVIDER", "environment")
        for purpose in KeyPurpose:
            ring = operator.store.read(purpose)
            monkeypatch.setenv(f"WEDERHOOR_{purpose}_KEYS".upper(), ring.text())
        yield monkeypatch
        # Nothing was written where the file provider would have been.
        assert operator.versions() == [1]

    async def next_ring(
        self, operator: KeyKeeper, given: pytest.MonkeyPatch, change: str
    ) -> KeyRing:
        code, said = await operator.does("keys-ring", "case", change)
        assert code == 0
        given.setenv("WEDERHOOR_CASE_KEYS", said)
        return read_ring(CASE, said)

    async def test_are_rotated_by_hand_and_everything_stays_readable(
        self,
        archive: Archive,
        operator: KeyKeeper,
        cases: list[CaseId],
        given: pytest.MonkeyPatch,
    ) -> None:
        code, said = await operator.does("keys-rotate")
        assert code == 1
        assert said.count("cannot be written from here") == 2

        assert (await self.next_ring(operator, given, "add")).current_version == 1
        assert (await self.next_ring(operator, given, "promote")).current_version == 2
        code, said = await operator.does("keys-rotate")
        assert "case: version 2, made before, wraps 4 more keys of cases" in said
        code, said = await operator.does("keys-retire")
        assert code == 1
        assert "case: versions that wrap nothing any more: 1" in said
        ring = await self.next_ring(operator, given, "trim")
        assert [key.version for key in ring.keys] == [2]

        class Given:
            def read(self, purpose: KeyPurpose) -> KeyRing:
                return ring

        archive.vault = SealedVault(RingKeys(Given()))  # pyright: ignore[reportArgumentType]
        assert await are_readable(archive, cases)

    async def test_lose_no_version_that_something_needs(
        self, operator: KeyKeeper, cases: list[CaseId], given: pytest.MonkeyPatch
    ) -> None:
        await self.next_ring(operator, given, "add")
        await self.next_ring(operator, given, "promote")
        code, said = await operator.does("keys-ring", "case", "trim")
        assert code == 1
        assert "never used with version 2" in said
        assert len(cases) == 4

    async def test_of_temporal_lose_no_version_at_all(
        self, operator: KeyKeeper, given: pytest.MonkeyPatch
    ) -> None:
        code, said = await operator.does("keys-ring", "temporal", "trim")
        assert code == 1
        assert "still need the older versions" in said

    async def test_begin_with_a_new_ring(
        self, operator: KeyKeeper, given: pytest.MonkeyPatch
    ) -> None:
        given.setenv("WEDERHOOR_CASE_KEYS", "")
        ring = await self.next_ring(operator, given, "new")
        assert [key.version for key in ring.keys] == [1]

    async def test_are_never_written_onto_a_screen(
        self, operator: KeyKeeper, given: pytest.MonkeyPatch
    ) -> None:
        given.setattr("sys.stdout.isatty", lambda: True)
        code, said = await operator.does("keys-ring", "case", "add")
        assert code == 1
        assert "not onto a screen" in said
