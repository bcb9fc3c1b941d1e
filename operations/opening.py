"""The database and the keys, for one command."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from operations.refusal import Refused
from settings.application import Settings
from settings.secrets import SecretMissing, Secrets, load_secrets
from storage.database import Database


@asynccontextmanager
async def opened(settings: Settings) -> AsyncGenerator[tuple[Database, Secrets]]:
    """Give the database and the application's secrets for the length of a block.

    Raises:
        Refused: when there is no application key.
    """
    try:
        secrets = load_secrets(settings.secrets_dir, may_create=not settings.is_production)
    except SecretMissing as error:
        raise Refused(str(error)) from None
    database = Database(settings.database_url.get_secret_value())
    try:
        yield database, secrets
    finally:
        await database.close()
