"""The forms in which somebody decides: what stands in them follows from the rules of decisions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import uuid4

from pydantic.alias_generators import to_camel

from api.answers import CaseBody
from api.schemas import TEXT_LIMIT
from api.who import Staff
from catalogues.texts import text
from domain.decision_forms import FORMS, Item
from domain.entries import CLOSABLE, PROPOSABLE, Decision
from domain.grounds import Ground
from domain.languages import Language
from domain.parties import Audience
from domain.staff import acts_as
from domain.stages import Outcome
from storage.models import StaffRow


class Control(StrEnum):
    """How something is filled in."""

    CHOICE = "choice"
    DAY = "day"
    LINE = "line"
    TEXT = "text"


_CONTROLS: Mapping[Item, Control] = {
    Item.UNTIL: Control.DAY,
    Item.DAY: Control.DAY,
    Item.CASE: Control.LINE,
    Item.TEXT: Control.TEXT,
    Item.REASON: Control.TEXT,
}
_OUTCOMES: Mapping[Decision, frozenset[Outcome]] = {
    Decision.PROPOSE_OUTCOME: PROPOSABLE,
    Decision.CLOSE_CASE: CLOSABLE,
}


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in."""

    name: str
    label: str
    control: Control
    needed: bool
    choices: Sequence[tuple[str, str]] = ()
    """Values and what they mean."""
    limit: int = TEXT_LIMIT


@dataclass(frozen=True, slots=True)
class DecisionForm:
    """One decision that the reader may take; the workflow says whether it is possible now."""

    decision: Decision
    title: str
    fields: Sequence[Field]
    key: str
    """Makes a form that is sent twice count once."""
    readers: str | None
    """Who reads the words in it."""


def forms_for(
    case: CaseBody, staff: Staff, colleagues: Sequence[StaffRow], language: Language
) -> list[DecisionForm]:
    """Return the decisions that somebody may take in a case, each with what it needs.

    Args:
        colleagues: the mediators.
    """
    mediates = staff.id in {case.mediator_id, case.offered_id}
    choices = _Choices(case, colleagues, language)
    return [
        _form(decision, choices, language)
        for decision in FORMS
        if acts_as(staff.roles, decision, mediates=mediates) is not None
    ]


class _Choices:
    """What can be chosen in one case."""

    def __init__(self, case: CaseBody, colleagues: Sequence[StaffRow], language: Language) -> None:
        self._case = case
        self._colleagues = colleagues
        self._language = language

    def of(self, decision: Decision, item: Item) -> Sequence[tuple[str, str]]:
        match item:
            case Item.OUTCOME:
                return self._named("outcome", sorted(_OUTCOMES.get(decision, Outcome)))
            case Item.GROUND:
                return self._named("ground", Ground)
            case Item.WAIT:
                return [(clock.code.value, clock.text) for clock in self._case.clocks]
            case Item.MEDIATOR:
                return [(str(row.id), row.name) for row in self._colleagues]
            case _:
                return ()

    def _named(self, kind: str, members: Iterable[StrEnum]) -> Sequence[tuple[str, str]]:
        return [(it.value, text(self._language, f"{kind}.{it}")) for it in members]


def _form(decision: Decision, choices: _Choices, language: Language) -> DecisionForm:
    form = FORMS[decision]
    items = [item for item in Item if form.takes(item)]
    return DecisionForm(
        decision=decision,
        title=text(language, f"decision.{decision}"),
        fields=[
            Field(
                name=to_camel(item.value),
                label=text(language, f"desk.item.{item}"),
                control=_CONTROLS.get(item, Control.CHOICE),
                needed=item in form.needs,
                choices=choices.of(decision, item),
            )
            for item in items
        ],
        key=str(uuid4()),
        readers=_readers(form.audience, items, language),
    )


def _readers(audience: Audience, items: Sequence[Item], language: Language) -> str | None:
    if not {Item.TEXT, Item.REASON} & set(items):
        return None
    return text(language, f"desk.readers.{audience}")
