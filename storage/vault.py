"""The vault: the one place through which every text of a person goes in and out of the database.

The interface is made for per-case keys with associated data (``docs/architecture.md``): every
call names the place of the text, and may use the transaction to fetch the case's key.
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


class ClearVault:
    """A vault without encryption, until per-case keys exist: it only marks what it stored.

    Whoever holds the database can read what this vault keeps. Never use it with real people.
    """

    _MARK = b"clear:1:"

    async def seal(self, session: AsyncSession, place: Place, plain: bytes) -> bytes:
        """Return ``plain`` behind a mark that names the form it is stored in."""
        return self._MARK + plain

    async def open(self, session: AsyncSession, place: Place, sealed: bytes) -> bytes:
        """Return what was stored.

        Raises:
            CannotOpen: when the mark is not there.
        """
        if not sealed.startswith(self._MARK):
            raise CannotOpen(f"{place.column} does not hold what this vault sealed")
        return sealed.removeprefix(self._MARK)
