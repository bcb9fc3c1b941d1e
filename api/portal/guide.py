"""The guide as pages: a few questions, what can be done, and a letter. Nothing of it is kept.

What was answered stands in hidden fields of the answer, so that the letter and the complaint can
be asked for without typing it again, and no address ever says what happened to somebody.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import PlainTextResponse

from api import guide, register
from api.guidance import DraftBody, GuidanceBody
from api.pages.fields import Control
from api.pages.forms import FORM_TOKEN, Form
from api.pages.refusing import typed_form
from api.portal.addresses import GUIDE, GUIDE_AGAIN, GUIDE_COMPLAINT, GUIDE_LETTER, at
from api.portal.complaint import ASKING
from api.portal.questionnaire import Item
from api.portal.routing import PublicRoute, page
from api.problems import Problem, language_of
from api.wiring import Parts
from delivery.drafts import Draft
from domain.institutions import InstitutionKind
from domain.intake import About
from domain.situations import Happened, Wish

_ITEMS = (
    Item("happened", Control.RADIO, needed=True, choices=Happened, words="happened"),
    Item("kind", Control.RADIO, choices=InstitutionKind, words="institution_kind"),
    Item("wish", Control.RADIO, choices=Wish, words="wish"),
)
_DAYS = tuple(
    Item(name, Control.PARTS_OF_A_DAY)
    for name in ("happenedOn", "decidedOn", "complainedOn", "answeredOn")
)
_KEPT_FOR_A_COMPLAINT = ("kind", "happenedOn", "decidedOn")
_FILE = 'attachment; filename="letter.txt"'

router = APIRouter(route_class=PublicRoute, include_in_schema=False)

type Answered = Annotated[GuidanceBody, Depends(guide.ask_the_guide)]


def _letter_of(guidance: Answered) -> DraftBody:
    if guidance.draft is None:
        raise Problem(404, "not-found")
    return guidance.draft


type Letter = Annotated[DraftBody, Depends(_letter_of)]


@router.get(GUIDE)
async def read_questions(request: Request) -> Response:
    """Ask what happened, with whom, and what somebody wants."""
    return _questions(request, {})


@router.post(GUIDE_AGAIN)
async def change_answers(request: Request) -> Response:
    """Ask again, with what was answered before."""
    return _questions(request, typed_form(request))


@router.post(GUIDE)
async def answer(parts: Parts, request: Request, guidance: Answered) -> Response:
    """Say what it is, whom to turn to, until when, how to stay anonymous, and what helps."""
    language = language_of(request)
    again, letter, complaint = (
        at(address, language) for address in (GUIDE_AGAIN, GUIDE_LETTER, GUIDE_COMPLAINT)
    )
    numbers = (await register.list_helplines(parts, request)).helplines
    return page(
        request,
        "guidance",
        guidance=guidance,
        numbers={line.code: line.number for line in numbers},
        answered=_answers(request),
        again=again,
        letter=letter,
        hand_in=complaint,
    )


@router.post(GUIDE_LETTER)
async def download_letter(guidance: Answered, letter: Letter) -> Response:
    """Give the letter as a file of text, to fill in and to send oneself: in Dutch, and in yours."""
    letters = [it for it in (guidance.draft_in_dutch, letter) if it]
    content = "\n\n\n".join(f"{one.subject}\n\n{one.text}" for one in letters) + "\n"
    return PlainTextResponse(content, headers={"Content-Disposition": _FILE})


@router.post(GUIDE_COMPLAINT)
async def begin_complaint(parts: Parts, request: Request, guidance: Answered) -> Response:
    """Begin a complaint with the letter and with what was answered."""
    letter = guidance.draft_to_hand_in
    if letter is None:
        raise Problem(404, "not-found")
    answered = _answers(request)
    kept = {
        name: it for name, it in answered.items() if name.partition(":")[0] in _KEPT_FOR_A_COMPLAINT
    }
    about = {"about": About.DECISION.value} if "decidedOn:day" in kept else {}
    text = {"text": letter.text, "subject": letter.subject}
    draft = Draft(answers={**kept, **about, **text})
    return await ASKING.begin_with(parts, request, draft)


def _questions(request: Request, answered: Form) -> Response:
    language = language_of(request)
    fields, days = ([item.shown(language) for item in items] for items in (_ITEMS, _DAYS))
    address = at(GUIDE, language)
    return page(request, "guide", fields=fields, days=days, address=address, typed=answered)


def _answers(request: Request) -> Form:
    return {name: it for name, it in typed_form(request).items() if name != FORM_TOKEN}
