"""Decisions: by whom, about which case, and only once."""

import asyncio
from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest

from launcher.people import Complainant, Json, Office
from storage.database import Database
from tests.api.cases_in_hand import Mediated
from tests.api.observing import WHY, assert_problem, bearer, fresh_key, held


class TestDeciding:
    @pytest.mark.parametrize(
        "decision", ["accept_case", "decline_case", "recuse", "propose_outcome", "take_step"]
    )
    async def test_what_belongs_to_a_mediator_is_not_for_a_supervisor(
        self,
        http: httpx.AsyncClient,
        database: Database,
        mediated: Mediated,
        supervisor: dict[str, str],
        decision: str,
    ) -> None:
        before = await held(database)
        body = {"decision": decision}
        body |= {"outcome": "settled"} if decision == "propose_outcome" else {}
        if decision != "accept_case":
            body |= WHY

        path = f"/v1/cases/{mediated.number}/decisions"
        response = await http.post(path, json=body, headers=supervisor)

        assert_problem(response, 403, "forbidden")
        assert await held(database) == before

    async def test_what_belongs_to_a_supervisor_is_not_for_a_mediator(
        self, http: httpx.AsyncClient, mediated: Mediated, mediator: dict[str, str]
    ) -> None:
        body = {"decision": "offer_case", "mediatorId": str(uuid4())}

        path = f"/v1/cases/{mediated.number}/decisions"
        response = await http.post(path, json=body, headers=mediator)

        assert_problem(response, 403, "forbidden")

    @pytest.mark.parametrize(
        "decision", ["give_consent", "revoke_consent", "accept_outcome", "reject_outcome"]
    )
    async def test_what_belongs_to_a_complainant_is_not_for_staff(
        self,
        http: httpx.AsyncClient,
        mediated: Mediated,
        mediator: dict[str, str],
        supervisor: dict[str, str],
        decision: str,
    ) -> None:
        path = f"/v1/cases/{mediated.number}/decisions"

        for headers in (mediator, supervisor):
            response = await http.post(path, json={"decision": decision}, headers=headers)
            assert_problem(response, 403, "forbidden")

    async def test_on_the_case_of_somebody_else_finds_nothing(
        self,
        http: httpx.AsyncClient,
        database: Database,
        mediated: Mediated,
        stranger: dict[str, str],
    ) -> None:
        before = await held(database)

        path = f"/v1/cases/{mediated.number}/decisions"
        response = await http.post(path, json={"decision": "recuse", **WHY}, headers=stranger)

        assert_problem(response, 404, "not-found")
        assert await held(database) == before

    @pytest.mark.parametrize(
        ("body", "where"),
        [
            ({}, "#/decision"),
            ({"decision": "approve"}, "#/decision"),
            ({"decision": None}, "#/decision"),
            ({"decision": "propose_outcome", **WHY}, "#/outcome"),
            ({"decision": "close_case", **WHY}, "#/outcome"),
            ({"decision": "close_case", **WHY, "outcome": None}, "#/outcome"),
            ({"decision": "close_case", **WHY, "outcome": "won"}, "#/outcome"),
            ({"decision": "accept_case", "outcome": "settled"}, "#/outcome"),
            ({"decision": "offer_case"}, "#/mediatorId"),
            ({"decision": "offer_case", "mediatorId": "x"}, "#/mediatorId"),
            ({"decision": "offer_case", "mediatorId": 1}, "#/mediatorId"),
            ({"decision": "recuse", **WHY, "mediatorId": str(uuid4())}, "#/mediatorId"),
            ({"decision": "recuse", "reason": "\x00"}, "#/reason"),
            ({"decision": "recuse", **WHY, "by": "x"}, "#/by"),
        ],
    )
    async def test_names_the_field_that_is_wrong(
        self,
        http: httpx.AsyncClient,
        database: Database,
        mediated: Mediated,
        mediator: dict[str, str],
        body: Json,
        where: str,
    ) -> None:
        before = await held(database)

        path = f"/v1/cases/{mediated.number}/decisions"
        response = await http.post(path, json=body, headers=mediator)

        assert_problem(response, 400, "invalid-request", where)
        assert await held(database) == before

    @pytest.mark.parametrize(
        ("what", "field", "more"),
        [
            ("decisions", "reason", {"decision": "recuse"}),
            ("decisions", "reason", {"decision": "propose_outcome", "outcome": "settled"}),
            ("entries", "text", {"audience": "institution"}),
            ("entries", "text", {"audience": "both_sides"}),
            ("entries", "text", {"audience": "mediator_only"}),
        ],
    )
    async def test_with_a_receipt_code_in_its_words_is_refused(
        self,
        http: httpx.AsyncClient,
        database: Database,
        mediated: Mediated,
        mediator: dict[str, str],
        submitted: tuple[str, str],
        what: str,
        field: str,
        more: Json,
    ) -> None:
        before = await held(database)

        for code in (mediated.receipt_code, mediated.receipt_code.lower(), submitted[1]):
            body = {field: f"De code is {code}.", **more}
            path = f"/v1/cases/{mediated.number}/{what}"
            response = await http.post(path, json=body, headers=mediator)
            assert_problem(response, 400, "invalid-request", f"#/{field}")
            assert code not in response.text
        assert await held(database) == before

    @pytest.mark.parametrize("somebody", [str(uuid4()), "6f1c2f0e-7d1b-4a7e-9a51-0c5a3f6f0009"])
    async def test_offers_no_case_to_who_is_no_mediator(
        self,
        http: httpx.AsyncClient,
        database: Database,
        supervisor: dict[str, str],
        submitted: tuple[str, str],
        somebody: str,
    ) -> None:
        before = await held(database)

        body = {"decision": "offer_case", "mediatorId": somebody, **WHY}
        path = f"/v1/cases/{submitted[0]}/decisions"
        response = await http.post(path, json=body, headers=supervisor)

        assert_problem(response, 400, "invalid-request", "#/mediatorId")
        assert await held(database) == before

    async def test_not_to_take_a_case_can_still_be_followed(
        self, http: httpx.AsyncClient, office: Office
    ) -> None:
        complainant = await Complainant.complains(http, "voorbeeldstad")
        _, mediator = await office.asked(complainant.case_number)

        entry = await mediator.decides(complainant.case_number, "decline_case", reason="Vol.")

        assert (entry["decision"], entry["status"]) == ("decline_case", "applied")

    async def test_twice_with_one_key_decides_once(
        self,
        http: httpx.AsyncClient,
        database: Database,
        token_for: Callable[[str], str],
        office: Office,
    ) -> None:
        complainant = await Complainant.complains(http, "voorbeeldstad")
        number = complainant.case_number
        identifier, _ = await office.asked(number)
        headers = bearer(token_for(f"mediator-{identifier[-1]}")) | fresh_key()
        path = f"/v1/cases/{number}/decisions"

        answers = await asyncio.gather(
            *(http.post(path, json={"decision": "accept_case"}, headers=headers) for _ in range(10))
        )
        other = await http.post(path, json={"decision": "recuse", **WHY}, headers=headers)

        assert {answer.status_code for answer in answers} == {202}
        assert len({answer.headers["location"] for answer in answers}) == 1
        assert_problem(other, 409, "conflict-idempotency")
        entries = (await http.get(f"/v1/cases/{number}/entries", headers=headers)).json()
        assert [it["decision"] for it in entries["entries"]] == [None, "accept_case"]
