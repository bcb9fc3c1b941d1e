"""Letters as files, one ``.eml`` each; whole or absent."""

import contextlib
import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

_FROM = "X-Wederhoor-Envelope-From"
_TO = "X-Wederhoor-Envelope-To"


@dataclass(frozen=True)
class Letter:
    """A letter as it came in, with the envelope it came in."""

    id: str
    """Sorts by the time of arrival."""
    received_at: datetime
    envelope_from: str
    envelope_to: tuple[str, ...]
    message: EmailMessage

    def header(self, name: str) -> str:
        """Give a header as text, empty when it is missing."""
        return str(self.message.get(name, ""))

    @property
    def text(self) -> str:
        """The plain text, empty when there is none."""
        return self._body("plain")

    @property
    def html(self) -> str:
        """The HTML, empty when there is none."""
        return self._body("html")

    def _body(self, kind: str) -> str:
        try:
            part = self.message.get_body((kind,))
            return "" if part is None else str(part.get_content()).replace("\r\n", "\n")
        except (LookupError, ValueError, AttributeError) as error:
            return f"(this part cannot be read: {error})"

    def as_json(self) -> dict[str, object]:
        """Give all of it, for ``letters.json``."""
        return {
            "id": self.id,
            "received_at": self.received_at.isoformat(),
            "envelope_from": self.envelope_from,
            "envelope_to": list(self.envelope_to),
            "subject": self.header("Subject"),
            "message_id": self.header("Message-ID"),
            "date": self.header("Date"),
            "text": self.text,
            "html": self.html,
            "headers": [
                [name, str(value)]
                for name, value in self.message.items()
                if name not in {_FROM, _TO}
            ],
        }


class LetterStore:
    """A folder of letters."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._counter = itertools.count()
        self._searched: dict[str, tuple[tuple[str, ...], str]] = {}
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for half in folder.glob("*.partial"):
            half.unlink()

    def add(self, envelope_from: str, envelope_to: list[str], content: bytes) -> None:
        """Keep a letter; on return it is on disk."""
        now = datetime.now(UTC)
        name = f"{now:%Y%m%dT%H%M%S%f}-{os.getpid()}-{next(self._counter):06d}"
        head = f"{_FROM}: {envelope_from}\r\n" + f"{_TO}: {','.join(envelope_to)}\r\n"
        path = self._folder / f"{name}.eml"
        fresh = path.with_suffix(".partial")
        with fresh.open("wb") as file:
            file.write(head.encode("utf-8") + content)
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(path)

    def letters(self) -> Iterator[Letter]:
        """Give the letters, newest first."""
        for path in sorted(self._folder.glob("*.eml"), reverse=True):
            letter = self.letter(path.stem)
            if letter is not None:
                yield letter

    def find(self, to: str | None, containing: str) -> Iterator[Letter]:
        """Give the letters to an address, to any when ``None``, whose text contains something.

        Newest first. Every letter is read once for this, however often it is asked.
        """
        for path in sorted(self._folder.glob("*.eml"), reverse=True):
            receivers, text = self._searchable(path.stem)
            if (to is None or to in receivers) and containing in text:
                letter = self.letter(path.stem)
                if letter is not None:
                    yield letter

    def _searchable(self, letter_id: str) -> tuple[tuple[str, ...], str]:
        if letter_id not in self._searched:
            letter = self.letter(letter_id)
            if letter is None:
                return (), ""
            self._searched[letter_id] = letter.envelope_to, letter.text
        return self._searched[letter_id]

    def letter(self, letter_id: str) -> Letter | None:
        """Give one letter, ``None`` when there is none of that id."""
        if not letter_id.replace("-", "").replace("T", "").isalnum():
            return None
        try:
            raw = (self._folder / f"{letter_id}.eml").read_bytes()
            received_at = datetime.strptime(f"{letter_id.partition('-')[0]}Z", "%Y%m%dT%H%M%S%f%z")
        except (OSError, ValueError):
            return None
        message = message_from_bytes(raw, policy=policy.default)
        return Letter(
            id=letter_id,
            received_at=received_at,
            envelope_from=str(message.get(_FROM, "")),
            envelope_to=tuple(a for a in str(message.get(_TO, "")).split(",") if a),
            message=message,
        )

    def clear(self) -> None:
        """Throw all letters away."""
        self._searched.clear()
        for path in self._folder.glob("*.eml"):
            with contextlib.suppress(FileNotFoundError):
                path.unlink()

    def fault(self) -> str:
        """Give the fault asked for, empty for none."""
        try:
            return (self._folder / "fault").read_text().strip()
        except OSError:
            return ""
