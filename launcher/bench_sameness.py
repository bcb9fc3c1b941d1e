"""Whether the time of a refusal tells why: ratios of medians, measured within one run.

Printed and never asserted: seconds differ from machine to machine, ratios a little from run to run.
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from statistics import median

import httpx
from sqlalchemy import select

from catalogues.receipt_words import in_words
from domain.case_number import draw_case_number
from domain.identifiers import CaseId
from domain.languages import Language
from domain.receipt_code import draw_receipt_code, grouped
from launcher.people import Complainant
from launcher.visit import Visit
from storage import access
from storage.models import CaseRow

_ROUNDS = 200
_WARM_UP = 20

type Send = Callable[[], Awaitable[httpx.Response]]


async def compare_refusals(visit: Visit) -> None:
    """Print how long each way to be refused takes, as a ratio to the first one."""
    existing = await Complainant.complains(visit.http, "voorbeeldstad", email="a@post.example")
    erased = await Complainant.complains(visit.http, "voorbeeldstad")
    async with visit.database.transaction() as session:
        number = CaseRow.number == erased.case_number
        case = (await session.scalars(select(CaseRow.id).where(number))).one()
        await access.close_doors(session, CaseId(case))
    wrong = existing.receipt_code[:-1] + ("0" if existing.receipt_code[-1] != "0" else "2")
    codes = {
        "an unknown code": grouped(draw_receipt_code()),
        "a code off by one": wrong,
        "the code of an erased case": erased.receipt_code,
        "a character short": wrong[:-1],
        "unknown words": in_words(draw_receipt_code(), Language.ENGLISH),
    }
    await _compare("refused sessions", {name: _session(visit, it) for name, it in codes.items()})
    asked = {
        "no such case": (draw_case_number(), "a@post.example"),
        "a case and its address": (existing.case_number, "a@post.example"),
        "a case and another address": (existing.case_number, "b@post.example"),
    }
    await _compare("lost codes", {name: _lost(visit, *it) for name, it in asked.items()})


def _session(visit: Visit, code: str) -> Send:
    return lambda: visit.http.post("/v1/sessions", json={"receiptCode": code})


def _lost(visit: Visit, number: str, email: str) -> Send:
    body = {"caseNumber": number, "email": email}
    return lambda: visit.http.post("/v1/lost-receipt-codes", json=body)


async def _compare(what: str, requests: Mapping[str, Send]) -> None:
    taken: dict[str, list[float]] = {name: [] for name in requests}
    names = list(requests)
    for _ in range(_ROUNDS):
        names.append(names.pop(0))  # nobody always follows the same one
        for name in names:
            began = time.perf_counter()
            await requests[name]()
            taken[name].append(time.perf_counter() - began)
    medians = {name: median(times[_WARM_UP:]) for name, times in taken.items()}
    first = next(iter(medians.values()))
    print(f"\n{what}: {_ROUNDS} of each in turns, medians as a ratio to the first")
    for name, middle in medians.items():
        print(f"  {middle / first:>5.2f}  {name}")
