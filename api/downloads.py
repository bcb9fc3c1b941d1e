"""Files that are given out: to save, never to show, and by names that tell nothing of a case."""

from fastapi import Response

from api.documentation import Node, may_refuse
from printing.typesetting import MEDIA_TYPE as PDF

DOSSIER_NAME = "dossier.pdf"


def headers_of(disposition: str) -> dict[str, str]:
    """Return the headers of a file that a browser saves, and does not show, run or guess at."""
    return {
        "Content-Disposition": disposition,
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


class Paper(Response):
    """A PDF to save."""

    media_type = PDF

    def __init__(self, content: bytes, name: str, status_code: int = 200) -> None:
        disposition = f'attachment; filename="{name}"'
        super().__init__(content, status_code, headers_of(disposition))


PAPER_ANSWERS: dict[int | str, Node] = {
    200: {"description": "A PDF/UA-1 document."},
    **may_refuse(503),
}
"""The documentation of an answer that is a PDF."""
