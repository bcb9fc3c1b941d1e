"""The tables of who of the staff is signed in; they belong to the models."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class StaffSessionRow(Base):
    """Sessions of the staff at the desk, as hashes of their tokens only.

    ``expires_at`` moves with every use, up to ``ends_at``.
    """

    __tablename__ = "staff_sessions"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff_members.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]


class StaffSignInRow(Base):
    """Sign-ins that a browser began at the identity provider, by the hash of its cookie."""

    __tablename__ = "staff_sign_ins"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
