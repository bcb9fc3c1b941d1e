"""The SMTP side of the mail sink, and the faults it can be asked to show.

The file ``fault`` in the store, when the server was started with ``--faults``:

- ``450`` (any 4xx): a passing refusal of every recipient;
- ``550`` (any 5xx): a lasting one;
- ``450-data``, ``550-data``: the same, but of the content;
- ``drop-after-data``: the letter is kept, and the connection ends before the reply says so.
"""

import asyncio

from aiosmtpd.smtp import SMTP, Envelope, Session

from launcher.mail_sink_store import LetterStore

_OK = "250 2.0.0 kept"
LARGEST = 32 * 1024 * 1024
"""Bytes of a letter."""


class SinkHandler:
    """Takes every letter, unless a fault is asked for."""

    def __init__(self, store: LetterStore, *, faults: bool) -> None:
        self._store = store
        self._faults = faults

    def _fault(self) -> str:
        return self._store.fault() if self._faults else ""

    async def handle_RCPT(  # noqa: N802  # aiosmtpd finds it by this name
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],
    ) -> str:
        """Take or refuse a recipient."""
        fault = self._fault()
        if fault.isdecimal():
            return _refusal(fault)
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(rcpt_options)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802  # aiosmtpd finds it by this name
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
    ) -> str:
        """Keep or refuse the letter."""
        fault = self._fault()
        if fault.endswith("-data") and fault[:3].isdecimal():
            return _refusal(fault[:3])
        content = envelope.original_content or b""
        sender = envelope.mail_from or ""
        await asyncio.to_thread(self._store.add, sender, list(envelope.rcpt_tos), content)
        if fault == "drop-after-data" and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        return _OK


def _refusal(code: str) -> str:
    kind = "4.3.0" if code.startswith("4") else "5.1.1"
    return f"{code} {kind} the mail sink was asked to refuse"


async def serve_smtp(store: LetterStore, port: int, *, faults: bool) -> asyncio.Server:
    """Listen on 127.0.0.1. Raises ``OSError`` when the port is taken."""
    handler = SinkHandler(store, faults=faults)

    def session() -> SMTP:
        return SMTP(handler, hostname="localhost", enable_SMTPUTF8=True, data_size_limit=LARGEST)

    return await asyncio.get_running_loop().create_server(session, "127.0.0.1", port)
