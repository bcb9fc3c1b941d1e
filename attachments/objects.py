"""Where sealed files are kept: a local folder, or a bucket of S3 or what speaks like it."""

import asyncio
import secrets as randomness
from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from settings.application import Settings
from settings.private_files import reach_the_disk

if TYPE_CHECKING:
    from obstore.store import S3Config

_NAME_BYTES = 16
_PATIENCE = timedelta(seconds=20)
"""How long a bucket that does not answer is tried."""


class ObjectsUnavailable(Exception):
    """The place where files are kept cannot be reached, or is full."""


class ObjectMissing(LookupError):
    """There is no object of that name."""


def new_object_name() -> str:
    """Return a name that says nothing, of what or of whom."""
    return randomness.token_hex(_NAME_BYTES)


class Objects:
    """Sealed files by name. What is put is kept when ``put`` returns.

    Args:
        folder: where the objects are files, if they are: it is told to keep them for good.
    """

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    async def check(self) -> None:
        """Return when the place is there: where it is not, nothing would seem to be left in it.

        Raises:
            ObjectsUnavailable: when it is not.
        """
        if self._folder is not None and not await asyncio.to_thread(self._folder.is_dir):
            raise ObjectsUnavailable
        try:
            pages = obstore.list(self._store, chunk_size=1)  # pyright: ignore[reportUnknownMemberType]
            await anext(aiter(pages), None)
        except (BaseError, OSError) as error:
            raise ObjectsUnavailable from error

    async def put(self, name: str, content: bytes) -> None:
        """Keep an object.

        Raises:
            ObjectsUnavailable: when that failed.
        """
        try:
            await obstore.put_async(self._store, name, content, use_multipart=False)
            if self._folder is not None:
                await asyncio.to_thread(_keep_for_good, self._folder, name)
        except (BaseError, OSError) as error:
            raise ObjectsUnavailable from error

    async def get(self, name: str) -> bytes:
        """Return an object.

        Raises:
            ObjectMissing: when there is none of that name.
            ObjectsUnavailable: when it cannot be reached.
        """
        try:
            found = await obstore.get_async(self._store, name)
            return bytes(await found.bytes_async())
        except FileNotFoundError as error:
            raise ObjectMissing(name) from error
        except (BaseError, OSError) as error:
            raise ObjectsUnavailable from error

    async def delete(self, names: Iterable[str]) -> None:
        """Delete objects; one that is not there is none that is left.

        Raises:
            ObjectsUnavailable: when that failed; some may be left.
        """
        for name in names:
            try:
                await obstore.delete_async(self._store, name)
            except FileNotFoundError:
                continue
            except (BaseError, OSError) as error:
                raise ObjectsUnavailable from error

    async def exists(self, name: str) -> bool:
        """Tell whether there is an object of that name.

        Raises:
            ObjectsUnavailable: when it cannot be reached.
        """
        try:
            await obstore.head_async(self._store, name)
        except FileNotFoundError:
            return False
        except (BaseError, OSError) as error:
            raise ObjectsUnavailable from error
        return True

    async def older_than(self, moment: datetime) -> AsyncIterator[str]:
        """Yield the names of the objects that were put before ``moment`` (UTC).

        Raises:
            ObjectsUnavailable: when they cannot be listed.
        """
        try:
            pages = obstore.list(self._store)  # pyright: ignore[reportUnknownMemberType]
            async for page in pages:
                for found in page:
                    if found["last_modified"] < moment:
                        yield found["path"]
        except (BaseError, OSError) as error:
            raise ObjectsUnavailable from error


def open_objects(settings: Settings) -> Objects:
    """Return the place for files that the settings name: a bucket, or else a folder.

    Raises:
        ValueError: when they name none.
    """
    if settings.bucket:
        return Objects(_bucket(settings))
    if settings.attachments_dir is None:
        raise ValueError("set WEDERHOOR_ATTACHMENTS_DIR or WEDERHOOR_BUCKET")
    settings.attachments_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Objects(LocalStore(settings.attachments_dir), settings.attachments_dir)


def _bucket(settings: Settings) -> S3Store:
    config: S3Config = {
        "bucket": settings.bucket,
        "region": settings.bucket_region,
        "access_key_id": settings.bucket_key_id,
        "secret_access_key": settings.bucket_secret_key.get_secret_value(),
    }
    if settings.bucket_endpoint:
        config["endpoint"] = settings.bucket_endpoint
    return S3Store(
        config=config,
        client_options={"allow_http": settings.bucket_endpoint.startswith("http://")},
        retry_config={"max_retries": 2, "retry_timeout": _PATIENCE},
    )


def _keep_for_good(folder: Path, name: str) -> None:
    """Let a file and its entry in the folder outlive a loss of power."""
    for path in (folder / name, folder):
        reach_the_disk(path)
