"""The table of digests; it belongs to the models."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.digest import DigestFigures
from storage.base import Base


class DigestRow(Base):
    """Digests of what is to be done, in numbers; one for each person and day."""

    __tablename__ = "digests"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_members.id"))
    day: Mapped[date]
    figures: Mapped[DigestFigures]
    attempts: Mapped[int]
    written_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("staff_id", "day"),)
