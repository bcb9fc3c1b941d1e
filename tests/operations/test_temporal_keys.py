"""``temporal-key-rotate``, as an operator runs it."""

import subprocess
import sys
from pathlib import Path

from settings.key_ring import KeyPurpose, KeyRing, new_ring
from settings.key_stores import FileStore
from tests.temporal_client.keys import NOW

CHECKOUT = Path(__file__).parents[2]


def rotate(secrets: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "WEDERHOOR_ENVIRONMENT": "production",
        "WEDERHOOR_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/nothing",
        "WEDERHOOR_SECRETS_DIR": str(secrets),
        "WEDERHOOR_ERASURE_LEDGER": str(secrets / "erasures"),
        "WEDERHOOR_PUBLIC_URL": "https://wederhoor.example",
        "WEDERHOOR_SMTP_HOST": "mail.example",
    }
    return subprocess.run(
        [sys.executable, "-m", "operations", "temporal-key-rotate"],
        capture_output=True,
        check=False,
        cwd=CHECKOUT,
        env=environment | more,
        text=True,
    )


def prepared(secrets: Path) -> Path:
    subprocess.run([CHECKOUT / "setup" / "production-secrets", secrets], check=True)
    return secrets


def ring_in(secrets: Path) -> KeyRing:
    return FileStore(secrets / "keys").read(KeyPurpose.TEMPORAL)


class TestRotating:
    def test_adds_a_key_and_keeps_the_others(self, tmp_path: Path) -> None:
        secrets = prepared(tmp_path / "secrets")
        first = ring_in(secrets)

        outcome = rotate(secrets)

        after = ring_in(secrets)
        assert outcome.returncode == 0, outcome.stderr
        assert "version 2 from now on" in outcome.stdout
        assert "holds 2 keys" in outcome.stdout
        assert after.keys[:-1] == first.keys
        assert after.current == after.keys[-1]
        assert after.current.secret.hex() not in outcome.stdout + outcome.stderr

    def test_makes_no_ring_where_there_is_none(self, tmp_path: Path) -> None:
        secrets = prepared(tmp_path / "secrets")
        (secrets / "keys" / "temporal.json").unlink()

        outcome = rotate(secrets)

        assert outcome.returncode == 1
        assert "keys/temporal.json" in outcome.stderr
        assert "Traceback" not in outcome.stderr
        assert not (secrets / "keys" / "temporal.json").exists()

    def test_of_a_ring_in_a_variable_is_left_to_the_operator(self, tmp_path: Path) -> None:
        rings = {
            f"WEDERHOOR_{purpose}_KEYS".upper(): new_ring(purpose, NOW).text()
            for purpose in KeyPurpose
        }
        outcome = rotate(tmp_path, WEDERHOOR_KEY_PROVIDER="environment", **rings)
        assert outcome.returncode == 1
        assert "WEDERHOOR_TEMPORAL_KEYS comes from the environment" in outcome.stderr
