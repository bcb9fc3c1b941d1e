"""Everything that a complainant can do in their case by one form, in the order of its list."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter

from api import my_case
from api.answers import MyCaseBody
from api.pages.fields import NOTHING, Control
from api.portal.acting import Action, add_pages
from api.portal.questionnaire import YES_NO, Item
from api.portal.routing import CaseRoute
from api.schemas import Question
from domain.matter import Matter
from domain.waits import Wait


def is_open(case: MyCaseBody) -> bool:
    """Tell whether a case was not closed."""
    return case.closed_at is None


def _is_complaint(case: MyCaseBody) -> bool:
    return is_open(case) and case.matter is Matter.COMPLAINT


def _is_question(case: MyCaseBody) -> bool:
    return is_open(case) and case.matter is Matter.QUESTION


def _has_proposal(case: MyCaseBody) -> bool:
    return is_open(case) and case.proposal is not None


def _is_offered_a_way(case: MyCaseBody) -> bool:
    return any(clock.code is Wait.COMPLAINANT_CHOOSES_ROUTE for clock in case.clocks)


def _proposal(case: MyCaseBody) -> Sequence[str]:
    return [case.proposal.text] if case.proposal else []


def _the_proposal(case: MyCaseBody) -> Mapping[str, str]:
    """Say which proposal the page shows: another one may have come by the time of the answer."""
    shown = case.proposal and case.proposal.entry
    return {"about": Question.OUTCOME} | ({"proposal:number": str(shown)} if shown else {})


def _way(case: MyCaseBody) -> Sequence[str]:
    return case.referral.text if case.referral else []


def _yes_or_no(name: str, words: str, asks: str) -> Item:
    return Item(
        f"{name}:boolean", Control.RADIO, needed=True, choices=YES_NO, words=words, asks=asks
    )


_TEXT = Item("text", Control.TEXT, asks="own_words")
_NEEDED_TEXT = Item("text", Control.TEXT, needed=True, asks="own_words")
_NAME = Item("name", Control.LINE, needed=True, limit=200)

ACTIONS = (
    Action(
        name="response",
        hand_in=my_case.respond_to_proposal,
        items=[
            _yes_or_no("accept", "portal.proposal", "proposal"),
            _TEXT,
        ],
        possible=_has_proposal,
        told=_proposal,
        along=_the_proposal,
    ),
    Action(
        name="referral",
        hand_in=my_case.respond_to_proposal,
        items=[
            _yes_or_no("accept", "portal.referral", "referral"),
            _TEXT,
        ],
        possible=_is_offered_a_way,
        told=_way,
        along=lambda _: {"about": Question.REFERRAL},
    ),
    Action(
        name="message",
        hand_in=my_case.send_message,
        items=[Item("text", Control.TEXT, needed=True, asks="message")],
        possible=_is_complaint,
        for_representatives=True,
    ),
    Action(
        name="more",
        hand_in=my_case.send_message,
        items=[Item("text", Control.TEXT, needed=True, asks="message")],
        possible=_is_question,
        for_representatives=True,
    ),
    Action(
        name="reopening",
        hand_in=my_case.ask_to_reopen,
        items=[Item("text", Control.TEXT, needed=True, asks="reopening")],
        possible=lambda case: case.reopening.possible,
    ),
    Action(
        name="feedback",
        hand_in=my_case.look_back,
        items=[_NEEDED_TEXT],
        possible=lambda case: not is_open(case),
    ),
    Action(
        name="safety",
        hand_in=my_case.say_whether_safe,
        items=[_yes_or_no("safe", "portal.safe", "safe")],
        for_representatives=True,
    ),
    Action(
        name="identity",
        hand_in=my_case.set_identity,
        items=[_NAME, Item("postalAddress", Control.LINE, limit=200)],
        possible=_is_complaint,
        taking_back={f"name{NOTHING}": "true"},
        may_take_back=_is_complaint,
    ),
    Action(
        name="contact",
        hand_in=my_case.set_contact,
        items=[
            Item("email", Control.EMAIL, needed=True, limit=254),
            Item("wholeLetters:boolean", Control.CHECKBOX),
        ],
        taking_back={f"email{NOTHING}": "true"},
        may_take_back=lambda case: case.news_by_mail,
    ),
    Action(
        name="mediator",
        hand_in=my_case.object_to_mediator,
        items=[Item("reason", Control.TEXT, needed=True)],
        possible=lambda case: case.may_object_to_mediator,
    ),
    Action(
        name="withdrawal",
        hand_in=my_case.withdraw,
        items=[Item("reason", Control.TEXT)],
        possible=_is_complaint,
    ),
    Action(
        name="retract",
        hand_in=my_case.withdraw,
        items=[Item("reason", Control.TEXT)],
        possible=_is_question,
    ),
)

YOUR_TURN = {
    Wait.COMPLAINANT_RESPONDS: "response",
    Wait.COMPLAINANT_ANSWERS: "message",
    Wait.COMPLAINANT_CHOOSES_ROUTE: "referral",
}
"""What answers a wait for the complainant; a consent has pages of its own."""

YOUR_TURN_IN_A_QUESTION = {Wait.COMPLAINANT_ANSWERS: "more"}
"""The same for whoever asked a question."""

router = APIRouter(route_class=CaseRoute, include_in_schema=False)
for _action in ACTIONS:
    add_pages(router, _action)
