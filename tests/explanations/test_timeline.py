"""The picture of a case's clocks: readable by everybody, and nothing in it but dates."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import product
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogues.texts import written_date
from domain.calendar import Calendar, civil_date
from domain.clocks import Clock, Ending, Extension, PastClock
from domain.entries import Decision, EntryKind
from domain.identifiers import EntryNumber
from domain.languages import SPOKEN, Language
from domain.overview import ClockView, OverviewDetails
from domain.parties import Party
from domain.policy.model import SERVICE_LEVEL
from domain.read_model import overview_of
from domain.spans import Span, Unit
from domain.waits import Wait
from explanations import drawing
from explanations.drawing import BAR_HEIGHT, DARK, LABEL_SIZE, LETTER_SIZE, LIGHT, WIDTH
from explanations.lanes import MOST_LANES
from explanations.timeline import timeline_svg, timeline_text
from tests.domain.journey import (
    START,
    Journey,
    awaiting_consent,
    awaiting_institution,
    hearing_both_sides,
    rules_for,
)

SVG = "{http://www.w3.org/2000/svg}"
NL = Language.DUTCH
OPENED = civil_date(START)
LOADS_OR_RUNS = r"<script|<image|<use|@import|@font-face|javascript|\bon\w+=|url\("
A_DATE = re.compile(r"\d{1,2} [a-z]+ \d{4}", re.IGNORECASE)
WIDTH_OF_A_LETTER = {"bold": 0.62, "regular": 0.58}
"""In its own height, on average, in the widest common sans-serif font (DejaVu Sans)."""

Drawn = tuple[OverviewDetails, date]


def extended() -> Journey:
    journey = awaiting_institution()
    journey.shown(EntryKind.INSTITUTION_EXTENSION, Party.INSTITUTION)
    return journey


def paused() -> Journey:
    journey = hearing_both_sides()
    journey.shown(EntryKind.SAFETY, Party.COMPLAINANT, decision=Decision.REPORT_DANGER)
    return journey.later(timedelta(days=4))


def safe_again() -> Journey:
    journey = paused()
    journey.shown(EntryKind.SAFETY, Party.COMPLAINANT, decision=Decision.REPORT_SAFE)
    return journey


def silent() -> Journey:
    journey = awaiting_institution()
    journey.let_pass(Wait.INSTITUTION_REPLIES)
    return journey


def shown(journey: Journey) -> Drawn:
    return overview_of(journey.course).details, civil_date(journey.now)


def many_past(count: int) -> OverviewDetails:
    return OverviewDetails(
        past_clocks=tuple(
            PastClock(
                wait=list(Wait)[n % len(Wait)],
                start=OPENED + timedelta(days=n),
                day=OPENED + timedelta(days=n + 2),
                ended=START + timedelta(days=n + 1),
                ending=list(Ending)[n % len(Ending)],
                round=1,
            )
            for n in range(count)
        )
    )


JOURNEYS = [Journey, awaiting_consent, extended, paused, safe_again, silent]
CASES: list[Drawn] = [
    *(shown(journey()) for journey in JOURNEYS),
    (OverviewDetails(), OPENED),
    (many_past(30), OPENED + timedelta(days=40)),
]
every_case = pytest.mark.parametrize(("case", "language"), list(product(CASES, SPOKEN)))


def svg_of(case: Drawn, language: Language = NL) -> str:
    return timeline_svg(*case, language, OPENED)


def drawn(case: Drawn, language: Language = NL) -> ET.Element:
    return ET.fromstring(svg_of(case, language))


def told(case: Drawn, language: Language = NL) -> list[str]:
    return timeline_text(*case, language, OPENED)


def bars(svg: ET.Element) -> list[ET.Element]:
    return [one for one in svg.iter(f"{SVG}rect") if one.get("height") == str(BAR_HEIGHT)]


def paths(svg: ET.Element, form: str) -> list[ET.Element]:
    return [one for one in svg.iter(f"{SVG}path") if re.search(form, one.attrib["d"])]


def box_of(line: ET.Element) -> tuple[float, float, float, float]:
    """Return about where a line of text is: left, right, top, bottom."""
    bold = line.get("font-weight") is not None
    size = LABEL_SIZE if bold else LETTER_SIZE
    width = len(line.text or "") * size * WIDTH_OF_A_LETTER["bold" if bold else "regular"]
    x, y = float(line.attrib["x"]), float(line.attrib["y"])
    left = x - width if line.get("text-anchor") == "end" else x
    return left, left + width, y - size * 0.8, y + size * 0.25


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@st.composite
def cases(draw: st.DrawFn) -> Drawn:
    """Any clocks, of a day or of years, running and past, and any day on which they are seen."""
    rules = rules_for()
    views: list[ClockView] = []
    for days in draw(st.lists(st.integers(min_value=0, max_value=4000), max_size=14)):
        term = rules.terms[draw(st.sampled_from(sorted(rules.terms)))]
        wait = draw(st.sampled_from(Wait))
        since = START + timedelta(days=draw(st.integers(min_value=0, max_value=700)))
        start = civil_date(since)
        day = start + timedelta(days=days)
        was = start + timedelta(days=days // 2)
        given_time = Extension(EntryNumber(4), was, day, Span(1, Unit.DAYS), (), SERVICE_LEVEL)
        clock = Clock(
            wait=wait,
            since=since,
            start=start,
            span=term.span,
            rolling=term.rolling,
            raw=day,
            day=day,
            rolls=(),
            statutory=False,
            source=SERVICE_LEVEL,
            verified=True,
            extensions=draw(st.sampled_from([(), (given_time,)])),
            passed=draw(st.booleans()),
            paused_at=draw(st.sampled_from([None, since + timedelta(days=2)])),
            paused_days=draw(st.integers(min_value=0, max_value=40)),
        )
        views.append(ClockView(clock=clock, next_step=None, next_at=None))
    past = many_past(draw(st.integers(min_value=0, max_value=30))).past_clocks
    today = OPENED + timedelta(days=draw(st.integers(min_value=0, max_value=4000)))
    return OverviewDetails(clocks=tuple(views), past_clocks=past), today


class TestThePicture:
    @every_case
    def test_is_a_picture_with_a_name_and_the_same_in_words(
        self, case: Drawn, language: Language
    ) -> None:
        svg = drawn(case, language)
        assert svg.attrib["role"] == "img"
        assert svg.attrib["aria-labelledby"] == "timeline-title timeline-words"
        title, words = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
        assert title is not None
        assert title.text
        assert words is not None
        assert words.text == " ".join(told(case, language))

    @every_case
    def test_fetches_and_runs_nothing(self, case: Drawn, language: Language) -> None:
        svg = svg_of(case, language)
        assert "http" not in svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert not re.search(
            r"<script|<image|<use|@import|@font-face|javascript|\bon\w+=|url\(", svg
        )

    def test_takes_no_word_for_a_tag(self) -> None:
        line = ET.fromstring(drawing.words(10, 'a <b> & "c"'))
        assert line.text == 'a <b> & "c"'
        assert len(line) == 0

    def test_is_the_same_each_time(self) -> None:
        assert svg_of(shown(silent())) == svg_of(shown(silent()))

    def test_leaves_the_style_of_its_page_alone(self) -> None:
        style = drawn(CASES[0]).find(f"{SVG}style")
        assert style is not None
        selectors = re.findall(r"([^{}@]+)\{[^{}]*\}", (style.text or "").replace("@media", ""))
        named = [one.rpartition("{")[2].strip() for one in selectors]
        assert len(named) > len(LIGHT)
        assert all(one.startswith((".wt-", ".wederhoor-timeline")) for one in named)

    def test_has_its_light_colours_without_any_style(self) -> None:
        for shape in drawn(shown(silent())).iter():
            if shape.tag in {f"{SVG}rect", f"{SVG}path", f"{SVG}text"}:
                assert {shape.get("fill"), shape.get("stroke")} & set(LIGHT.values())

    @pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
    def test_stands_out_from_its_paper(self, colours: dict[str, str]) -> None:
        for name in colours.keys() - {"paper"}:
            assert contrast(colours[name], colours["paper"]) >= 4.5, name

    def test_has_letters_of_twelve_pixels_on_a_small_telephone(self) -> None:
        assert LETTER_SIZE * 320 / WIDTH >= 12


class TestWhateverIsDrawn:
    @given(cases(), st.sampled_from(SPOKEN))
    def test_stays_within_the_picture_and_apart(self, case: Drawn, language: Language) -> None:
        svg = drawn(case, language)
        height = float(svg.attrib["viewBox"].split()[3])
        boxes = [box_of(line) for line in svg.iter(f"{SVG}text")]
        for left, right, top, bottom in boxes:
            assert 0 <= left <= right <= WIDTH
            assert 0 <= top <= bottom <= height
        for bar in bars(svg):
            left, top = float(bar.attrib["x"]), float(bar.attrib["y"])
            right = left + float(bar.attrib["width"])
            assert 0 <= left <= right <= WIDTH
            boxes.append((left, right, top, top + BAR_HEIGHT))
        lines = [box for box in boxes if box[3] - box[2] > BAR_HEIGHT]
        for n, line in enumerate(lines):
            assert not any(overlap(line, other) for other in lines[n + 1 :])
        for bar in (box for box in boxes if box not in lines):
            assert not any(overlap(line, bar) for line in lines)

    @given(cases(), st.sampled_from(SPOKEN))
    def test_has_no_date_that_the_words_do_not_tell(self, case: Drawn, language: Language) -> None:
        written = " ".join(one.text or "" for one in drawn(case, language).iter(f"{SVG}text"))
        assert set(A_DATE.findall(written)) <= set(A_DATE.findall(" ".join(told(case, language))))


class TestALane:
    def test_tells_states_apart_by_shape_and_word(self) -> None:
        svg = drawn(shown(silent()))
        for form in ("a7 7 0 1 0", r"l9 9l-9 9", r"h14v14h-14z"):  # circle, diamond, square
            assert len(paths(svg, form)) >= 2, form
        words = [line.text or "" for line in svg.iter(f"{SVG}text")]
        assert {"Loopt", "Voorbij"} <= set(words)
        assert any(line.startswith("Beantwoord: ") for line in words)

    def test_is_filled_as_far_as_its_time_is_over(self) -> None:
        since = START - timedelta(days=21)
        term = rules_for().terms[Wait.INSTITUTION_REPLIES]
        clock = Clock.begin(Wait.INSTITUTION_REPLIES, term, since, Calendar(()))
        view = ClockView(clock=clock, next_step=None, next_at=None)
        hollow, filled = bars(drawn((OverviewDetails(clocks=(view,)), OPENED)))
        share = float(filled.attrib["width"]) / float(hollow.attrib["width"])
        assert share == pytest.approx(0.5, abs=0.02)

    def test_shows_where_an_extended_term_ended_before(self) -> None:
        assert len(paths(drawn(shown(extended())), r"h10l-5 9z")) == 1
        assert paths(drawn(shown(awaiting_institution())), r"h10l-5 9z") == []
        was = written_date(extended().course.clocks[Wait.INSTITUTION_REPLIES].extensions[0].was, NL)
        words = [line.text for line in drawn(shown(extended())).iter(f"{SVG}text")]
        assert f"Verlengd, was {was}" in words

    def test_shows_a_standstill_as_stripes_and_says_since_when(self) -> None:
        assert paths(drawn(shown(paused())), rf"^(M[\d.]+ [\d.]+v{BAR_HEIGHT})+$")
        words = [line.text for line in drawn(shown(paused())).iter(f"{SVG}text")]
        assert f"Staat stil sinds {written_date(OPENED, NL)}" in words

    def test_that_stood_still_before_says_so(self) -> None:
        words = [line.text for line in drawn(shown(safe_again())).iter(f"{SVG}text")]
        assert "Stond eerder 4 dagen stil" in words

    def test_of_a_year_does_not_squeeze_the_others(self) -> None:
        svg = drawn(shown(silent()))
        assert len(paths(svg, r"l10 10l-10 10")) == 2  # the arrow, and the margin around it
        words = [line.text for line in svg.iter(f"{SVG}text")]
        assert words[2] == written_date(silent().course.clocks[Wait.MEDIATOR_PROPOSES].day, NL)

    def test_of_many_past_clocks_the_latest_are_shown_and_all_are_told(self) -> None:
        case = (many_past(30), OPENED)
        assert len([b for b in bars(drawn(case)) if b.get("stroke")]) == MOST_LANES
        assert "En nog 18 eerdere termijnen." in svg_of(case)
        ended = re.findall(r": (\d+ \w+ 2026)</text>", svg_of(case))
        latest = [OPENED + timedelta(days=30 - n) for n in range(MOST_LANES)]
        assert ended == [written_date(day, NL) for day in latest]
        assert len(told(case)) == 33
        assert "En nog 1 eerdere termijn." in svg_of((many_past(MOST_LANES + 1), OPENED))


class TestTheWords:
    def test_tell_each_clock_in_the_order_of_its_last_day(self) -> None:
        words = told(shown(silent()))
        days = [re.findall(r"tot en met (\d+ \w+ \d{4})", line) for line in words[2:]]
        assert len(days) > 4
        assert all(days)
        assert words[-1].startswith("De tijd om naar de volgende instantie te gaan")

    def test_are_in_that_order_whenever_the_clocks_ended(self) -> None:
        late_first = OverviewDetails(past_clocks=many_past(4).past_clocks[::-1])
        words = told((late_first, OPENED))[3:]
        ends = [written_date(OPENED + timedelta(days=n + 2), NL) for n in range(4)]
        assert [end in line for end, line in zip(ends, words, strict=True)] == [True] * 4

    def test_tell_how_a_clock_ended(self) -> None:
        assert any(": beantwoord." in line for line in told(shown(awaiting_institution())))

    def test_tell_that_one_stands_still_and_since_when(self) -> None:
        since = written_date(OPENED, NL)
        assert any(f"Dat is zo sinds {since}." in line for line in told(shown(paused())))

    def test_tell_that_one_stood_still(self) -> None:
        assert any("stond eerder 4 dagen stil." in line for line in told(shown(safe_again())))

    def test_tell_an_extension(self) -> None:
        assert any("De laatste dag schoof op van" in line for line in told(shown(extended())))

    def test_say_so_when_nothing_runs(self) -> None:
        assert told((OverviewDetails(), OPENED))[-1] == "Er loopt nu geen termijn."

    def test_are_of_the_day_that_is_asked_for(self) -> None:
        today = datetime(2026, 12, 24, 23, 30, tzinfo=UTC)
        words = told((OverviewDetails(), civil_date(today)), Language.ENGLISH)
        assert words[1] == "Today is 25 December 2026."
