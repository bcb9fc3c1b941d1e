"""What a request may use, and how a form is read."""

import tempfile

import httpx
import pytest
from fastapi import Request
from starlette.types import Message, Scope

from api.allowances import ORDINARY, UPLOAD, UPLOADS, allowance_of
from api.uploads import sent_file
from domain.attachments import MOST_BYTES


def scope_of(method: str, path: str, headers: list[tuple[bytes, bytes]] | None = None) -> Scope:
    return {"type": "http", "method": method, "path": path, "headers": headers or []}


class TestAnAllowance:
    def test_is_larger_for_files_alone(self) -> None:
        assert allowance_of(scope_of("POST", UPLOADS)) is UPLOAD
        for method, path in (
            ("GET", UPLOADS),
            ("PUT", UPLOADS),
            ("POST", f"{UPLOADS}/"),
            ("POST", f"{UPLOADS}/1"),
            ("POST", "/v1/my-case/messages"),
            ("POST", "/v1/complaints"),
        ):
            assert allowance_of(scope_of(method, path)) is ORDINARY

    def test_has_room_for_the_largest_file_and_time_for_a_slow_connection(self) -> None:
        assert UPLOAD.body > MOST_BYTES
        assert UPLOAD.body / UPLOAD.patience < 512 * 1024 / 8


class TestAForm:
    async def test_never_lies_on_a_disk(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def to_disk(_: object) -> None:
            raise AssertionError("this would write the file to a disk, in clear")

        monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", to_disk)
        content = b"x" * MOST_BYTES
        form = httpx.Request("POST", "http://test", files={"file": ("x.txt", content)})
        headers = [(b"content-type", form.headers["content-type"].encode())]
        sending = iter(form.read()[at : at + 65536] for at in range(0, len(form.read()), 65536))

        async def receive() -> Message:
            chunk = next(sending, None)
            return {"type": "http.request", "body": chunk or b"", "more_body": chunk is not None}

        sent = await sent_file(Request(scope_of("POST", UPLOADS, headers), receive))

        assert (sent.name, sent.content) == ("x.txt", content)
