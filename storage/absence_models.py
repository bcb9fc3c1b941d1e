"""The tables that say when, and for what, somebody of the staff cannot be asked."""

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.matching import ConflictKind
from storage.base import Base


class StaffAbsenceRow(Base):
    """Days on which somebody of the staff is not there, both included."""

    __tablename__ = "staff_absences"

    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_members.id"), primary_key=True)
    first_day: Mapped[date] = mapped_column(primary_key=True)
    last_day: Mapped[date]

    __table_args__ = (CheckConstraint("first_day <= last_day", name="days_in_order"),)


class StaffConflictRow(Base):
    """Institutions and cases towards which a mediator is not free."""

    __tablename__ = "staff_conflicts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_members.id"))
    institution_id: Mapped[str | None] = mapped_column(ForeignKey("institutions.id"))
    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[ConflictKind]

    __table_args__ = (
        CheckConstraint("num_nonnulls(institution_id, case_id) = 1", name="with_one_thing"),
        UniqueConstraint("staff_id", "institution_id"),
        UniqueConstraint("staff_id", "case_id"),
    )
