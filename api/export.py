"""The export: a ZIP with all that is a complainant's, to read and for programs (GDPR 15 and 20).

It is made while it is sent, one file after the other: in memory are the documents and one file at a
time (twice ``MOST_CLEAN_BYTES`` while it is opened), never on a disk. What has been sent cannot be
taken back, so a file that cannot be opened is left out, and said to be.
"""

import io
import json
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import structlog
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from api import presenting
from api.attachments import attachment_body
from api.documentation import may_refuse
from api.dossier_gathering import ALL_ENTRIES, letter_to_the_institution
from api.downloads import DOSSIER_NAME, headers_of
from api.export_answers import ExportBody, ExportedFileBody
from api.letters import letters_of
from api.my_case_gathering import my_case_of
from api.papers import export_document
from api.who import Complainant
from api.wire_format import StrictRoute
from api.wiring import Parts, Wiring
from attachments.depot import Infected
from attachments.objects import ObjectsUnavailable
from catalogues.texts import text, written_date
from domain.attachments import MediaType
from domain.calendar import civil_date
from domain.identifiers import CaseId, EntryNumber
from domain.languages import Language
from domain.parties import Party
from storage.attachment_records import Attachment
from storage.case_file import CaseFile, moment_of
from storage.letter_book import LetterBook
from storage.models import CaseRow
from storage.vault import CannotOpen

_log = structlog.get_logger()

router = APIRouter(prefix="/my-case", route_class=StrictRoute, tags=["complainant"])

FORMAT = "wederhoor-export-1"
_ME = Party.COMPLAINANT
_FOLDER = "attachments"
_PIECE = 1024 * 1024
"""Bytes of a file that are packed at once."""


class Archive(StreamingResponse):
    """A ZIP to save, sent while it is made."""

    media_type = "application/zip"

    def __init__(self, content: AsyncGenerator[bytes], status_code: int = 200) -> None:
        headers = headers_of('attachment; filename="export.zip"')
        super().__init__(content, status_code, headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gathered:
    """All that goes into an export, but for the files themselves."""

    language: Language
    moment: datetime
    body: ExportBody
    files: dict[str, Attachment]
    """By their path in the export."""


@router.get(
    "/export",
    response_class=Archive,
    responses={200: {"description": "A ZIP of documents and files."}, **may_refuse(503)},
)
async def export(parts: Parts, case: Complainant) -> Archive:
    """Give a copy of everything that is the complainant's: to read, for programs, and the files.

    `dossier.json` holds what programs read, and `dossier.schema.json` what its fields mean.
    """
    gathered = await _gathered(parts, case)
    document = export_document(gathered.body, gathered.language, gathered.moment)
    return Archive(_packed(parts, gathered, await parts.typesetter.pdf(document)))


async def _gathered(parts: Wiring, case: CaseId) -> _Gathered:
    found = await parts.depot.of_case(case)
    files = {_path(number, one): one for number, (_, one) in enumerate(found, start=1)}
    async with parts.database.transaction() as session:
        file = CaseFile(session, parts.vault, parts.clock)
        row = await session.get_one(CaseRow, case)
        language = await file.language_of(case)
        moment = moment_of(row, parts.clock)
        entries = await file.entries_for(case, _ME, EntryNumber(0), ALL_ENTRIES)
        book = LetterBook(session, parts.vault)
        body = ExportBody(
            format=FORMAT,
            made_on=civil_date(moment),
            case=await my_case_of(parts, session, case),
            entries=presenting.entry_bodies(entries, language),
            letters=(await letters_of(parts, session, case, _ME, language)).letters,
            letters_to_institution=[
                await letter_to_the_institution(book, letter, language)
                for letter in await book.letters_to(case, Party.INSTITUTION)
            ],
            attachments=[
                ExportedFileBody(**attachment_body(entry, one, language).model_dump(), path=path)
                for (entry, one), path in zip(found, files, strict=True)
            ],
        )
    return _Gathered(language=language, moment=moment, body=body, files=files)


def _path(number: int, attachment: Attachment) -> str:
    return f"{_FOLDER}/{number:02d}-{attachment.name}"


async def _packed(parts: Wiring, gathered: _Gathered, paper: bytes) -> AsyncGenerator[bytes]:
    """Give the ZIP piece by piece: first the files, then what tells which of them are there."""
    pipe = Pipe()
    missing: list[str] = []
    with ZipFile(pipe, "w") as archive:
        for path, attachment in gathered.files.items():
            try:
                content = await parts.depot.clean_copy(attachment)
            except (CannotOpen, Infected, ObjectsUnavailable) as error:
                _log.warning("attachment_not_exported", error=type(error).__name__)
                missing.append(path)
                continue
            entry = _entry(path, gathered.moment)
            if attachment.media_type is not MediaType.TEXT:
                entry.compress_type = ZIP_STORED  # it is packed already
            for piece in _written(archive, pipe, entry, content):
                yield piece
        for name, content in _documents(gathered, missing, paper).items():
            for piece in _written(archive, pipe, _entry(name, gathered.moment), content):
                yield piece
    yield pipe.taken()


def _entry(name: str, moment: datetime) -> ZipInfo:
    entry = ZipInfo(name, moment.timetuple()[:6])
    entry.external_attr = 0o600 << 16
    entry.compress_type = ZIP_DEFLATED
    return entry


def _written(archive: ZipFile, pipe: "Pipe", entry: ZipInfo, content: bytes) -> Iterator[bytes]:
    with archive.open(entry, "w") as file:
        for start in range(0, len(content), _PIECE):
            file.write(content[start : start + _PIECE])
            yield pipe.taken()


def _documents(gathered: _Gathered, missing: list[str], paper: bytes) -> dict[str, bytes]:
    there = [
        one.model_copy(update={"path": None if one.path in missing else one.path})
        for one in gathered.body.attachments
    ]
    body = gathered.body.model_copy(update={"attachments": there})
    schema = ExportBody.model_json_schema(by_alias=True, mode="serialization")
    return {
        DOSSIER_NAME: paper,
        "dossier.json": body.model_dump_json(by_alias=True, indent=2).encode(),
        "dossier.schema.json": json.dumps(schema, indent=2, ensure_ascii=False).encode(),
        "README.txt": _read_me(gathered, missing).encode(),
    }


def _read_me(gathered: _Gathered, missing: list[str]) -> str:
    language = gathered.language
    values = {
        "number": gathered.body.case.case_number,
        "day": written_date(gathered.body.made_on, language),
    }
    said = [text(language, f"export.readme.{line}", **values) for line in _LINES]
    if missing:
        said.append(text(language, "export.readme.missing"))
        said += [f"- {path}" for path in missing]
    return "\n\n".join(said) + "\n"


_LINES = ("what", "pdf", "json", "files", "safe", "right")


class Pipe(io.RawIOBase):
    """What a ZIP is written into, and taken out of before more is written."""

    def __init__(self) -> None:
        super().__init__()
        self._written = bytearray()

    def writable(self) -> bool:
        """Tell that it is written into; nobody can go back in it."""
        return True

    def write(self, piece: bytes | bytearray | memoryview, /) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Take a piece."""
        self._written += piece
        return len(piece)

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        piece = bytes(self._written)
        self._written.clear()
        return piece
