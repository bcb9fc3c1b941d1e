"""The tables of what opens a case: codes, sessions and links, as hashes only."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class ReceiptRow(Base):
    """Receipt codes, as keyed hashes only; ``mandate`` is the entry that gave one to somebody else.

    A mandate holds as long as there is a code of it.
    """

    __tablename__ = "receipts"

    lookup: Mapped[bytes] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    created_at: Mapped[datetime]
    mandate: Mapped[int | None]

    __table_args__ = (
        ForeignKeyConstraint(["case_id", "mandate"], ["entries.case_id", "entries.number"]),
        Index(None, "case_id", "mandate", unique=True),
    )


class SessionRow(Base):
    """Short sessions of a complainant or, by ``mandate``, of a representative; hashes only."""

    __tablename__ = "sessions"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    mandate: Mapped[int | None]

    __table_args__ = (
        ForeignKeyConstraint(["case_id", "mandate"], ["entries.case_id", "entries.number"]),
    )


class InstitutionSessionRow(Base):
    """An institution's short sessions in one case, as hashes of their tokens only."""

    __tablename__ = "institution_sessions"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class CodeRequestRow(Base):
    """Requests for a new receipt code, as they came; compared with a case afterwards.

    ``claim`` is the keyed hash of the half that was shown to whoever asked, ``address_mac`` of the
    address that they named. The other half follows from the letter and is stored nowhere.
    """

    __tablename__ = "code_requests"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    claim: Mapped[bytes] = mapped_column(unique=True)
    case_number: Mapped[str] = mapped_column(String(13))
    address_mac: Mapped[bytes]
    asked_at: Mapped[datetime]
    case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("cases.id"), index=True)
    due_at: Mapped[datetime | None]
    letter_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("letters.id"))
    expires_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(
            "(case_id IS NULL) = (due_at IS NULL) AND (case_id IS NULL) = (expires_at IS NULL)",
            name="dated_once_it_has_a_case",
        ),
    )


class ReplyLinkRow(Base):
    """An institution's reply links, as hashes of their tokens only."""

    __tablename__ = "reply_links"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    letter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("letters.id"), index=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institutions.id"))
    created_at: Mapped[datetime]
