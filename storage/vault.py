"""The vault: the one place through which every text of a person goes in and out of the database.

Every call names the place of the text, to which it is bound, and may use the transaction to fetch
the case's key. ``sealed_vault`` is the one that there is.
"""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.entries import EntryKind
from domain.identifiers import CaseId, EntryNumber
from domain.letters import Letter
from settings.key_ring import KeyPurpose

_IDENTIFYING = frozenset({EntryKind.CONTACT, EntryKind.IDENTITY, EntryKind.MANDATE_GIVEN})
_NAMING = frozenset({Letter.COMPLAINT_TO_INSTITUTION})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed text lives; a text moved to another place does not open.

    Attributes:
        column: ``table.column``.
        row: the row's id within its table.
        purpose: which of the case's data keys seals it.
    """

    case: CaseId
    column: str
    row: UUID | int
    purpose: KeyPurpose = KeyPurpose.CASE


def is_identifying(kind: EntryKind) -> bool:
    """Tell whether entries of a kind say who a complainant is, or where to reach them."""
    return kind in _IDENTIFYING


def place_of_entry(case: CaseId, number: EntryNumber, kind: EntryKind) -> Place:
    """Return the place of an entry's body: who and where a complainant is has a key of its own."""
    purpose = KeyPurpose.IDENTITY if is_identifying(kind) else KeyPurpose.CASE
    return Place(case, "entries.body", number, purpose)


def may_name(letter: Letter) -> bool:
    """Tell whether letters of a kind may carry the complainant's name."""
    return letter in _NAMING


def place_of_letter(case: CaseId, identifier: UUID, letter: Letter) -> Place:
    """Return the place of a letter's body; one that may name the complainant is identifying."""
    purpose = KeyPurpose.IDENTITY if may_name(letter) else KeyPurpose.CASE
    return Place(case, "letters.body", identifier, purpose)


class CannotOpen(Exception):
    """The sealed bytes are not what was put in this place."""


class KeyWithheld(CannotOpen):
    """The key of this place was destroyed, or is kept from this process; the bytes may be whole."""


class Vault(Protocol):
    """Seals and opens the texts of people."""

    async def seal(self, session: AsyncSession, place: Place, plain: bytes) -> bytes:
        """Return ``plain`` sealed for ``place``."""
        ...

    async def open(self, session: AsyncSession, place: Place, sealed: bytes) -> bytes:
        """Return what was sealed for ``place``.

        Raises:
            KeyWithheld: when the key is not there.
            CannotOpen: when the bytes were damaged or belong to another place.
        """
        ...
