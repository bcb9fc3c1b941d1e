"""What all tables share."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Enum,
    Interval,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Uuid,
)
from sqlalchemy.orm import DeclarativeBase

from domain.attachments import MediaType, ScanState
from domain.digest import DigestFigures
from domain.entries import Decision, EntryDetails, EntryKind, Refusal
from domain.figures import Measure
from domain.institutions import InstitutionKind, Region
from domain.languages import Language
from domain.letters import Contact, Letter
from domain.matching import ConflictKind
from domain.matter import Matter
from domain.overview import OverviewDetails
from domain.parties import Audience, Party
from domain.reading import GlassState, ReadingScope
from domain.retention import ErasureReason
from domain.stages import Outcome, Stage
from domain.waits import Attention, Wait
from domain.year_figures import YearFigures
from settings.key_ring import KeyPurpose
from storage.column_types import JsonOf, UtcDateTime, one_of
from storage.states import EntryStatus, LetterStatus, Lifecycle


class Base(DeclarativeBase):
    """What all tables share: named constraints, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012
        datetime: UtcDateTime(),
        timedelta: Interval(),
        uuid.UUID: Uuid(),
        bytes: LargeBinary(),
        list[str]: ARRAY(String(20)),
        list[int]: ARRAY(SmallInteger),
        InstitutionKind: one_of(InstitutionKind),
        Region: one_of(Region),
        Matter: one_of(Matter),
        ConflictKind: one_of(ConflictKind),
        Language: one_of(Language),
        Lifecycle: one_of(Lifecycle),
        ErasureReason: one_of(ErasureReason),
        EntryKind: one_of(EntryKind),
        Party: one_of(Party),
        Audience: one_of(Audience),
        Decision: one_of(Decision),
        Outcome: one_of(Outcome),
        EntryStatus: one_of(EntryStatus),
        Refusal: one_of(Refusal),
        Stage: one_of(Stage),
        Wait: one_of(Wait),
        Attention: one_of(Attention),
        KeyPurpose: one_of(KeyPurpose),
        Letter: one_of(Letter),
        LetterStatus: one_of(LetterStatus),
        Contact: one_of(Contact),
        MediaType: one_of(MediaType),
        ScanState: one_of(ScanState),
        ReadingScope: one_of(ReadingScope),
        GlassState: one_of(GlassState),
        Measure: one_of(Measure),
        EntryDetails: JsonOf(EntryDetails),
        OverviewDetails: JsonOf(OverviewDetails),
        DigestFigures: JsonOf(DigestFigures),
        YearFigures: JsonOf(YearFigures),
    }


def check_enumerations() -> None:
    """Let the database itself refuse a value that no enumeration knows."""
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, Enum):
                known = ", ".join(f"'{value}'" for value in column.type.enums)
                check = CheckConstraint(f"{column.name} IN ({known})", name=f"{column.name}_known")
                table.append_constraint(check)
