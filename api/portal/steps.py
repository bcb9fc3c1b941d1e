"""Questions that are asked of whoever writes to us."""

from collections.abc import Mapping

from api.pages.fields import Control
from api.portal.questionnaire import Answers, Item, Step
from api.schemas import Address, HelperBody, Sent
from domain.intake import Safety
from domain.mandates import MandateForm

FOR = "for"
"""Says in a draft for whom it is written, where that is somebody else."""
SOMEBODY = "somebody"
MYSELF = "myself"


class _SafetyBody(Sent):
    safety: Safety = Safety.NOT_SAID


class _NewsBody(Sent):
    email: Address | None = None


def is_for_somebody(answers: Answers) -> bool:
    """Tell whether somebody writes this for another person."""
    return answers.get(FOR) == SOMEBODY


HELPER = Step(
    "helper",
    [
        Item("name", Control.LINE, needed=True, limit=200, asks="helper_name"),
        Item("organisation", Control.LINE, limit=200),
        Item(
            "form",
            Control.RADIO,
            needed=True,
            choices=(MandateForm.SPOKEN, MandateForm.WRITTEN),
            words="portal.mandate",
        ),
        Item("confirmed:boolean", Control.CHECKBOX, needed=True),
    ],
    HelperBody,
    asked=is_for_somebody,
)


def for_oneself(answers: Answers) -> Answers:
    """Return answers without whoever gives them for another person."""
    return {name: it for name, it in answers.items() if name not in {FOR, *HELPER.names()}}


def with_helper(sent: Mapping[str, object]) -> dict[str, object]:
    """Return what is sent, with who sends it for somebody else in a place of its own."""
    own = {item.name.partition(":")[0] for item in HELPER.items}
    helper = {name: it for name, it in sent.items() if name in own}
    rest = {name: it for name, it in sent.items() if name not in own}
    return {**rest, "helper": helper} if helper else rest


NEWS = Step("news", [Item("email", Control.EMAIL, limit=254)], _NewsBody)


def safety(words: str) -> Step:
    """Return the question whether somebody is safe; each answer is below ``words``."""
    return Step("safety", [Item("safety", Control.RADIO, choices=Safety, words=words)], _SafetyBody)
