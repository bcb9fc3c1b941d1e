"""A new receipt code: for whoever still has the old one."""

from fastapi import APIRouter

from api import presenting
from api.answers import ReceiptBody
from api.receiving import Incoming
from api.schemas import NewCodeRequest
from api.who import OwnSession
from api.wire_format import StrictRoute
from api.wiring import Parts

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
