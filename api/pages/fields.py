"""What is filled in on a page: how it looks, and how it becomes what the API reads.

A form sends texts only. So the name of a field says what it is: ``accept:boolean``,
``proposal:number``, ``email:nothing``, or a day in three parts, ``happenedOn:day``,
``happenedOn:month`` and ``happenedOn:year``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from api.pages.forms import UNSENT, Form
from api.schemas import TEXT_LIMIT

_BOOLEAN = ":boolean"
NOTHING = ":nothing"
"""Ends the name of a field that is sent to take something back."""
_NUMBER = ":number"
_PARTS_OF_A_DAY = ("year", "month", "day")
_A_NUMBER = re.compile(r"[0-9]{1,10}")
_BOOLEANS: Mapping[str, object] = {"true": True, "false": False}


class Control(StrEnum):
    """How something is filled in."""

    CHOICE = "choice"
    """One of a long list."""
    RADIO = "radio"
    """One of a few."""
    DAY = "day"
    PARTS_OF_A_DAY = "parts_of_a_day"
    """A day as three numbers, which works without a calendar on the screen."""
    CHECKBOX = "checkbox"
    """A yes, or nothing."""
    LINE = "line"
    EMAIL = "email"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in.

    Attributes:
        label: in words.
        choices: values and what they mean.
        limit: characters.
    """

    name: str
    label: str
    control: Control
    needed: bool = False
    choices: Sequence[tuple[str, str]] = ()
    limit: int = TEXT_LIMIT
    hint: str | None = None


def sent_names(name: str, control: Control) -> Sequence[str]:
    """Return the names under which a form sends a field."""
    if control is Control.PARTS_OF_A_DAY:
        return [f"{name}:{part}" for part in _PARTS_OF_A_DAY]
    return [name]


def sent_fields(form: Form) -> dict[str, object]:
    """Return what a form says, as the JSON that the API reads; what was left empty is left out."""
    fields: dict[str, object] = {}
    for name, value in form.items():
        if name in UNSENT:
            continue
        plain, _, kind = name.partition(":")
        if name.endswith(_BOOLEAN):
            fields[plain] = _BOOLEANS.get(value, value)
        elif name.endswith(NOTHING):
            fields[plain] = None
        elif name.endswith(_NUMBER):
            fields[plain] = int(value) if _A_NUMBER.fullmatch(value) else value
        elif kind in _PARTS_OF_A_DAY:
            fields[plain] = _day(form, plain)
        else:
            fields[name] = value
    return fields


def _day(form: Form, name: str) -> str:
    year, month, day = (form.get(f"{name}:{part}", "").strip() for part in _PARTS_OF_A_DAY)
    return f"{year}-{month:0>2}-{day:0>2}"
