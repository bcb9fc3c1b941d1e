"""The yearly figures for everybody: as JSON, as CSV, and as a page."""

import asyncio
import csv
import io
import re

import httpx
import pytest

from domain.figures import Measure
from domain.languages import SPOKEN, Language
from domain.matter import Matter
from launcher.people import Json
from launcher.system import System
from tests.api.observing import assert_problem
from tests.api.publishing import YEAR, YEAR_WITHOUT_QUESTIONS, publish_a_year

_OURS = re.compile(r"[a-z0-9_]+(\+[a-z0-9_]+)*")
"""What a field may hold: nothing that a spreadsheet takes for a formula."""


@pytest.fixture(scope="module", autouse=True)
def published(system: System) -> None:
    asyncio.run(publish_a_year(system))


def measures_of(matter: Matter) -> list[Measure]:
    return [measure for measure in Measure if measure.matter is matter]


async def read(http: httpx.AsyncClient, address: str, language: str = "nl") -> Json:
    response = await http.get(address, headers={"Accept-Language": language})
    return response.raise_for_status().json()


class TestTheYears:
    async def test_are_listed_with_their_revision(self, http: httpx.AsyncClient) -> None:
        years = (await read(http, "/v1/figures"))["years"]
        assert {"year": YEAR, "revision": 1, "publishedOn": "2020-01-15"} in years
        assert [one["year"] for one in years] == sorted((y["year"] for y in years), reverse=True)


class TestTheFiguresOfAYear:
    @pytest.mark.parametrize(
        ("language", "title"), [("nl", "Hoe het afliep"), ("en", "How it ended")]
    )
    async def test_are_shown_in_the_language_of_the_reader(
        self, http: httpx.AsyncClient, language: str, title: str
    ) -> None:
        figures = await read(http, f"/v1/figures/{YEAR}", language)
        assert [table["code"] for table in figures["tables"]] == measures_of(Matter.COMPLAINT)
        assert figures["tables"][0]["text"] == title
        assert (figures["closed"], figures["received"]) == (108, 108)

    @pytest.mark.parametrize(
        ("language", "not_said", "median"),
        [("nl", "Soort niet gezegd", "middelste vraag"), ("en", "Kind not said", "question in")],
    )
    async def test_tell_of_questions_apart(
        self, http: httpx.AsyncClient, language: str, not_said: str, median: str
    ) -> None:
        questions = (await read(http, f"/v1/figures/{YEAR}", language))["questions"]
        assert [table["code"] for table in questions["tables"]] == measures_of(Matter.QUESTION)
        assert (questions["closed"], questions["received"]) == (40, 40)
        unsaid = {"kinds": [{"code": "not_said", "text": not_said}], "count": 33}
        assert unsaid in questions["receivedByKind"]
        assert median in questions["medianDuration"]

    async def test_say_so_where_questions_were_not_counted(self, http: httpx.AsyncClient) -> None:
        figures = await read(http, f"/v1/figures/{YEAR_WITHOUT_QUESTIONS}")
        assert figures["questions"] is None
        assert [table["code"] for table in figures["tables"]] == measures_of(Matter.COMPLAINT)

    async def test_hide_what_is_small_and_count_small_kinds_together(
        self, http: httpx.AsyncClient
    ) -> None:
        figures = await read(http, f"/v1/figures/{YEAR}")
        outcomes = figures["tables"][0]
        *_, together = outcomes["rows"]
        assert {"landlord", "other"} <= {kind["code"] for kind in together["kinds"]}
        assert together["total"] == 7
        shown = [count for row in outcomes["rows"] for count in row["counts"]]
        assert None in shown
        assert all(count == 0 or count >= figures["hiddenBelow"] for count in shown if count)

    @pytest.mark.parametrize(
        "year", ["1999", "9" * 30, "0", "-1", "next", "2019.xml", "2019%00", "2019.csv.csv"]
    )
    async def test_are_not_there_for_a_year_that_is_not_out(
        self, http: httpx.AsyncClient, year: str
    ) -> None:
        assert_problem(await http.get(f"/v1/figures/{year}"), 404, "not-found")
        assert_problem(await http.get(f"/v1/figures/{year}.csv"), 404, "not-found")


class TestTheTableToCalculateWith:
    async def test_says_the_same_and_holds_no_formula(self, http: httpx.AsyncClient) -> None:
        answer = await http.get(f"/v1/figures/{YEAR}.csv")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
        assert f"wederhoor-{YEAR}.csv" in answer.headers["content-disposition"]
        assert answer.content.decode("utf-8").count("\r\n") == answer.text.count("\n")

        rows = list(csv.DictReader(io.StringIO(answer.text)))
        assert all(_OURS.fullmatch(cell) or cell == "" for row in rows for cell in row.values())
        totals = {"received", "closed", "questions_received", "questions_closed"}
        assert {row["table"] for row in rows} == {*totals, *Measure}
        figures = await read(http, f"/v1/figures/{YEAR}")
        told = {(row["table"], row["kinds"], row["value"]): row["count"] for row in rows}
        assert len(told) == len(rows)
        assert told["questions_closed", "all", "all"] == str(figures["questions"]["closed"])
        for table in [*figures["tables"], *figures["questions"]["tables"]]:
            for row in table["rows"]:
                kinds = "+".join(kind["code"] for kind in row["kinds"])
                for column, count in zip(table["columns"], row["counts"], strict=True):
                    written = told[table["code"], kinds, column["code"]]
                    assert written == ("" if count is None else str(count))


class TestThePage:
    @pytest.mark.parametrize(
        ("language", "rule"), [("nl", "Aantallen onder de 5"), ("en", "counts below 5")]
    )
    async def test_has_a_picture_and_a_table_of_every_measure_and_the_rule(
        self, http: httpx.AsyncClient, language: str, rule: str
    ) -> None:
        page = (await http.get(f"/{language}/figures/{YEAR}")).raise_for_status().text
        assert rule in page
        assert page.count("<svg") - 1 == len(Measure)  # the sign in the head is one, too
        assert page.count("<caption") == len(Measure)
        assert page.count("<title id=") == page.count("<desc id=") == len(Measure)
        assert f'href="/v1/figures/{YEAR}.csv"' in page
        assert "style=" not in page
        assert "<script" not in page

    async def test_has_the_questions_under_a_heading_of_their_own(
        self, http: httpx.AsyncClient
    ) -> None:
        page = (await http.get(f"/nl/figures/{YEAR}")).raise_for_status().text
        complaints, questions = page.split("<h2>Vragen</h2>")
        assert "<h3>" not in complaints
        assert questions.count("<svg") == len(measures_of(Matter.QUESTION))
        assert "Soort niet gezegd" in questions
        assert "Klachten die binnenkwamen" not in questions

    async def test_without_questions_has_no_such_heading(self, http: httpx.AsyncClient) -> None:
        address = f"/nl/figures/{YEAR_WITHOUT_QUESTIONS}"
        page = (await http.get(address)).raise_for_status().text
        assert "<h2>Vragen</h2>" not in page
        assert page.count("<caption") == len(measures_of(Matter.COMPLAINT))

    async def test_is_found_from_the_list_of_years(self, http: httpx.AsyncClient) -> None:
        page = (await http.get("/nl/figures")).raise_for_status().text
        assert f'href="/nl/figures/{YEAR}"' in page
        home = (await http.get("/nl")).raise_for_status().text
        assert 'href="/nl/figures"' in home

    async def test_of_a_year_that_is_not_out_says_so(self, http: httpx.AsyncClient) -> None:
        assert (await http.get("/nl/figures/1999")).status_code == 404

    @pytest.mark.parametrize("language", SPOKEN)
    async def test_weighs_little(self, http: httpx.AsyncClient, language: Language) -> None:
        address = f"/{language}/figures/{YEAR}"
        page, style = await http.get(address), await http.get("/style.css")
        assert len(page.content) + len(style.content) < 50_000

    async def test_tells_once_what_is_of_all_kinds_together(self, http: httpx.AsyncClient) -> None:
        page = (await http.get(f"/en/figures/{YEAR}")).raise_for_status().text
        caption = '<caption class="unseen">How questions ended</caption>'
        table = page.split(caption)[1].split("</table>")[0]
        assert table.count('<th scope="row">') == 1
        assert "All kinds" in table
