"""One real system for all tests that need one: started once, parts killed and brought back."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest
from temporalio.client import Client

from launcher.folders import cache_folder, temporary_state
from launcher.people import Letterbox, Office
from launcher.ports import free_ports
from launcher.staff_tokens import tokens_of
from launcher.system import System
from storage.database import Database
from tests.telemetry.collector import Collector, collecting

METRICS = {"WEDERHOOR_METRICS_PORT": str(free_ports(["metrics"])["metrics"])}


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    """What the running system tells of traces."""
    with collecting() as running:
        yield running


@pytest.fixture(scope="session")
def system(collector: Collector) -> Iterator[System]:
    with temporary_state() as state:
        # Whatever the tests send, no log and no trace may hold it, however much is told.
        telling = {"WEDERHOOR_OTLP_ENDPOINT": collector.url, **METRICS}
        chatty = {"WEDERHOOR_LOG_LEVEL": "debug", **telling}
        running = System(state, cache_folder(), mail_faults=True, settings=chatty)
        asyncio.run(running.start())
        try:
            yield running
        finally:
            asyncio.run(running.stop())


@pytest.fixture
async def http(system: System) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as client:
        yield client


@pytest.fixture
async def temporal(system: System) -> Client:
    return await system.temporal_client()


@pytest.fixture
async def database(system: System) -> AsyncIterator[Database]:
    opened = Database(system.postgres.url)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def token_for(system: System) -> Callable[[str], str]:
    return tokens_of(system.state_dir)


@pytest.fixture
def office(http: httpx.AsyncClient, token_for: Callable[[str], str]) -> Office:
    return Office(http, token_for)


@pytest.fixture
def letterbox(system: System) -> Letterbox:
    return Letterbox(system.mail.page_url)
