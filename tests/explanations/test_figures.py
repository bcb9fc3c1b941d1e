"""The pictures of the yearly figures: readable by everybody, and nothing hidden is in them."""

import re
from xml.etree import ElementTree as ET

import pytest

from domain.figures import VALUES, Measure, NotSaid
from domain.institutions import InstitutionKind
from domain.languages import SPOKEN, Language
from domain.year_figures import FiguresTable
from explanations import figures
from explanations.drawing import RIGHT, WIDTH
from tests.api.publishing import a_year

NL = Language.DUTCH
LOADS_OR_RUNS = r"<script|<style|<image|<use|@import|javascript|\bon\w+=|style=|url\(|href="
YEAR = a_year()


def a_table(*totals: int | None) -> FiguresTable:
    columns = tuple(VALUES[Measure.ACKNOWLEDGEMENT])
    return FiguresTable(measure=Measure.ACKNOWLEDGEMENT, columns=columns, rows=(), totals=totals)


def bars(svg: str) -> list[ET.Element]:
    return list(ET.fromstring(svg).iter("rect"))


def lines(svg: str) -> list[str]:
    return [text.text or "" for text in ET.fromstring(svg).iter("text")]


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("table", YEAR.all_tables, ids=lambda table: table.measure)
class TestEveryPicture:
    def test_says_in_words_what_it_shows(self, table: FiguresTable, language: Language) -> None:
        svg = figures.plot_svg(table, 2026, language)
        root = ET.fromstring(svg)
        title, words = root.find("title"), root.find("desc")
        assert title is not None
        assert words is not None
        assert root.get("aria-labelledby") == f"{title.get('id')} {words.get('id')}"
        assert words.text == " ".join(figures.table_in_words(table, language))
        for column, count in zip(table.columns, table.totals, strict=True):
            assert figures.value_in_words(table.measure, column, language) in (words.text or "")
            assert figures.count_in_words(count, language) in lines(svg)

    def test_takes_the_colours_of_its_page_and_loads_nothing(
        self, table: FiguresTable, language: Language
    ) -> None:
        svg = figures.plot_svg(table, 2026, language)
        assert not re.search(LOADS_OR_RUNS, svg)
        assert not re.search(r"#[0-9a-f]{3}", svg)

    def test_stays_within_its_edges(self, table: FiguresTable, language: Language) -> None:
        svg = figures.plot_svg(table, 2026, language)
        for bar in bars(svg):
            assert float(bar.get("x", 0)) + float(bar.get("width", 0)) <= RIGHT
        root = ET.fromstring(svg)
        assert all(float(t.get("x", WIDTH)) < WIDTH for t in root.iter("text"))


class TestABar:
    def test_is_as_long_as_its_count(self) -> None:
        first, second = bars(figures.plot_svg(a_table(60, 30, 0), 2026, NL))
        assert float(first.get("width", 0)) == 2 * float(second.get("width", 0))

    def test_of_a_hidden_count_is_as_long_as_any_other_hidden_one(self) -> None:
        hidden = bars(figures.plot_svg(a_table(60, None, None), 2026, NL))[1:]
        assert len({bar.get("width") for bar in hidden}) == 1
        assert all(bar.get("stroke-dasharray") for bar in hidden)

    def test_is_seen_however_small_it_is(self) -> None:
        *_, small = bars(figures.plot_svg(a_table(90_000, 5, 0), 2026, NL))
        assert float(small.get("width", 0)) >= 3

    def test_is_not_there_for_none(self) -> None:
        svg = figures.plot_svg(a_table(0, 0, 0), 2026, NL)
        assert bars(svg) == []
        assert lines(svg).count("0") == 3


class TestTheWords:
    def test_say_how_long_the_closure_in_the_middle_took_where_that_is_shown(self) -> None:
        assert figures.median_in_words(YEAR, NL) == (
            "De middelste klacht duurde zo lang: Tot en met 14 dagen."
        )
        assert YEAR.questions is not None
        assert figures.median_in_words(YEAR.questions, NL) == (
            "De middelste vraag duurde zo lang: Tot en met 14 dagen."
        )

    def test_tell_of_a_kind_that_was_not_said(self) -> None:
        assert figures.kind_in_words(NotSaid.NOT_SAID, NL) == "Soort niet gezegd"
        assert figures.kind_in_words(InstitutionKind.POLICE, NL) == "Politie"
