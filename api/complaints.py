"""Coming in: a complaint without an account, and coming back with a receipt code."""

import secrets as randomness
from datetime import timedelta

from fastapi import APIRouter

from api.answers import ReceiptBody, SessionBody
from api.documentation import may_refuse
from api.problems import Problem
from api.receiving import Incoming
from api.schemas import ComplaintBody, SessionRequest
from api.who import UNAUTHENTICATED
from api.wire_format import StrictRoute
from api.wiring import Parts
from delivery.reception import NewComplaint
from domain.intake import IntakeFacts
from domain.receipt_code import InvalidReceiptCode, grouped, parse_receipt_code
from settings.secrets import token_hash
from storage import access

SESSION_LIFETIME = timedelta(minutes=15)

router = APIRouter(route_class=StrictRoute, tags=["complainant"])


@router.post("/complaints", status_code=202)
async def submit_complaint(incoming: Incoming, body: ComplaintBody) -> ReceiptBody:
    """Submit a complaint. Keep the receipt code: it is shown only now, and stored nowhere."""
    await incoming.refuse_receipt_codes(subject=body.subject, text=body.text, email=body.email)
    complaint = NewComplaint(
        institution=body.institution_id,
        language=body.language,
        subject=body.subject,
        text=body.text,
        email=body.email,
        intake=IntakeFacts(**dict(body.intake)),
    )
    receipt = await incoming.complaint(complaint)
    return ReceiptBody(case_number=receipt.case_number, receipt_code=grouped(receipt.code))


@router.post("/sessions", status_code=201, responses=may_refuse(401))
async def open_session(parts: Parts, body: SessionRequest) -> SessionBody:
    """Open a session with a receipt code, for 15 minutes."""
    refused = Problem(401, "invalid-receipt", headers=UNAUTHENTICATED)
    try:
        code = parse_receipt_code(body.receipt_code)
    except InvalidReceiptCode:
        raise refused from None
    now = parts.clock()
    token = randomness.token_urlsafe(32)
    async with parts.database.transaction() as session:
        case = await access.case_of_receipt(session, parts.secrets.receipt_lookup(code))
        if case is None:
            raise refused
        expires_at = now + SESSION_LIFETIME
        await access.add_session(session, token_hash(token), case, now, expires_at)
    return SessionBody(token=token, expires_at=expires_at)
