"""A letter as a document: the words that stand in its text, and no others."""

import re
from datetime import datetime

from domain.case_number import CaseNumber
from domain.languages import Language
from mail.rendering import Block, Line
from printing.document import Document, Section


def letter_document(
    language: Language,
    subject: str,
    words: str,
    *,
    case_number: CaseNumber,
    written_at: datetime,
    addresses_below: str = "",
) -> Document:
    """Return a letter as a document.

    Args:
        words: the letter's text, as ``mail.rendering`` writes it.
        addresses_below: the address of the portal. A line that is nothing but an address below it
            becomes a link; without it, nothing does.
    """
    return Document(
        language=language,
        title=subject,
        case_number=case_number,
        written_at=written_at,
        sections=(Section(parts=blocks_of(words, addresses_below)),),
    )


def blocks_of(words: str, addresses_below: str = "") -> tuple[Block, ...]:
    """Return the paragraphs, lists and quotations of which a letter's text was made."""
    pieces = (piece.strip("\n") for piece in words.split("\n\n"))
    return tuple(_block(piece.split("\n"), addresses_below) for piece in pieces if piece.strip())


def _block(lines: list[str], addresses_below: str) -> Block:
    if all(line.startswith(">") for line in lines):
        said = "\n".join(line[1:].strip() for line in lines)
        paragraphs = (paragraph for paragraph in re.split(r"\n{2,}", said) if paragraph.strip())
        return Block(quoted=tuple(tuple(it.strip("\n").split("\n")) for it in paragraphs))
    if all(line.startswith("- ") for line in lines):
        return Block(items=tuple(line[2:] for line in lines))
    return Block(lines=tuple(Line(line, _is_link(line, addresses_below)) for line in lines))


def _is_link(line: str, addresses_below: str) -> bool:
    below = addresses_below.rstrip("/")
    return bool(below) and " " not in line and (line == below or line.startswith(f"{below}/"))
