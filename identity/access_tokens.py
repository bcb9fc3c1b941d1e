"""The check of the token that comes with a request (RFC 6750, RFC 9068)."""

from domain.clock import Clock
from identity.provider import Provider
from identity.tokens import ACCESS_TOKEN, Expected, InvalidToken, key_id_of, subject_of


class AccessTokens:
    """Says who somebody is; what they may do stands in our own register.

    Args:
        audience: the name of our API at the provider.
    """

    def __init__(self, provider: Provider, audience: str, clock: Clock) -> None:
        self._provider = provider
        self._clock = clock
        self._expected = Expected(issuer=provider.issuer, audience=audience, types=ACCESS_TOKEN)

    async def subject_of(self, token: str) -> str:
        """Return whose token this is.

        Raises:
            InvalidToken: when it was not issued for us by our provider, or is not valid now.
            ProviderUnavailable: when the provider could not be asked for its keys yet.
        """
        key = await self._provider.key(key_id_of(token))
        if key is None:
            raise InvalidToken
        return subject_of(token, key, self._expected, self._clock())
