"""What fails, fails alike: the same statements, keyed hashes, headers and bytes."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

import httpx
import pytest
from sqlalchemy import select, text

from catalogues.receipt_words import in_words
from domain.identifiers import CaseId
from domain.languages import Language
from domain.receipt_code import draw_receipt_code, grouped, parse_receipt_code
from launcher.people import Complainant
from launcher.system import System
from settings.secrets import token_hash
from storage import access
from storage.database import Database
from storage.models import CaseRow
from tests.api.costing import answers_to
from tests.api.in_process import in_process
from tests.api.observing import bearer

type Send = Callable[[], Awaitable[httpx.Response]]


@pytest.fixture
async def here(system: System) -> AsyncIterator[httpx.AsyncClient]:
    async with in_process(system) as http:
        await http.get("/v1/institutions")  # the connection is there, and was looked at once
        yield http


async def erase(database: Database, number: str) -> None:
    """Leave of a case what the erasure leaves."""
    async with database.transaction() as session:
        case = await session.scalar(select(CaseRow.id).where(CaseRow.number == number))
        assert case is not None
        await access.close_doors(session, CaseId(case))


class TestAReceiptCodeThatOpensNothing:
    async def test_is_refused_alike_whatever_is_wrong_with_it(
        self, here: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        erased = await Complainant.complains(here, "voorbeeldstad")
        await erase(database, erased.case_number)
        existing = (await Complainant.complains(here, "voorbeeldstad")).receipt_code
        off_by_one = existing[:-1] + ("0" if existing[-1] != "0" else "2")
        wrong = {
            "off by one": off_by_one,
            "erased": erased.receipt_code,
            "erased, in words": in_words(parse_receipt_code(erased.receipt_code), Language.ENGLISH),
            "unknown": grouped(draw_receipt_code()),
            "unknown, in words": in_words(draw_receipt_code(), Language.ENGLISH),
            "a character short": off_by_one[:-1],
            "a character long": off_by_one + "0",
            "a strange character": off_by_one[:-1] + "U",
            "eleven words": " ".join(["zoo"] * 11),
            "words beyond the last": " ".join(["zoo"] * 12),
            "a case number": erased.case_number,
        }
        requests: dict[str, Send] = {
            name: partial(here.post, "/v1/sessions", json={"receiptCode": code})
            for name, code in wrong.items()
        }

        answers = await answers_to(monkeypatch, requests)

        assert set(answers.values()) == {answers["off by one"]}
        assert answers["off by one"].status == 401
        assert answers["off by one"].keyed_hashes == 2  # of the code, and of the network
        lookups = [it for it in answers["off by one"].statements if "FROM receipts" in it]
        assert len(lookups) == 2  # of the case, which is locked first, and of the code


class TestASessionThatOpensNothing:
    async def test_is_refused_alike_whether_it_ended_was_ended_or_never_was(
        self, here: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        complainant = await Complainant.complains(here, "voorbeeldstad")
        body = {"receiptCode": complainant.receipt_code}
        ended, expired = [
            (await here.post("/v1/sessions", json=body)).json()["token"] for _ in "ab"
        ]
        await here.delete("/v1/sessions/current", headers=bearer(ended))
        async with database.transaction() as session:
            await session.execute(
                text("UPDATE sessions SET expires_at = now() WHERE token_hash = :hash"),
                {"hash": token_hash(expired)},
            )
        tokens = {"ended": ended, "expired": expired, "unknown": secrets.token_urlsafe(32)}

        for method, path in (("GET", "/v1/my-case"), ("DELETE", "/v1/sessions/current")):
            answers = await answers_to(
                monkeypatch,
                {
                    name: partial(here.request, method, path, headers=bearer(token))
                    for name, token in tokens.items()
                },
            )
            assert set(answers.values()) == {answers["unknown"]}
            assert answers["unknown"].status == 401
