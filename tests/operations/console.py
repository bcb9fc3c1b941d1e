"""Where an operator gives commands."""

import asyncio

import pytest

from operations.__main__ import main


class Console:
    """Gives commands, and reads what they say."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    async def does(self, *words: object) -> tuple[int, str]:
        """Give a command; return its exit code and everything that it said."""
        return await asyncio.to_thread(self.told, *words)

    def told(self, *words: object) -> tuple[int, str]:
        """Give a command where nothing else goes on."""
        self._capsys.readouterr()
        code = main([str(word) for word in words])
        said = self._capsys.readouterr()
        return code, said.out + said.err
