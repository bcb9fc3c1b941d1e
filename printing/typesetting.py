"""Typesetting: a document becomes a PDF/UA-1, tagged and with its fonts inside.

What people wrote reaches the template as data. The fonts are those that typst brings: Latin, Greek,
Cyrillic, Hebrew and Arabic letters among others. What they have no shape for is marked, and a
sentence at the end says so, since a PDF/UA may hold nothing that cannot be read.
"""

import asyncio
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import typst

from catalogues.texts import text
from mail.rendering import Block, Line, readable
from printing.document import Document, Section, Table

MEDIA_TYPE = "application/pdf"

LETTER_NAME = "letter.pdf"
"""The name of every letter as a file: it tells nothing of a case."""

_UNSHOWN = "\u25af"
"""WHITE VERTICAL RECTANGLE: stands for a character without a shape in our fonts."""

_FONTS = ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono")
"""Of those that typst brings: the first one, and where the others have what it has not."""

_PROBE = b"""
#set document(title: "?")
#set text(font: json(bytes(sys.inputs.fonts)))
#sys.inputs.character
"""

_MAY_BREAK = "\u200b"
_LONGEST_WORD = 40
"""Characters of a word that always fit on a line; a longer one may be broken after each 40."""

_SYMBOLS = frozenset({"So", "Sk"})
_LONG_WORD = re.compile(rf"\S{{{_LONGEST_WORD + 1},}}")
_AT_ONCE = 2

type Node = str | bool | Sequence[Node] | Mapping[str, Node] | None
"""A part of what the template reads."""


class CannotPrint(Exception):
    """No accessible PDF could be made of a document. Tells nothing of what it says."""


class Typesetter:
    """Makes PDFs.

    Args:
        templates_dir: the folder that holds ``pdf``.
        seconds: how long one document may take.
    """

    def __init__(self, templates_dir: Path, *, seconds: float = 8.0) -> None:
        self._template = (templates_dir / "pdf" / "document.typ").read_bytes()
        self._seconds = seconds
        self._presses = asyncio.Semaphore(_AT_ONCE)

    async def pdf(self, document: Document) -> bytes:
        """Return a document as a PDF, made in a thread of its own.

        Raises:
            CannotPrint: when it cannot be made, or takes too long.
        """
        try:
            async with asyncio.timeout(self._seconds), self._presses:
                return await asyncio.to_thread(typeset, self._template, document)
        except TimeoutError:
            raise CannotPrint("it took too long") from None


def typeset(template: bytes, document: Document) -> bytes:
    """Return a document as a PDF.

    Raises:
        CannotPrint: when typst refuses it, for instance since it would not be PDF/UA.
    """
    made = _compiled(template, _as_node(document), document)
    if made is None:
        # Nearly always a character without a shape: looking for it costs time, so it is done last.
        told = text(document.language, "pdf.unshown", mark=_UNSHOWN)
        note = Section(parts=(Block(lines=(Line(told),)),))
        noted = replace(document, sections=(*document.sections, note))
        made = _compiled(template, _shown(_as_node(noted)), document)
    if made is None:
        raise CannotPrint("typst refused it")
    return made


def _compiled(template: bytes, node: Node, document: Document) -> bytes | None:
    inputs = {"document": json.dumps(node, ensure_ascii=False)}
    return _accessible(template, inputs, int(document.written_at.timestamp()))


def _accessible(template: bytes, inputs: dict[str, str], timestamp: int) -> bytes | None:
    """Return a PDF/UA-1, or nothing when it would not be one."""
    try:
        return typst.compile(
            template,
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=["ua-1"],
            ignore_system_fonts=True,
            timestamp=timestamp,
        )
    except typst.TypstError:
        return None


def _as_node(document: Document) -> Node:
    language = document.language
    number = text(language, "pdf.case_number", number=document.case_number)
    return {
        "language": language.value,
        "fonts": list(_FONTS),
        "portal": text(language, "pdf.portal"),
        "tagline": text(language, "pdf.tagline"),
        "title": document.title,
        "footer": number,
        "page": text(language, "pdf.page", page="{page}", pages="{pages}"),
        "sections": [_section(section) for section in document.sections],
    }


def _section(section: Section) -> Node:
    return {
        "title": None if section.title is None else _words(section.title),
        "new_page": section.on_new_page,
        "parts": [_part(part) for part in section.parts],
    }


def _part(part: Block | Table) -> Node:
    if isinstance(part, Table):
        return {
            "kind": "table",
            "columns": _all_words(part.columns),
            "rows": [_all_words(row) for row in part.rows],
        }
    if part.quoted:
        paragraphs = [_all_words(paragraph) for paragraph in part.quoted]
        return {"kind": "quotation", "paragraphs": paragraphs}
    if part.items:
        return {"kind": "list", "items": _all_words(part.items)}
    lines: list[Node] = [
        {"words": _words(line.words), "address": line.words if line.link else None}
        for line in part.lines
    ]
    return {"kind": "paragraph", "lines": lines}


def _all_words(lines: Sequence[str]) -> list[str]:
    return [_words(line) for line in lines]


def _words(line: str) -> str:
    """Return a line without what deceives its reader, whose long words can be broken."""
    return _LONG_WORD.sub(_breakable, readable(line))


def _breakable(word: re.Match[str]) -> str:
    letters = word[0]
    pieces = range(0, len(letters), _LONGEST_WORD)
    return _MAY_BREAK.join(letters[start : start + _LONGEST_WORD] for start in pieces)


def _shown(node: Node) -> Node:
    """Return the same with a mark in the place of each character that has no shape."""
    match node:
        case str():
            return "".join(
                character if _has_shape(character) else _mark(character) for character in node
            )
        case Mapping():
            return {name: _shown(part) for name, part in node.items()}
        case Sequence():
            return [_shown(part) for part in node]
        case _:
            return node


def _mark(character: str) -> str:
    """Return what stands for a character: the name of a picture, nothing for what shows nothing."""
    category = unicodedata.category(character)
    if category in {"Mn", "Me", "Cf"}:
        return ""
    name = unicodedata.name(character, "")
    return f"[{name.lower()}]" if category in _SYMBOLS and name else _UNSHOWN


@lru_cache(maxsize=8192)
def _has_shape(character: str) -> bool:
    """Tell whether one of our fonts has a shape for a character."""
    if character.isascii():
        return True
    inputs = {"fonts": json.dumps(_FONTS), "character": character}
    return _accessible(_PROBE, inputs, 0) is not None
