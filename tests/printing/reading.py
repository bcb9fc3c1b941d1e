"""Reading a PDF as a program that reads it aloud would: its words and its tags."""

import io

import pikepdf
from pypdf import PdfReader


def words_of(pdf: bytes) -> str:
    """Return the words of all pages, one after the other, without what only lets a word break."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "\n".join(page.extract_text() for page in pages).replace("\u200b", "")


def squeezed(words: str) -> str:
    """Return words without white space: a line can end anywhere.

    In Portuguese a hyphen at which a line ends stands at the beginning of the next one, too.
    """
    return "".join(words.replace("-\n-", "-").split()).replace("\u200b", "")


def tags_of(pdf: bytes) -> list[str]:
    """Return the tags of the structure, in the order in which they are read."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return _tags(document.Root.StructTreeRoot)


def _tags(node: pikepdf.Object) -> list[str]:
    if not isinstance(node, pikepdf.Dictionary):
        return []
    own = [str(node.S).lstrip("/")] if "/S" in node else []
    children = node.get("/K", pikepdf.Array())
    inside = children if isinstance(children, pikepdf.Array) else [children]
    return own + [tag for child in inside for tag in _tags(child)]
