"""The vault that encrypts: every text under a data key of its case, bound to its place.

AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D). Lengths are padded, so that the size of a
sealed text tells next to nothing. An older sealed text that somebody puts back in its own place
opens: the vault alone cannot know that there was a newer one.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from domain.padding import padded, unpadded
from settings.aead import decrypt, encrypt
from storage.data_keys import DataKeys
from storage.vault import CannotOpen, KeyWithheld, Place
from storage.wrapping_keys import WrappingKeys

_MARK = b"gcm:1:"


class SealedVault:
    """Seals texts; the database alone opens none of them."""

    def __init__(self, keys: WrappingKeys) -> None:
        self._keys = DataKeys(keys)

    async def seal(self, session: AsyncSession, place: Place, plain: bytes) -> bytes:
        """Return ``plain`` encrypted for ``place``; a case gets its keys with its first texts."""
        key = await self._keys.find_or_make(session, place.case, place.purpose)
        return _MARK + encrypt(key, padded(plain), _bound_to(place))

    async def open(self, session: AsyncSession, place: Place, sealed: bytes) -> bytes:
        """Return what was sealed for ``place``.

        Raises:
            KeyWithheld: when the key is gone, or kept from this process.
            CannotOpen: when the bytes were damaged, swapped or cut.
        """
        key = await self._keys.find(session, place.case, place.purpose)
        if key is None:
            raise KeyWithheld(f"{place.column}: the key of this case is gone")
        if not sealed.startswith(_MARK):
            raise CannotOpen(f"{place.column} does not hold what this vault sealed")
        try:
            return unpadded(decrypt(key, sealed[len(_MARK) :], _bound_to(place)))
        except ValueError as error:
            raise CannotOpen(f"{place.column} does not hold what was sealed for it") from error


def _bound_to(place: Place) -> bytes:
    return f"wederhoor:1:{place.case}:{place.column}:{place.row}".encode()
