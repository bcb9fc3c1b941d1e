"""What a printed document is made of. How it looks is the template's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.case_number import CaseNumber
from domain.languages import Language
from mail.rendering import Block


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first row says what its columns hold."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a document; without a title it is the text of a letter."""

    parts: Sequence[Block | Table]
    title: str | None = None
    on_new_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document to be printed.

    Attributes:
        written_at: the moment on the document, aware. The same document has the same bytes.
    """

    language: Language
    title: str
    case_number: CaseNumber
    written_at: datetime
    sections: Sequence[Section]
