"""Waits: what a case waits for, of whom, and why somebody should look when nothing comes."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from domain.parties import Party


class Wait(StrEnum):
    """Something that a case waits for. Each one has a clock of its own."""

    PORTAL_ACKNOWLEDGES = "portal_acknowledges"
    MEDIATOR_FOUND = "mediator_found"
    """Somebody accepts the case: the promise to the complainant, whoever is asked meanwhile."""
    MEDIATOR_AVAILABLE = "mediator_available"
    MEDIATOR_ACCEPTS = "mediator_accepts"
    COMPLAINANT_CONSENTS = "complainant_consents"
    INSTITUTION_REACHED = "institution_reached"
    """The first letter reaches the institution, after it was refused for good."""
    INSTITUTION_REPLIES = "institution_replies"
    MEDIATOR_PROPOSES = "mediator_proposes"
    COMPLAINANT_RESPONDS = "complainant_responds"
    COMPLAINANT_ANSWERS = "complainant_answers"
    """The complainant answers a question of the mediator."""
    INSTITUTION_ANSWERS = "institution_answers"
    """The institution answers a further question of the mediator."""
    COMPLAINANT_CHOOSES_ROUTE = "complainant_chooses_route"
    """The complainant says whether the case goes to the next body."""
    NEXT_BODY_WINDOW = "next_body_window"
    """Until when the complainant can go to the next body."""
    ADVISER_AVAILABLE = "adviser_available"
    ADVISER_ANSWERS = "adviser_answers"
    """The answer to a question: the promise to the complainant, whoever gives it."""
    COMPLAINANT_FOLLOWS_UP = "complainant_follows_up"
    """After an answer: whether there is more to ask."""

    @property
    def party(self) -> Party:
        """Of whom it is awaited."""
        match self:
            case Wait.PORTAL_ACKNOWLEDGES | Wait.MEDIATOR_FOUND:
                return Party.PORTAL
            case Wait.MEDIATOR_AVAILABLE | Wait.ADVISER_AVAILABLE | Wait.INSTITUTION_REACHED:
                return Party.PORTAL
            case Wait.ADVISER_ANSWERS:
                return Party.ADVISER
            case Wait.MEDIATOR_ACCEPTS | Wait.MEDIATOR_PROPOSES:
                return Party.MEDIATOR
            case Wait.INSTITUTION_REPLIES | Wait.INSTITUTION_ANSWERS:
                return Party.INSTITUTION
            case _:
                return Party.COMPLAINANT


class Attention(StrEnum):
    """Why somebody should look at a case."""

    NO_MEDIATOR = "no_mediator"
    ACKNOWLEDGEMENT_LATE = "acknowledgement_late"
    MEDIATOR_SILENT = "mediator_silent"
    NO_ADVISER = "no_adviser"
    ADVISER_SILENT = "adviser_silent"
    COMPLAINANT_SILENT = "complainant_silent"
    INSTITUTION_SILENT = "institution_silent"
    LETTER_FAILED = "letter_failed"
    MEDIATOR_UNAVAILABLE = "mediator_unavailable"
    """The mediator of the case left, or is not free towards it any more."""
    REOPENING_ASKED = "reopening_asked"
    """The complainant of a closed case asks that it is opened again."""
    REOPENING_LATE = "reopening_late"
    """Nobody answered that in time."""
    DANGER = "danger"
    """The complainant is not safe: a person should look, and nothing goes to the institution."""
    POLICY_CORRECTED = "policy_corrected"
    """A rule that this case keeps was corrected; the mediator decides whether it applies here."""
    EFFECT_FAILING = "effect_failing"
    """Something that has to be done fails again and again; it is tried for ever."""
    WORKFLOW_MISSING = "workflow_missing"
    """Temporal has no workflow of a case."""
    WORKFLOW_FAILING = "workflow_failing"
    """The workflow of a case cannot go on: its tasks fail."""
    ENTRIES_UNDELIVERED = "entries_undelivered"
    """Something arrived, and no workflow has answered it for too long."""


_MOST_URGENT_FIRST = (
    Attention.DANGER,
    Attention.WORKFLOW_MISSING,
    Attention.WORKFLOW_FAILING,
    Attention.EFFECT_FAILING,
    Attention.ENTRIES_UNDELIVERED,
    Attention.ACKNOWLEDGEMENT_LATE,
    Attention.NO_MEDIATOR,
    Attention.NO_ADVISER,
    Attention.MEDIATOR_UNAVAILABLE,
    Attention.LETTER_FAILED,
    Attention.MEDIATOR_SILENT,
    Attention.ADVISER_SILENT,
    Attention.REOPENING_LATE,
    Attention.REOPENING_ASKED,
    Attention.POLICY_CORRECTED,
    Attention.INSTITUTION_SILENT,
    Attention.COMPLAINANT_SILENT,
)


NOTED_FROM_OUTSIDE = frozenset(
    {Attention.WORKFLOW_MISSING, Attention.WORKFLOW_FAILING, Attention.ENTRIES_UNDELIVERED}
)
"""What the workflow of a case cannot notice itself."""


def by_urgency(reasons: Iterable[Attention]) -> tuple[Attention, ...]:
    """Return reasons to look, once each, the most urgent one in front."""
    return tuple(sorted(set(reasons), key=_MOST_URGENT_FIRST.index))


ATTENTION_ENDED_BY: Mapping[Attention, frozenset[Wait]] = MappingProxyType(
    {
        Attention.NO_MEDIATOR: frozenset({Wait.MEDIATOR_AVAILABLE, Wait.MEDIATOR_ACCEPTS}),
        Attention.ACKNOWLEDGEMENT_LATE: frozenset({Wait.PORTAL_ACKNOWLEDGES}),
        Attention.MEDIATOR_SILENT: frozenset({Wait.MEDIATOR_PROPOSES}),
        Attention.NO_ADVISER: frozenset({Wait.ADVISER_AVAILABLE}),
        Attention.ADVISER_SILENT: frozenset({Wait.ADVISER_ANSWERS}),
        Attention.COMPLAINANT_SILENT: frozenset(
            {
                Wait.COMPLAINANT_CONSENTS,
                Wait.COMPLAINANT_RESPONDS,
                Wait.COMPLAINANT_ANSWERS,
                Wait.COMPLAINANT_CHOOSES_ROUTE,
            }
        ),
        Attention.INSTITUTION_SILENT: frozenset(
            {Wait.INSTITUTION_REPLIES, Wait.INSTITUTION_ANSWERS}
        ),
    }
)
"""The answers after which nobody has to look any more."""
