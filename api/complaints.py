"""Coming in: a complaint without an account."""

from fastapi import APIRouter

from api import presenting
from api.answers import HandedInBody
from api.documentation import may_refuse
from api.mandates import mandate_of
from api.receiving import Incoming
from api.schemas import ComplaintBody
from api.wire_format import StrictRoute
from delivery.reception import NewComplaint
from domain.intake import IntakeFacts

router = APIRouter(route_class=StrictRoute, tags=["complainant"])


@router.post("/complaints", status_code=202, responses=may_refuse(429))
async def submit_complaint(incoming: Incoming, body: ComplaintBody) -> HandedInBody:
    """Submit a complaint. Keep the receipt code: it is shown only now, and stored nowhere."""
    await incoming.refuse_receipt_codes(subject=body.subject, text=body.text, email=body.email)
    mandate = await mandate_of(incoming, body.helper)
    complaint = NewComplaint(
        institution=body.institution_id,
        language=body.language,
        subject=body.subject,
        text=body.text,
        email=body.email,
        intake=IntakeFacts(**dict(body.intake)),
        mandate=mandate,
    )
    return presenting.handed_in_body(await incoming.complaint(complaint))
