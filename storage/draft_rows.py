"""The table of what people are still writing; it belongs to the models."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class DraftRow(Base):
    """What somebody is writing, sealed under the cookie of their browser."""

    __tablename__ = "drafts"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]
    expires_at: Mapped[datetime] = mapped_column(index=True)
