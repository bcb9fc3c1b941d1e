"""The table of requests to read a case."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.reading import GlassState, ReadingScope
from storage.base import Base


class BreakGlassRow(Base):
    """Requests to read a case's texts; the reasons are in the entries, sealed."""

    __tablename__ = "break_glass"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    entry_number: Mapped[int]
    scope: Mapped[ReadingScope]
    state: Mapped[GlassState]
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_members.id"))
    asked_at: Mapped[datetime]
    answered_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_members.id"))
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["case_id", "entry_number"], ["entries.case_id", "entries.number"]),
        UniqueConstraint("case_id", "entry_number"),
        CheckConstraint(
            "(state = 'asked') = (answered_by IS NULL) AND (state = 'asked') = "
            "(answered_at IS NULL)",
            name="answered_by_somebody",
        ),
        CheckConstraint("answered_by <> asked_by", name="answered_by_a_second_person"),
    )
