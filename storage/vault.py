"""The vault: the one place through which every text of a person goes in and out of the database.

Every call names the place of the text, to which it is bound, and may use the transaction to fetch
the case's key. ``sealed_vault`` is the one that there is.
"""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.identifiers import CaseId


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed text lives; a text moved to another place does not open.

    Attributes:
        column: ``table.column``.
        row: the row's id within its table.
    """

    case: CaseId
    column: str
    row: UUID | int


class CannotOpen(Exception):
    """The sealed bytes are not what was put in this place."""


class Vault(Protocol):
    """Seals and opens the texts of people."""

    async def seal(self, session: AsyncSession, place: Place, plain: bytes) -> bytes:
        """Return ``plain`` sealed for ``place``."""
        ...

    async def open(self, session: AsyncSession, place: Place, sealed: bytes) -> bytes:
        """Return what was sealed for ``place``.

        Raises:
            CannotOpen: when the bytes were damaged or belong to another place.
        """
        ...
