"""The tables of the yearly figures. They name no case, and nothing in them is of one case alone."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Enum, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.figures import KINDS, Measure
from domain.year_figures import YearFigures
from storage.base import Base


class ClosureCountRow(Base):
    """How many cases about a kind of institution closed in a year with a value of a measure.

    A counter, so that there is no row of a case, and no measure can be set against another one.
    """

    __tablename__ = "closure_counts"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(
        Enum(*(kind.value for kind in KINDS), native_enum=False, length=40), primary_key=True
    )
    measure: Mapped[Measure] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(String(40), primary_key=True)
    cases: Mapped[int]

    __table_args__ = (CheckConstraint("cases >= 1", name="cases_counted"),)


class PublishedFiguresRow(Base):
    """The figures of a year as they were published; a trigger refuses every change of a row."""

    __tablename__ = "published_figures"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    published_at: Mapped[datetime]
    figures: Mapped[YearFigures]

    __table_args__ = (CheckConstraint("revision >= 1", name="revision_counts_from_one"),)


TABLES = (ClosureCountRow, PublishedFiguresRow)
