from collections.abc import Callable, Generator

import httpx
import pytest
from temporalio.client import Client

from launcher.people import Letterbox, Office
from launcher.system import System
from storage.database import Database
from tests.system.journeys import World


@pytest.fixture
def world(
    system: System,
    http: httpx.AsyncClient,
    office: Office,
    letterbox: Letterbox,
    temporal: Client,
    database: Database,
    token_for: Callable[[str], str],
) -> World:
    return World(system, http, office, letterbox, temporal, database, token_for)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the ends of the logs beside a failure."""
    report = yield
    running = getattr(item, "funcargs", {}).get("system")
    if report.failed and isinstance(running, System):
        for part in (running.worker, running.api, running.mail):
            report.sections.append((f"log of the {part.name}", part.log_tail()))
    return report
