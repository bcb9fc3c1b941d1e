"""The guide: is this a complaint, whom to turn to, until when, and how to stay anonymous."""

from fastapi import APIRouter, Request

from api.guidance import GuidanceBody, GuideBody, guidance_body, guide_body
from api.problems import language_of
from api.schemas import SituationBody
from api.wire_format import StrictRoute
from api.wiring import Parts
from domain.calendar import civil_date
from domain.guide import Situation, guide

router = APIRouter(prefix="/guide", route_class=StrictRoute, tags=["public"])


@router.get("")
async def read_questions(request: Request) -> GuideBody:
    """List what the guide asks, and what can be answered."""
    return guide_body(language_of(request))


@router.post("")
async def ask_the_guide(parts: Parts, request: Request, body: SituationBody) -> GuidanceBody:
    """Answer. Nothing of it is kept; it is a POST so that no answer stands in an address."""
    situation = Situation(
        kind=body.kind,
        happened=body.happened,
        wish=body.wish,
        happened_on=body.happened_on,
        decided_on=body.decided_on,
        complained_on=body.complained_on,
        answered_on=body.answered_on,
    )
    today = civil_date(parts.clock())
    return guidance_body(guide(parts.policy, situation, today), language_of(request))
