"""A postman for tests."""

import asyncio

from mail.sending import Envelope, MailPermanentlyRefused, MailTemporarilyFailed


class Mailbag:
    """A postman who notes what was given to him, and refuses, fails or dawdles as told."""

    def __init__(self) -> None:
        self.sent: list[Envelope] = []
        self.refuses = False
        self.fails = False
        self.hangs: asyncio.Event | None = None

    async def send(self, envelope: Envelope) -> None:
        if self.refuses:
            raise MailPermanentlyRefused("a test")
        if self.fails:
            raise MailTemporarilyFailed("a test")
        self.sent.append(envelope)
        if self.hangs is not None:
            await self.hangs.wait()

    async def check(self) -> None: ...
