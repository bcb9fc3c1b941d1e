"""Asking an adviser something: what is asked of whoever asks, one question on each page."""

from collections.abc import Mapping

from api import questions
from api.answers import HandedInBody
from api.pages.fields import Control
from api.portal.addresses import QUESTION
from api.portal.asking import Asking
from api.portal.questionnaire import Answers, Choices, Item, Questionnaire, Step
from api.portal.steps import HELPER, NEWS, safety, with_helper
from api.receiving import Handover
from api.schemas import QuestionBody, Sent, Text
from api.wiring import Wiring
from domain.institutions import InstitutionKind
from domain.languages import Language


class _AskedBody(Sent):
    question: Text


class _AboutBody(Sent):
    kind: InstitutionKind | None = None


_QUESTIONS = Questionnaire(
    steps=(
        HELPER,
        safety("portal.question.safety"),
        Step("asked", [Item("question", Control.TEXT, needed=True)], _AskedBody),
        Step(
            "about_kind",
            [Item("kind", Control.RADIO, choices=InstitutionKind, words="institution_kind")],
            _AboutBody,
        ),
        NEWS,
    )
)


async def _chosen(_: Wiring, __: Answers, ___: Language) -> Mapping[str, Choices]:
    return {}


async def _send(incoming: Handover, sent: dict[str, object], language: Language) -> HandedInBody:
    rest = {name: it for name, it in sent.items() if name != "question"}
    body = QuestionBody.model_validate(
        {**with_helper(rest), "text": sent["question"], "language": language}
    )
    return await questions.ask_question(incoming, body)


router = Asking(QUESTION, "question", lambda _: _QUESTIONS, _chosen, _send).router()
