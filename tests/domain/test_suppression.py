"""Whoever solves a published table for its hidden counts finds no more than a wide range."""

from collections.abc import Iterator, Sequence, Set
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.suppression import Cell, CountTable, bounds, hidden_cells

FIVE = 5
THREE = 3


def compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Yield every way to write a total as a sum of so many counts."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in compositions(total - first, parts - 1):
            yield (first, *rest)


def solved(table: CountTable, hidden: Set[Cell]) -> dict[Cell, tuple[int, int]]:
    """Return the range of each hidden cell, by trying every table that fits what is shown.

    It knows nothing of networks: it is the attacker with a lot of time.
    """
    rows, columns = range(len(table.counts)), range(table.width)
    ways = [
        [
            way
            for way in compositions(sum(table.counts[row]), table.width)
            if all(
                way[column] == table.counts[row][column]
                for column in columns
                if (row, column) not in hidden or (row, column) in table.impossible
            )
        ]
        for row in rows
    ]
    seen: dict[Cell, set[int]] = {cell: set() for cell in hidden}
    for other in product(*ways):
        totals = [sum(row[column] for row in other) for column in columns]
        shown = [column for column in columns if (len(rows), column) not in hidden]
        if all(totals[column] == table.count((len(rows), column)) for column in shown):
            for row, column in hidden:
                value = totals[column] if row == len(rows) else other[row][column]
                seen[row, column].add(value)
    return {cell: (min(values), max(values)) for cell, values in seen.items()}


@st.composite
def tables(draw: st.DrawFn, *, small: bool) -> CountTable:
    """Draw a table whose rows have totals that may be shown; a small one can be solved."""
    threshold = THREE if small else draw(st.integers(2, 10))
    most = 4 if small else 30
    height, width = (3, 3) if small else (11, 8)
    rows, columns = draw(st.integers(1, height)), draw(st.integers(2, width))
    fixed = {
        (row, column): draw(st.booleans()) and draw(st.booleans())
        for row in range(rows)
        for column in range(1, columns)
    }
    impossible = frozenset(cell for cell, is_fixed in fixed.items() if is_fixed)
    counts: list[Sequence[int]] = []
    for row in range(rows):
        line = [
            0 if (row, column) in impossible else draw(st.integers(0, most))
            for column in range(columns)
        ]
        line[0] += max(0, threshold - sum(line))
        counts.append(line)
    return CountTable(
        counts=counts,
        threshold=threshold,
        impossible=impossible,
        same_hidden=draw(st.booleans()),
    )


class TestWhatIsHidden:
    @given(tables(small=True))
    @settings(max_examples=150, deadline=None)
    def test_cannot_be_narrowed_down_by_an_attacker_who_tries_everything(
        self, table: CountTable
    ) -> None:
        for least, most in solved(table, hidden_cells(table)).values():
            assert most >= table.threshold
            assert most - least >= table.threshold

    @given(tables(small=True), st.data())
    @settings(max_examples=150, deadline=None)
    def test_has_the_range_that_trying_everything_finds_whatever_is_hidden(
        self, table: CountTable, data: st.DataObject
    ) -> None:
        cells = sorted(table.cells())
        hidden = data.draw(st.frozensets(st.sampled_from(cells))) if cells else frozenset[Cell]()
        assert {cell: bounds(table, hidden, cell) for cell in hidden} == solved(table, hidden)

    @given(tables(small=False))
    @settings(max_examples=60, deadline=None)
    @example(CountTable(counts=[[1, 1, 60], [60, 60, 60]], threshold=FIVE))
    def test_is_protected_in_large_tables_too_and_all_that_is_small_is_hidden(
        self, table: CountTable
    ) -> None:
        hidden = hidden_cells(table)
        for cell in table.cells():
            if cell in hidden:
                least, most = bounds(table, hidden, cell)
                assert most >= table.threshold
                assert most - least >= table.threshold
            else:
                assert not table.is_sensitive(cell)
                assert not 0 < table.count(cell) < table.threshold


class TestAHardTable:
    """Each of these is given away by a rule that looks at small counts only."""

    def range_of(self, counts: Sequence[Sequence[int]], cell: Cell) -> tuple[int, int]:
        table = CountTable(counts=counts, threshold=FIVE)
        hidden = hidden_cells(table)
        assert cell in hidden
        return solved(table, hidden)[cell]

    @pytest.mark.parametrize(
        ("counts", "cell"),
        [
            pytest.param([[2, 20], [20, 20]], (0, 0), id="one hidden count in its row and column"),
            pytest.param([[1, 1, 12], [9, 9, 9]], (0, 0), id="two in a row that are one each"),
            pytest.param([[1, 4, 9], [4, 1, 9]], (0, 0), id="two rows and two columns"),
            pytest.param([[3, 2], [0, 5]], (2, 0), id="totals as small as they may be"),
            pytest.param([[1, 4, 0], [9, 9, 0]], (0, 1), id="no doubt but what none leaves"),
            pytest.param([[4, 4, 4]], (0, 0), id="one row alone"),
            pytest.param([[1, 30], [0, 31]], (2, 0), id="a total that is small"),
        ],
    )
    def test_tells_a_wide_range_and_no_more(
        self, counts: Sequence[Sequence[int]], cell: Cell
    ) -> None:
        least, most = self.range_of(counts, cell)
        assert most >= FIVE
        assert most - least >= FIVE

    def test_does_not_tell_what_everybody_in_a_row_did(self) -> None:
        table = CountTable(counts=[[7, 0], [8, 9]], threshold=FIVE, same_hidden=True)
        hidden = hidden_cells(table)
        assert solved(table, hidden)[0, 0][0] <= 2

    def test_would_be_given_away_if_only_what_is_small_were_hidden(self) -> None:
        table = CountTable(counts=[[2, 20], [20, 20]], threshold=FIVE)
        assert solved(table, {(0, 0)}) == {(0, 0): (2, 2)}

    def test_is_not_protected_by_what_cannot_be(self) -> None:
        counts, known = [[2, 20, 20], [20, 0, 20]], frozenset({(1, 1)})
        table = CountTable(counts=counts, threshold=FIVE, impossible=known)
        hidden = hidden_cells(table)
        assert (1, 1) not in hidden
        assert solved(table, hidden)[0, 0][1] >= FIVE


class TestATable:
    def test_shows_everything_where_nothing_is_small(self) -> None:
        assert hidden_cells(CountTable(counts=[[5, 6], [7, 0]], threshold=FIVE)) == frozenset()

    def test_hides_little_where_little_is_small(self) -> None:
        counts = [[2, 20, 20, 20], [20, 20, 20, 20], [20, 20, 20, 20]]
        assert len(hidden_cells(CountTable(counts=counts, threshold=FIVE))) == 4

    def test_is_refused_when_the_total_of_a_row_is_small(self) -> None:
        with pytest.raises(ValueError, match="below the threshold"):
            CountTable(counts=[[1, 3], [20, 20]], threshold=FIVE)
