"""Somebody acts for a complainant: by a mandate that is on record, and a code that can be ended."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx
import pytest

from launcher.people import Complainant, Json, Letterbox, Office
from storage.database import Database
from tests.api.cases_in_hand import institution_session_of, mediated_case, session_of
from tests.api.observing import COMPLAINT, assert_problem, fresh_key, tables_with

PLACE = "/v1/my-case/mandates"
HELPER: Json = {
    "name": "Joke van de Lijn",
    "organisation": "Hulplijn Voorbeeld",
    "form": "spoken",
    "confirmed": True,
}
QUESTION: Json = {"text": "Mag de bank dat zomaar?"}


@dataclass(frozen=True)
class Together:
    """A case of two: headers of both, and the number of the mandate."""

    number: str
    mandate: int
    code: str
    helper_code: str
    mine: dict[str, str]
    helping: dict[str, str]


async def handed_in(http: httpx.AsyncClient, path: str, body: Json) -> Together:
    response = await http.post(path, json={**body, "helper": HELPER}, headers=fresh_key())
    receipt = response.raise_for_status().json()
    mine = await session_of(http, receipt["receiptCode"])
    helping = await session_of(http, receipt["helperCode"])
    [mandate] = (await http.get("/v1/my-case", headers=mine)).json()["mandates"]
    codes = receipt["receiptCode"], receipt["helperCode"]
    return Together(receipt["caseNumber"], mandate["number"], *codes, mine, helping)


@pytest.fixture
async def together(http: httpx.AsyncClient) -> Together:
    return await handed_in(http, "/v1/complaints", {**COMPLAINT, "email": "iemand@post.example"})


@pytest.fixture
async def alone(http: httpx.AsyncClient) -> Complainant:
    complainant = await Complainant.complains(http, "voorbeeldstad")
    await complainant.comes_back()
    return complainant


async def read(http: httpx.AsyncClient, headers: dict[str, str], path: str = "") -> Json:
    return (await http.get(f"/v1/my-case{path}", headers=headers)).raise_for_status().json()


async def opens(http: httpx.AsyncClient, code: str) -> bool:
    return (await http.post("/v1/sessions", json={"receiptCode": code})).status_code == 201


class TestHandingInForSomebody:
    @pytest.mark.parametrize(
        ("path", "body"), [("/v1/complaints", COMPLAINT), ("/v1/questions", QUESTION)]
    )
    async def test_gives_each_of_the_two_a_code_of_the_same_case(
        self, http: httpx.AsyncClient, path: str, body: Json
    ) -> None:
        case = await handed_in(http, path, body)
        assert case.code != case.helper_code
        mine, helpers = await read(http, case.mine), await read(http, case.helping)
        assert mine["caseNumber"] == helpers["caseNumber"] == case.number
        assert (mine["readBy"], helpers["readBy"]) == (None, case.mandate)

    async def test_puts_the_mandate_on_record(
        self, http: httpx.AsyncClient, together: Together
    ) -> None:
        [mandate] = (await read(http, together.mine))["mandates"]
        given = mandate.pop("givenAt")
        assert mandate == {
            "number": together.mandate,
            "name": HELPER["name"],
            "organisation": HELPER["organisation"],
            "form": "spoken",
            "inForce": True,
        }
        entry = await read(http, together.mine, f"/entries/{together.mandate}")
        assert (entry["kind"], entry["receivedAt"]) == ("mandate_given", given)

    async def test_tells_by_whom_each_thing_was_handed_in(
        self, http: httpx.AsyncClient, together: Together
    ) -> None:
        entries = (await read(http, together.mine, "/entries"))["entries"]
        assert [(entry["kind"], entry["mandate"]) for entry in entries[:3]] == [
            ("complaint", together.mandate),
            ("mandate_given", together.mandate),
            ("contact", together.mandate),
        ]

    async def test_goes_the_same_way_as_without(
        self, http: httpx.AsyncClient, together: Together
    ) -> None:
        complainant = Complainant(http, together.number, together.code)
        await complainant.comes_back()
        for number in (1, 2, 3):
            entry = await complainant.answer(f"/v1/my-case/entries/{number}")
            assert entry["status"] == "applied"
        await complainant.reaches("finding_mediator")

    async def test_gives_a_retry_the_same_two_codes_and_stores_them_nowhere(
        self, http: httpx.AsyncClient, database: Database
    ) -> None:
        key, body = fresh_key(), {**COMPLAINT, "helper": HELPER}
        first, again = [await http.post("/v1/complaints", json=body, headers=key) for _ in "12"]
        assert (again.status_code, again.content) == (first.status_code, first.content)
        for code in (first.json()["receiptCode"], first.json()["helperCode"]):
            assert await tables_with(database, code) == []
            assert await tables_with(database, code.replace("-", "")) == []

    async def test_keeps_the_name_sealed(self, together: Together, database: Database) -> None:
        assert await tables_with(database, str(HELPER["name"])) == []

    @pytest.mark.parametrize(
        ("change", "where"),
        [
            ({"confirmed": False}, "#/helper/confirmed"),
            ({"confirmed": "true"}, "#/helper/confirmed"),
            ({"form": "portal"}, "#/helper/form"),
            ({"name": " "}, "#/helper/name"),
            ({"organisation": "x" * 201}, "#/helper/organisation"),
            ({"code": "x"}, "#/helper/code"),
        ],
    )
    @pytest.mark.parametrize(
        ("path", "body"), [("/v1/complaints", COMPLAINT), ("/v1/questions", QUESTION)]
    )
    async def test_is_refused_without_what_a_mandate_needs(
        self, http: httpx.AsyncClient, path: str, body: Json, change: Json, where: str
    ) -> None:
        helper = HELPER | change
        response = await http.post(path, json={**body, "helper": helper}, headers=fresh_key())
        assert_problem(response, 400, "invalid-request", where)

    async def test_is_refused_with_a_code_in_the_name(
        self, http: httpx.AsyncClient, together: Together
    ) -> None:
        helper = HELPER | {"name": f"Joke {together.code}"}
        response = await http.post(
            "/v1/complaints", json={**COMPLAINT, "helper": helper}, headers=fresh_key()
        )
        assert_problem(response, 400, "invalid-request", "#/helper/name")

    async def test_gives_nobody_else_a_second_code(self, http: httpx.AsyncClient) -> None:
        response = await http.post("/v1/complaints", json=COMPLAINT, headers=fresh_key())
        assert response.json()["helperCode"] is None
        assert response.json()["helperWords"] is None


class TestARepresentative:
    async def test_writes_and_sends_files_under_the_mandate(
        self, http: httpx.AsyncClient, together: Together
    ) -> None:
        headers, place = together.helping | fresh_key(), "/v1/my-case"
        message = {"text": "Ik bel namens haar."}
        file = {"file": ("brief.txt", b"Een brief.", "text/plain")}
        written = await http.post(f"{place}/messages", json=message, headers=headers)
        sent = await http.post(
            f"{place}/attachments", files=file, headers=together.helping | fresh_key()
        )
        for response in (written, sent):
            location = response.raise_for_status().headers["Location"]
            entry = (await http.get(location, headers=together.mine)).json()
            assert (entry["author"], entry["mandate"]) == ("complainant", together.mandate)

    async def test_says_that_it_is_not_safe_and_never_that_it_is(
        self, http: httpx.AsyncClient, together: Together
    ) -> None:
        place = "/v1/my-case/safety"
        safe = await http.post(place, json={"safe": True}, headers=together.helping)
        assert_problem(safe, 403, "for-the-complainant")
        response = await http.post(place, json={"safe": False}, headers=together.helping)
        complainant = Complainant(http, together.number, together.code)
        await complainant.comes_back()
        entry = await complainant.answer(response.raise_for_status().headers["Location"])
        assert (entry["decision"], entry["mandate"]) == ("report_danger", together.mandate)
        assert (await complainant.get(""))["inDanger"]

    async def test_reads_neither_who_it_is_nor_where_nor_who_else_helps(
        self, http: httpx.AsyncClient, together: Together
    ) -> None:
        given = await http.put(
            "/v1/my-case/identity", json={"name": "Anna Voorbeeld"}, headers=together.mine
        )
        assert given.status_code == 202
        another = await http.post(
            PLACE, json={"name": "Nog iemand"}, headers=together.mine | fresh_key()
        )
        assert another.status_code == 201
        entries = (await read(http, together.helping, "/entries"))["entries"]
        kept = [it for it in entries if it["kind"] in {"contact", "identity", "mandate_given"}]
        assert len(kept) == 4
        assert {str(it["body"]) for it in kept} == {"None"}
        for it in kept:
            one = await read(http, together.helping, f"/entries/{it['number']}")
            assert one["body"] is None
        case = await read(http, together.helping)
        assert [it["number"] for it in case["mandates"]] == [together.mandate]
        assert case["codeRequests"] == []
        assert len((await read(http, together.mine))["mandates"]) == 2

    async def test_reads_what_was_written_in_the_case(
        self, http: httpx.AsyncClient, together: Together
    ) -> None:
        entry = await read(http, together.helping, "/entries/1")
        assert entry["body"] == {"subject": COMPLAINT["subject"], "text": COMPLAINT["text"]}


class TestLettingSomebodyIn:
    async def test_gives_a_code_of_its_own(
        self, http: httpx.AsyncClient, alone: Complainant
    ) -> None:
        response = await http.post(
            PLACE, json={"name": "Joke"}, headers=alone.headers | fresh_key()
        )
        assert response.status_code == 201
        given = response.json()
        assert given.keys() == {"number", "receiptCode", "receiptWords"}
        assert response.headers["location"] == f"/v1/my-case/entries/{given['number']}"
        for typed in (given["receiptCode"], given["receiptWords"]):
            helper = await read(http, await session_of(http, typed))
            assert helper["readBy"] == given["number"]
        [mandate] = (await alone.get(""))["mandates"]
        assert (mandate["form"], mandate["organisation"]) == ("portal", None)
        entry = await alone.answer(response.headers["location"])
        assert (entry["status"], entry["mandate"]) == ("applied", None)
        assert await opens(http, alone.receipt_code)

    async def test_gives_a_retry_the_same_code(
        self, http: httpx.AsyncClient, alone: Complainant
    ) -> None:
        key = alone.headers | fresh_key()
        first, again = [await http.post(PLACE, json={"name": "Joke"}, headers=key) for _ in "12"]
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert len((await alone.get(""))["mandates"]) == 1

    async def test_needs_a_key(self, http: httpx.AsyncClient, alone: Complainant) -> None:
        response = await http.post(PLACE, json={"name": "Joke"}, headers=alone.headers)
        assert_problem(response, 400, "idempotency-key-required", "Idempotency-Key")

    async def test_is_possible_in_a_case_that_is_closed(
        self, http: httpx.AsyncClient, alone: Complainant
    ) -> None:
        await alone.does("withdrawals", {})
        response = await http.post(
            PLACE, json={"name": "Joke"}, headers=alone.headers | fresh_key()
        )
        entry = await alone.answer(response.raise_for_status().headers["location"])
        assert entry["status"] == "applied"


class TestEndingAMandate:
    async def test_ends_its_code_and_every_session_with_it_at_once(
        self, http: httpx.AsyncClient, together: Together
    ) -> None:
        response = await http.delete(f"{PLACE}/{together.mandate}", headers=together.mine)
        assert response.status_code == 202
        assert (await http.get("/v1/my-case", headers=together.helping)).status_code == 401
        assert not await opens(http, together.helper_code)
        assert await opens(http, together.code)
        case = await read(http, together.mine)
        assert [it["inForce"] for it in case["mandates"]] == [False]
        complainant = Complainant(http, together.number, together.code)
        await complainant.comes_back()
        entry = await complainant.answer(response.headers["location"])
        assert (entry["kind"], entry["status"], entry["mandate"]) == (
            "mandate_revoked",
            "applied",
            together.mandate,
        )

    async def test_leaves_other_mandates_as_they_are(
        self, http: httpx.AsyncClient, together: Together
    ) -> None:
        another = await http.post(
            PLACE, json={"name": "Nog iemand"}, headers=together.mine | fresh_key()
        )
        number = another.json()["number"]
        assert (await http.delete(f"{PLACE}/{number}", headers=together.mine)).status_code == 202
        assert (await read(http, together.helping))["readBy"] == together.mandate
        assert not await opens(http, another.json()["receiptCode"])

    async def test_happens_once(self, http: httpx.AsyncClient, together: Together) -> None:
        path = f"{PLACE}/{together.mandate}"
        assert (await http.delete(path, headers=together.mine)).status_code == 202
        before = len((await read(http, together.mine, "/entries"))["entries"])
        again = await http.delete(path, headers=together.mine)
        assert_problem(again, 404, "not-found")
        assert len((await read(http, together.mine, "/entries"))["entries"]) == before

    @pytest.mark.parametrize("number", [1, 3, 999])
    async def test_that_never_was_is_not_found(
        self, http: httpx.AsyncClient, together: Together, number: int
    ) -> None:
        response = await http.delete(f"{PLACE}/{number}", headers=together.mine)
        assert_problem(response, 404, "not-found")
        assert (await read(http, together.helping))["readBy"] == together.mandate


class TestANewCode:
    async def test_ends_the_sessions_of_the_complainant_and_of_nobody_who_helps(
        self, http: httpx.AsyncClient, together: Together
    ) -> None:
        elsewhere = await session_of(http, together.code)
        replaced = await http.post(
            "/v1/my-case/receipt-codes", json={}, headers=together.mine | fresh_key()
        )
        assert replaced.status_code == 201
        assert (await http.get("/v1/my-case", headers=elsewhere)).status_code == 401
        assert (await read(http, together.helping))["readBy"] == together.mandate
        assert await opens(http, together.helper_code)
        assert not await opens(http, together.code)


class TestTheMediator:
    async def test_sees_who_helps_and_what_was_written_by_whom(
        self, http: httpx.AsyncClient, together: Together, office: Office
    ) -> None:
        _, mediator = await office.asked(together.number)
        await mediator.decides(together.number, "accept_case")
        entries = (await mediator.get(f"/v1/cases/{together.number}/entries"))["entries"]
        assert entries[0]["mandate"] == together.mandate
        assert entries[1]["body"] == {
            "name": HELPER["name"],
            "organisation": HELPER["organisation"],
            "form": "spoken",
        }


async def test_an_institution_is_not_told_that_somebody_helps(
    http: httpx.AsyncClient, token_for: Callable[[str], str], letterbox: Letterbox
) -> None:
    case = await mediated_case(http, token_for, letterbox, helper=HELPER)
    complainant = await read(http, await session_of(http, case.receipt_code), "/entries")
    assert any(entry["mandate"] for entry in complainant["entries"])
    headers = await institution_session_of(http, case.link)
    for path in ("", "/entries/1"):
        shown = await http.get(f"/v1/institution-case{path}", headers=headers)
        body = shown.raise_for_status().json()
        entries = body.get("entries", [body])
        assert entries
        assert [entry["mandate"] for entry in entries] == [None] * len(entries)
        assert HELPER["name"] not in shown.text
