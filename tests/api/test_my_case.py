"""A complainant's own case: only theirs, and told in their language."""

from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from launcher.people import Complainant, Json
from storage.database import Database
from tests.api.cases_in_hand import Mediated, session_of
from tests.api.handing_in import BODIES, hand_in, settled
from tests.api.observing import assert_problem, bearer, fresh_key, held

ALL_BODIES = {
    **BODIES,
    "receipt-codes": {},
    "mandates": {"name": "Joke"},
    "attachments": None,
    "complaint": {"institutionId": "voorbeeldstad"},
    "mediator-objection": {"reason": "Ik ken deze persoon."},
}
WITHOUT_A_BODY = {"GET", "DELETE"}
IDS = ("letter_id", "request_id", "attachment_id")


async def my_case_routes(http: httpx.AsyncClient) -> list[tuple[str, str]]:
    """Return every method and address below my-case that the document names."""
    document = (await http.get("/v1/openapi.json")).json()
    return [
        (method.upper(), path.format(number=1, mandate=2, **dict.fromkeys(IDS, uuid4())))
        for path, item in document["paths"].items()
        for method in item
        if path.startswith("/v1/my-case")
    ]


class TestEveryRouteOfMyCase:
    async def test_anonymous_is_not_let_in(
        self, http: httpx.AsyncClient, database: Database
    ) -> None:
        routes = await my_case_routes(http)
        before = await held(database)

        assert len(routes) == 32
        for method, path in routes:
            body = None if method in WITHOUT_A_BODY else ALL_BODIES[path.rpartition("/")[2]]
            response = await http.request(method, path, json=body)
            assert_problem(response, 401, "unauthenticated")
            assert response.headers["www-authenticate"] == "Bearer"
        assert await held(database) == before

    async def test_is_not_opened_by_a_token_of_the_staff(
        self, http: httpx.AsyncClient, supervisor: dict[str, str], mediator: dict[str, str]
    ) -> None:
        for method, path in await my_case_routes(http):
            body = None if method in WITHOUT_A_BODY else ALL_BODIES[path.rpartition("/")[2]]
            for headers in (supervisor, mediator):
                response = await http.request(method, path, json=body, headers=headers)
                assert_problem(response, 401, "unauthenticated")

    @pytest.mark.parametrize(
        "credentials",
        ["", "Bearer", "Bearer x", "Bearer x y", "Basic eDp4", "bearer \xff", "Token x"],
    )
    async def test_is_not_opened_by_nonsense(
        self, http: httpx.AsyncClient, credentials: str
    ) -> None:
        headers = [(b"Authorization", credentials.encode("latin-1"))]

        response = await http.get("/v1/my-case", headers=headers)

        assert_problem(response, 401, "unauthenticated")

    async def test_is_not_opened_by_a_receipt_code_or_reply_token(
        self, http: httpx.AsyncClient, submitted: tuple[str, str], mediated: Mediated
    ) -> None:
        for secret in (submitted[1], mediated.link.rpartition("/")[2], submitted[0]):
            response = await http.get("/v1/my-case", headers=bearer(secret))
            assert_problem(response, 401, "unauthenticated")


class TestReadingMyCase:
    async def test_tells_who_is_waited_for_until_when_and_why(
        self, http: httpx.AsyncClient, mediated: Mediated
    ) -> None:
        headers = await session_of(http, mediated.receipt_code)

        case = (await http.get("/v1/my-case", headers=headers)).json()

        assert case["caseNumber"] == mediated.number
        assert case["institution"]["id"] == "voorbeelddienst"
        assert case["stage"]["code"] == "awaiting_institution"
        assert (case["consent"], case["newsByMail"]) == (True, True)
        assert (case["proposal"], case["outcome"], case["closedAt"]) == (None, None, None)
        waiting = case["waitingFor"]
        assert (waiting["code"], waiting["party"]) == ("institution_replies", "institution")
        assert datetime.fromisoformat(waiting["until"]) > datetime.now(UTC)
        assert "Awb 9:11" in waiting["why"]

    @pytest.mark.parametrize(
        ("body", "shown"),
        [
            ({"email": "iemand@post.example", "wholeLetters": True}, (True, True)),
            ({"email": "iemand@post.example"}, (True, False)),
            ({"email": None, "wholeLetters": True}, (False, False)),
        ],
    )
    async def test_tells_how_much_of_letters_leaves_by_mail(
        self,
        http: httpx.AsyncClient,
        submitted: tuple[str, str],
        body: dict[str, object],
        shown: tuple[bool, bool],
    ) -> None:
        headers = await session_of(http, submitted[1])

        assert (await hand_in(http, "contact", body, headers)).status_code == 202

        case = (await http.get("/v1/my-case", headers=headers)).json()
        assert (case["newsByMail"], case["wholeLettersByMail"]) == shown

    @pytest.mark.parametrize(
        ("language", "stage", "beginning", "following"),
        [
            ("en", "Waiting for the institution", "the institution's answer", "If there is no"),
            ("nl", "Wachten op de instelling", "de reactie van de instelling", "Is er uiterlijk"),
        ],
    )
    async def test_speaks_the_language_that_was_chosen(
        self,
        http: httpx.AsyncClient,
        mediated: Mediated,
        language: str,
        stage: str,
        beginning: str,
        following: str,
    ) -> None:
        headers = await session_of(http, mediated.receipt_code)
        chosen = await hand_in(
            http,
            "language",
            {"language": language},
            headers,
        )
        assert chosen.status_code == 202

        case = (await http.get("/v1/my-case", headers=headers)).json()

        assert case["language"] == language
        assert case["stage"]["text"] == stage
        assert beginning in case["waitingFor"]["text"]
        assert following in case["waitingFor"]["ifNobodyActs"]


class TestHandingIn:
    @pytest.mark.parametrize(
        ("what", "body"),
        [
            ("messages", {"text": "Een bericht <b>{{7*7}}</b>\r\n"}),
            ("consents", {"consent": True}),
            ("consents", {"consent": False}),
            ("contact", {"email": "iemand@post.example"}),
            ("contact", {"email": None}),
            ("identity", {"name": "Anna", "postalAddress": "Straat 1, Voorbeeldstad"}),
            ("identity", {"name": None}),
            ("language", {"language": "nl"}),
        ],
    )
    async def test_answers_202_and_where_to_follow_it(
        self, http: httpx.AsyncClient, mine: dict[str, str], what: str, body: Json
    ) -> None:
        response = await hand_in(http, what, body, mine)

        assert response.status_code == 202
        accepted = response.json()
        location = response.headers["location"]
        assert accepted == {"number": accepted["number"], "status": "undelivered"}
        assert location == f"/v1/my-case/entries/{accepted['number']}"
        entry = await settled(http, location, mine)
        assert (entry["status"], entry["refusal"]) == ("applied", None)
        assert entry["author"] == "complainant"

    async def test_shows_what_was_written_by_its_own_names(
        self, http: httpx.AsyncClient, mine: dict[str, str]
    ) -> None:
        body = {"name": "Anna", "postalAddress": "Straat 1"}
        response = await hand_in(http, "identity", body, mine)

        entry = (await http.get(response.headers["location"], headers=mine)).json()

        assert entry["body"] == body

    async def test_of_a_response_to_nothing_is_refused_with_the_reason(
        self, http: httpx.AsyncClient, mine: dict[str, str]
    ) -> None:
        response = await hand_in(http, "responses", {"accept": True, "text": "Goed."}, mine)

        entry = await settled(http, response.headers["location"], mine)

        assert (entry["status"], entry["refusal"]) == ("refused", "not_now")
        assert entry["refusalText"] == "Dit kon op dat moment in de zaak niet."

    async def test_of_a_withdrawal_closes_the_case(self, http: httpx.AsyncClient) -> None:
        person = await Complainant.complains(http, "voorbeeldstad")
        headers = await session_of(http, person.receipt_code)

        response = await hand_in(http, "withdrawals", {"reason": "Het is opgelost."}, headers)

        entry = await settled(http, response.headers["location"], headers)
        assert entry["status"] == "applied"
        case = await person.reaches("closed")
        assert case["outcome"]["code"] == "withdrawn"
        assert case["waitingFor"] is None

    @pytest.mark.parametrize(
        ("what", "body", "where"),
        [
            ("messages", {}, ["#/text"]),
            ("messages", {"text": " "}, ["#/text"]),
            ("messages", {"text": "x" * 20_001}, ["#/text"]),
            ("messages", {"text": "a\x00b"}, ["#/text"]),
            ("messages", {"text": "x", "audience": "both_sides"}, ["#/audience"]),
            ("consents", {}, ["#/consent"]),
            ("consents", {"consent": "true"}, ["#/consent"]),
            ("consents", {"consent": 1}, ["#/consent"]),
            ("consents", {"consent": None}, ["#/consent"]),
            ("responses", {"accept": "yes"}, ["#/accept"]),
            ("responses", {"text": "Ja"}, ["#/accept"]),
            ("withdrawals", {"reason": ""}, ["#/reason"]),
            ("withdrawals", {"text": "x"}, ["#/text"]),
            ("contact", {}, ["#/email"]),
            ("contact", {"email": "nergens"}, ["#/email"]),
            ("identity", {}, ["#/name"]),
            ("identity", {"name": "Anna\nVoorbeeld"}, ["#/name"]),
            ("identity", {"name": None, "postal_address": "x"}, ["#/postal_address"]),
            ("language", {"language": "fr"}, ["#/language"]),
            ("language", {"language": None}, ["#/language"]),
        ],
    )
    async def test_of_something_wrong_names_the_field(
        self,
        http: httpx.AsyncClient,
        database: Database,
        mine: dict[str, str],
        what: str,
        body: Json,
        where: list[str],
    ) -> None:
        before = await held(database)

        response = await hand_in(http, what, body, mine)

        assert_problem(response, 400, "invalid-request", *where)
        assert await held(database) == before

    @pytest.mark.parametrize(
        ("what", "field", "more"),
        [
            ("messages", "text", {}),
            ("responses", "text", {"accept": False}),
            ("withdrawals", "reason", {}),
            ("identity", "name", {}),
            ("identity", "postalAddress", {"name": "Anna"}),
        ],
    )
    async def test_of_a_receipt_code_is_refused(
        self,
        http: httpx.AsyncClient,
        database: Database,
        mine: dict[str, str],
        mediated: Mediated,
        submitted: tuple[str, str],
        what: str,
        field: str,
        more: Json,
    ) -> None:
        before = await held(database)
        code = submitted[1]

        for written in (code, code.replace("-", ""), code.lower(), mediated.receipt_code):
            body = {field: f"Mijn code is {written}.", **more}
            response = await hand_in(http, what, body, mine)
            assert_problem(response, 400, "invalid-request", f"#/{field}")
            assert written not in response.text
        assert await held(database) == before

    @pytest.mark.parametrize("field", ["subject", "text"])
    async def test_of_a_receipt_code_in_a_complaint_is_refused(
        self,
        http: httpx.AsyncClient,
        database: Database,
        submitted: tuple[str, str],
        field: str,
    ) -> None:
        before = await held(database)
        body = {"institutionId": "voorbeeldstad", "subject": "s", "text": "t", field: submitted[1]}

        response = await http.post("/v1/complaints", json=body, headers=fresh_key())

        assert_problem(response, 400, "invalid-request", f"#/{field}")
        assert await held(database) == before
