"""The application's one secret: made once, closed to others, with a key for each purpose."""

import hmac
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from settings.secrets import SecretMissing, Secrets, load_secrets, token_hash

KEY_FILE = "application.key"
MASTER, ANOTHER_MASTER = bytes(range(32)), bytes(32)
CHECKOUT = Path(__file__).parent.parent.parent


class TestTheApplicationsKey:
    def test_is_made_once_and_closed_to_others(self, tmp_path: Path) -> None:
        folder = tmp_path / "secrets"
        first = load_secrets(folder, may_create=True)
        assert (folder / KEY_FILE).stat().st_mode & 0o777 == 0o600
        assert folder.stat().st_mode & 0o777 == 0o700
        assert len((folder / KEY_FILE).read_bytes()) == 32
        assert load_secrets(folder, may_create=True).signing_key() == first.signing_key()

    def test_leaves_nothing_else_behind(self, tmp_path: Path) -> None:
        load_secrets(tmp_path, may_create=True)
        assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]

    def test_is_never_made_in_production(self, tmp_path: Path) -> None:
        with pytest.raises(SecretMissing, match=r"head -c 32 /dev/urandom > application\.key"):
            load_secrets(tmp_path, may_create=False)
        assert list(tmp_path.iterdir()) == []

    def test_is_read_in_production(self, tmp_path: Path) -> None:
        (tmp_path / KEY_FILE).write_bytes(MASTER)
        loaded = load_secrets(tmp_path, may_create=False)
        assert loaded.signing_key() == Secrets(MASTER).signing_key()

    @pytest.mark.parametrize("may_create", [True, False])
    @pytest.mark.parametrize("content", [b"", MASTER[:-1], MASTER + b"\n"])
    def test_of_a_wrong_length_is_refused_and_kept(
        self, tmp_path: Path, content: bytes, may_create: bool
    ) -> None:
        (tmp_path / KEY_FILE).write_bytes(content)
        with pytest.raises(SecretMissing, match="exactly 32 bytes"):
            load_secrets(tmp_path, may_create=may_create)
        assert (tmp_path / KEY_FILE).read_bytes() == content

    def test_is_the_same_for_processes_that_start_together(self, tmp_path: Path) -> None:
        code = (
            "import sys; from pathlib import Path; from settings.secrets import load_secrets;"
            "sys.stdin.read();"
            "print(load_secrets(Path(sys.argv[1]), may_create=True).signing_key().hex())"
        )
        command = [sys.executable, "-c", code, str(tmp_path / "secrets")]
        processes = [
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=CHECKOUT, text=True
            )
            for _ in range(3)
        ]
        keys: set[str] = set()
        for process in processes:  # each waits for the end of its input, then they all go
            assert process.stdin is not None
            process.stdin.close()
        for process in processes:
            assert process.stdout is not None
            with process.stdout:
                keys.add(process.stdout.read())
            assert process.wait(30) == 0
        assert len(keys) == 1
        assert re.fullmatch(r"[0-9a-f]{64}\n", keys.pop())

    def test_is_the_first_one_when_another_process_was_quicker(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_temporary = tempfile.mkstemp

        def while_another_process_makes_one(dir: Path) -> tuple[int, str]:  # noqa: A002
            (dir / KEY_FILE).write_bytes(MASTER)
            return make_temporary(dir=dir)

        monkeypatch.setattr(tempfile, "mkstemp", while_another_process_makes_one)
        loaded = load_secrets(tmp_path, may_create=True)
        assert loaded.signing_key() == Secrets(MASTER).signing_key()
        assert (tmp_path / KEY_FILE).read_bytes() == MASTER
        assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


class TestPurposes:
    def test_have_keys_of_their_own(self) -> None:
        secrets = Secrets(MASTER)
        results = {
            secrets.receipt_lookup("same"),
            secrets.idempotency_lookup("same"),
            secrets.body_mac(b"same"),
            secrets.signing_key(),
            token_hash("same"),
            MASTER,
        }
        assert len(results) == 6
        assert all(len(result) == 32 for result in results)

    def test_depend_on_the_applications_key(self) -> None:
        ours, theirs = Secrets(MASTER), Secrets(ANOTHER_MASTER)
        assert ours.receipt_lookup("code") != theirs.receipt_lookup("code")
        assert ours.idempotency_lookup("key") != theirs.idempotency_lookup("key")
        assert ours.body_mac(b"body") != theirs.body_mac(b"body")
        assert ours.reply_token("letter") != theirs.reply_token("letter")
        assert ours.signing_key() != theirs.signing_key()

    def test_give_the_same_result_each_time_and_for_nothing_else(self) -> None:
        assert Secrets(MASTER).receipt_lookup("a") == Secrets(MASTER).receipt_lookup("a")
        assert Secrets(MASTER).receipt_lookup("a") != Secrets(MASTER).receipt_lookup("b")


RFC_5869 = {
    "A.1": (
        bytes([0x0B] * 22),
        bytes(range(13)),
        bytes(range(0xF0, 0xFA)),
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ),
    "A.3": (
        bytes([0x0B] * 22),
        b"",
        b"",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    ),
}
"""Test cases of the RFC for SHA-256: key material, salt, info, result."""


def hkdf(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """HKDF-SHA-256, written down from RFC 5869, section 2."""
    key = hmac.digest(salt or bytes(32), material, "sha256")
    result = block = b""
    counter = 0
    while len(result) < length:
        counter += 1
        block = hmac.digest(key, block + info + bytes([counter]), "sha256")
        result += block
    return result[:length]


class TestDerivation:
    @pytest.mark.parametrize("vector", RFC_5869.values(), ids=RFC_5869)
    def test_is_written_down_here_as_the_rfc_has_it(
        self, vector: tuple[bytes, bytes, bytes, str]
    ) -> None:
        material, salt, info, expected = vector
        assert hkdf(material, salt, info, 42).hex() == expected

    def test_is_hkdf_with_the_purpose_as_its_info(self) -> None:
        key = hkdf(MASTER, b"", b"wederhoor:development-issuer:", 32)
        assert Secrets(MASTER).signing_key() == key
        key = hkdf(MASTER, b"", b"wederhoor:receipt:", 32)
        assert Secrets(MASTER).receipt_lookup("code") == hmac.digest(key, b"code", "sha256")


class TestAReplyToken:
    def test_is_43_characters_that_need_no_escaping_in_a_url(self) -> None:
        tokens = {Secrets(MASTER).reply_token(str(letter)) for letter in range(200)}
        assert len(tokens) == 200
        assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)

    def test_is_derived_again_whenever_the_letter_is_sent(self) -> None:
        assert Secrets(MASTER).reply_token("letter") == Secrets(MASTER).reply_token("letter")

    def test_never_changes_because_it_stands_in_letters(self) -> None:
        assert (
            Secrets(MASTER).reply_token("letter") == "X7wHZrrFlUsVR_ynZgKETQRbNdyA4B0BVU8HGKerG6I"
        )

    def test_does_not_follow_from_its_hash(self) -> None:
        token = Secrets(MASTER).reply_token("letter")
        assert len(token_hash(token)) == 32
        assert token_hash(token) != token.encode()


class TestASealedAnswer:
    def test_opens_with_its_key(self) -> None:
        sealed = Secrets(MASTER).seal_answer("key", b'{"code": "geplant"}')
        assert b"geplant" not in sealed
        assert Secrets(MASTER).open_answer("key", sealed) == b'{"code": "geplant"}'

    @pytest.mark.parametrize(
        ("master", "key"), [(MASTER, "another"), (ANOTHER_MASTER, "key"), (MASTER, "")]
    )
    def test_opens_with_no_other(self, master: bytes, key: str) -> None:
        sealed = Secrets(MASTER).seal_answer("key", b"answer")
        with pytest.raises(ValueError, match="another key"):
            Secrets(master).open_answer(key, sealed)

    def test_does_not_open_when_it_was_changed(self) -> None:
        sealed = Secrets(MASTER).seal_answer("key", b"answer")
        for position in range(len(sealed)):
            changed = bytearray(sealed)
            changed[position] ^= 1
            with pytest.raises(ValueError, match="another key"):
                Secrets(MASTER).open_answer("key", bytes(changed))

    def test_is_sealed_differently_each_time(self) -> None:
        secrets = Secrets(MASTER)
        assert secrets.seal_answer("key", b"answer") != secrets.seal_answer("key", b"answer")
