"""A file that is not taken, and how the process that looked at it says so."""

from domain.attachments import Unacceptable

EXIT_CODES = {reason: 64 + number for number, reason in enumerate(Unacceptable)}
"""What the process that cleans a file ends with when it refuses it."""


class FileRefused(Exception):
    """A file was refused; it had no effect."""

    def __init__(self, reason: Unacceptable) -> None:
        super().__init__(reason)
        self.reason = reason
