"""Who had a part in a case before: what one episode tells the next."""

from dataclasses import dataclass

from domain.identifiers import StaffId


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePeople:
    """Whoever had a part in the episodes so far.

    Attributes:
        mediator: the last one who mediated.
        recused: mediators who left the case, or were taken off it; never asked again.
        adviser: who advises now, and ``advised`` whoever ever did.
        objected: whether the complainant used the objection to a mediator.
    """

    mediator: StaffId | None = None
    recused: tuple[StaffId, ...] = ()
    adviser: StaffId | None = None
    advised: tuple[StaffId, ...] = ()
    objected: bool = False
