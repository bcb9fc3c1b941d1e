"""Where objects are kept in these tests: a folder, and a bucket behind a real server process."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from attachments.clean_room import CleanRoom
from attachments.depot import Depot
from attachments.objects import Objects, open_objects
from launcher.folders import temporary_state
from settings.application import Settings
from tests.attachments.bucket import BucketPart
from tests.storage.archive import Archive
from tests.storage.conftest import archive, database, server, url

__all__ = ["archive", "database", "server", "url"]
"""The database of these tests is that of the tests of the storage."""


def settings_with(**given: object) -> Settings:
    """Return settings of which only those of attachments matter."""
    nowhere = {
        "database_url": "postgresql+psycopg://nowhere",
        "secrets_dir": "/nowhere",
        "erasure_ledger": "/nowhere",
        "public_url": "http://nowhere",
        "smtp_host": "nowhere",
    }
    return Settings.model_validate(nowhere | given)


@pytest.fixture(scope="session")
def bucket_server() -> Iterator[BucketPart]:
    with temporary_state() as state:
        part = BucketPart(state)
        asyncio.run(part.start())
        try:
            asyncio.run(part.ready())
            yield part
        finally:
            asyncio.run(part.stop())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "attachments"


@pytest.fixture
def bucket_settings(bucket_server: BucketPart) -> Settings:
    name = f"bucket-{uuid4().hex}"
    bucket_server.make(name)
    return settings_with(
        bucket=name,
        bucket_endpoint=bucket_server.url,
        bucket_key_id="somebody",
        bucket_secret_key="something",
    )


@pytest.fixture(params=["folder", "bucket"])
def objects(request: pytest.FixtureRequest) -> Objects:
    """The same tests on both kinds of places."""
    if request.param == "folder":
        return open_objects(settings_with(attachments_dir=request.getfixturevalue("folder")))
    return open_objects(request.getfixturevalue("bucket_settings"))


@pytest.fixture
def depot(archive: Archive, objects: Objects) -> Depot:
    """Works on a folder, and once more on a bucket."""
    return Depot(archive.database, archive.vault, archive.clock, objects, CleanRoom())


@pytest.fixture
def folder_objects(folder: Path) -> Objects:
    return open_objects(settings_with(attachments_dir=folder))
