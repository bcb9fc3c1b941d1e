"""The tables. What people wrote is only ever stored sealed by the vault."""

import uuid
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from domain.attachments import MediaType, ScanState
from domain.entries import Decision, EntryDetails, EntryKind, Refusal
from domain.institutions import InstitutionKind, Region
from domain.languages import Language
from domain.letters import Contact, Letter
from domain.matter import Matter
from domain.overview import OverviewDetails
from domain.parties import Audience, Party
from domain.retention import ErasureReason
from domain.stages import Outcome, Stage
from domain.waits import Attention, Wait
from settings.key_ring import KeyPurpose
from storage import figures_models, list_indexes
from storage.absence_models import StaffAbsenceRow, StaffConflictRow
from storage.access_models import (
    CodeRequestRow,
    InstitutionSessionRow,
    ReceiptRow,
    ReplyLinkRow,
    SessionRow,
)
from storage.base import Base, check_enumerations
from storage.break_glass_row import BreakGlassRow
from storage.digest_row import DigestRow
from storage.draft_rows import DraftRow
from storage.session_rows import StaffSessionRow, StaffSignInRow
from storage.states import EntryStatus, LetterStatus, Lifecycle

__all__ = [
    "CodeRequestRow",
    "EntryStatus",
    "InstitutionSessionRow",
    "LetterStatus",
    "Lifecycle",
    "ReceiptRow",
    "ReplyLinkRow",
    "SessionRow",
    "StaffAbsenceRow",
    "StaffConflictRow",
]
"""What others find here, too, although it is defined elsewhere."""


def _only_of(column: str, members: type[StrEnum]) -> str:
    known = ", ".join(f"'{member}'" for member in members)
    return f"{column} <@ ARRAY[{known}]::varchar[]"


class InstitutionRow(Base):
    """The register of institutions."""

    __tablename__ = "institutions"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    kind: Mapped[InstitutionKind]
    name: Mapped[str] = mapped_column(String(200))
    contact_address: Mapped[str] = mapped_column(String(254))
    coordinator_address: Mapped[str | None] = mapped_column(String(254))
    board_address: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[Language]
    region: Mapped[Region | None]
    """Where it is; none for one that is everywhere."""
    active: Mapped[bool]

    __table_args__ = (list_indexes.OF_INSTITUTIONS,)


class StaffRow(Base):
    """Everybody who works here. Their roles live here, not in a token.

    What follows ``active`` says which cases suit a mediator: see ``domain.matching.Candidate``.
    """

    __tablename__ = "staff_members"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(254))
    roles: Mapped[list[str]]
    language: Mapped[Language]
    languages: Mapped[list[str]]
    active: Mapped[bool]
    institution_kinds: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    regions: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    capacity: Mapped[int | None]
    working_days: Mapped[list[int]] = mapped_column(server_default=text("'{1,2,3,4,5}'"))
    wants_digest: Mapped[bool] = mapped_column(server_default=text("true"))

    __table_args__ = (
        CheckConstraint(_only_of("institution_kinds", InstitutionKind), name="kinds_known"),
        CheckConstraint(_only_of("regions", Region), name="regions_known"),
        CheckConstraint("working_days <@ '{1,2,3,4,5,6,7}'::smallint[]", name="days_of_the_week"),
        CheckConstraint("capacity >= 0", name="capacity_not_negative"),
        CheckConstraint(
            "roles <@ ARRAY['mediator', 'adviser', 'supervisor', 'administrator']::varchar[]",
            name="roles_known",
        ),
    )


class CaseRow(Base):
    """One complaint about one institution, or a question about none or a kind of them.

    ``entry_count`` is the number of the newest entry; whoever appends locks this row first.
    ``time_offset`` moves the time of one case in tests and the demo; production refuses to start
    when there is any.
    """

    __tablename__ = "cases"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(13), unique=True)
    episode: Mapped[int]
    lifecycle: Mapped[Lifecycle]
    matter: Mapped[Matter] = mapped_column(server_default=text("'complaint'"))
    institution_id: Mapped[str | None] = mapped_column(ForeignKey("institutions.id"))
    about_kind: Mapped[InstitutionKind | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    entry_count: Mapped[int]
    workflow_started: Mapped[bool]
    time_offset: Mapped[timedelta] = mapped_column(server_default=text("'0'::interval"))

    __table_args__ = (
        CheckConstraint("episode >= 1", name="episode_counts_from_one"),
        CheckConstraint(
            "(matter = 'complaint') = (institution_id IS NOT NULL)", name="complaint_has_other_side"
        ),
        Index(None, "institution_id", "opened_at"),
        list_indexes.OF_CASES,
    )


class WrappingKeyRow(Base):
    """The wrapping keys that data keys may be wrapped by; a retired one is not here any more."""

    __tablename__ = "wrapping_keys"

    purpose: Mapped[KeyPurpose] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fingerprint: Mapped[str] = mapped_column(String(16))


class CaseKeyRow(Base):
    """A data key of a case, wrapped. Without it nothing of its purpose can be read again."""

    __tablename__ = "case_keys"

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    purpose: Mapped[KeyPurpose] = mapped_column(primary_key=True)
    version: Mapped[int]
    wrapped: Mapped[bytes]

    __table_args__ = (
        ForeignKeyConstraint(
            ["purpose", "version"], ["wrapping_keys.purpose", "wrapping_keys.version"]
        ),
        Index(None, "purpose", "version"),
    )


class EntryRow(Base):
    """The append-only case file; a trigger refuses every change of a row."""

    __tablename__ = "entries"

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[EntryKind]
    author: Mapped[Party]
    audience: Mapped[Audience]
    received_at: Mapped[datetime]
    actor_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_members.id"))
    decision: Mapped[Decision | None]
    outcome: Mapped[Outcome | None]
    institution_id: Mapped[str | None] = mapped_column(ForeignKey("institutions.id"))
    mediator_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_members.id"))
    language: Mapped[Language | None]
    details: Mapped[EntryDetails | None]
    body: Mapped[bytes | None]

    __table_args__ = (CheckConstraint("number >= 1", name="number_counts_from_one"),)


class LedgerLinkRow(Base):
    """The chain over the case file; it outlives the entries that it is made of.

    The trigger of the entries refuses every change here, too.
    """

    __tablename__ = "ledger_links"

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[bytes]
    link: Mapped[bytes]


class ErasureRow(Base):
    """The erasures that were completed: a keyed hash of the case, when, and why."""

    __tablename__ = "erasures"

    case_hash: Mapped[bytes] = mapped_column(primary_key=True)
    reason: Mapped[ErasureReason]
    erased_at: Mapped[datetime]


class EntryOutcomeRow(Base):
    """What became of an entry: its delivery, then the workflow's answer."""

    __tablename__ = "entry_outcomes"

    case_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[EntryStatus]
    refusal: Mapped[Refusal | None]
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["case_id", "number"], ["entries.case_id", "entries.number"]),
        CheckConstraint("(status = 'refused') = (refusal IS NOT NULL)", name="refused_with_reason"),
        Index(
            "ix_entry_outcomes_unsettled",
            "next_attempt_at",
            postgresql_where=text("status IN ('undelivered', 'delivered')"),
        ),
    )


class AttachmentRow(Base):
    """Files that belong to entries. The files themselves are objects outside, sealed.

    ``original`` is what was sent, ``copy`` the clean copy that others see; each has the name of
    its object and the SHA-256 digest of that, sealed as it is.
    """

    __tablename__ = "attachments"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID]
    entry_number: Mapped[int]
    media_type: Mapped[MediaType]
    scan_state: Mapped[ScanState]
    file_key: Mapped[bytes]
    """The key of both objects, sealed by the vault."""
    description: Mapped[bytes]
    """Name and size, sealed by the vault."""
    original_name: Mapped[str] = mapped_column(String(64), unique=True)
    original_digest: Mapped[bytes]
    copy_name: Mapped[str] = mapped_column(String(64), unique=True)
    copy_digest: Mapped[bytes]

    __table_args__ = (
        ForeignKeyConstraint(["case_id", "entry_number"], ["entries.case_id", "entries.number"]),
        UniqueConstraint("case_id", "entry_number"),
    )


class OverviewRow(Base):
    """The read model: the course of a case as its workflow last told it."""

    __tablename__ = "overviews"

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    episode: Mapped[int]
    revision: Mapped[int]
    updated_at: Mapped[datetime]
    stage: Mapped[Stage]
    cursor: Mapped[int]
    waiting_for: Mapped[Wait | None]
    waiting_since: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    term_source: Mapped[str | None] = mapped_column(String(100))
    mediator_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_members.id"))
    offered_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_members.id"), index=True)
    consent: Mapped[bool]
    contacted: Mapped[bool]
    replied: Mapped[bool]
    proposal: Mapped[Outcome | None]
    proposed_in: Mapped[int | None]
    outcome: Mapped[Outcome | None]
    attention: Mapped[Attention | None]
    details: Mapped[OverviewDetails]
    institution_id: Mapped[str | None] = mapped_column(ForeignKey("institutions.id"))
    about_kind: Mapped[InstitutionKind | None]
    """As the case has it, so that lists need nothing of that."""
    danger: Mapped[bool]
    needs_mediator: Mapped[bool]
    place: Mapped[datetime]
    """Among other cases; see ``domain.todo``."""
    active: Mapped[bool] = mapped_column(
        Computed("stage <> 'closed' OR attention IS NOT NULL", persisted=True)
    )

    __table_args__ = list_indexes.OF_OVERVIEWS


class CaseLinkRow(Base):
    """Cases that belong together, each way round once."""

    __tablename__ = "case_links"

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    other_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("cases.id"), primary_key=True, index=True
    )


class LetterRow(Base):
    """Letters written, and how far each has come."""

    __tablename__ = "letters"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    episode: Mapped[int]
    key: Mapped[str] = mapped_column(String(200))
    letter: Mapped[Letter]
    recipient: Mapped[Party]
    mediator_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff_members.id"))
    contact: Mapped[Contact]
    needs: Mapped[list[str]]
    """The purposes without whose consent it may not leave."""
    language: Mapped[Language]
    about: Mapped[int | None]
    written_at: Mapped[datetime]
    body: Mapped[bytes]
    status: Mapped[LetterStatus]
    attempts: Mapped[int]
    queued_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("case_id", "episode", "key"),
        Index("ix_letters_queued", "next_attempt_at", postgresql_where=text("status = 'queued'")),
        Index(
            "ix_letters_offers",
            "mediator_id",
            "queued_at",
            postgresql_where=text("letter = 'case_offer'"),
        ),
    )


class IdempotencyRow(Base):
    """Requests that were answered, so that a retry gets the same answer."""

    __tablename__ = "idempotency_keys"

    lookup: Mapped[bytes] = mapped_column(primary_key=True)
    body_mac: Mapped[bytes]
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    entry_number: Mapped[int] = mapped_column(Integer)
    sealed_answer: Mapped[bytes | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)


ELSEWHERE = (
    BreakGlassRow,
    DigestRow,
    DraftRow,
    StaffSessionRow,
    StaffSignInRow,
    *figures_models.TABLES,
)
"""Tables that are defined beside this module, and belong to it."""

check_enumerations()
