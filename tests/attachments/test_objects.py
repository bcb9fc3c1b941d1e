"""The place of sealed files: a folder, or a bucket of a server that speaks S3."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from attachments.objects import (
    ObjectMissing,
    Objects,
    ObjectsUnavailable,
    new_object_name,
    open_objects,
)
from launcher.ports import free_ports
from settings.application import Settings
from tests.attachments.bucket import BucketPart
from tests.attachments.conftest import settings_with

CONTENT = bytes(range(256)) * 1000
SOON = timedelta(minutes=5)


async def all_of(names: AsyncIterator[str]) -> set[str]:
    return {name async for name in names}


class TestObjects:
    @pytest.mark.parametrize("content", [b"", b"x", CONTENT * 50])
    async def test_come_back_as_they_were(self, objects: Objects, content: bytes) -> None:
        name = new_object_name()
        await objects.put(name, content)
        assert await objects.get(name) == content
        assert await objects.exists(name)

    async def test_that_were_never_put_are_missing(self, objects: Objects) -> None:
        assert not await objects.exists("nothing")
        with pytest.raises(ObjectMissing):
            await objects.get("nothing")

    async def test_are_gone_once_they_are_deleted_however_often(self, objects: Objects) -> None:
        kept, gone = new_object_name(), new_object_name()
        for name in (kept, gone):
            await objects.put(name, b"x")
        for _ in range(2):
            await objects.delete([gone, "never there"])
        assert not await objects.exists(gone)
        assert await objects.exists(kept)

    async def test_are_listed_by_their_age(self, objects: Objects) -> None:
        names = {new_object_name() for _ in range(60)}
        for name in names:
            await objects.put(name, b"x")
        now = datetime.now(UTC)
        assert await all_of(objects.older_than(now + SOON)) == names
        assert await all_of(objects.older_than(now - SOON)) == set()

    def test_have_names_that_say_nothing(self) -> None:
        names = {new_object_name() for _ in range(100)}
        assert len(names) == 100
        assert {len(name) for name in names} == {32}
        assert all(set(name) <= set("0123456789abcdef") for name in names)


class TestThePlaceOfObjects:
    async def test_is_there_with_something_in_it_or_nothing(self, objects: Objects) -> None:
        await objects.check()
        await objects.put(new_object_name(), b"x")
        await objects.check()

    def test_that_is_a_folder_can_be_gone(self, folder: Path) -> None:
        objects = open_objects(settings_with(attachments_dir=folder))
        folder.rmdir()
        with pytest.raises(ObjectsUnavailable):
            asyncio.run(objects.check())

    async def test_that_is_a_bucket_can_be_gone(self, bucket_settings: Settings) -> None:
        objects = open_objects(bucket_settings.model_copy(update={"bucket": "another"}))
        with pytest.raises(ObjectsUnavailable):
            await objects.check()


class TestTheFolder:
    def test_is_made_and_closed_to_others(self, folder: Path) -> None:
        objects = open_objects(settings_with(attachments_dir=folder))
        asyncio.run(objects.put("name", CONTENT))
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / "name").read_bytes() == CONTENT

    def test_that_is_gone_is_not_taken_for_an_empty_one(self, folder: Path) -> None:
        objects = open_objects(settings_with(attachments_dir=folder))
        folder.rmdir()
        folder.write_bytes(b"a file in its place")
        with pytest.raises(ObjectsUnavailable):
            asyncio.run(objects.put("name", CONTENT))


class TestTheBucket:
    async def test_is_where_the_server_finds_the_objects(
        self, bucket_settings: Settings, bucket_server: BucketPart
    ) -> None:
        await open_objects(bucket_settings).put("a-name-of-ours", b"x")
        assert "<Key>a-name-of-ours</Key>" in bucket_server.names_in(bucket_settings.bucket)

    def test_is_used_rather_than_a_folder(self, bucket_settings: Settings, folder: Path) -> None:
        both = bucket_settings.model_copy(update={"attachments_dir": folder})
        asyncio.run(open_objects(both).put("name", b"x"))
        assert not folder.exists()

    async def test_that_does_not_exist_takes_nothing(self, bucket_settings: Settings) -> None:
        objects = open_objects(bucket_settings.model_copy(update={"bucket": "another"}))
        with pytest.raises(ObjectsUnavailable):
            await objects.put("name", b"x")

    async def test_whose_server_is_down_is_unavailable(self, bucket_settings: Settings) -> None:
        nobody = f"http://127.0.0.1:{free_ports(['nobody'])['nobody']}"
        objects = open_objects(bucket_settings.model_copy(update={"bucket_endpoint": nobody}))
        with pytest.raises(ObjectsUnavailable):
            await objects.put("name", b"x")
        with pytest.raises(ObjectsUnavailable):
            await objects.get("name")
        with pytest.raises(ObjectsUnavailable):
            await objects.delete(["name"])
        with pytest.raises(ObjectsUnavailable):
            await objects.exists("name")
        with pytest.raises(ObjectsUnavailable):
            await all_of(objects.older_than(datetime.now(UTC)))


class TestSettings:
    def test_must_name_a_place(self) -> None:
        with pytest.raises(ValueError, match="WEDERHOOR_ATTACHMENTS_DIR"):
            open_objects(settings_with())
