"""The yearly figures in words and as pictures.

A picture shows one measure over all kinds of institutions. It is part of a page: it takes the
page's letters and colour, so it is right in light, dark and forced colours, and needs no style of
its own.
"""

import textwrap
from collections.abc import Mapping, Sequence
from enum import StrEnum
from html import escape
from types import MappingProxyType

from catalogues.texts import text
from domain.figures import (
    VALUES,
    ComplaintOutcome,
    Duration,
    Kind,
    Measure,
    NotSaid,
    Promise,
    QuestionOutcome,
    Whether,
)
from domain.languages import Language
from domain.matter import Matter
from domain.year_figures import FiguresTable, MatterFigures, YearFigures, median
from explanations.drawing import BAR_HEIGHT, LEFT, LETTER_SIZE, RIGHT, WIDTH

_LINE = 21
_GAP = 10
_LETTERS_IN_A_LINE = 44
_ROOM_FOR_COUNT = 60
_LEAST_WIDTH = 3

_SHARED: Mapping[type[StrEnum], str] = MappingProxyType(
    {
        ComplaintOutcome: "outcome",
        QuestionOutcome: "outcome",
        Duration: "figures.duration",
        Promise: "figures.promise",
        Whether: "figures.whether",
    }
)
"""Values that several measures have, or others than measures: their words are under one name."""
_MEDIAN = {Matter.COMPLAINT: "figures.median", Matter.QUESTION: "figures.questions.median"}


def measure_in_words(measure: Measure, language: Language) -> str:
    """Return what a measure is about, as a heading."""
    return text(language, f"figures.measure.{measure}")


def value_in_words(measure: Measure, value: str, language: Language) -> str:
    """Return the name of a column."""
    name = _SHARED.get(VALUES[measure], f"figures.{measure}")
    return text(language, f"{name}.{value}")


def kind_in_words(kind: Kind, language: Language) -> str:
    """Return the name of a kind of institutions, or that it was not said."""
    group = "figures.kind" if isinstance(kind, NotSaid) else "institution_kind"
    return text(language, f"{group}.{kind}")


def count_in_words(count: int | None, language: Language) -> str:
    """Return a count, or that it is hidden."""
    return text(language, "figures.hidden") if count is None else str(count)


def rule_in_words(figures: YearFigures, language: Language) -> str:
    """Return which counts are hidden, and why."""
    return text(language, "figures.rule", least=figures.hidden_below)


def median_in_words(figures: MatterFigures, language: Language) -> str | None:
    """Return how long the closure in the middle took, where what is shown tells that."""
    for table in figures.tables:
        if VALUES[table.measure] is Duration and figures.closed is not None:
            band = median(table, figures.closed)
            if band is not None:
                value = value_in_words(table.measure, band, language)
                return text(language, _MEDIAN[table.measure.matter], band=value)
    return None


def table_in_words(table: FiguresTable, language: Language) -> list[str]:
    """Return the picture of a table in words: one sentence for each bar."""
    return [
        text(
            language,
            "figures.bar",
            value=value_in_words(table.measure, column, language),
            count=count_in_words(count, language),
        )
        for column, count in zip(table.columns, table.totals, strict=True)
    ]


def plot_svg(table: FiguresTable, year: int, language: Language) -> str:
    """Draw one measure over all kinds of institutions, a bar for each of its values.

    Returns:
        An SVG element, to stand in a page of HTML; its ids are unique among those of the measures.
    """
    bars, height = _bars(table, language)
    name = f"figures-{table.measure}"
    title = text(
        language, "figures.plot", what=measure_in_words(table.measure, language), year=year
    )
    told = " ".join(table_in_words(table, language))
    return "".join(
        (
            f'<svg role="img" viewBox="0 0 {WIDTH} {height}" ',
            f'class="plot" font-size="{LETTER_SIZE}" fill="currentColor" ',
            f'aria-labelledby="{name}-title {name}-words" lang="{language}">',
            f'<title id="{name}-title">{escape(title)}</title>',
            f'<desc id="{name}-words">{escape(told)}</desc>',
            *bars,
            "</svg>",
        )
    )


def _bars(table: FiguresTable, language: Language) -> tuple[Sequence[str], int]:
    """Return each bar with its label, and how high they are together."""
    most = max((count or 0 for count in table.totals), default=0)
    y, bars = _GAP, list[str]()
    for column, count in zip(table.columns, table.totals, strict=True):
        label = value_in_words(table.measure, column, language)
        lines = textwrap.wrap(label, _LETTERS_IN_A_LINE)
        bars += [_text(LEFT, y + _LINE * n, line) for n, line in enumerate(lines, 1)]
        y += _LINE * len(lines) + 6
        bars.append(_bar(count, most, y, count_in_words(count, language)))
        y += BAR_HEIGHT + _GAP
    return bars, y


def _bar(count: int | None, most: int, y: int, said: str) -> str:
    beside = y + BAR_HEIGHT - 1
    if count is None:
        box = f'x="{LEFT}" y="{y}" width="{_ROOM_FOR_COUNT}" height="{BAR_HEIGHT}"'
        dashed = 'fill="none" stroke="currentColor" stroke-dasharray="4 3"'
        return f"<rect {box} {dashed}/>{_text(LEFT + _ROOM_FOR_COUNT + 6, beside, said)}"
    room = RIGHT - LEFT - _ROOM_FOR_COUNT
    width = max(round(room * count / most, 1), _LEAST_WIDTH) if count else 0
    bar = f'<rect x="{LEFT}" y="{y}" width="{width}" height="{BAR_HEIGHT}"/>' if count else ""
    return bar + _text(LEFT + width + 6, beside, said)


def _text(x: float, y: float, said: str) -> str:
    return f'<text x="{x}" y="{y}">{escape(said)}</text>'
