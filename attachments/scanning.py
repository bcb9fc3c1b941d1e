"""The interface for a virus scanner. There is none yet: without one, every file is unscanned."""

from typing import Protocol

from domain.attachments import ScanState


class ScannerUnavailable(Exception):
    """The scanner gave no answer; the file stays unscanned."""


class Scanner(Protocol):
    """Looks for what attacks whoever opens a file."""

    async def scan(self, content: bytes) -> ScanState:
        """Return what the scanner says of a file, as it was sent.

        Raises:
            ScannerUnavailable: when it says nothing.
        """
        ...
