"""Documents for the tests of printing."""

from datetime import UTC, datetime
from pathlib import Path

from domain.case_number import CaseNumber
from domain.languages import Language
from mail.rendering import Block, Line
from printing.document import Document, Section, Table

TEMPLATES = Path(__file__).parents[2] / "templates"
TEMPLATE = (TEMPLATES / "pdf" / "document.typ").read_bytes()
WRITTEN_AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def paragraph(*lines: str) -> Block:
    return Block(lines=tuple(Line(line) for line in lines))


def a_document(
    *parts: Block | Table, title: str = "Een brief", language: Language = Language.DUTCH
) -> Document:
    return Document(
        language=language,
        title=title,
        case_number=CaseNumber("lusab-babad-r"),
        written_at=WRITTEN_AT,
        sections=(Section(parts=parts),),
    )
