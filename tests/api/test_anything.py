"""Whatever is sent, the answer is a receipt or a problem, never an error of ours."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from launcher.system import System
from tests.api.observing import COMPLAINT, bearer

CALM = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=40)
"""Lone surrogates and controls too."""

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | ANY_TEXT
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=8,
)
WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)


def changed(whole: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a body with any of its fields made strange, some left out, some added."""
    fields = {
        name: st.just(value) | st.just(value) | WORDS | VALUES for name, value in whole.items()
    }
    nothing: dict[str, Any] = {}
    more = st.just(nothing) | st.just(nothing) | st.dictionaries(ANY_TEXT, VALUES, max_size=2)
    return st.builds(
        _merged, st.fixed_dictionaries({}, optional=fields) | st.fixed_dictionaries(fields), more
    )


def _merged(known: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    return more | known


@pytest.fixture
def client(system: System) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=system.api.url, timeout=30) as opened:
        yield opened


@pytest.fixture
def my_session(client: httpx.Client, submitted: tuple[str, str]) -> dict[str, str]:
    response = client.post("/v1/sessions", json={"receiptCode": submitted[1]})
    return bearer(response.json()["token"])


def assert_answered(response: httpx.Response) -> None:
    if response.status_code == 202:
        assert response.headers["location"].startswith("/v1/my-case/entries/")
        return
    assert response.status_code in {400, 413}, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == response.status_code


def written(body: object) -> bytes:
    """Return JSON with everything beyond ASCII, lone surrogates too, as escapes."""
    return json.dumps(body).encode()


class TestAnyBody:
    @given(body=VALUES | changed(COMPLAINT | {"language": "nl", "email": "a@b.example"}))
    @CALM
    def test_of_a_complaint_is_answered(self, client: httpx.Client, body: Any) -> None:
        headers = {"Idempotency-Key": str(uuid4()), "Content-Type": "application/json"}

        assert_answered(client.post("/v1/complaints", content=written(body), headers=headers))

    @given(body=VALUES | changed({"text": "Een bericht"}))
    @CALM
    def test_of_a_message_is_answered(
        self, client: httpx.Client, my_session: dict[str, str], body: Any
    ) -> None:
        headers = my_session | {"Content-Type": "application/json"}

        assert_answered(client.post("/v1/my-case/messages", content=written(body), headers=headers))

    @given(content=st.binary(max_size=200))
    @CALM
    def test_of_any_bytes_is_answered(self, client: httpx.Client, content: bytes) -> None:
        headers = {"Idempotency-Key": str(uuid4()), "Content-Type": "application/json"}

        assert_answered(client.post("/v1/complaints", content=content, headers=headers))

    @given(content=st.binary(max_size=200), name=ANY_TEXT, declared=ANY_TEXT)
    @CALM
    def test_of_a_file_is_answered(
        self,
        client: httpx.Client,
        my_session: dict[str, str],
        content: bytes,
        name: str,
        declared: str,
    ) -> None:
        """A form as it may come, well-formed or not, around a file that is none of ours."""
        head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n'
        head += f"Content-Type: {declared}\r\n\r\n"
        body = b"--b\r\n" + head.encode(errors="replace") + b"\0" + content + b"\r\n--b--\r\n"
        headers = my_session | {"Content-Type": "multipart/form-data; boundary=b"}

        response = client.post("/v1/my-case/attachments", content=body, headers=headers)

        assert response.status_code in {400, 415}, response.text
        assert response.headers["content-type"] == "application/problem+json"
