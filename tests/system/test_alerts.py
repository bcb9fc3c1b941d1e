"""The example alerts: every figure they name is served, and the manual says what to do."""

import re
from pathlib import Path
from typing import Any

import httpx
import yaml

from launcher.people import eventually
from tests.conftest import METRICS
from tests.system.journeys import World

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "setup" / "prometheus" / "alerts.yml").read_text(encoding="utf-8")
RULES: list[dict[str, Any]] = [
    rule for group in yaml.safe_load(TEXT)["groups"] for rule in group["rules"]
]
MANUAL = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
OF_THE_SERVER = {
    "approximate_backlog_age_seconds",
    "persistence_errors",
    "visibility_persistence_error_with_type",
}
"""Of Temporal's own server, which serves them only once there is something to tell."""
_FIGURE = re.compile(r"\b(?:wederhoor|temporal)_\w+|\b(?:" + "|".join(OF_THE_SERVER) + r")\b")
_VALUES = re.compile(r'"[^"]*"')


def figures_in(expression: str) -> set[str]:
    return set(_FIGURE.findall(_VALUES.sub('""', expression)))


async def served_by(address: str) -> set[str]:
    async with httpx.AsyncClient(trust_env=False) as http:
        text = (await http.get(address)).text
    return {re.split(r"[{ ]", line, maxsplit=1)[0] for line in text.splitlines() if line[:1] != "#"}


class TestTheAlerts:
    async def test_name_figures_that_are_served(self, world: World) -> None:
        await world.begins_at("finding_mediator")
        await world.http.get("/health/live")
        named = {figure for rule in RULES for figure in figures_in(rule["expr"])}
        addresses = [
            f"{world.system.api.url}/metrics",
            f"http://127.0.0.1:{METRICS['WEDERHOOR_METRICS_PORT']}/metrics",
            world.system.watch.figures_url,
        ]

        async def ask() -> bool | None:
            served = {figure for address in addresses for figure in await served_by(address)}
            # A counter with labels is served from its first count on; its help is there before.
            missing = named - served - OF_THE_SERVER - {"wederhoor_requests_held_off_total"}
            return None if missing else True

        await eventually(ask, f"not all of these are served: {sorted(named)}", within=20)
        assert "# HELP wederhoor_requests_held_off_total" in (await world.http.get("/metrics")).text

    def test_name_a_figure_each(self) -> None:
        assert all(figures_in(rule["expr"]) for rule in RULES)

    def test_are_explained_each(self) -> None:
        assert RULES
        assert all(f"| `{rule['alert']}` |" in MANUAL for rule in RULES)

    def test_notice_that_the_watcher_is_silent(self) -> None:
        [silent] = [rule for rule in RULES if rule["alert"] == "WatcherSilent"]
        assert silent["expr"].startswith("absent(")
