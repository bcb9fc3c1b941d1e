"""The forms in which somebody decides: what stands in them follows from the rules of decisions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import uuid4

from pydantic.alias_generators import to_camel

from api.deciding import DecisionNowBody, OneCaseBody
from api.pages.fields import Control, Field
from catalogues.texts import text
from domain.decision_forms import Item, form_of
from domain.entries import Decision
from domain.grounds import Ground
from domain.languages import Language
from domain.parties import Audience, Party
from domain.staff import HANDLES, Role
from storage.models import StaffRow

_CONTROLS: Mapping[Item, Control] = {
    Item.UNTIL: Control.DAY,
    Item.DAY: Control.DAY,
    Item.CASE: Control.LINE,
    Item.TEXT: Control.TEXT,
    Item.REASON: Control.TEXT,
}


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
    has_preview: bool
    """Whether it can be shown which letters it would cause."""


def forms_for(
    case: OneCaseBody, colleagues: Sequence[StaffRow], language: Language
) -> list[DecisionForm]:
    """Return the decisions that the reader of a case can take now, each with what it needs.

    Args:
        colleagues: everybody who works here.
    """
    handles = HANDLES[case.matter]
    has_it = case.offered_id is None
    return [
        _form(one, _Choices(one, colleagues, handles, language), has_case=has_it)
        for one in case.decisions_now
    ]


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


def _form(one: DecisionNowBody, choices: _Choices, *, has_case: bool) -> DecisionForm:
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
        has_preview=has_case and one.acting_as in {Party.MEDIATOR, Party.ADVISER},
    )


def _readers(audience: Audience, items: Sequence[Item], language: Language) -> str | None:
    if not {Item.TEXT, Item.REASON} & set(items):
        return None
    return text(language, f"desk.readers.{audience}")
