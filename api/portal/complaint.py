"""Sending a complaint: what is asked, one question on each page."""

from collections.abc import Mapping

from api import complaints, register
from api.answers import HandedInBody
from api.pages.fields import Control
from api.portal.addresses import COMPLAINT
from api.portal.asking import Asking
from api.portal.questionnaire import YES_NO, Answers, Choices, Item, Questionnaire, Step
from api.portal.steps import HELPER, NEWS, safety, with_helper
from api.receiving import Handover
from api.schemas import ComplaintBody, Day, InstitutionKey, Line, Sent, Text
from api.wiring import Wiring
from catalogues.texts import text
from domain.calendar import civil_date
from domain.institutions import InstitutionKind
from domain.intake import About
from domain.languages import Language
from domain.policy.selection import row_on


class _KindBody(Sent):
    kind: InstitutionKind


class _InstitutionBody(Sent):
    institution_id: InstitutionKey


class _AboutBody(Sent):
    about: About = About.UNSURE


class _HappenedBody(Sent):
    happened_on: Day | None = None


class _DecidedBody(Sent):
    decided_on: Day | None = None


class _BeforeBody(Sent):
    other_procedure: bool | None = None
    handled_before: bool | None = None


class _StoryBody(Sent):
    subject: Line
    text: Text


def _is_about_a_decision(answers: Answers) -> bool:
    return answers.get("about") == About.DECISION


_KIND = Item("kind", Control.RADIO, needed=True, choices=InstitutionKind, words="institution_kind")
_QUESTIONS = Questionnaire(
    steps=(
        HELPER,
        safety("portal.safety"),
        Step(
            "kind",
            [_KIND],
            _KindBody,
            forgets=["institutionId"],
        ),
        Step(
            "institution",
            [Item("institutionId", Control.CHOICE, needed=True)],
            _InstitutionBody,
        ),
        Step(
            "about",
            [Item("about", Control.RADIO, choices=About, words="portal.about")],
            _AboutBody,
        ),
        Step("happened", [Item("happenedOn", Control.PARTS_OF_A_DAY)], _HappenedBody),
        Step(
            "decided",
            [Item("decidedOn", Control.PARTS_OF_A_DAY)],
            _DecidedBody,
            asked=_is_about_a_decision,
        ),
        Step(
            "before",
            [
                Item(
                    "otherProcedure:boolean", Control.RADIO, choices=YES_NO, words="portal.yes_no"
                ),
                Item("handledBefore:boolean", Control.RADIO, choices=YES_NO, words="portal.yes_no"),
            ],
            _BeforeBody,
        ),
        Step(
            "story",
            [
                Item("text", Control.TEXT, needed=True),
                Item("subject", Control.LINE, needed=True, limit=200),
            ],
            _StoryBody,
        ),
        NEWS,
    )
)

_OF_THE_INTAKE = {"safety", "about", "happenedOn", "decidedOn", "otherProcedure", "handledBefore"}


async def _chosen(parts: Wiring, answers: Answers, language: Language) -> Mapping[str, Choices]:
    register_of_all = await register.list_institutions(parts)
    return {
        "institutionId": [
            (one.id, one.name)
            for one in register_of_all.institutions
            if one.kind == answers.get("kind")
        ]
    }


async def _send(incoming: Handover, sent: dict[str, object], language: Language) -> HandedInBody:
    intake = {name: it for name, it in sent.items() if name in _OF_THE_INTAKE}
    rest = {name: it for name, it in sent.items() if name not in {*_OF_THE_INTAKE, "kind"}}
    body = ComplaintBody.model_validate(
        {**with_helper(rest), "intake": intake, "language": language}
    )
    return await complaints.submit_complaint(incoming, body)


def _mediates(parts: Wiring, kind: str) -> bool:
    return row_on(parts.policy.kinds, kind, civil_date(parts.clock())).mediation


def _advice_only(parts: Wiring, answers: Answers) -> bool:
    """Tell whether the answers name a kind of institution with which we do not mediate."""
    return "kind" in answers and not _mediates(parts, answers["kind"])


def _warn(parts: Wiring, answers: Answers, where: str, language: Language) -> str | None:
    """Say with whom we do not mediate before it is chosen, and once that was chosen."""
    if where == "kind":
        names = [
            text(language, f"institution_kind.{kind}")
            for kind in InstitutionKind
            if not _mediates(parts, kind)
        ]
        kinds = ", ".join(names)
        return text(language, "portal.step.kind.no_mediation", kinds=kinds) if names else None
    if where in {"institution", "check"} and _advice_only(parts, answers):
        return text(language, "notice.signposting_only")
    return None


ASKING = Asking(COMPLAINT, "complaint", _QUESTIONS, _chosen, _send, _warn, _advice_only)
router = ASKING.router()
