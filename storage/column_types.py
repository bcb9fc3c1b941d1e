"""Column types of our own: moments in UTC, enumerations by value, and values as JSON."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import DateTime, Dialect, Enum, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment; always read back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC, whatever the session's time zone."""
        return value.astimezone(UTC) if value is not None else None


def _values(members: type[StrEnum]) -> list[str]:
    return [member.value for member in members]


def one_of[E: StrEnum](members: type[E]) -> Enum:
    """Return a column type that stores the values of an enumeration."""
    return Enum(
        members,
        native_enum=False,
        length=40,
        values_callable=_values,
    )


class JsonOf[T](TypeDecorator[T]):
    """A dataclass of enumerations, ids and dates, stored as JSON and read back as what it was.

    Never for what a person wrote: that is sealed by the vault.
    """

    impl = JSONB
    cache_ok = True

    def __init__(self, kind: type[T]) -> None:
        super().__init__(none_as_null=True)
        self._adapter = TypeAdapter(kind)
        self.kind = kind

    def process_bind_param(self, value: T | None, dialect: Dialect) -> Any:
        """Return the value as plain JSON."""
        return None if value is None else self._adapter.dump_python(value, mode="json")

    def process_result_value(self, value: Any, dialect: Dialect) -> T | None:
        """Return what was stored."""
        return None if value is None else self._adapter.validate_python(value)
