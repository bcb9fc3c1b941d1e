"""Clean copies of PDF documents: written anew, without what acts, hides or tells about its maker.

What is dropped follows ISO 32000-2: actions (12.6), embedded files (7.11.4), metadata (14.3).
"""

import io

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from pikepdf.sanitize import Sanitizer

from attachments.refusal import FileRefused
from domain.attachments import Unacceptable

_NEVER = (
    Name.AA,  # actions by themselves
    Name.OpenAction,
    Name.Metadata,
    Name.PieceInfo,
    Name.LastModified,
    Name.AcroForm,  # what was filled in is drawn by its fields all the same
    Name.EF,
    Name.JS,
)
_JPEG_END = 0xDA
"""The marker after which a JPEG's pixels come."""
_TELLING = frozenset({0xE1, 0xED, 0xFE})
"""JPEG segments that hold Exif and XMP, IPTC, and comments (ITU-T T.81, annex B)."""


def clean_document(content: bytes) -> bytes:
    """Return the pages of a document, without anything that acts, is hidden or tells of its maker.

    Raises:
        FileRefused: when it needs a password, is damaged or cut off, or has no page.
    """
    try:
        with pikepdf.open(io.BytesIO(content), attempt_recovery=False) as pdf:
            if pdf.is_encrypted:
                raise FileRefused(Unacceptable.ENCRYPTED)
            if not pdf.pages:
                raise FileRefused(Unacceptable.DAMAGED)
            return _written_anew(pdf)
    except pikepdf.PasswordError as error:
        raise FileRefused(Unacceptable.ENCRYPTED) from error
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, IndexError) as error:
        raise FileRefused(Unacceptable.DAMAGED) from error


def _written_anew(pdf: Pdf) -> bytes:
    sanitizer = Sanitizer().remove_javascript().remove_external_access().remove_attachments()
    sanitizer.remove_multimedia().remove_private_app_data().remove_search_index()
    sanitizer.remove_thumbnails().remove_web_capture().remove_collection().apply(pdf)
    for item in list(pdf.objects):
        if isinstance(item, Dictionary | Stream):
            for key in _NEVER:
                if key in item:
                    del item[key]
        if isinstance(item, Stream):
            _hush(pdf, item)
    if Name.Info in pdf.trailer:
        del pdf.trailer[Name.Info]
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


def _hush(pdf: Pdf, stream: Stream) -> None:
    """Let a photo within the document tell no more than its pixels."""
    found = stream.get(Name.Filter)
    filters = list(found) if isinstance(found, Array) else [found]
    if filters[-1] != Name.DCTDecode:
        return
    photo = stream.read_raw_bytes()
    if len(filters) > 1:  # wrapped once more, as Acrobat does
        wrapped = pdf.make_stream(photo)
        wrapped.Filter = Array(filters[:-1])
        photo = wrapped.read_bytes()
    stream.write(_without_telling_segments(photo), filter=Name.DCTDecode)


def _without_telling_segments(jpeg: bytes) -> bytes:
    """Return a JPEG without the segments that tell where and with what it was made."""
    kept, at = bytearray(jpeg[:2]), 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF and jpeg[at + 1] != _JPEG_END:
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4])
        if jpeg[at + 1] not in _TELLING:
            kept += jpeg[at:end]
        at = end
    return bytes(kept) + jpeg[at:]
