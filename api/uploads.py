"""Reading a file out of a form: ``multipart/form-data``, which the oldest telephone can send."""

from collections.abc import Collection, Mapping

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from api.allowances import UPLOAD
from api.problems import FieldError, Problem
from attachments.depot import SentFile

MEDIA_TYPE = "multipart/form-data"

DOCUMENTED = {
    "requestBody": {
        "required": True,
        "content": {
            MEDIA_TYPE: {
                "schema": {
                    "type": "object",
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": "JPEG, PNG, HEIC, PDF or TXT; 10 MB at most.",
                        }
                    },
                    "required": ["file"],
                }
            }
        },
    }
}
"""The body, for the OpenAPI document: it is read only once we know who sends it."""


class _InMemory(MultiPartParser):
    """Never writes a part to disk, where it would lie in clear."""

    spool_max_size = UPLOAD.body


async def sent_file(request: Request) -> SentFile:
    """Return the one file of the form.

    Raises:
        Problem: when it is another media type, no form, or holds anything but one ``file``.
    """
    file, _ = await sent_form(request, ())
    return file


async def sent_form(request: Request, names: Collection[str]) -> tuple[SentFile, Mapping[str, str]]:
    """Return the one file of the form, and the fields beside it.

    Args:
        names: of the fields that may stand beside it, each once.

    Raises:
        Problem: when it is another media type, no form, or holds anything else.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0]
    if media_type.strip().lower() != MEDIA_TYPE:
        raise Problem(415, "multipart-expected")
    parser = _InMemory(request.headers, request.stream(), max_files=1, max_fields=len(names))
    try:
        form = await parser.parse()
    except (MultiPartException, ValueError) as error:
        raise Problem(400, "invalid-request", [FieldError("#", "format")]) from error
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise Problem(400, "invalid-request", [FieldError("#/file", "missing")])
        fields = {name: it for name, it in form.items() if isinstance(it, str) and name in names}
        if len(fields) + 1 != len(form.multi_items()):
            raise Problem(400, "invalid-request", [FieldError("#", "format")])
        return SentFile(file.filename or "", file.content_type or "", await file.read()), fields
    finally:
        await form.close()
