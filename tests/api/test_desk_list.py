"""The desk's list of cases: that of the API, and no more of it at once than a page should weigh."""

from collections.abc import AsyncIterator

import httpx
import pytest

from catalogues.texts import catalogue
from domain.languages import Language
from launcher.people import Complainant
from launcher.system import System
from tests.api.cases_in_hand import Mediated
from tests.api.visiting import Visitor

DUTCH = catalogue(Language.DUTCH)


@pytest.fixture
async def visitor(system: System) -> AsyncIterator[Visitor]:
    async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
        yield Visitor(system, http)


class TestTheList:
    async def test_is_that_of_the_api(
        self, visitor: Visitor, mediated: Mediated, mediator: dict[str, str]
    ) -> None:
        await visitor.signs_in(mediated.mediator)
        page = await visitor.http.get("/desk")
        listed = (await visitor.http.get("/v1/cases?limit=25", headers=mediator)).json()["cases"]
        assert listed
        assert [it["caseNumber"] in page.text for it in listed] == [True] * len(listed)

    async def test_takes_filters_and_goes_on(self, visitor: Visitor, mediated: Mediated) -> None:
        await visitor.signs_in("supervisor-1")
        page = await visitor.http.get("/desk?limit=1&stage=awaiting_institution")
        assert page.text.count("<h2>") == 1
        assert 'href="/desk?after=' in page.text

    async def test_shows_no_more_at_once_than_a_slow_line_carries(
        self, visitor: Visitor, http: httpx.AsyncClient
    ) -> None:
        for _ in range(26):
            await Complainant.complains(http, "voorbeeldstad")
        await visitor.signs_in("supervisor-1")
        page = await visitor.http.get("/desk")
        assert page.text.count("<h2>") == 25
        assert 'href="/desk?after=' in page.text
        assert len(page.content) < 40_000

    async def test_refuses_as_a_page(self, visitor: Visitor) -> None:
        await visitor.signs_in("supervisor-1")
        page = await visitor.http.get("/desk?stage=nowhere")
        assert page.status_code == 400
        assert DUTCH["problem.invalid-request.title"] in page.text
