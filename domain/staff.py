"""Who works here, and what each may do."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from types import MappingProxyType

from domain.entries import Decision, may_decide
from domain.matter import Matter
from domain.parties import Party


class Role(StrEnum):
    """What a staff member does. One person may have several roles; the register says which."""

    MEDIATOR = "mediator"
    """Hears both sides of the cases that are theirs."""
    ADVISER = "adviser"
    """Answers questions about rights and duties; never mediates in what they advised on."""
    SUPERVISOR = "supervisor"
    """Sees the course of every case, and intervenes where one is stuck."""
    ADMINISTRATOR = "administrator"
    """Keeps the register of the staff; reads no case."""


HANDLES: Mapping[Matter, Role] = MappingProxyType(
    {Matter.COMPLAINT: Role.MEDIATOR, Matter.QUESTION: Role.ADVISER}
)
"""Who handles a case, by what it is about."""


def acts_as(
    roles: Collection[Role], decision: Decision, matter: Matter, *, handles: bool
) -> Party | None:
    """Return as whom somebody takes a decision; ``None`` when they may not take it.

    Whoever has both roles acts as mediator or adviser in a case that is theirs or offered to them,
    and as a supervisor in any other.
    """
    as_handler = HANDLES[matter] in roles and may_decide(matter.handler, matter, decision)
    as_supervisor = Role.SUPERVISOR in roles and may_decide(Party.SUPERVISOR, matter, decision)
    if as_handler and (handles or not as_supervisor):
        return matter.handler
    return Party.SUPERVISOR if as_supervisor else None
