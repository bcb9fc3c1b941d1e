"""The forms in which somebody decides: what stands in them follows from the rules of decisions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import uuid4

from pydantic.alias_generators import to_camel

from api.deciding import DecisionNowBody, OneCaseBody
from api.schemas import TEXT_LIMIT
from catalogues.texts import text
from domain.decision_forms import Item, form_of
from domain.entries import Decision
from domain.grounds import Ground
from domain.languages import Language
from domain.parties import Audience
from domain.staff import HANDLES, Role
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
    """One decision that the reader can take now."""

    decision: Decision
    title: str
    consequence: str
    """What it causes, and when."""
    fields: Sequence[Field]
    key: str
    """Makes a form that is sent twice count once."""
    readers: str | None
    """Who reads the words in it."""


def forms_for(
    case: OneCaseBody, colleagues: Sequence[StaffRow], language: Language
) -> list[DecisionForm]:
    """Return the decisions that the reader of a case can take now, each with what it needs.

    Args:
        colleagues: everybody who works here.
    """
    handles = HANDLES[case.matter]
    return [_form(one, _Choices(one, colleagues, handles, language)) for one in case.decisions_now]


class _Choices:
    """What can be chosen for one decision."""

    def __init__(
        self,
        decision: DecisionNowBody,
        colleagues: Sequence[StaffRow],
        handles: Role,
        language: Language,
    ) -> None:
        self._handles = handles
        self._decision = decision
        self._colleagues = colleagues
        self.language = language

    def of(self, item: Item) -> Sequence[tuple[str, str]]:
        match item:
            case Item.OUTCOME:
                return self._named("outcome", self._decision.outcomes)
            case Item.GROUND:
                return self._named("ground", Ground)
            case Item.WAIT:
                return self._named("wait", self._decision.waits)
            case Item.STAGE:
                return self._named("stage", self._decision.stages)
            case Item.MEDIATOR:
                return self._people(self._handles)
            case Item.ADVISER:
                return self._people(Role.ADVISER)
            case _:
                return ()

    def _people(self, role: Role) -> Sequence[tuple[str, str]]:
        return [(str(row.id), row.name) for row in self._colleagues if role in row.roles]

    def _named(self, kind: str, members: Iterable[StrEnum]) -> Sequence[tuple[str, str]]:
        return [(it.value, text(self.language, f"{kind}.{it}")) for it in members]


def _form(one: DecisionNowBody, choices: _Choices) -> DecisionForm:
    form = form_of(one.decision, one.acting_as)
    items = [item for item in Item if form.takes(item)]
    return DecisionForm(
        decision=one.decision,
        title=one.title,
        consequence=one.consequence,
        fields=[
            Field(
                name=to_camel(item.value),
                label=text(choices.language, f"desk.item.{item}"),
                control=_CONTROLS.get(item, Control.CHOICE),
                needed=item in form.needs,
                choices=choices.of(item),
            )
            for item in items
        ],
        key=str(uuid4()),
        readers=_readers(form.audience, items, choices.language),
    )


def _readers(audience: Audience, items: Sequence[Item], language: Language) -> str | None:
    if not {Item.TEXT, Item.REASON} & set(items):
        return None
    return text(language, f"desk.readers.{audience}")
