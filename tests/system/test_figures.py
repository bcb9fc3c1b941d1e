"""The figures that the operator reads are those that operations.md lists."""

import re
from pathlib import Path

import httpx

from domain.stages import Stage
from domain.waits import Attention
from launcher.people import eventually
from storage.states import LetterStatus
from tests.conftest import METRICS
from tests.system.journeys import World

DOCUMENT = Path(__file__).parents[2] / "docs" / "operations.md"
WORKER = f"http://127.0.0.1:{METRICS['WEDERHOOR_METRICS_PORT']}/metrics"
LABELS = {"method", "route", "status", "le", "stage", "reason", "state"}


def families(page: str) -> set[str]:
    """Return the names of our own figures on a page."""
    return {
        name
        for name in re.findall(r"^# TYPE (wederhoor_\w+) ", page, re.MULTILINE)
        if not name.endswith("_created")
    }


def listed(where: str) -> set[str]:
    """Return the names that the document lists for a process."""
    rows = re.findall(
        r"^\| `(wederhoor_\w+)` \| ([\w, ]+) \|", DOCUMENT.read_text("utf-8"), re.MULTILINE
    )
    return {name for name, places in rows if where in places.split(", ")}


def value(page: str, sample: str) -> float:
    return next(
        float(line.rpartition(" ")[2]) for line in page.splitlines() if line.startswith(sample)
    )


async def told(address: str) -> str:
    async with httpx.AsyncClient() as http:
        return (await http.get(address)).raise_for_status().text


class TestTheFigures:
    async def test_of_the_api_are_those_of_the_list(self, world: World) -> None:
        page = await told(f"{world.system.api.url}/metrics")

        assert families(page) == listed("API")

    async def test_of_the_worker_are_those_of_the_list(self, world: World) -> None:
        async def ours() -> set[str] | None:
            return families(await told(WORKER)) or None

        assert await eventually(ours, "the worker tells nothing of its own") == listed("worker")

    async def test_have_no_label_but_known_ones(self, world: World) -> None:
        for address in (f"{world.system.api.url}/metrics", WORKER):
            for line in (await told(address)).splitlines():
                if line.startswith("wederhoor_"):
                    labels = set(re.findall(r'(\w+)="', line))
                    assert labels <= LABELS | {"service_name"}

    async def test_count_every_stage_attention_and_state_of_a_letter(self, world: World) -> None:
        await world.begins_at("finding_mediator")
        page = await told(f"{world.system.api.url}/metrics")

        for name, label, words in (
            ("wederhoor_cases", "stage", Stage),
            ("wederhoor_cases_attention", "reason", Attention),
            ("wederhoor_letters", "state", LetterStatus),
        ):
            found = set(re.findall(rf'^{name}{{{label}="(\w+)"}}', page, re.MULTILINE))
            assert found == set(words)
        assert value(page, 'wederhoor_database_connections{state="in_use"}') >= 0
