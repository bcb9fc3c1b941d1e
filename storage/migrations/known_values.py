"""The values of an enumeration that the database itself accepts, and how migrations widen them."""

from collections.abc import Iterable

from alembic import op

type Known = tuple[str, str, str, str]
"""Table, column, and the values that it knew before and knows from now on, as SQL lists."""


def widen(known: Iterable[Known]) -> None:
    """Let columns accept what they know from now on."""
    for table, column, _, now in known:
        _know(table, column, now)


def narrow(known: Iterable[Known]) -> None:
    """Let columns accept what they knew before; fails while a newer value is in use."""
    for table, column, before, _ in known:
        _know(table, column, before)


def _know(table: str, column: str, values: str) -> None:
    name = op.f(f"ck_{table}_{column}_known")
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, f"{column} IN ({values})")
