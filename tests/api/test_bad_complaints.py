"""Wrong complaints: a problem that names the field, in the reader's language, and no effect."""

import json
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest

from domain.languages import SPOKEN, Language
from storage.database import Database
from tests.api.observing import COMPLAINT, assert_problem, fresh_key, held

SECRET = "zonnebloem"
"""A word in what is sent; no answer may repeat it."""

LIMIT = 256 * 1024

UNREADABLE = ("\x00", "\x07", "\x1b", "\x7f", "\x85", "\ud800", "\udfff")
TURNING_OR_BREAKING = ("\u202e", "\u2066", "\n", "\r\n", "\t", "\u2028", "\u2029")
NO_TEXT: tuple[Any, ...] = (None, True, 1, 1.5, 10**30, [], {}, ["x"])


def of_field(field: str, value: object) -> bytes:
    """Return a complaint with one field set."""
    return json.dumps({**COMPLAINT, field: value}).encode()


def without(field: str) -> bytes:
    return json.dumps({name: value for name, value in COMPLAINT.items() if name != field}).encode()


def wrong_fields() -> dict[str, tuple[bytes, str]]:
    """Return complaints with one wrong field each, and the field that is to blame."""
    cases: dict[str, tuple[bytes, str]] = {}
    for field, longest in (("institutionId", 60), ("subject", 200), ("text", 20_000)):
        cases[f"{field} missing"] = (without(field), field)
        cases[f"{field} too long"] = (of_field(field, "x" * (longest + 1)), field)
        for value in NO_TEXT:
            cases[f"{field} {value!r}"] = (of_field(field, value), field)
        for blank in ("", "  \n ", "\u200b\u200b", "\u3000\u2003"):
            cases[f"{field} blank {blank!a}"] = (of_field(field, blank), field)
        for character in UNREADABLE:
            value = f"{SECRET}{character}{SECRET}"
            cases[f"{field} with {character!a}"] = (of_field(field, value), field)
    for field in ("institutionId", "subject"):
        for character in TURNING_OR_BREAKING:
            value = f"{SECRET}{character}{SECRET}"
            cases[f"{field} with {character!a}"] = (of_field(field, value), field)
    for value in ("VOORBEELDSTAD", "../voorbeeldstad", "voorbeeldstad' OR '1'='1", SECRET):
        cases[f"institutionId {value}"] = (of_field("institutionId", value), "institutionId")
    in_preparation = set(Language) - set(SPOKEN)
    for value in ("xx", "NL", "nl-NL", "", 1, None, [SECRET], {"nl": SECRET}, *in_preparation):
        cases[f"language {value!r}"] = (of_field("language", value), "language")
    for value in (
        SECRET,
        f"{SECRET}@",
        f"@{SECRET}.nl",
        f"{SECRET}@localhost",
        f"{SECRET}@b..nl",
        f".{SECRET}@b.nl",
        f"{SECRET}..x@b.nl",
        f"{SECRET}@-b.nl.",
        f"{SECRET}@b.nl, x@b.nl",
        f"{SECRET} <x@b.nl>",
        f"x@b.nl\r\nBcc: {SECRET}@b.nl",
        f"x@b.nl\x00{SECRET}",
        f"\u202e{SECRET}@b.nl",
        f"{'x' * 65}@{SECRET}.nl",
        f"x@{SECRET}{'.b' * 120}.nl",
        "\ud800@b.nl",
        "",
        7,
        [f"{SECRET}@b.nl"],
    ):
        cases[f"email {value!a}"] = (of_field("email", value), "email")
    for name in ("extra", "institution_id", "caseNumber", "constructor"):
        cases[f"{name} is not known"] = (of_field(name, SECRET), name)
    return cases


def unreadable_bodies() -> dict[str, bytes]:
    whole = json.dumps(COMPLAINT).encode()
    return {
        "no JSON": b"institutionId=voorbeeldstad&text=" + SECRET.encode(),
        "half an object": whole[:-1],
        "two objects": whole + whole,
        "a repeated key": whole[:-1] + b', "text": "' + SECRET.encode() + b'"}',
        "a key repeated as an escape": whole[:-1] + b', "t\\u0065xt": "x"}',
        "NaN": whole[:-1] + b', "extra": NaN}',
        "Infinity": whole[:-1] + b', "extra": -Infinity}',
        "a number without end": whole[:-1] + b', "extra": ' + b"9" * 5000 + b"}",
        "10,000 lists": b"[" * 10_000 + b"]" * 10_000,
        "10,000 objects": b'{"text":' * 10_000 + b"1" + b"}" * 10_000,
        "no UTF-8": whole[:-2] + b"\xff\xfe" + b'"}',
        "a surrogate as bytes": whole[:-2] + b"\xed\xa0\x80" + b'"}',
        "UTF-16": json.dumps(COMPLAINT).encode("utf-16"),
        "a raw line end": whole[:-2] + b"\n" + b'"}',
    }


NO_OBJECTS = {
    "nothing": b"",
    "a list": b"[]",
    "a list with a complaint": b"[" + json.dumps(COMPLAINT).encode() + b"]",
    "null": b"null",
    "a text": b'"zonnebloem"',
    "a number": b"1e999",
}


async def submitted(http: httpx.AsyncClient, content: bytes, **headers: str) -> httpx.Response:
    given = {"Content-Type": "application/json", **fresh_key()}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    return await http.post("/v1/complaints", content=content, headers=given)


class TestAWrongField:
    @pytest.mark.parametrize(("content", "field"), wrong_fields().values(), ids=wrong_fields())
    async def test_is_named_and_nothing_is_kept(
        self, http: httpx.AsyncClient, database: Database, content: bytes, field: str
    ) -> None:
        before = await held(database)

        response = await submitted(http, content)

        assert_problem(response, 400, "invalid-request", f"#/{field}")
        assert SECRET not in response.text
        assert await held(database) == before

    async def test_is_explained_in_the_language_that_was_asked_for(
        self, http: httpx.AsyncClient
    ) -> None:
        content = of_field("language", "xx")

        dutch = await submitted(http, content, Accept_Language="fr, nl;q=0.5")
        english = await submitted(http, content, Accept_Language="en-GB")

        choices = ", ".join(f"'{language}'" for language in SPOKEN)
        problem = assert_problem(dutch, 400, "invalid-request", "#/language")
        assert problem["errors"][0]["detail"] == f"Kies een van deze waarden: {choices}."
        problem = assert_problem(
            english, 400, "invalid-request", "#/language", language=Language.ENGLISH
        )
        detail = problem["errors"][0]["detail"]
        assert detail == f"Please choose one of these values: {choices}."

    async def test_does_not_hide_another(self, http: httpx.AsyncClient) -> None:
        content = json.dumps({"subject": "", "text": 1}).encode()

        response = await submitted(http, content)

        where = ("#/institutionId", "#/subject", "#/text")
        assert_problem(response, 400, "invalid-request", *where)

    @pytest.mark.parametrize(
        "name", ["", "a b", "a/b~c", "\ud800", "\x00", f"<b>{SECRET}</b>", "x" * 100_000]
    )
    async def test_with_a_strange_name_is_not_repeated(
        self, http: httpx.AsyncClient, name: str
    ) -> None:
        response = await submitted(http, of_field(name, SECRET))

        assert_problem(response, 400, "invalid-request", "#")
        assert len(response.content) < 1000
        assert SECRET not in response.text

    async def test_is_not_reported_without_end(self, http: httpx.AsyncClient) -> None:
        many = {f"extra{number}": 1 for number in range(10_000)}

        response = await submitted(http, json.dumps({**COMPLAINT, **many}).encode())

        assert_problem(response, 400, "invalid-request", *(f"#/extra{n}" for n in range(20)))


class TestABodyThatIsNoComplaint:
    @pytest.mark.parametrize("content", unreadable_bodies().values(), ids=unreadable_bodies())
    async def test_is_refused_when_it_is_no_strict_json(
        self, http: httpx.AsyncClient, database: Database, content: bytes
    ) -> None:
        before = await held(database)

        response = await submitted(http, content)

        assert_problem(response, 400, "malformed-json", "#")
        assert SECRET not in response.text
        assert await held(database) == before

    @pytest.mark.parametrize("content", NO_OBJECTS.values(), ids=NO_OBJECTS)
    async def test_is_refused_when_it_is_no_object(
        self, http: httpx.AsyncClient, database: Database, content: bytes
    ) -> None:
        before = await held(database)

        response = await submitted(http, content)

        assert_problem(response, 400, "invalid-request", "#")
        assert SECRET not in response.text
        assert await held(database) == before

    @pytest.mark.parametrize(
        "media_type",
        [
            "",
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/jsonp",
            "application/problem+json",
            "application",
        ],
    )
    async def test_is_refused_in_another_media_type(
        self, http: httpx.AsyncClient, database: Database, media_type: str
    ) -> None:
        before = await held(database)

        response = await submitted(http, json.dumps(COMPLAINT).encode(), Content_Type=media_type)

        assert_problem(response, 415, "unsupported-media-type")
        assert await held(database) == before

    async def test_is_refused_without_a_media_type(
        self, http: httpx.AsyncClient, database: Database
    ) -> None:
        before = await held(database)

        content = json.dumps(COMPLAINT).encode()
        response = await http.post("/v1/complaints", content=content, headers=fresh_key())

        assert_problem(response, 415, "unsupported-media-type")
        assert await held(database) == before


class TestALargeBody:
    async def test_is_refused_by_its_announced_length(
        self, http: httpx.AsyncClient, database: Database
    ) -> None:
        before = await held(database)

        response = await submitted(http, b" " * LIMIT + json.dumps(COMPLAINT).encode())

        assert_problem(response, 413, "payload-too-large")
        assert await held(database) == before

    async def test_is_refused_in_chunks(self, http: httpx.AsyncClient, database: Database) -> None:
        async def chunks() -> AsyncGenerator[bytes]:
            for _ in range(LIMIT // 8192):
                yield b" " * 8192
            yield json.dumps(COMPLAINT).encode()

        before = await held(database)

        headers = {"Content-Type": "application/json", **fresh_key()}
        response = await http.post("/v1/complaints", content=chunks(), headers=headers)

        assert_problem(response, 413, "payload-too-large")
        assert await held(database) == before

    async def test_is_taken_up_to_the_limit(self, http: httpx.AsyncClient) -> None:
        content = json.dumps(COMPLAINT).encode()

        response = await submitted(http, b" " * (LIMIT - len(content)) + content)

        assert response.status_code == 202
