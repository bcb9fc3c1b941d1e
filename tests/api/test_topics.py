"""Topics over the API, in the reader's language."""

import httpx
import pytest

from tests.api.observing import assert_problem


class TestTopics:
    @pytest.mark.parametrize(
        ("language", "title"), [("nl", "Klacht of bezwaar?"), ("en", "Complaint or objection?")]
    )
    async def test_are_listed_and_read_in_the_language_of_the_reader(
        self, http: httpx.AsyncClient, language: str, title: str
    ) -> None:
        headers = {"Accept-Language": language}
        listed = (await http.get("/v1/topics", headers=headers)).raise_for_status().json()
        [one] = [item for item in listed["topics"] if item["id"] == "complaint_or_objection"]
        assert one["title"] == title
        read = await http.get(f"/v1/topics/{one['id']}", headers=headers)
        body = read.raise_for_status().json()
        assert (body["language"], body["verified"]) == (language, True)
        assert body["unchecked"] is False
        assert "Awb 6:7" in body["sources"]

    async def test_are_found_in_spite_of_a_typing_error(self, http: httpx.AsyncClient) -> None:
        response = await http.post("/v1/topics/search", json={"words": "bezwar"})
        found = response.raise_for_status().json()["topics"]
        assert found[0]["id"] == "complaint_or_objection"

    async def test_that_do_not_exist_say_so(self, http: httpx.AsyncClient) -> None:
        assert_problem(await http.get("/v1/topics/nothing"), 404, "not-found")

    @pytest.mark.parametrize("words", ["", " ", "x" * 201, "a\nb"])
    async def test_are_not_searched_for_what_is_no_word(
        self, http: httpx.AsyncClient, words: str
    ) -> None:
        response = await http.post("/v1/topics/search", json={"words": words})
        assert_problem(response, 400, "invalid-request", "#/words")
