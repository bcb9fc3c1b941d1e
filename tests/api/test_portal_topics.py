"""Information as pages: what there is, found with typing errors, and where it comes from."""

import httpx
import pytest
from markupsafe import escape

from api.pages.markdown import as_html
from catalogues.texts import catalogue, written_date
from domain.languages import Language
from explanations.topics import topics
from tests.api.passing_by import Browser
from tests.api.visiting import words_of

DUTCH = catalogue(Language.DUTCH)


@pytest.mark.parametrize("language", Language)
class TestTheList:
    async def test_leads_to_every_topic(self, http: httpx.AsyncClient, language: Language) -> None:
        page = await http.get(f"/{language}/topics")
        for topic in topics(language):
            assert f'href="/{language}/topics/{topic.id}"' in page.text
            assert str(escape(topic.title)) in page.text

    async def test_leads_on_to_a_complaint_and_the_guide(
        self, http: httpx.AsyncClient, language: Language
    ) -> None:
        page = await http.get(f"/{language}/topics")
        main = page.text.partition("<main")[2].partition("</main>")[0]
        for door in ("complaint", "guide"):
            assert f'href="/{language}/{door}"' in main


class TestTheSearch:
    async def test_forgives_typing_errors_and_keeps_words_out_of_addresses(
        self, http: httpx.AsyncClient
    ) -> None:
        page = await Browser(http).sends(await http.get("/nl/topics"), words="zakelike rekning")
        assert str(page.url).endswith("/nl/topics")
        first = page.text.partition('<ul class="doors">')[2].partition("</a>")[0]
        assert "/nl/topics/business_account_refused" in first
        assert 'value="zakelike rekning"' in page.text

    async def test_says_that_it_found_nothing(self, http: httpx.AsyncClient) -> None:
        page = await Browser(http).sends(await http.get("/nl/topics"), words="qqqqqqqq")
        assert page.status_code == 200
        assert DUTCH["portal.topics.nothing"] in page.text
        assert "<strong>" not in page.text

    async def test_asks_for_a_word(self, http: httpx.AsyncClient) -> None:
        page = await Browser(http).sends(await http.get("/nl/topics"))
        assert page.status_code == 400
        assert 'href="#words"' in page.text


class TestATopic:
    @pytest.mark.parametrize("language", Language)
    async def test_says_where_it_comes_from_and_whether_that_was_read(
        self, http: httpx.AsyncClient, language: Language
    ) -> None:
        unverified = catalogue(language)["portal.topic.unverified"]
        for topic in topics(language):
            page = await http.get(f"/{language}/topics/{topic.id}")
            assert page.status_code == 200
            assert written_date(topic.checked, language) in page.text
            assert (unverified in page.text) is not topic.verified
            assert page.text.count("<h1>") == 1

    async def test_is_read_as_text_not_as_marks(self, http: httpx.AsyncClient) -> None:
        page = await http.get("/nl/topics/business_account_refused")
        assert "<h2>Vraag de reden op papier</h2>" in page.text
        assert "##" not in words_of(page)

    @pytest.mark.parametrize("identifier", ["nothing", "..%2Fsecrets", "care.nl"])
    async def test_that_is_not_there_is_told_as_a_page(
        self, http: httpx.AsyncClient, identifier: str
    ) -> None:
        page = await http.get(f"/nl/topics/{identifier}")
        assert page.status_code == 404
        assert DUTCH["problem.not-found.title"] in page.text


class TestMarkdown:
    @pytest.mark.parametrize(
        ("markdown", "never"),
        [
            ("<script>alert(1)</script>", "<script"),
            ("a <b onclick=x>b</b>", "<b"),
            ("[here](javascript:alert(1))", "href"),
            ("![picture](https://elsewhere.example/p.png)", "<img"),
        ],
    )
    def test_brings_in_nothing_that_runs_or_loads(self, markdown: str, never: str) -> None:
        assert never not in as_html(markdown)

    def test_keeps_links_and_lists(self) -> None:
        html = as_html("* [law](https://law.example/9:11)")
        assert '<li><a href="https://law.example/9:11">law</a></li>' in html
