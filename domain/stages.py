"""The stages of a case, and the one table of the steps between them."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Stage(StrEnum):
    """Where a complaint or a question stands."""

    RECEIVED = "received"
    FINDING_MEDIATOR = "finding_mediator"
    AWAITING_CONSENT = "awaiting_consent"
    AWAITING_INSTITUTION = "awaiting_institution"
    HEARING_BOTH_SIDES = "hearing_both_sides"
    OUTCOME_PROPOSED = "outcome_proposed"
    FINDING_ADVISER = "finding_adviser"
    AWAITING_ADVISER = "awaiting_adviser"
    ANSWERED = "answered"
    """A question was answered; the complainant can ask on."""
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a case ended."""

    SETTLED = "settled"
    PARTLY_SETTLED = "partly_settled"
    NOT_SETTLED = "not_settled"
    WITHDRAWN = "withdrawn"
    INADMISSIBLE = "inadmissible"
    REFERRED = "referred"
    ADVISED = "advised"
    NOT_ADVISED = "not_advised"
    """A question was closed without an answer to it."""
    BECAME_COMPLAINT = "became_complaint"
    """A question goes on as a complaint, which is a case of its own."""


_AFTER_A_MEDIATOR_ACCEPTED = frozenset(
    {
        Stage.AWAITING_CONSENT,
        Stage.AWAITING_INSTITUTION,
        Stage.HEARING_BOTH_SIDES,
        Stage.OUTCOME_PROPOSED,
    }
)

_OF_A_QUESTION = frozenset({Stage.FINDING_ADVISER, Stage.AWAITING_ADVISER, Stage.ANSWERED})

TRANSITIONS: Mapping[Stage, frozenset[Stage]] = MappingProxyType(
    {
        # A supervisor's offer may have been accepted before the case was first looked at.
        Stage.RECEIVED: _AFTER_A_MEDIATOR_ACCEPTED
        | _OF_A_QUESTION
        | {Stage.FINDING_MEDIATOR, Stage.CLOSED},
        # A mediator may recuse in any later stage; the next one goes on where the case stood.
        Stage.FINDING_MEDIATOR: _AFTER_A_MEDIATOR_ACCEPTED | {Stage.CLOSED},
        # Consent can be revoked, and an outcome proposed, at any moment.
        **{
            stage: (_AFTER_A_MEDIATOR_ACCEPTED - {stage}) | {Stage.FINDING_MEDIATOR, Stage.CLOSED}
            for stage in _AFTER_A_MEDIATOR_ACCEPTED
        },
        # An adviser may give a question back, and a further one opens it again.
        **{stage: (_OF_A_QUESTION - {stage}) | {Stage.CLOSED} for stage in _OF_A_QUESTION},
        Stage.CLOSED: frozenset(),
    }
)
"""Which stage may follow which. A reopened complaint is a new episode that begins again."""


class ForbiddenTransition(ValueError):
    """Somebody tried a step that the table does not know: an error in our code."""


def step(current: Stage, following: Stage) -> Stage:
    """Return ``following`` when the table allows the step from ``current``.

    Raises:
        ForbiddenTransition: when it does not.
    """
    if following not in TRANSITIONS[current]:
        raise ForbiddenTransition(f"{current} cannot be followed by {following}")
    return following
