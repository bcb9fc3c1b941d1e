"""The picture of a case's clocks: readable by everybody, and nothing in it but dates."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogues.texts import written_date
from domain.calendar import civil_date
from domain.clocks import Ending, PastClock
from domain.entries import Decision, EntryKind
from domain.languages import Language
from domain.overview import OverviewDetails
from domain.parties import Party
from domain.read_model import overview_of
from domain.waits import Wait
from explanations.timeline import DARK, LIGHT, WIDTH, timeline_svg, timeline_text
from tests.domain.journey import (
    START,
    Journey,
    awaiting_consent,
    awaiting_institution,
    hearing_both_sides,
)

SVG = "{http://www.w3.org/2000/svg}"
NL = Language.DUTCH
OPENED = civil_date(START)
A_DATE = re.compile(r"\d{1,2} [a-z]+ \d{4}", re.IGNORECASE)
WIDTH_OF_A_LETTER = {"label": 10.2, "dates": 8.9, "now": 8.9}
"""Of the widest common sans-serif fonts at these sizes, on average."""


def extended() -> Journey:
    journey = awaiting_institution()
    journey.shown(EntryKind.INSTITUTION_EXTENSION, Party.INSTITUTION)
    return journey


def paused() -> Journey:
    journey = hearing_both_sides()
    journey.shown(EntryKind.SAFETY, Party.COMPLAINANT, decision=Decision.REPORT_DANGER)
    return journey.later(timedelta(days=4))


def silent() -> Journey:
    journey = awaiting_institution()
    journey.let_pass(Wait.INSTITUTION_REPLIES)
    return journey


CASES = [Journey, awaiting_consent, extended, paused, silent]
every_case = pytest.mark.parametrize(
    ("journey", "language"),
    [(case(), language) for case, language in product(CASES, Language)],
)


def drawn(journey: Journey, language: Language = NL) -> ET.Element:
    details = overview_of(journey.course).details
    return ET.fromstring(timeline_svg(details, civil_date(journey.now), language, OPENED))


def told(journey: Journey, language: Language = NL) -> list[str]:
    details = overview_of(journey.course).details
    return timeline_text(details, civil_date(journey.now), language, OPENED)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class TestThePicture:
    @every_case
    def test_is_a_picture_with_a_name_and_the_same_in_words(
        self, journey: Journey, language: Language
    ) -> None:
        svg = drawn(journey, language)
        assert svg.attrib["role"] == "img"
        assert svg.attrib["aria-labelledby"] == "timeline-title timeline-words"
        title, words = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
        assert title is not None
        assert title.text
        assert words is not None
        assert words.text == " ".join(told(journey, language))

    @every_case
    def test_shows_no_date_that_its_words_do_not_tell(
        self, journey: Journey, language: Language
    ) -> None:
        words = " ".join(told(journey, language))
        shown = " ".join(text.text or "" for text in drawn(journey, language).iter(f"{SVG}text"))
        assert set(A_DATE.findall(shown)) <= set(A_DATE.findall(words))

    @every_case
    def test_keeps_every_word_within_its_edges(self, journey: Journey, language: Language) -> None:
        svg = drawn(journey, language)
        height = float(svg.attrib["viewBox"].split()[3])
        lines: dict[str, float] = {}
        for text in svg.iter(f"{SVG}text"):
            width = len(text.text or "") * WIDTH_OF_A_LETTER[text.attrib["class"]]
            lines[text.attrib["y"]] = lines.get(text.attrib["y"], 0) + width
            assert 0 < float(text.attrib["y"]) < height
        assert max(lines.values()) <= WIDTH - 24

    @every_case
    def test_fetches_and_runs_nothing(self, journey: Journey, language: Language) -> None:
        details = overview_of(journey.course).details
        svg = timeline_svg(details, civil_date(journey.now), language, OPENED)
        assert "http" not in svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert not re.search(r"<script|<image|<use|@import|javascript|onload", svg)
        assert re.findall(r"url\(([^)]*)\)", svg) in ([], ["#still"], ["#still"] * 2)

    def test_is_the_same_each_time(self) -> None:
        assert ET.tostring(drawn(silent())) == ET.tostring(drawn(silent()))

    def test_tells_an_extension_and_a_standstill_by_shape(self) -> None:
        assert any("notch" in path.attrib.get("class", "") for path in drawn(extended()).iter())
        fills = [part.attrib.get("fill") for part in drawn(paused()).iter()]
        assert "url(#still)" in fills

    def test_tells_states_apart_by_shape_and_word(self) -> None:
        marks = {
            path.attrib["class"].split()[1]
            for path in drawn(silent()).iter(f"{SVG}path")
            if " " in path.attrib.get("class", "")
        }
        assert {"circle", "diamond", "square"} <= marks

    @pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
    def test_stands_out_from_its_paper(self, colours: dict[str, str]) -> None:
        assert contrast(colours["ink"], colours["paper"]) >= 4.5
        for shape in ("run", "late", "past"):
            assert contrast(colours[shape], colours["paper"]) >= 3

    def test_of_many_past_clocks_shows_the_latest_and_tells_of_all(self) -> None:
        past = tuple(
            PastClock(
                wait=Wait.MEDIATOR_ACCEPTS,
                start=OPENED + timedelta(days=n),
                day=OPENED + timedelta(days=n + 2),
                ended=START + timedelta(days=n + 1),
                ending=Ending.ANSWERED,
                round=1,
            )
            for n in range(60)
        )
        details = OverviewDetails(past_clocks=past)
        svg = timeline_svg(details, OPENED, NL, OPENED)
        assert "En nog 48 eerdere termijnen." in svg
        assert len(timeline_text(details, OPENED, NL, OPENED)) == 63

    @given(
        st.lists(st.integers(min_value=0, max_value=4000), max_size=8),
        st.integers(min_value=-400, max_value=4000),
        st.sampled_from(Language),
    )
    def test_can_be_drawn_whatever_the_dates(
        self, lengths: list[int], today: int, language: Language
    ) -> None:
        views = overview_of(hearing_both_sides().course).details.clocks
        clocks = tuple(
            replace(views[0], clock=replace(views[0].clock, day=OPENED + timedelta(days=days)))
            for days in lengths
        )
        details = OverviewDetails(clocks=clocks)
        now = OPENED + timedelta(days=today)
        svg = ET.fromstring(timeline_svg(details, now, language, OPENED))
        for bar in svg.iter(f"{SVG}rect"):
            if "x" in bar.attrib:
                right = float(bar.attrib["x"]) + float(bar.attrib["width"])
                assert 0 <= float(bar.attrib["x"]) <= right <= WIDTH


class TestTheWords:
    def test_tell_each_clock_in_the_order_of_its_last_day(self) -> None:
        words = told(silent())
        days = [re.findall(r"tot en met (\d+ \w+ \d{4})", line) for line in words[2:]]
        assert len(days) > 4
        assert all(days)
        assert words[-1].startswith("De tijd om naar de volgende instantie te gaan")

    def test_tell_how_a_clock_ended(self) -> None:
        assert any(": beantwoord." in line for line in told(awaiting_institution()))

    def test_tell_that_one_stands_still_and_since_when(self) -> None:
        since = written_date(civil_date(START), NL)
        assert any(f"Dat is zo sinds {since}." in line for line in told(paused()))

    def test_tell_an_extension(self) -> None:
        assert any("De laatste dag schoof op van" in line for line in told(extended()))

    def test_say_so_when_nothing_runs(self) -> None:
        words = timeline_text(OverviewDetails(), date(2026, 3, 2), NL, OPENED)
        assert words[-1] == "Er loopt nu geen termijn."

    def test_are_of_the_day_that_is_asked_for(self) -> None:
        today = datetime(2026, 12, 24, 23, 30, tzinfo=UTC)
        words = timeline_text(OverviewDetails(), civil_date(today), Language.ENGLISH, OPENED)
        assert words[1] == "Today is 25 December 2026."
