"""Who works here, and what each may do."""

from collections.abc import Collection
from enum import StrEnum

from domain.entries import DECISIONS_OF, Decision
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


def acts_as(roles: Collection[Role], decision: Decision, *, mediates: bool) -> Party | None:
    """Return as whom somebody takes a decision; ``None`` when they may not take it.

    Whoever has both roles acts as a mediator in a case that is theirs or offered to them, and as a
    supervisor in any other.
    """
    as_mediator = Role.MEDIATOR in roles and decision in DECISIONS_OF[Party.MEDIATOR]
    as_supervisor = Role.SUPERVISOR in roles and decision in DECISIONS_OF[Party.SUPERVISOR]
    if as_mediator and (mediates or not as_supervisor):
        return Party.MEDIATOR
    return Party.SUPERVISOR if as_supervisor else None
