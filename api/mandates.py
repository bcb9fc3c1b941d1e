"""Mandates: letting somebody act in one's case, by a code of their own, and ending that."""

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession

from api import presenting
from api.answers import AcceptedBody, RepresentativeCodeBody
from api.paging import Number
from api.problems import Problem
from api.receiving import Handover, Incoming
from api.schemas import HelperBody, RepresentativeBody
from api.who import Complainant
from api.wire_format import StrictRoute
from delivery.reception import NewMandate
from domain.entries import EntryDetails, EntryKind
from domain.identifiers import EntryNumber
from domain.mandates import MandateForm
from domain.parties import Party
from storage import access
from storage.case_file import NewEntry

router = APIRouter(prefix="/my-case/mandates", route_class=StrictRoute, tags=["complainant"])

_ENTRIES = "/v1/my-case/entries"


@router.post("", status_code=201)
async def give_mandate(
    incoming: Incoming, case: Complainant, body: RepresentativeBody
) -> RepresentativeCodeBody:
    """Let somebody read the case, write in it and say that it is not safe: by a code of their own.

    They cannot decide anything: no consent, no answer to a proposal, no withdrawal. The code is
    shown only now.
    """
    await incoming.refuse_receipt_codes(name=body.name, organisation=body.organisation)
    mandate = NewMandate(name=body.name, organisation=body.organisation, form=MandateForm.PORTAL)
    return presenting.representative_code_body(await incoming.mandate(case, mandate, _ENTRIES))


@router.delete("/{mandate}", status_code=202)
async def revoke_mandate(incoming: Incoming, case: Complainant, mandate: Number) -> AcceptedBody:
    """End a mandate: its code and every session with it end now."""
    number = EntryNumber(mandate)

    async def end(session: AsyncSession, _: EntryNumber) -> None:
        if not await access.shut_out(session, case, mandate=number):
            raise Problem(404, "not-found")

    entry = NewEntry(
        kind=EntryKind.MANDATE_REVOKED,
        author=Party.COMPLAINANT,
        details=EntryDetails(mandate=number),
    )
    return await incoming.entry(case, entry, _ENTRIES, end)


async def mandate_of(incoming: Handover, helper: HelperBody | None) -> NewMandate | None:
    """Return the mandate by which somebody hands in for somebody else, if anybody does.

    Raises:
        Problem: when a receipt code stands in it.
    """
    if helper is None:
        return None
    await incoming.refuse_receipt_codes(
        **{"helper/name": helper.name, "helper/organisation": helper.organisation}
    )
    return NewMandate(name=helper.name, organisation=helper.organisation, form=helper.form)
