"""What a request may use, and how a form is read."""

import tempfile

import httpx
import pytest
from fastapi import Request
from starlette.types import Message, Scope

from api.allowances import ORDINARY, UPLOAD, UPLOADS, allowance_of
from api.problems import Problem
from api.uploads import sent_file, sent_form
from domain.attachments import MOST_BYTES


def scope_of(method: str, path: str, headers: list[tuple[bytes, bytes]] | None = None) -> Scope:
    return {"type": "http", "method": method, "path": path, "headers": headers or []}


def request_with(content: bytes, **fields: str | list[str]) -> Request:
    """Return a request with a form: a file, and fields beside it."""
    form = httpx.Request("POST", "http://test", data=fields, files={"file": ("x.txt", content)})
    headers = [(b"content-type", form.headers["content-type"].encode())]
    body = form.read()
    sending = iter(body[at : at + 65536] for at in range(0, len(body), 65536))

    async def receive() -> Message:
        chunk = next(sending, None)
        return {"type": "http.request", "body": chunk or b"", "more_body": chunk is not None}

    return Request(scope_of("POST", UPLOADS, headers), receive)


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

        sent = await sent_file(request_with(content))

        assert (sent.name, sent.content) == ("x.txt", content)

    async def test_has_its_file_and_the_fields_that_belong_beside_it(self) -> None:
        sent, fields = await sent_form(request_with(b"x", token="t"), ("token", "key"))

        assert (sent.content, fields) == (b"x", {"token": "t"})

    @pytest.mark.parametrize(
        "fields", [{"token": "t", "more": "m"}, {"token": ["t", "u"]}, {"file": "x"}], ids=str
    )
    async def test_has_nothing_else(self, fields: dict[str, str | list[str]]) -> None:
        with pytest.raises(Problem) as refused:
            await sent_form(request_with(b"x", **fields), ("token", "key"))

        assert refused.value.status_code == 400
