"""The files of a case as pages: the list, adding one without a script, and the clean copy."""

from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, BackgroundTasks, Depends, Request, Response

from api import attachments
from api.answers import AttachmentsBody
from api.attachments import CleanCopy
from api.pages.forms import FORM_TOKEN, KEY
from api.portal.acting import accepted_at
from api.portal.actions import is_open
from api.portal.addresses import ATTACHMENT, ATTACHMENTS, at
from api.portal.case_pages import MyCase, case_page
from api.portal.routing import FileRoute, refuse_other_forms
from api.problems import language_of
from api.receiving import Handover
from api.uploads import sent_form
from api.who import EitherSession
from api.wiring import Parts
from domain.attachments import MOST_BYTES, MediaType

router = APIRouter(route_class=FileRoute, include_in_schema=False)


@router.get(ATTACHMENTS)
async def read_attachments(
    request: Request,
    case: MyCase,
    found: Annotated[AttachmentsBody, Depends(attachments.list_attachments)],
) -> Response:
    """List the files, and ask for one more."""
    return case_page(
        request,
        "attachments",
        case,
        attachments=found.attachments,
        at=at(ATTACHMENTS, language_of(request)),
        kinds=",".join(kind.value for kind in MediaType),
        megabytes=MOST_BYTES // 1024**2,
        may_add=is_open(case),
        key=str(uuid4()),
    )


@router.post(ATTACHMENTS)
async def attach(
    parts: Parts, request: Request, background: BackgroundTasks, either: EitherSession
) -> Response:
    """Add a file for the mediator."""
    file, form = await sent_form(request, (FORM_TOKEN, KEY))
    refuse_other_forms(parts, request, form)
    incoming = Handover(parts, request, Response(), background, form.get(KEY))
    language = language_of(request)
    accepted = await attachments.take_in(parts, incoming, either, file, language)
    return await accepted_at(parts, request, accepted)


@router.get(ATTACHMENT, response_class=CleanCopy)
async def read_attachment(
    copy: Annotated[CleanCopy, Depends(attachments.read_attachment)],
) -> CleanCopy:
    """Give the clean copy of a file."""
    return copy
