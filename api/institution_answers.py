"""What the API answers to an institution."""

from datetime import date

from api.answers import EntryBody, InstitutionBody, Wire
from domain.waits import Wait


class AwaitedBody(Wire):
    """What a letter asked of the institution and is awaited still: until when, and why then."""

    code: Wait
    text: str
    last_day: date
    """The last day, rolls and extensions included; over at its end in the Netherlands."""
    passed: bool
    extendable: bool
    """Whether the rules give more time at a notice of the institution."""
    why: list[str]


class AddressedBody(Wire):
    """What was addressed to the institution, and what it answered; ``next`` when there is more."""

    case_number: str
    institution: InstitutionBody
    awaited: list[AwaitedBody]
    entries: list[EntryBody]
    next: str | None
