"""Lengths of time as laws and agreements state them: six weeks, five business days, one year."""

import re
from dataclasses import dataclass
from enum import StrEnum

_WRITTEN = re.compile(r"([1-9][0-9]{0,3}) (days?|business days?|weeks?|months?|years?)")
_MOST = {"days": 3660, "business_days": 2600, "weeks": 520, "months": 120, "years": 10}
_LEAST_DAYS = {"days": 1, "business_days": 1, "weeks": 7, "months": 28, "years": 365}


class Unit(StrEnum):
    """In what a span is counted. No term here is in hours; those would never roll."""

    DAYS = "days"
    BUSINESS_DAYS = "business_days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


class InvalidSpan(ValueError):
    """The text is not a length of time that we can count, for instance ``six weeks``."""


@dataclass(frozen=True, slots=True)
class Span:
    """An amount of one unit; never zero, and never more than ten years."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 1 <= self.amount <= _MOST[self.unit]:
            raise InvalidSpan(f"{self.amount} {self.unit} is no span that can be counted")

    @property
    def least_days(self) -> int:
        """At least so many days does it last, whenever it begins."""
        return self.amount * _LEAST_DAYS[self.unit]

    def __str__(self) -> str:
        words = self.unit.replace("_", " ")
        return f"{self.amount} {words.removesuffix('s') if self.amount == 1 else words}"


def parse_span(written: str) -> Span:
    """Read a span as policy data write it: ``6 weeks``, ``5 business days``, ``1 year``.

    Raises:
        InvalidSpan: when it is written in another way, is zero, or is longer than ten years.
    """
    match = _WRITTEN.fullmatch(written)
    if match is None:
        raise InvalidSpan(f"{written!r} is not a span such as '6 weeks' or '1 year'")
    unit = match[2].replace(" ", "_")
    return Span(int(match[1]), Unit(unit if unit.endswith("s") else f"{unit}s"))
