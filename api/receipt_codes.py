"""A new receipt code: for whoever has the old one, and for whoever lost it."""

from uuid import UUID

from fastapi import APIRouter, Request

from api import presenting
from api.answers import LostCodeBody, ReceiptBody
from api.documentation import may_refuse
from api.problems import Problem, language_of
from api.receiving import Incoming
from api.schemas import HalvesBody, LostCodeRequest, NewCodeRequest
from api.typed_codes import code_or_nobodys
from api.who import UNAUTHENTICATED, Complainant, OwnSession
from api.wire_format import StrictRoute
from api.wiring import Parts
from delivery.lost_codes import HalvesRefused
from domain.case_number import CaseNumber

router = APIRouter(route_class=StrictRoute, tags=["complainant"])


@router.post("/my-case/receipt-codes", status_code=201)
async def replace_receipt_code(
    parts: Parts, incoming: Incoming, own: OwnSession, body: NewCodeRequest
) -> ReceiptBody:
    """Get a new receipt code. The old one stops now, and so does every other session.

    A lost answer is repeated to the same Idempotency-Key, as long as this session lasts.
    """
    receipt = await parts.receipts.rotate(own.case, own.token_hash, await incoming.repeatable())
    return presenting.receipt_body(receipt)


@router.post("/lost-receipt-codes", status_code=202, responses=may_refuse(429))
async def ask_for_new_code(parts: Parts, request: Request, body: LostCodeRequest) -> LostCodeBody:
    """Ask for a new receipt code by the contact address of a case.

    The answer never tells whether there is such a case, or whether it has that address. If so, a
    letter with the second half comes after some days; ``my-case`` shows the request meanwhile.
    """
    claim = await parts.lost_codes.ask(CaseNumber(body.case_number), body.email)
    return presenting.lost_code_body(claim, language_of(request))


@router.post("/receipt-codes", status_code=201, responses=may_refuse(401, 429))
async def exchange_halves(parts: Parts, incoming: Incoming, body: HalvesBody) -> ReceiptBody:
    """Exchange both halves for a new receipt code. The old one and every session end."""
    claim, half = code_or_nobodys(body.claim_code), code_or_nobodys(body.letter_code)
    try:
        receipt = await parts.lost_codes.exchange(claim, half, await incoming.repeatable())
    except HalvesRefused:
        raise Problem(401, "invalid-halves", headers=UNAUTHENTICATED) from None
    return presenting.receipt_body(receipt)


@router.delete("/my-case/receipt-code-requests/{request_id}", status_code=204)
async def stop_request(parts: Parts, case: Complainant, request_id: UUID) -> None:
    """Stop a request for a new receipt code: whoever asked gets none."""
    if not await parts.lost_codes.stop(case, request_id):
        raise Problem(404, "not-found")
