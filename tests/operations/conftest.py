"""The database of the storage tests, and an operator at its machine."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from settings.secrets import Secrets, load_secrets
from storage.ledger_chain import LedgerChain
from tests.operations.console import Console
from tests.storage.archive import Archive
from tests.storage.conftest import archive, database, make_database, server, url

__all__ = ["archive", "database", "make_database", "server", "url"]


class Operator(Console):
    """Gives commands about a database."""

    def __init__(
        self, secrets: Secrets, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch
    ) -> None:
        super().__init__(capsys)
        self.secrets = secrets
        self._patch = patch

    def works_on(self, database_url: str) -> None:
        """Take another database from here on."""
        self._patch.setenv("WEDERHOOR_DATABASE_URL", database_url)


@pytest.fixture
def operator(
    url: str,
    archive: Archive,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Operator:
    """Give an operator of the database, whose case files are under the same keys."""
    secrets_dir = tmp_path / "secrets"
    secrets = load_secrets(secrets_dir, may_create=True)
    archive.chain = LedgerChain(secrets.ledger_key())
    values: Sequence[tuple[str, object]] = (
        ("ENVIRONMENT", "development"),
        ("SECRETS_DIR", secrets_dir),
        ("ERASURE_LEDGER", tmp_path / "erasures"),
        ("ATTACHMENTS_DIR", tmp_path / "attachments"),
        ("PUBLIC_URL", "https://wederhoor.example"),
        ("SMTP_HOST", "smtp.example"),
    )
    for name, value in values:
        monkeypatch.setenv(f"WEDERHOOR_{name}", str(value))
    working = Operator(secrets, capsys, monkeypatch)
    working.works_on(url)
    return working
