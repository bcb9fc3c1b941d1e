"""How long the lists of the desk take beside a hundred times as many cases, in one run.

Printed and never asserted: seconds differ from machine to machine, ratios a little.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from statistics import median, quantiles

import httpx

from launcher.generated_cases import generate_cases, mediator_subject
from launcher.visit import Visit

FEW, MANY = 1_000, 100_000
_ROUNDS = 200
_WARM_UP = 20

type Send = Callable[[], Awaitable[httpx.Response]]


async def compare_lists(visit: Visit, database_url: str) -> None:
    """Print what each request takes with few cases and with many."""
    now = datetime.now(UTC)
    await asyncio.to_thread(generate_cases, database_url, FEW, now)
    few = await _measure(_requests(visit))
    await asyncio.to_thread(generate_cases, database_url, MANY - FEW, now)
    many = await _measure(_requests(visit))
    print(f"\nthe desk, {_ROUNDS} of each in turns: milliseconds, p50 and p99")
    print(f"| request | {FEW:,} cases | {MANY:,} cases | ratio of p50 |\n|---|---|---|---|")
    for name, (middle, worst) in few.items():
        middle_of_many, worst_of_many = many[name]
        print(
            f"| {name} | {middle:.0f} / {worst:.0f} | {middle_of_many:.0f} / {worst_of_many:.0f}"
            f" | {middle_of_many / middle:.1f} |"
        )


def _requests(visit: Visit) -> Mapping[str, Send]:
    mediator, supervisor = mediator_subject(0), "supervisor-1"
    return {
        "mediator: today": _get(visit, mediator, "/v1/cases"),
        "mediator: needs me": _get(visit, mediator, "/v1/cases?needsMe=true"),
        "mediator: counts": _get(visit, mediator, "/v1/cases/counts"),
        "mediator: search": _search(visit, mediator, "instelling wachten"),
        "supervisor: today": _get(visit, supervisor, "/v1/cases"),
        "supervisor: overdue at the institution": _get(
            visit, supervisor, "/v1/cases?waitingFor=institution_replies&overdue=true"
        ),
        "supervisor: attention": _get(visit, supervisor, "/v1/cases?needsMe=true"),
        "supervisor: counts": _get(visit, supervisor, "/v1/cases/counts"),
        "supervisor: search": _search(visit, supervisor, "instelling wachten"),
        "supervisor: search of closed ones": _search(visit, supervisor, "instelling", closed=True),
    }


def _get(visit: Visit, subject: str, path: str) -> Send:
    headers = {"Authorization": f"Bearer {visit.token_for(subject)}"}
    return lambda: visit.http.get(path, headers=headers)


def _search(visit: Visit, subject: str, words: str, *, closed: bool = False) -> Send:
    headers = {"Authorization": f"Bearer {visit.token_for(subject)}"}
    body = {"words": words, "closed": closed}
    return lambda: visit.http.post("/v1/cases/search", json=body, headers=headers)


async def _measure(requests: Mapping[str, Send]) -> Mapping[str, tuple[float, float]]:
    """Return the middle and the hundredth-slowest time of each request, in milliseconds."""
    taken: dict[str, list[float]] = {name: [] for name in requests}
    for _ in range(_WARM_UP + _ROUNDS):
        for name, send in requests.items():
            began = time.perf_counter()
            (await send()).raise_for_status()
            taken[name].append(1000 * (time.perf_counter() - began))
    return {
        name: (median(times[_WARM_UP:]), quantiles(times[_WARM_UP:], n=100)[-1])
        for name, times in taken.items()
    }
