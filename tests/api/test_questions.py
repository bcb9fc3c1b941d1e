"""Questions at the API and the desk: asked, answered, read by few, turned into complaints."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import httpx
import pytest
from sqlalchemy import text

from launcher.people import Complainant, Json
from launcher.system import System
from storage.database import Database
from tests.api.cases_in_hand import session_of
from tests.api.handing_in import settled
from tests.api.observing import HANDED_IN, WHY, assert_problem, bearer, fresh_key, held, tables_with
from tests.api.visiting import Visitor, decisions_on

QUESTION: Json = {"text": "Mag de bank mijn rekening zomaar opzeggen?"}
BECOMES: Json = {"institutionId": "voorbeeldstad"}


@dataclass(frozen=True)
class Asked:
    """A question that an adviser has."""

    number: str
    mine: dict[str, str]
    adviser: dict[str, str]
    complainant: Complainant


@pytest.fixture
async def asked(http: httpx.AsyncClient, token_for: Callable[[str], str]) -> Asked:
    complainant = await Complainant.asks(http, **QUESTION)
    await complainant.reaches("awaiting_adviser", "adviser_answers")
    return Asked(
        complainant.case_number,
        complainant.headers,
        bearer(token_for("adviser-1")),
        complainant,
    )


@pytest.fixture
async def visitor(system: System) -> AsyncIterator[Visitor]:
    async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
        yield Visitor(system, http)


class TestAsking:
    async def test_anonymous_answers_202_with_a_receipt(self, http: httpx.AsyncClient) -> None:
        response = await http.post("/v1/questions", json=QUESTION, headers=fresh_key())

        assert response.status_code == 202
        assert response.headers["location"] == "/v1/my-case/entries/1"
        assert response.json().keys() == HANDED_IN
        mine = await session_of(http, response.json()["receiptCode"])
        entry = (await http.get("/v1/my-case/entries/1", headers=mine)).json()
        assert (entry["kind"], entry["author"], entry["body"]) == (
            "question",
            "complainant",
            QUESTION,
        )

    async def test_gives_the_same_receipt_again(
        self, http: httpx.AsyncClient, database: Database
    ) -> None:
        key = fresh_key()
        first = await http.post("/v1/questions", json=QUESTION, headers=key)
        before = await held(database)
        again = await http.post("/v1/questions", json=QUESTION, headers=key)
        assert again.json() == first.json()
        assert await held(database) == before
        other = await http.post("/v1/questions", json={"text": "Iets anders?"}, headers=key)
        assert_problem(other, 409, "conflict-idempotency")

    async def test_needs_an_idempotency_key(self, http: httpx.AsyncClient) -> None:
        response = await http.post("/v1/questions", json=QUESTION)
        assert_problem(response, 400, "idempotency-key-required", "Idempotency-Key")

    @pytest.mark.parametrize(
        ("body", "where"),
        [
            ({}, "#/text"),
            ({"text": ""}, "#/text"),
            ({"text": "x" * 20_001}, "#/text"),
            (QUESTION | {"kind": "circus"}, "#/kind"),
            (QUESTION | {"email": "geen adres"}, "#/email"),
            (QUESTION | {"safety": "misschien"}, "#/safety"),
            (QUESTION | {"name": "Anna"}, "#/name"),
            (QUESTION | {"institutionId": "voorbeeldstad"}, "#/institutionId"),
        ],
    )
    async def test_names_the_field_that_is_wrong(
        self, http: httpx.AsyncClient, database: Database, body: Json, where: str
    ) -> None:
        before = await held(database)
        response = await http.post("/v1/questions", json=body, headers=fresh_key())
        assert_problem(response, 400, "invalid-request", where)
        assert await held(database) == before

    async def test_refuses_a_text_with_a_receipt_code(
        self, http: httpx.AsyncClient, asked: Asked
    ) -> None:
        body = {"text": f"Mijn code is {asked.complainant.receipt_code}."}
        response = await http.post("/v1/questions", json=body, headers=fresh_key())
        assert_problem(response, 400, "invalid-request", "#/text")

    async def test_in_danger_asks_for_a_person_and_gives_numbers(
        self, http: httpx.AsyncClient
    ) -> None:
        complainant = await Complainant.asks(http, safety="not_safe", language="en")
        case = await complainant.reaches("awaiting_adviser")
        assert case["inDanger"]
        assert case["helplines"]
        assert len(case["notices"]) == 1

    async def test_stores_nothing_readable(
        self, http: httpx.AsyncClient, database: Database
    ) -> None:
        await Complainant.asks(http, text="Mag een begonialaan zo heten?")
        assert await tables_with(database, "begonialaan") == []


class TestMyQuestion:
    async def test_tells_what_is_awaited_until_when_and_why(self, asked: Asked) -> None:
        case = await asked.complainant.get("")
        assert (case["matter"], case["institution"], case["aboutKind"]) == ("question", None, None)
        waiting = case["waitingFor"]
        assert (waiting["code"], waiting["party"]) == ("adviser_answers", "adviser")
        assert waiting["until"]
        assert "5 werkdagen" in waiting["why"]
        assert waiting["ifNobodyActs"]
        assert (case["consents"], case["mayObjectToMediator"]) == ([], False)

    @pytest.mark.parametrize("path", ["dossier", "dossier/pdf"])
    async def test_has_no_dossier(self, http: httpx.AsyncClient, asked: Asked, path: str) -> None:
        response = await http.get(f"/v1/my-case/{path}", headers=asked.mine)
        assert_problem(response, 404, "no-dossier")

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("consents", {"consent": True}),
            ("responses", {"accept": True}),
            ("mediator-objection", WHY),
        ],
    )
    async def test_refuses_what_has_no_meaning(self, asked: Asked, path: str, body: Json) -> None:
        entry = await asked.complainant.does(path, body)
        assert (entry["status"], entry["refusal"]) == ("refused", "other_matter")

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("contact", {"email": None}),
            ("language", {"language": "en"}),
            ("identity", {"name": None}),
        ],
    )
    async def test_takes_what_every_case_takes(self, asked: Asked, path: str, body: Json) -> None:
        entry = await asked.complainant.answer(await asked.complainant.sets(path, body))
        assert entry["status"] == "applied"

    async def test_has_another_receipt_code_when_that_is_asked(
        self, http: httpx.AsyncClient, asked: Asked
    ) -> None:
        response = await http.post(
            "/v1/my-case/receipt-codes", json={}, headers=asked.mine | fresh_key()
        )
        assert response.status_code == 201
        assert await session_of(http, response.json()["receiptCode"])

    async def test_can_be_withdrawn(self, asked: Asked) -> None:
        assert (await asked.complainant.does("withdrawals", {}))["status"] == "applied"
        case = await asked.complainant.reaches("closed")
        assert case["outcome"]["code"] == "withdrawn"


class TestTheStaff:
    @pytest.mark.parametrize("subject", ["mediator-1", "administrator-1", "mediator-999"])
    async def test_who_do_not_have_it_see_nothing(
        self, http: httpx.AsyncClient, asked: Asked, token_for: Callable[[str], str], subject: str
    ) -> None:
        for path in ("", "/entries", "/entries/1", "/timeline", "/attachments"):
            headers = bearer(token_for(subject))
            response = await http.get(f"/v1/cases/{asked.number}{path}", headers=headers)
            assert response.status_code in {403, 404}
            assert asked.number not in response.text

    async def test_decide_by_the_forms_that_they_are_shown(
        self, http: httpx.AsyncClient, asked: Asked
    ) -> None:
        case = (await http.get(f"/v1/cases/{asked.number}", headers=asked.adviser)).json()
        [form] = [it for it in case["decisionsNow"] if it["decision"] == "answer_question"]
        assert (form["actingAs"], form["needs"], form["may"]) == ("adviser", ["text"], [])
        [closing] = [it for it in case["decisionsNow"] if it["decision"] == "close_case"]
        assert closing["outcomes"] == ["not_advised"]

    async def test_answer_with_words(self, http: httpx.AsyncClient, asked: Asked) -> None:
        path = f"/v1/cases/{asked.number}/decisions"
        body = {"decision": "answer_question"}
        response = await http.post(path, json=body, headers=asked.adviser)
        assert_problem(response, 400, "invalid-request", "#/text")

    async def test_who_answer_are_advisers(
        self, http: httpx.AsyncClient, asked: Asked, supervisor: dict[str, str]
    ) -> None:
        path = f"/v1/cases/{asked.number}/decisions"
        body = {"decision": "answer_question", "text": "Nee."}
        response = await http.post(path, json=body, headers=supervisor)
        assert_problem(response, 403, "forbidden")
        message = {"text": "Nee.", "audience": "complainant"}
        response = await http.post(
            f"/v1/cases/{asked.number}/entries", json=message, headers=supervisor
        )
        assert_problem(response, 403, "forbidden")

    async def test_of_supervision_reassign_to_an_adviser_only(
        self, http: httpx.AsyncClient, asked: Asked, supervisor: dict[str, str]
    ) -> None:
        mediator = "6f1c2f0e-7d1b-4a7e-9a51-0c5a3f6f0001"
        body = {"decision": "reassign", "mediatorId": mediator, **WHY}
        path = f"/v1/cases/{asked.number}/decisions"
        response = await http.post(path, json=body, headers=supervisor)
        assert_problem(response, 400, "invalid-request", "#/mediatorId")

    async def test_write_a_message_that_whoever_asked_reads(
        self, http: httpx.AsyncClient, asked: Asked
    ) -> None:
        path = f"/v1/cases/{asked.number}/entries"
        body = {"text": "Wij zoeken het uit.", "audience": "complainant"}
        response = await http.post(path, json=body, headers=asked.adviser)
        entry = await settled(http, response.headers["location"], asked.adviser)
        assert (entry["status"], entry["author"]) == ("applied", "adviser")
        body["audience"] = "both_sides"
        response = await http.post(path, json=body, headers=asked.adviser)
        entry = await settled(http, response.headers["location"], asked.adviser)
        assert (entry["status"], entry["refusal"]) == ("refused", "other_matter")
        mine = await asked.complainant.get("/entries")
        texts = [it["body"] for it in mine["entries"] if it["author"] == "adviser"]
        assert texts == [{"text": "Wij zoeken het uit."}]

    async def test_says_when_it_is_there(
        self, http: httpx.AsyncClient, token_for: Callable[[str], str]
    ) -> None:
        adviser = bearer(token_for("adviser-1"))
        response = await http.get("/v1/my-availability", headers=adviser)
        assert response.status_code == 200


class TestTheDesk:
    async def test_shows_a_question_and_takes_the_answer(
        self, visitor: Visitor, asked: Asked
    ) -> None:
        await visitor.signs_in("adviser-1")
        listed = await visitor.http.get("/desk", params={"limit": 100})
        assert asked.number in listed.text
        page = await visitor.http.get(f"/desk/cases/{asked.number}")
        assert "answer_question" in decisions_on(page)
        assert QUESTION["text"] in page.text
        assert "Adviseur Een" in page.text

        await visitor.decides(asked.number, "answer_question", text="Nee, niet zomaar.")

        case = await asked.complainant.reaches("answered")
        assert case["waitingFor"]["code"] == "complainant_follows_up"

    async def test_shows_supervisors_no_words(self, visitor: Visitor, asked: Asked) -> None:
        await visitor.signs_in("supervisor-1")
        page = await visitor.http.get(f"/desk/cases/{asked.number}")
        assert page.status_code == 200
        assert QUESTION["text"] not in page.text
        assert "answer_question" not in decisions_on(page)


class TestTurningIntoAComplaint:
    async def test_gives_a_receipt_of_its_own_once(
        self, http: httpx.AsyncClient, asked: Asked, database: Database
    ) -> None:
        key = fresh_key()
        first = await http.post("/v1/my-case/complaint", json=BECOMES, headers=asked.mine | key)
        assert first.status_code == 202
        assert first.json()["caseNumber"] != asked.number
        entry = await settled(http, first.headers["location"], asked.mine)
        assert (entry["kind"], entry["status"]) == ("became_complaint", "applied")
        before = await held(database)
        again = await http.post("/v1/my-case/complaint", json=BECOMES, headers=asked.mine | key)
        assert again.json() == first.json()
        assert await held(database) == before

    async def test_is_for_questions_alone(
        self, http: httpx.AsyncClient, own: tuple[str, dict[str, str]], database: Database
    ) -> None:
        before = await held(database)
        response = await http.post(
            "/v1/my-case/complaint", json=BECOMES, headers=own[1] | fresh_key()
        )
        assert_problem(response, 409, "only-a-question")
        assert await held(database) == before

    async def test_needs_an_institution_of_the_register(
        self, http: httpx.AsyncClient, asked: Asked
    ) -> None:
        response = await http.post(
            "/v1/my-case/complaint",
            json={"institutionId": "nergens"},
            headers=asked.mine | fresh_key(),
        )
        assert_problem(response, 400, "invalid-request", "#/institutionId")
        assert (await asked.complainant.get(""))["linkedCases"] == []

    async def test_gives_the_institution_no_word_of_the_question_before_consent(
        self, asked: Asked
    ) -> None:
        complaint = await asked.complainant.turns_into_complaint(
            "voorbeeldstad", subject="Opgezegd", text="Mijn rekening werd opgezegd."
        )
        first = await complaint.get("/entries/1")
        assert first["body"] == {"subject": "Opgezegd", "text": "Mijn rekening werd opgezegd."}
        assert not (await complaint.get(""))["consent"]

    async def test_is_possible_after_the_question_was_closed(self, asked: Asked) -> None:
        await asked.complainant.does("withdrawals", {})
        await asked.complainant.reaches("closed")
        complaint = await asked.complainant.turns_into_complaint("voorbeeldstad")
        case = await complaint.reaches("finding_mediator")
        assert case["linkedCases"] == [asked.number]
        entries = (await asked.complainant.get("/entries"))["entries"]
        [told] = [it for it in entries if it["kind"] == "became_complaint"]
        entry = await asked.complainant.answer(f"/v1/my-case/entries/{told['number']}")
        assert entry["status"] == "applied"

    async def test_is_never_mediated_by_who_advised_even_when_a_supervisor_offers_it(
        self, http: httpx.AsyncClient, asked: Asked, database: Database, supervisor: dict[str, str]
    ) -> None:
        complaint = await asked.complainant.turns_into_complaint("voorbeeldstad")
        await complaint.reaches("finding_mediator")
        adviser = await both_roles(database, "{adviser,mediator}", 0)
        try:
            response = await http.post(
                f"/v1/cases/{complaint.case_number}/decisions",
                json={"decision": "offer_case", "mediatorId": adviser, "reason": "Iemand moet."},
                headers=supervisor,
            )
        finally:
            await both_roles(database, "{adviser}", None)
        assert_problem(response, 400, "invalid-request", "#/mediatorId")


async def both_roles(database: Database, roles: str, capacity: int | None) -> str:
    """Give the example adviser these roles; return who that is."""
    async with database.transaction() as session:
        found = await session.execute(
            text(
                "UPDATE staff_members SET roles = :roles, capacity = :capacity"
                " WHERE subject = 'adviser-1' RETURNING id"
            ),
            {"roles": roles, "capacity": capacity},
        )
        return str(found.scalar_one())
