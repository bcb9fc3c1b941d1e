"""The OpenAPI document: complete, well-formed, and true."""

import re
from typing import Any

import httpx
import pytest

from launcher.people import Json
from tests.api.cases_in_hand import Mediated, session_of

METHODS = {"get", "post", "put", "delete", "patch"}


@pytest.fixture
async def document(http: httpx.AsyncClient) -> Json:
    response = await http.get("/v1/openapi.json")
    assert response.headers["content-type"] == "application/json"
    return response.json()


def operations(document: Json) -> list[tuple[str, str, Json]]:
    return [
        (method, path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]


def references(part: Any) -> set[str]:
    """Return every ``$ref`` within a part of the document."""
    if isinstance(part, dict):
        found: set[str] = set()
        for name, value in part.items():  # pyright: ignore[reportUnknownVariableType]
            found |= {value} if name == "$ref" else references(value)  # pyright: ignore[reportUnknownArgumentType]
        return found
    if isinstance(part, list):
        return {found for it in part for found in references(it)}  # pyright: ignore[reportUnknownVariableType]
    return set()


class TestTheDocument:
    async def test_anonymous_may_read_it(self, document: Json) -> None:
        assert document["openapi"].startswith("3.1")
        assert document["info"]["title"] == "Wederhoor"
        assert document["info"]["version"] == "1.0.0"
        assert document["info"]["license"]["identifier"] == "EUPL-1.2"

    async def test_refers_to_nothing_that_is_not_there(self, document: Json) -> None:
        for reference in references(document):
            part: Any = document
            for step in reference.removeprefix("#/").split("/"):
                part = part[step]

    async def test_holds_no_schema_that_nothing_refers_to(self, document: Json) -> None:
        schemas = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}

        assert schemas <= references(document)

    async def test_describes_every_operation(self, document: Json) -> None:
        identifiers: list[str] = []
        for method, path, operation in operations(document):
            assert method in METHODS, path
            assert re.fullmatch(r"(/([a-z0-9-]+|{[a-z_]+}))+(\.csv)?", path)
            assert operation["description"], path
            assert operation["tags"], path
            named = {it["name"] for it in operation.get("parameters", []) if it["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path))
            identifiers.append(operation["operationId"])
        assert len(identifiers) == len(set(identifiers))

    async def test_says_who_may_use_which_operation(self, document: Json) -> None:
        schemes = document["components"]["securitySchemes"]
        assert {name: it["scheme"] for name, it in schemes.items()} == {
            "session": "bearer",
            "institutionSession": "bearer",
            "staff": "bearer",
        }
        for _, path, operation in operations(document):
            expected: list[dict[str, list[str]]] | None = None
            if path.startswith("/v1/my-case") or path == "/v1/sessions/current":
                expected = [{"session": []}]
            if path.startswith("/v1/institution-case"):
                expected = [{"institutionSession": []}]
            if path.startswith(("/v1/cases", "/v1/staff", "/v1/my-availability", "/v1/my-digest")):
                expected = [{"staff": []}]
            assert operation.get("security") == expected, path

    async def test_tells_every_refusal_as_a_problem(self, document: Json) -> None:
        for _, path, operation in operations(document):
            if not path.startswith("/v1"):
                continue
            refusals = {
                int(status): answer
                for status, answer in operation["responses"].items()
                if status >= "400"
            }
            expected = {503}
            expected |= {400, 413, 415} if "requestBody" in operation else set()
            expected |= {401} if "security" in operation else set()
            with_roles = ("/v1/cases", "/v1/staff", "/v1/my-case")
            expected |= {403} if path.startswith(with_roles) else set()
            expected |= {404} if "{" in path else set()
            assert expected <= refusals.keys(), path
            assert (422 in refusals) == (path == "/v1/my-case/attachments" and 413 in refusals)
            for answer in refusals.values():
                schema = answer["content"]["application/problem+json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/ProblemBody"}

    async def test_tells_where_what_was_accepted_can_be_followed(self, document: Json) -> None:
        accepting = [
            operation
            for _, path, operation in operations(document)
            if "202" in operation["responses"] and path != "/v1/lost-receipt-codes"
        ]

        assert len(accepting) == 27
        for operation in accepting:
            answer = operation["responses"]["202"]
            assert answer["headers"].keys() == {"API-Version", "Location"}
            schema = answer["content"]["application/json"]["schema"]["$ref"]
            assert schema.rpartition("/")[2] in {
                "AcceptedBody",
                "AttachmentAcceptedBody",
                "HandedInBody",
                "ReceiptBody",
            }
            assert "409" in operation["responses"]

    @pytest.mark.parametrize("path", ["/v1/my-case/timeline", "/v1/cases/{number}/timeline"])
    async def test_says_that_a_timeline_is_a_picture(self, document: Json, path: str) -> None:
        answer = document["paths"][path]["get"]["responses"]["200"]
        assert answer["content"].keys() == {"image/svg+xml"}

    async def test_names_the_fields_that_answers_have(
        self, http: httpx.AsyncClient, document: Json, mediated: Mediated, mediator: dict[str, str]
    ) -> None:
        mine = await session_of(http, mediated.receipt_code)
        for path, headers, schema in (
            ("/v1/my-case", mine, "MyCaseBody"),
            ("/v1/my-case/entries", mine, "EntriesBody"),
            ("/v1/my-case/letters", mine, "LettersBody"),
            (f"/v1/cases/{mediated.number}", mediator, "OneCaseBody"),
            (f"/v1/cases/{mediated.number}/entries/1", mediator, "EntryBody"),
            (mediated.link, {}, "AddressedBody"),
            ("/v1/institutions", {}, "InstitutionsBody"),
            ("/v1/nothing", {}, "ProblemBody"),
        ):
            answer = (await http.get(path, headers=headers)).json()
            properties = document["components"]["schemas"][schema]["properties"].keys()
            assert answer.keys() <= properties
            assert answer.keys() == properties or schema == "ProblemBody"


class TestTheDocumentationPage:
    async def test_loads_nothing_from_elsewhere(self, http: httpx.AsyncClient) -> None:
        page = await http.get("/v1/docs")

        assert page.status_code == 200
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "http" not in policy
        loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        assert len(loaded) == 3
        for address in loaded:
            assert address.startswith("/v1/docs-files/")
            assert (await http.get(address)).status_code == 200
        assert "://" not in page.text.replace("http://www.w3.org", "")
