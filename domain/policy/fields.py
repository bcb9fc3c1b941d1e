"""Reading the fields of one row, and noting everything that is wrong with them.

A field that is wrong is noted and stood in for, so that the others are looked at as well; whoever
reads a row asks afterwards whether anything was noted.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar, cast

from domain.spans import InvalidSpan, Span, Unit, parse_span

E = TypeVar("E", bound=StrEnum)

_ID = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_MISSING = object()


class Fields:
    """The fields of a row or rung.

    Args:
        place: how errors name it.
        problems: where errors are noted.
    """

    def __init__(self, place: str, table: Mapping[str, Any], problems: list[str]) -> None:
        self._place = place
        self._table = table
        self._problems = problems
        self._noted_before = len(problems)
        self._known = set[str]()

    @property
    def sound(self) -> bool:
        """Whether nothing was noted since these fields were opened."""
        return len(self._problems) == self._noted_before

    def within(self, name: str, table: Mapping[str, Any]) -> "Fields":
        """Open the fields of a part."""
        return Fields(f"{self._place}.{name}", table, self._problems)

    def note(self, key: str, problem: str) -> None:
        """Note that something is wrong with a field."""
        self._problems.append(f"{self._place}.{key}: {problem}")

    def has(self, key: str) -> bool:
        """Tell whether a field is there; it counts as known."""
        self._known.add(key)
        return key in self._table

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text that is not blank. Without a default, it has to be there."""
        if default is not None and not self.has(key):
            return default
        value = self._get(key)
        if value is _MISSING:
            return ""
        if not isinstance(value, str) or not value.strip():
            self.note(key, f"{value!r} is not a text")
            return ""
        return value

    def id(self, key: str) -> str:
        """Return the id of a row, made of small letters, digits, ``-`` and ``_``."""
        value = self.text(key)
        if value and not _ID.fullmatch(value):
            self.note(key, f"{value!r} is not an id such as 'awb-9-11'")
        return value

    def optional_id(self, key: str) -> str | None:
        """Return the id of a row, if there is one."""
        return self.id(key) if self.has(key) else None

    def ids(self, key: str) -> tuple[str, ...]:
        """Return a list of ids, which may be absent."""
        return tuple(self._texts(key))

    def flag(self, key: str, default: bool | None = None) -> bool:
        """Return true or false. Without a default, it has to be there."""
        if default is not None and not self.has(key):
            return default
        value = self._get(key)
        if isinstance(value, bool):
            return value
        if value is not _MISSING:
            self.note(key, f"{value!r} is neither true nor false")
        return False

    def integer(self, key: str) -> int:
        """Return a whole number."""
        value = self._get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if value is not _MISSING:
            self.note(key, f"{value!r} is not a whole number")
        return 0

    def day(self, key: str) -> date:
        """Return a day, written without quotes: ``2027-05-07``."""
        value = self._get(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if value is not _MISSING:
            self.note(key, f"{value!r} is not a day such as 2027-05-07, without quotes")
        return date.min

    def optional_day(self, key: str) -> date | None:
        """Return a day, if there is one."""
        return self.day(key) if self.has(key) else None

    def span(self, key: str) -> Span:
        """Return a length of time."""
        value = self._get(key)
        try:
            return parse_span(value) if isinstance(value, str) else self._no_span(key, value)
        except InvalidSpan as problem:
            self.note(key, str(problem))
            return Span(1, Unit.DAYS)

    def choice(self, key: str, among: type[E], default: E | None = None) -> E:
        """Return one of some words. Without a default, it has to be there."""
        if default is not None and not self.has(key):
            return default
        value = self._get(key)
        if value is _MISSING:
            return next(iter(among))
        return self._chosen(key, value, among)

    def choices(self, key: str, among: type[E]) -> tuple[E, ...]:
        """Return a list of some words, which may be absent."""
        return tuple(self._chosen(key, value, among) for value in self._texts(key))

    def tables(self, key: str) -> list[Mapping[str, Any]]:
        """Return a list of tables, which may be absent."""
        values = self._list(key)
        if all(isinstance(value, dict) for value in values):
            return cast("list[Mapping[str, Any]]", values)
        self.note(key, "not a list of tables")
        return []

    def refuse_unknown(self) -> None:
        """Note every field that nobody asked for."""
        for key in self._table:
            if key not in self._known:
                self.note(key, f"unknown; possible are {', '.join(sorted(self._known)) or 'none'}")

    def _get(self, key: str) -> Any:
        self._known.add(key)
        value = self._table.get(key, _MISSING)
        if value is _MISSING:
            self.note(key, "missing")
        return value

    def _list(self, key: str) -> list[Any]:
        value: object = self._table[key] if self.has(key) else []
        if isinstance(value, list):
            return cast("list[Any]", value)
        self.note(key, f"{value!r} is not a list")
        return []

    def _texts(self, key: str) -> list[str]:
        values = self._list(key)
        if not all(isinstance(value, str) for value in values):
            self.note(key, "not a list of texts")
            return []
        if len(set(values)) < len(values):
            self.note(key, "names something twice")
        return values

    def _no_span(self, key: str, value: object) -> Span:
        if value is not _MISSING:
            self.note(key, f"{value!r} is not a span such as '6 weeks' or '1 year'")
        return Span(1, Unit.DAYS)

    def _chosen(self, key: str, value: object, among: type[E]) -> E:
        for member in among:
            if member.value == value:
                return member
        self.note(key, f"{value!r} is unknown; possible are {', '.join(among)}")
        return next(iter(among))
