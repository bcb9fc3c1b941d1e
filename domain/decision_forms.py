"""What somebody fills in for each decision, and who reads the words that come with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from domain.entries import Decision
from domain.intervention_rules import READ_BY_THE_COMPLAINANT
from domain.parties import Audience, Party


class Item(StrEnum):
    """Something that a decision may need beside its kind."""

    OUTCOME = "outcome"
    GROUND = "ground"
    """Why a complaint cannot be handled."""
    WAIT = "wait"
    """Which clock."""
    UNTIL = "until"
    """The new last day."""
    DAY = "day"
    """The day on which something happened."""
    STAGE = "stage"
    MEDIATOR = "mediator_id"
    ADVISER = "adviser_id"
    CASE = "case_number"
    """Another case."""
    TEXT = "text"
    """Words for somebody else: a question, or what somebody said."""
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class Form:
    """What a decision needs and what it may have.

    Attributes:
        audience: who reads its words, beside the mediator of the case.
    """

    needs: frozenset[Item] = frozenset()
    may: frozenset[Item] = frozenset()
    audience: Audience = Audience.MEDIATOR_ONLY

    def takes(self, item: Item) -> bool:
        """Tell whether something belongs to this decision at all."""
        return item in self.needs | self.may


def _form(
    *needs: Item,
    may: frozenset[Item] = frozenset(),
    audience: Audience = Audience.MEDIATOR_ONLY,
) -> Form:
    return Form(frozenset(needs), may, audience)


_MAY_SAY_WHY = frozenset({Item.REASON})

FORMS: Mapping[Decision, Form] = MappingProxyType(
    {
        Decision.ACCEPT_CASE: _form(may=_MAY_SAY_WHY),
        Decision.DECLINE_CASE: _form(Item.REASON),
        Decision.RECUSE: _form(Item.REASON),
        Decision.ANSWER_QUESTION: _form(Item.TEXT, audience=Audience.COMPLAINANT),
        Decision.ASK_COMPLAINANT: _form(Item.TEXT, audience=Audience.COMPLAINANT),
        Decision.CONTACT_INSTITUTION: _form(Item.TEXT, audience=Audience.INSTITUTION),
        Decision.RECORD_REPLY: _form(Item.TEXT, Item.DAY, audience=Audience.BOTH_SIDES),
        Decision.PROPOSE_OUTCOME: _form(Item.OUTCOME, Item.REASON, audience=Audience.COMPLAINANT),
        Decision.REFER: _form(Item.REASON, audience=Audience.COMPLAINANT),
        Decision.DECLARE_INADMISSIBLE: _form(
            Item.GROUND, Item.REASON, audience=Audience.COMPLAINANT
        ),
        Decision.CLOSE_CASE: _form(
            Item.OUTCOME,
            Item.REASON,
            may=frozenset({Item.GROUND}),
            audience=Audience.COMPLAINANT,
        ),
        Decision.TAKE_STEP: _form(may=_MAY_SAY_WHY),
        Decision.SKIP_STEP: _form(Item.REASON),
        Decision.EXTEND_TERM: _form(Item.WAIT, Item.UNTIL, Item.REASON),
        Decision.RESTART_TERM: _form(Item.WAIT, Item.REASON),
        Decision.PAUSE_FOR_DANGER: _form(may=_MAY_SAY_WHY),
        Decision.RESUME: _form(may=_MAY_SAY_WHY),
        Decision.APPLY_CORRECTION: _form(may=_MAY_SAY_WHY),
        Decision.KEEP_RULES: _form(may=_MAY_SAY_WHY),
        Decision.LINK_CASE: _form(Item.CASE, Item.REASON),
        Decision.RETRY_NOW: _form(Item.REASON),
        Decision.CORRECT_DATE: _form(Item.WAIT, Item.DAY, Item.REASON),
        Decision.OVERRIDE_STAGE: _form(Item.STAGE, Item.REASON),
        Decision.OFFER_CASE: _form(Item.MEDIATOR, may=_MAY_SAY_WHY),
        Decision.REASSIGN: _form(Item.REASON, may=frozenset({Item.MEDIATOR})),
        Decision.ASSIGN_ADVISER: _form(Item.ADVISER, may=_MAY_SAY_WHY),
        Decision.REOPEN_CASE: _form(Item.REASON),
        Decision.KEEP_CLOSED: _form(Item.REASON, audience=Audience.COMPLAINANT),
    }
)
"""The form of each decision of the staff."""


def form_of(decision: Decision, author: Party) -> Form:
    """Return the form of a decision, for who takes it.

    A supervisor reaches into what somebody else is responsible for, and so always says why. The
    complainant reads it where it changes what they wait for; else it stays with the mediator.
    """
    form = FORMS[decision]
    if author is not Party.SUPERVISOR:
        return form
    touches = decision in READ_BY_THE_COMPLAINANT
    return replace(
        form,
        needs=form.needs | {Item.REASON},
        audience=Audience.COMPLAINANT if touches else form.audience,
    )
