"""What anybody may look up, without a name: numbers that help, and other ways."""

import httpx
import pytest

from launcher.people import Complainant
from tests.api.observing import assert_problem


class TestHelplines:
    async def test_are_for_anybody_in_their_language(self, http: httpx.AsyncClient) -> None:
        dutch = (await http.get("/v1/helplines")).json()["helplines"]
        english = (await http.get("/v1/helplines", headers={"Accept-Language": "en"})).json()

        assert {"code", "name", "number", "danger", "verified"} == dutch[0].keys()
        assert "112" in {line["number"] for line in dutch}
        assert dutch[0]["name"] != english["helplines"][0]["name"]

    @pytest.mark.parametrize("danger", [True, False])
    async def test_can_be_those_for_danger(self, http: httpx.AsyncClient, danger: bool) -> None:
        lines = (await http.get("/v1/helplines", params={"danger": danger})).json()["helplines"]

        assert lines
        assert {line["danger"] for line in lines} == {danger}

    async def test_say_which_nobody_has_verified(self, http: httpx.AsyncClient) -> None:
        lines = (await http.get("/v1/helplines")).json()["helplines"]

        assert {line["verified"] for line in lines} == {True, False}

    async def test_refuse_nonsense(self, http: httpx.AsyncClient) -> None:
        response = await http.get("/v1/helplines", params={"danger": "perhaps"})

        assert_problem(response, 400, "invalid-request", "danger")

    async def test_stand_in_the_case_of_who_is_not_safe(self, http: httpx.AsyncClient) -> None:
        case = await Complainant.complains(http, "voorbeeldstad")
        await case.reaches("finding_mediator")
        assert (await case.get(""))["helplines"] == []

        await case.does("safety", {"safe": False})

        lines = (await case.get(""))["helplines"]
        assert "112" in {line["number"] for line in lines}
        assert {line["danger"] for line in lines} == {True}


class TestSideRoutes:
    async def test_are_those_of_a_kind_of_institution(self, http: httpx.AsyncClient) -> None:
        every = (await http.get("/v1/side-routes")).json()["sideRoutes"]
        police = (await http.get("/v1/side-routes?kind=police")).json()["sideRoutes"]

        assert "discrimination_help" in {route["code"] for route in police}
        assert {route["code"] for route in police} < {route["code"] for route in every}

    async def test_of_an_unknown_kind_are_none(self, http: httpx.AsyncClient) -> None:
        response = await http.get("/v1/side-routes?kind=casino")

        assert_problem(response, 400, "invalid-request", "kind")
