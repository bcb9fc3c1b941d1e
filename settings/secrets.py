"""The application's one secret, and the keys for single purposes that are derived from it."""

import base64
import hashlib
import hmac
import secrets as randomness
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.receipt_code import ReceiptCode, code_of_bits
from settings import private_files
from settings.aead import decrypt, encrypt

_KEY_FILE = "application.key"
_BYTES = 32


class SecretMissing(RuntimeError):
    """There is no application key, and this environment may not make one."""


class Secrets:
    """Keyed hashes and short-lived seals. Each purpose has a key of its own (HKDF-SHA-256)."""

    def __init__(self, master: bytes) -> None:
        if len(master) != _BYTES:
            raise SecretMissing(f"{_KEY_FILE} must hold exactly {_BYTES} bytes")
        self._master = master

    def receipt_lookup(self, code: str) -> bytes:
        """Return what a receipt code is found by."""
        return self._mac("receipt", code.encode())

    def claim_lookup(self, code: str) -> bytes:
        """Return what the half that was shown to who asked for a new receipt code is found by."""
        return self._mac("claim", code.encode())

    def letter_code(self, letter_id: str) -> ReceiptCode:
        """Return the half that a letter carries: in the form of a code, derived, not kept."""
        return code_of_bits(int.from_bytes(self._mac("letter-code", letter_id.encode())))

    def address_mac(self, case_number: str, address: str) -> bytes:
        """Return what an address is compared by, in one case only."""
        return self._mac("contact-address", f"{case_number}:{address}".encode())

    def idempotency_lookup(self, key: str) -> bytes:
        """Return what an Idempotency-Key is found by."""
        return self._mac("idempotency", key.encode())

    def body_mac(self, body: bytes) -> bytes:
        """Return what two request bodies are compared by."""
        return self._mac("request-body", body)

    def reply_token(self, letter_id: str) -> str:
        """Return the token of a letter's reply link: 43 URL-safe characters, derived, not kept."""
        mac = self._mac("reply-link", letter_id.encode())
        return _base64url(mac)

    def seal_answer(self, idempotency_key: str, answer: bytes) -> bytes:
        """Seal an answer so that only who has the Idempotency-Key and this secret can open it."""
        return encrypt(self._answer_key(idempotency_key), answer)

    def open_answer(self, idempotency_key: str, sealed: bytes) -> bytes:
        """Return what ``seal_answer`` sealed.

        Raises:
            ValueError: when it was sealed under another key.
        """
        return decrypt(self._answer_key(idempotency_key), sealed)

    def seal_draft(self, token: str, content: bytes) -> bytes:
        """Seal what somebody is still writing: it takes the cookie and this secret to open it."""
        return encrypt(self._derive("draft", token.encode()), content)

    def open_draft(self, token: str, sealed: bytes) -> bytes:
        """Return what ``seal_draft`` sealed.

        Raises:
            ValueError: when it was sealed under another token.
        """
        return decrypt(self._derive("draft", token.encode()), sealed)

    def sign_in_word(self, purpose: str, token: str) -> str:
        """Return a word that follows from the cookie of a sign-in: 43 URL-safe characters."""
        return _base64url(self._mac(f"sign-in-{purpose}", token.encode()))

    def form_token(self, session_token: str) -> str:
        """Return what stands in every form of a session, and in no form of anybody else."""
        return _base64url(self._mac("form", session_token.encode()))

    def case_mark(self, case_number: str) -> str:
        """Return by what a form is known to belong to a case, once its session has ended."""
        return _base64url(self._mac("case-mark", case_number.encode()))

    def seal_cursor(self, reader: str, position: str) -> str:
        """Return where a list goes on: opaque, URL-safe, and of use to one reader only."""
        sealed = encrypt(self._derive("page-cursor"), position.encode(), reader.encode())
        return _base64url(sealed)

    def open_cursor(self, reader: str, cursor: str) -> str:
        """Return what ``seal_cursor`` sealed.

        Raises:
            ValueError: when that was for somebody else, or was never ours.
        """
        sealed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return decrypt(self._derive("page-cursor"), sealed, reader.encode()).decode()

    def signing_key(self) -> bytes:
        """Return the key of the built-in identity provider for development."""
        return self._derive("development-issuer")

    def ledger_key(self) -> bytes:
        """Return the key of the chain over the case files."""
        return self._derive("ledger-chain")

    def erasure_key(self) -> bytes:
        """Return the key under which the erasure ledger names cases."""
        return self._derive("erasure-ledger")

    def entry_trace_key(self) -> bytes:
        """Return the key of the ids under which late deliveries are traced."""
        return self._derive("entry-trace")

    def _answer_key(self, idempotency_key: str) -> bytes:
        return self._derive("sealed-answer", idempotency_key.encode())

    def _mac(self, purpose: str, message: bytes) -> bytes:
        return hmac.digest(self._derive(purpose), message, hashlib.sha256)

    def _derive(self, purpose: str, context: bytes = b"") -> bytes:
        info = b"wederhoor:" + purpose.encode() + b":" + context
        return HKDF(SHA256(), _BYTES, salt=None, info=info).derive(self._master)


def token_hash(token: str) -> bytes:
    """Return what a random token of at least 128 bits is stored as (SHA-256)."""
    return hashlib.sha256(token.encode()).digest()


def load_secrets(folder: Path, *, may_create: bool) -> Secrets:
    """Read the application's key; make one first when that is allowed.

    Processes that start together agree on one key: only the first link wins.

    Raises:
        SecretMissing: when there is none and ``may_create`` is false, or the file is damaged.
    """
    path = folder / _KEY_FILE
    if not path.exists():
        if not may_create:
            raise SecretMissing(
                f"no {_KEY_FILE} in the secrets folder; "
                f"make one once with: head -c {_BYTES} /dev/urandom > {_KEY_FILE}"
            )
        private_files.create_once(path, randomness.token_bytes(_BYTES))
    return Secrets(path.read_bytes())


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
