"""The composition root of the watcher: ``python -m watch``.

It looks every minute and serves its figures, until it is asked to stop (SIGTERM or SIGINT). It has
no key, reads no text and decides nothing.
"""

import asyncio
import signal

import structlog
from prometheus_client import start_http_server

from domain.clock import system_clock
from settings.application import load_settings
from settings.logs import configure_logs
from storage.database import Database
from temporal_client.runs import TemporalRuns
from temporal_client.watching import TemporalWatch, connect_without_keys
from watch.figures import Figures
from watch.reasons import Patience
from watch.watcher import Watcher

_log = structlog.get_logger()
_PAUSE = 60.0
"""Seconds between two rounds."""


async def main() -> None:
    """Watch until asked to stop."""
    configure_logs()
    settings = load_settings()
    configure_logs(settings.log_level)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    figures = Figures()
    database = Database(settings.database_url.get_secret_value(), pool_size=2)
    client = await connect_without_keys(settings)
    watcher = Watcher(
        database,
        TemporalWatch(client),
        TemporalRuns(client),
        system_clock,
        figures,
        Patience(),
    )
    server, thread = start_http_server(
        settings.watch_port, addr=settings.api_host, registry=figures.registry
    )
    watching = asyncio.create_task(watcher.run(_PAUSE))
    stop = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({watching, stop}, return_when=asyncio.FIRST_COMPLETED)
        if watching.done():
            watching.result()
    finally:
        watching.cancel()
        server.shutdown()
        thread.join()
        await database.close()
    _log.info("watcher_stopped")


if __name__ == "__main__":
    asyncio.run(main())
