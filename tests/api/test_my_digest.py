"""The mail of the morning can be switched off, by each person for themselves."""

import httpx

from tests.api.observing import assert_problem


class TestTheDigest:
    async def test_anonymous_is_not_let_in(self, http: httpx.AsyncClient) -> None:
        assert_problem(await http.get("/v1/my-digest"), 401, "unauthenticated")

    async def test_is_switched_off_and_on_for_the_reader_alone(
        self, http: httpx.AsyncClient, supervisor: dict[str, str], stranger: dict[str, str]
    ) -> None:
        async def wanted(headers: dict[str, str]) -> bool:
            return (await http.get("/v1/my-digest", headers=headers)).json()["wanted"]

        off = await http.put("/v1/my-digest", json={"wanted": False}, headers=stranger)
        assert off.json() == {"wanted": False}
        assert (await wanted(stranger), await wanted(supervisor)) == (False, True)
        await http.put("/v1/my-digest", json={"wanted": True}, headers=stranger)
        assert await wanted(stranger)

    async def test_names_the_field_that_is_wrong(
        self, http: httpx.AsyncClient, supervisor: dict[str, str]
    ) -> None:
        response = await http.put("/v1/my-digest", json={"wanted": "no"}, headers=supervisor)
        assert_problem(response, 400, "invalid-request", "#/wanted")
