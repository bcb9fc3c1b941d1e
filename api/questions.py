"""Asking: a question without an account, and the complaint that it may become."""

from fastapi import APIRouter

from api import presenting
from api.answers import HandedInBody, ReceiptBody
from api.documentation import may_refuse
from api.mandates import mandate_of
from api.receiving import Incoming
from api.schemas import ComplaintFromQuestionBody, QuestionBody
from api.who import Complainant
from api.wire_format import StrictRoute
from delivery.reception import ComplaintFromQuestion, NewQuestion
from domain.intake import IntakeFacts

router = APIRouter(route_class=StrictRoute, tags=["complainant"])


@router.post("/questions", status_code=202, responses=may_refuse(429))
async def ask_question(incoming: Incoming, body: QuestionBody) -> HandedInBody:
    """Ask something about rights and duties. Keep the receipt code: it is shown only now."""
    await incoming.refuse_receipt_codes(subject=body.subject, text=body.text, email=body.email)
    mandate = await mandate_of(incoming, body.helper)
    question = NewQuestion(
        language=body.language,
        text=body.text,
        subject=body.subject,
        kind=body.kind,
        email=body.email,
        intake=IntakeFacts(safety=body.safety),
        mandate=mandate,
    )
    return presenting.handed_in_body(await incoming.question(question))


@router.post("/my-case/complaint", status_code=202, responses=may_refuse(409, 429))
async def turn_into_complaint(
    incoming: Incoming, case: Complainant, body: ComplaintFromQuestionBody
) -> ReceiptBody:
    """Turn a question into a complaint without writing it again: a case of its own.

    It has the language and the contact address of the question, and a receipt code of its own,
    shown only now. ``Location`` is the entry that tells the question of it.
    """
    await incoming.refuse_receipt_codes(subject=body.subject, text=body.text)
    complaint = ComplaintFromQuestion(
        institution=body.institution_id,
        subject=body.subject,
        text=body.text,
        intake=IntakeFacts(**dict(body.intake)),
        closes=body.close_question,
    )
    return presenting.receipt_body(await incoming.complaint_from(case, complaint))
