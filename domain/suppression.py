"""Hiding small counts of a table, and enough others that nobody can reckon them from the rest.

A table has rows that add up to totals which are always shown, and below them a row of totals of
its columns. A count from 1 to the threshold is hidden; none is shown, where it tells nothing. Then
others are hidden, large ones and empty ones, until all that can be reckoned of each hidden one,
from everything that is shown, leaves a range which is at least as wide as the threshold, and
reaches up to it.

Terms and method: Hundepool and others, Handbook on Statistical Disclosure Control (ESSNet SDC
2010), on frequency tables and on secondary suppression. A table of two dimensions is a flow through
a network (rows, columns, total), so the ranges are exact and whole, and no solver is needed.
"""

from collections import deque
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

type Cell = tuple[int, int]
"""Row and column, from 0; the row of totals comes after the last one."""

_TOTAL = ("total", 0)
type _Node = tuple[str, int]
type _Residual = dict[_Node, dict[_Node, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountTable:
    """Counts, all that is known of them in any case, and from when on one may be shown.

    Attributes:
        counts: row by row.
        impossible: cells that everybody knows to be empty, by the rules that bind us; they are
            shown, and protect nothing.
        same_hidden: a count that is its whole row is hidden, too: it tells something of everybody
            in the row (group disclosure).

    Raises:
        ValueError: when the total of a row is below the threshold: such rows have to be merged.
    """

    counts: Sequence[Sequence[int]]
    threshold: int
    impossible: Set[Cell] = frozenset()
    same_hidden: bool = False

    def __post_init__(self) -> None:
        """Refuse a table whose totals say too much."""
        if any(sum(row) < self.threshold for row in self.counts):
            raise ValueError("the total of a row is below the threshold")

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.counts[0])

    @property
    def total_row(self) -> int:
        """The row of totals."""
        return len(self.counts)

    def count(self, cell: Cell) -> int:
        """Return a count, or the total of a column."""
        row, column = cell
        if row == self.total_row:
            return sum(counts[column] for counts in self.counts)
        return self.counts[row][column]

    def is_sensitive(self, cell: Cell) -> bool:
        """Tell whether a count says too much by itself."""
        count, row = self.count(cell), cell[0]
        if self.same_hidden and row < self.total_row and count == sum(self.counts[row]):
            return True
        return 0 < count < self.threshold

    def cells(self) -> Iterator[Cell]:
        """Yield every cell that could be otherwise, as far as the total of its row tells."""
        for row in range(self.total_row):
            yield from ((row, column) for column in self._open_columns(row))
        columns = {column for row in range(self.total_row) for column in self._open_columns(row)}
        yield from ((self.total_row, column) for column in columns)

    def _open_columns(self, row: int) -> Sequence[int]:
        possible = [n for n in range(self.width) if (row, n) not in self.impossible]
        return possible if len(possible) > 1 else []


def hidden_cells(table: CountTable) -> Set[Cell]:
    """Return which cells must not be shown: each is protected, as ``is_protected`` says."""
    cells = sorted(table.cells())
    hidden = {cell for cell in cells if table.is_sensitive(cell)}
    while (exposed := _exposed(table, hidden)) is not None:
        hidden |= _partners(table, hidden, exposed, cells)
    return frozenset(hidden)


def is_protected(table: CountTable, hidden: Set[Cell], cell: Cell) -> bool:
    """Tell whether what is shown leaves enough doubt about a hidden cell."""
    least, most = bounds(table, hidden, cell)
    return most >= table.threshold and most - least >= table.threshold


def bounds(table: CountTable, hidden: Set[Cell], cell: Cell) -> tuple[int, int]:
    """Return the least and the most that a hidden cell can be, from all that is shown."""
    count = table.count(cell)
    start, end = _ends(table, cell)
    more = _most_flow(_residual(table, hidden, cell), end, start)
    less = _most_flow(_residual(table, hidden, cell), start, end)
    return count - min(less, count), count + more


def _exposed(table: CountTable, hidden: Set[Cell]) -> Cell | None:
    for cell in sorted(hidden):
        if not is_protected(table, hidden, cell):
            return cell
    return None


def _partners(
    table: CountTable, hidden: Set[Cell], exposed: Cell, cells: Sequence[Cell]
) -> Set[Cell]:
    """Return further cells to hide: a rectangle that helps most, of those the least lossy one.

    When no rectangle is left, everything is hidden that can be.
    """
    known = set(cells)
    rectangles = [
        corners - hidden
        for corners in _rectangles(table, exposed)
        if corners <= known and corners - hidden
    ]
    if not rectangles:
        return known - hidden

    def merit(added: Set[Cell]) -> tuple[bool, int, int]:
        protects = is_protected(table, hidden | added, exposed)
        lost = sum(table.count(cell) + 1 for cell in added)
        totals = sum(cell[0] == table.total_row for cell in added)
        return (not protects, totals, lost if protects else -lost)

    return min(rectangles, key=merit)


def _rectangles(table: CountTable, corner: Cell) -> Iterator[Set[Cell]]:
    row, column = corner
    for other_row in range(table.total_row + 1):
        for other_column in range(table.width):
            if other_row != row and other_column != column:
                yield {
                    corner,
                    (row, other_column),
                    (other_row, column),
                    (other_row, other_column),
                }


def _ends(table: CountTable, cell: Cell) -> tuple[_Node, _Node]:
    row, column = cell
    if row == table.total_row:
        return ("column", column), _TOTAL
    return ("row", row), ("column", column)


def _residual(table: CountTable, hidden: Set[Cell], without: Cell) -> _Residual:
    """Return by how much each other hidden cell can grow, and shrink, as capacities."""
    enough = sum(map(sum, table.counts))
    residual: _Residual = {}
    for cell in hidden - {without}:
        start, end = _ends(table, cell)
        residual.setdefault(start, {})[end] = enough
        residual.setdefault(end, {})[start] = table.count(cell)
    return residual


def _most_flow(residual: _Residual, source: _Node, sink: _Node) -> int:
    """Return how much can be moved from one node to another (Edmonds and Karp)."""
    flow = 0
    while (path := _path(residual, source, sink)) is not None:
        least = min(residual[start][end] for start, end in path)
        for start, end in path:
            residual[start][end] -= least
            back = residual.setdefault(end, {})
            back[start] = back.get(start, 0) + least
        flow += least
    return flow


def _path(residual: _Residual, source: _Node, sink: _Node) -> list[tuple[_Node, _Node]] | None:
    came: dict[_Node, _Node] = {}
    waiting = deque([source])
    while waiting:
        node = waiting.popleft()
        for following, capacity in residual.get(node, {}).items():
            if capacity and following not in came and following != source:
                came[following] = node
                waiting.append(following)
    if sink not in came:
        return None
    path = [(came[sink], sink)]
    while path[0][0] != source:
        path.insert(0, (came[path[0][0]], path[0][0]))
    return path
