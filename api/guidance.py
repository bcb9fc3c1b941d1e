"""What the guide answers, in the reader's language."""

from datetime import date

from api.answers import HelplineBody, SideRouteBody
from api.presenting import helpline_body, side_route_body
from api.schemas import Wire
from catalogues.texts import text
from domain.guide import DeadlineKind, Guidance
from domain.languages import Language
from domain.situations import Happened, Nature, Wish
from explanations import guidance as wording
from explanations import why


class ChoiceBody(Wire):
    """Something that can be answered."""

    code: str
    text: str


class GuideBody(Wire):
    """What the guide asks: what happened, and what somebody wants."""

    happened: list[ChoiceBody]
    wishes: list[ChoiceBody]


class GuidanceDeadlineBody(Wire):
    """A last day; ``day`` is missing when there is no day to count from, or no law sets one."""

    code: DeadlineKind
    day: date | None
    over: bool
    """That day has passed; the text says what may still be possible."""
    text: str
    source: str | None
    """None where no law sets a day, and we promise nothing either."""
    verified: bool


class DraftBody(Wire):
    """A letter, with what is left to fill in."""

    subject: str
    text: str


class GuidanceBody(Wire):
    """What the guide answers."""

    situation: str
    nature: Nature
    nature_text: str
    text: str
    source: str
    verified: bool
    mediation: bool
    """Whether it can be handed in here as a complaint that we mediate."""
    next_body: str | None
    next_body_text: str | None
    anonymity: str
    deadlines: list[GuidanceDeadlineBody]
    papers: list[ChoiceBody]
    side_routes: list[SideRouteBody]
    helplines: list[HelplineBody]
    """For whoever is not safe, where that may be so. Calling is up to the caller."""
    draft: DraftBody | None
    """To copy and to send oneself."""
    draft_in_dutch: DraftBody | None
    """The same in Dutch, in which an institution reads; none for who reads Dutch anyway."""
    draft_to_hand_in: DraftBody | None
    """To hand in here as a complaint: we need no name. None where we do not mediate."""


def guide_body(language: Language) -> GuideBody:
    """Present what the guide asks."""
    return GuideBody(
        happened=[_choice(f"happened.{one}", one, language) for one in Happened],
        wishes=[_choice(f"wish.{one}", one, language) for one in Wish],
    )


def guidance_body(guidance: Guidance, language: Language) -> GuidanceBody:
    """Present what the guide answers."""
    in_dutch = None if language is Language.DUTCH else wording.draft_of(guidance, Language.DUTCH)
    body = guidance.next_body
    return GuidanceBody(
        situation=guidance.situation,
        nature=guidance.nature,
        nature_text=wording.nature_in_words(guidance, language),
        text=wording.advice_in_words(guidance, language),
        source=why.source_in_words(guidance.source, language),
        verified=guidance.verified,
        mediation=guidance.mediation,
        next_body=body,
        next_body_text=why.body_in_words(body, language) if body else None,
        anonymity=wording.anonymity_in_words(guidance, language),
        deadlines=[
            GuidanceDeadlineBody(
                code=deadline.kind,
                day=deadline.day,
                over=deadline.over,
                text=wording.deadline_in_words(deadline, language),
                source=deadline.source and why.source_in_words(deadline.source, language),
                verified=deadline.verified,
            )
            for deadline in guidance.deadlines
        ],
        papers=[_choice(f"paper.{paper}", paper, language) for paper in guidance.papers],
        side_routes=[side_route_body(row, language) for row in guidance.side_routes],
        helplines=[helpline_body(row, language) for row in guidance.helplines],
        draft=_draft_body(wording.draft_of(guidance, language)),
        draft_in_dutch=_draft_body(in_dutch),
        draft_to_hand_in=_draft_body(wording.draft_to_hand_in(guidance, language)),
    )


def _draft_body(draft: wording.Draft | None) -> DraftBody | None:
    return DraftBody(subject=draft.subject, text=draft.text) if draft else None


def _choice(key: str, code: str, language: Language) -> ChoiceBody:
    return ChoiceBody(code=code, text=text(language, key))
