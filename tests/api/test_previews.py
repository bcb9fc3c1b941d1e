"""Previews: the letters that a decision would cause, word for word, and nothing happens."""

import re
from typing import Any

import httpx
import pytest

from launcher.people import Complainant, eventually
from storage.database import Database
from tests.api.cases_in_hand import Mediated, session_of
from tests.api.observing import assert_problem, bearer, held

type Json = dict[str, Any]

WORDS = "Wanneer was dat <b>precies</b>?"
DECISIONS: list[tuple[Json, set[str]]] = [
    ({"decision": "ask_complainant", "text": WORDS}, {"question_to_complainant"}),
    ({"decision": "contact_institution", "text": WORDS}, {"question_to_institution"}),
    (
        {"decision": "propose_outcome", "outcome": "settled", "reason": WORDS},
        {"outcome_proposal"},
    ),
    (
        {"decision": "close_case", "outcome": "not_settled", "reason": WORDS},
        {"closing", "closing_to_institution"},
    ),
]


def as_it_is_read(text: str) -> str:
    """Return a letter without the address of its reply link, which is drawn when it is sent."""
    return " ".join(re.sub(r"https?://\S+/reply/\S+|…", "", text).split())


async def preview(
    http: httpx.AsyncClient, number: str, body: Json, header: dict[str, str]
) -> httpx.Response:
    return await http.post(f"/v1/cases/{number}/decisions/preview", json=body, headers=header)


@pytest.fixture
def their_mediator(fresh: Mediated, token_for: Any) -> dict[str, str]:
    return bearer(token_for(fresh.mediator))


class TestAPreview:
    @pytest.mark.parametrize(("body", "letters"), DECISIONS, ids=lambda it: str(it)[:40])
    async def test_has_the_letters_that_the_decision_then_causes_word_for_word(
        self,
        http: httpx.AsyncClient,
        fresh: Mediated,
        their_mediator: dict[str, str],
        body: Json,
        letters: set[str],
    ) -> None:
        shown = (await preview(http, fresh.number, body, their_mediator)).json()
        assert {it["letter"] for it in shown["letters"]} == letters
        assert shown["refusal"] is None

        decided = await http.post(
            f"/v1/cases/{fresh.number}/decisions", json=body, headers=their_mediator
        )
        assert decided.status_code == 202
        mine = await session_of(http, fresh.receipt_code)
        to_the_complainant = [it for it in shown["letters"] if it["recipient"] == "complainant"]

        async def written() -> list[Json] | None:
            answer = await http.get("/v1/my-case/letters", headers=mine)
            found = [it for it in answer.json()["letters"] if it["letter"] in letters]
            return found if len(found) >= len(to_the_complainant) else None

        if to_the_complainant:
            found = await eventually(written, "the letters")
            [(foreseen, real)] = zip(to_the_complainant, found, strict=True)
            assert foreseen["subject"] == real["subject"]
            assert as_it_is_read(foreseen["text"]) == as_it_is_read(real["text"])
            assert (WORDS in foreseen["text"]) is ("closing" not in letters)

    async def test_changes_nothing(
        self,
        http: httpx.AsyncClient,
        database: Database,
        fresh: Mediated,
        their_mediator: dict[str, str],
    ) -> None:
        case = await http.get(f"/v1/cases/{fresh.number}", headers=their_mediator)
        before = await held(database)
        for body, _ in DECISIONS:
            assert (await preview(http, fresh.number, body, their_mediator)).status_code == 200
        assert await held(database) == before
        again = await http.get(f"/v1/cases/{fresh.number}", headers=their_mediator)
        assert again.json() == case.json()

    async def test_says_why_a_decision_would_be_refused(
        self, http: httpx.AsyncClient, fresh: Mediated, their_mediator: dict[str, str]
    ) -> None:
        shown = (
            await preview(http, fresh.number, {"decision": "accept_case"}, their_mediator)
        ).json()
        assert shown["letters"] == []
        assert shown["refusal"] == "already_done"
        assert shown["refusalText"]

    async def test_is_for_the_mediator_of_the_case_alone(
        self,
        http: httpx.AsyncClient,
        mediated: Mediated,
        stranger: dict[str, str],
        supervisor: dict[str, str],
    ) -> None:
        body = DECISIONS[0][0]
        assert_problem(await preview(http, mediated.number, body, stranger), 404, "not-found")
        answer = await preview(http, mediated.number, body, supervisor)
        assert_problem(answer, 403, "forbidden")

    async def test_of_a_letter_to_somebody_in_danger_says_that_it_waits(
        self, http: httpx.AsyncClient, fresh: Mediated, their_mediator: dict[str, str]
    ) -> None:
        complainant = Complainant(http, fresh.number, fresh.receipt_code)
        await complainant.does("safety", {"safe": False})
        body: Json = {"decision": "close_case", "outcome": "not_settled", "reason": WORDS}
        shown = (await preview(http, fresh.number, body, their_mediator)).json()
        for letter in shown["letters"]:
            assert letter["held"] is (letter["recipient"] == "institution")
