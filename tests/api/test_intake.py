"""What may be said at intake: warned of with dates, never refused for it, and bad dates named."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from catalogues.texts import text, written_date
from domain.languages import SPOKEN, Language
from launcher.people import Complainant, Institution, Letterbox, Office, eventually
from storage.database import Database
from tests.api.cases_in_hand import institution_session_of
from tests.api.observing import COMPLAINT, assert_problem, fresh_key, held


def today() -> date:
    return datetime.now(UTC).date()


async def complains(http: httpx.AsyncClient, **intake: object) -> Complainant:
    return await Complainant.complains(http, "voorbeeldstad", language="en", intake=intake)


async def acknowledged(case: Complainant) -> str:
    async def ask() -> str | None:
        for letter in (await case.get("/letters"))["letters"]:
            if letter["letter"] == "acknowledgement":
                return " ".join(letter["text"].split())
        return None

    return await eventually(ask, "the complaint was not acknowledged")


class TestWhatIsSaidAtIntake:
    @pytest.mark.parametrize(
        ("intake", "words"),
        [
            (
                lambda: {"about": "decision", "decidedOn": (today() - timedelta(7)).isoformat()},
                lambda: written_date(today() + timedelta(35), Language.ENGLISH),
            ),
            (
                lambda: {"about": "decision", "decidedOn": (today() - timedelta(60)).isoformat()},
                lambda: written_date(today() - timedelta(18), Language.ENGLISH),
            ),
            (lambda: {"about": "decision"}, lambda: "within 6 weeks"),
            (
                lambda: {"happenedOn": (today() - timedelta(400)).isoformat()},
                lambda: "more than a year ago",
            ),
            (lambda: {"otherProcedure": True}, lambda: "Another procedure"),
            (lambda: {"handledBefore": True}, lambda: "handled this complaint before"),
        ],
        ids=[
            "objection",
            "objection over",
            "unknown day",
            "too old",
            "other procedure",
            "handled before",
        ],
    )
    async def test_is_warned_of_in_the_case_and_in_the_letter(
        self,
        http: httpx.AsyncClient,
        intake: Callable[[], dict[str, Any]],
        words: Callable[[], str],
    ) -> None:
        case = await complains(http, **intake())

        letter = await acknowledged(case)

        [notice] = (await case.get(""))["notices"]
        assert words() in notice
        assert notice in letter

    async def test_is_warned_of_in_the_language_of_the_person(
        self, http: httpx.AsyncClient
    ) -> None:
        intake = {"otherProcedure": True}
        case = await Complainant.complains(http, "voorbeeldstad", intake=intake)

        letter = await acknowledged(case)

        [notice] = (await case.get(""))["notices"]
        assert notice == text(Language.DUTCH, "notice.other_procedure")
        assert notice in letter

    @pytest.mark.parametrize(
        "intake",
        [
            {},
            {"about": "unsure", "safety": "not_said"},
            {"about": "conduct", "safety": "safe"},
            {"happenedOn": None, "decidedOn": None, "otherProcedure": None, "handledBefore": None},
            {"otherProcedure": False, "handledBefore": False},
            {"decidedOn": "2026-01-05"},
        ],
        ids=str,
    )
    async def test_may_be_nothing_to_warn_of(
        self, http: httpx.AsyncClient, intake: dict[str, Any]
    ) -> None:
        case = await complains(http, **intake)

        await acknowledged(case)

        mine = await case.get("")
        assert (mine["notices"], mine["inDanger"], mine["helplines"]) == ([], False, [])

    @pytest.mark.parametrize("field", ["happenedOn", "decidedOn"])
    @pytest.mark.parametrize("day", ["2100-12-31", "1950-01-01", "2028-02-29"])
    async def test_may_be_any_day_of_our_time(
        self, http: httpx.AsyncClient, field: str, day: str
    ) -> None:
        case = await complains(http, about="decision", **{field: day})

        await acknowledged(case)

    async def test_may_be_that_it_is_not_safe(
        self, http: httpx.AsyncClient, office: Office
    ) -> None:
        case = await complains(http, safety="not_safe")

        async def asked() -> bool | None:
            course = await office.supervisor.get(f"/v1/cases/{case.case_number}")
            return True if course["attention"] == "danger" else None

        await eventually(asked, "nobody was asked to look")
        mine = await case.get("")
        assert mine["inDanger"] is True
        assert {one["danger"] for one in mine["helplines"]} == {True}
        assert mine["notices"] == [text(Language.ENGLISH, "notice.danger")]
        assert mine["notices"][0] in await acknowledged(case)
        listed = await office.supervisor.get("/v1/cases?attention=danger&limit=100")
        assert case.case_number in {one["caseNumber"] for one in listed["cases"]}

    async def test_is_nothing_that_the_institution_learns(
        self, http: httpx.AsyncClient, office: Office, letterbox: Letterbox
    ) -> None:
        decided, happened = today() - timedelta(7), today() - timedelta(400)
        case = await complains(
            http,
            about="decision",
            decidedOn=decided.isoformat(),
            happenedOn=happened.isoformat(),
            otherProcedure=True,
            handledBefore=True,
            safety="not_safe",
        )
        await acknowledged(case)
        notices = (await case.get(""))["notices"]
        assert len(notices) == 5
        await case.does("safety", {"safe": True})
        _, mediator = await office.asked(case.case_number)
        await mediator.decides(case.case_number, "accept_case")
        await case.does("consents", {"consent": True})
        letter = await letterbox.letter("klachten@voorbeeldstad.example", case.case_number)

        session = await institution_session_of(http, Institution(http, letter["text"]).link)
        shown = await http.get("/v1/institution-case", headers=session)

        [entry] = shown.json()["entries"]
        assert entry["kind"] == "complaint"
        assert entry["body"].keys() == {"subject", "text"}
        dates = [
            written
            for day in (decided, happened)
            for written in (
                day.isoformat(),
                written_date(day, Language.DUTCH),
                written_date(day, Language.ENGLISH),
            )
        ]
        for read in (shown.text, " ".join(letter["text"].split())):
            for hidden in (*notices, *dates, "intake", "not_safe", "safety", "112"):
                assert hidden not in read

    @pytest.mark.parametrize(
        ("institution", "contestable"),
        [
            ("voorbeeldstad", True),
            ("politie-voorbeeldland", True),
            ("voorbeeldbank-zakelijk", False),
            ("voorbeeldexploitant", False),
        ],
    )
    async def test_is_told_of_objecting_where_one_can_object(
        self, http: httpx.AsyncClient, institution: str, contestable: bool
    ) -> None:
        case = await Complainant.complains(http, institution, language="en")
        letter = await acknowledged(case)

        told = text(Language.ENGLISH, "letter.acknowledgement.objection") in letter
        assert told == contestable

    async def test_never_refuses_a_complaint(self, http: httpx.AsyncClient) -> None:
        case = await complains(
            http,
            about="decision",
            decidedOn="2001-01-01",
            happenedOn="2001-01-01",
            otherProcedure=True,
            handledBefore=True,
        )

        await acknowledged(case)

        assert len((await case.get(""))["notices"]) == 4


class TestBadAnswers:
    @pytest.mark.parametrize("field", ["happenedOn", "decidedOn"])
    @pytest.mark.parametrize(
        "day",
        [
            *("9999-01-01", "0001-01-01", "1949-12-31", "2101-01-01", "2027-02-29", "2027-04-31"),
            *("gisteren", "", "2027-1-1", "20270101", "2027-01-01T00:00:00Z", "1767225600"),
            *("\u0662\u0660\u0662\u0666-01-01", "2027-01-01\n", "1e999"),
            *(20270101, 1767225600, 0, 0.0, True, ["x"], {"year": 2027}),
        ],
        ids=lambda day: repr(day).encode().hex() if isinstance(day, str) else str(day),
    )
    @pytest.mark.parametrize("language", SPOKEN)
    async def test_are_named_by_their_field(
        self, http: httpx.AsyncClient, field: str, day: object, language: Language
    ) -> None:
        body = {**COMPLAINT, "intake": {field: day}}
        headers = {**fresh_key(), "Accept-Language": language}

        response = await http.post("/v1/complaints", json=body, headers=headers)

        where = f"#/intake/{field}"
        assert_problem(response, 400, "invalid-request", where, language=language)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("about", "money"),
            ("safety", "yes"),
            ("otherProcedure", "no"),
            ("handledBefore", 1),
            ("about", None),
            ("about", ""),
            ("about", "DECISION"),
            ("about", 1),
            ("safety", None),
            ("safety", False),
            ("otherProcedure", "false"),
            ("otherProcedure", []),
            ("bsn", "123456782"),
            ("happened_on", "2026-01-01"),
        ],
    )
    async def test_of_another_kind_are_named_too(
        self, http: httpx.AsyncClient, field: str, value: object
    ) -> None:
        body = {**COMPLAINT, "intake": {field: value}}

        response = await http.post("/v1/complaints", json=body, headers=fresh_key())

        assert_problem(response, 400, "invalid-request", f"#/intake/{field}")

    @pytest.mark.parametrize("language", SPOKEN)
    @pytest.mark.parametrize(
        ("field", "choices"),
        [
            ("about", ["conduct", "decision", "unsure"]),
            ("safety", ["safe", "not_safe", "not_said"]),
        ],
    )
    async def test_of_a_list_come_with_the_choices(
        self, http: httpx.AsyncClient, language: Language, field: str, choices: list[str]
    ) -> None:
        body = {**COMPLAINT, "intake": {field: "zonnebloem"}}
        headers = {**fresh_key(), "Accept-Language": language}

        response = await http.post("/v1/complaints", json=body, headers=headers)

        where = f"#/intake/{field}"
        problem = assert_problem(response, 400, "invalid-request", where, language=language)
        listed = ", ".join(f"'{choice}'" for choice in choices)
        wanted = text(language, "problem.field.choice", choices=listed)
        assert problem["errors"][0]["detail"] == wanted
        assert "zonnebloem" not in response.text

    @pytest.mark.parametrize("language", SPOKEN)
    async def test_are_told_apart_by_what_is_wrong(
        self, http: httpx.AsyncClient, language: Language
    ) -> None:
        for day, key in (
            ("2027-02-29", "day"),
            ("2027-1-1", "day"),
            ("9999-01-01", "value"),
            (20270101, "type"),
        ):
            body = {**COMPLAINT, "intake": {"decidedOn": day}}
            headers = {**fresh_key(), "Accept-Language": language}
            problem = (await http.post("/v1/complaints", json=body, headers=headers)).json()
            assert problem["errors"][0]["detail"] == text(language, f"problem.field.{key}")

    async def test_are_all_named_at_once_and_leave_nothing_behind(
        self, http: httpx.AsyncClient, database: Database
    ) -> None:
        before = await held(database)
        intake = {"about": "money", "decidedOn": "2027-02-29", "handledBefore": 1}

        response = await http.post(
            "/v1/complaints", json={**COMPLAINT, "intake": intake}, headers=fresh_key()
        )

        where = [f"#/intake/{field}" for field in intake]
        assert_problem(response, 400, "invalid-request", *where)
        assert await held(database) == before

    @pytest.mark.parametrize("intake", [None, "decision", 1, [], [{}]])
    async def test_have_to_be_a_list_of_answers(
        self, http: httpx.AsyncClient, intake: object
    ) -> None:
        body = {**COMPLAINT, "intake": intake}

        response = await http.post("/v1/complaints", json=body, headers=fresh_key())

        assert_problem(response, 400, "invalid-request", "#/intake")
