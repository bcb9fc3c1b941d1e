"""The clean room: files of strangers are taken apart in a process of their own, a few at a time."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from attachments.refusal import EXIT_CODES, FileRefused
from domain.attachments import MediaType, Unacceptable

_CHECKOUT = Path(__file__).resolve().parent.parent
_REASONS = {code: reason for reason, code in EXIT_CODES.items()}
_OUT_OF_BOUNDS = frozenset({-signal.SIGXCPU, -signal.SIGKILL})
_COMMAND = (sys.executable, "-m", "attachments.cleaning")


class CleanRoom:
    """Makes clean copies without letting a file near this process's memory and secrets.

    Args:
        places: how many files are taken apart at once.
        timeout: seconds before a file that finds no end is given up.
    """

    def __init__(
        self, *, places: int = 2, timeout: float = 60, command: Sequence[str] = _COMMAND
    ) -> None:
        self._places = asyncio.Semaphore(places)
        self._timeout = timeout
        self._command = command

    async def clean(self, content: bytes, kind: MediaType) -> bytes:
        """Return the clean copy of a file.

        Raises:
            FileRefused: when it is damaged, encrypted, or more than the process may use.
        """
        async with self._places:
            code, copy = await self._run(content, kind)
        if code == 0 and copy:
            return copy
        if code in _OUT_OF_BOUNDS:
            raise FileRefused(Unacceptable.TOO_COMPLEX)
        raise FileRefused(_REASONS.get(code, Unacceptable.DAMAGED))

    async def _run(self, content: bytes, kind: MediaType) -> tuple[int, bytes]:
        process = await asyncio.create_subprocess_exec(
            *self._command,
            kind.value,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # an exception may tell of the file
            cwd=_CHECKOUT,
            env={"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        try:
            async with asyncio.timeout(self._timeout):
                copy, _ = await process.communicate(content)
        except TimeoutError:
            raise FileRefused(Unacceptable.TOO_COMPLEX) from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return process.returncode or 0, copy
