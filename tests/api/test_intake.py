"""What may be said at intake: warned of with dates, never refused for it, and bad dates named."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from catalogues.texts import written_date
from domain.languages import Language
from launcher.people import Complainant, Office, eventually
from tests.api.observing import COMPLAINT, assert_problem, fresh_key


def today() -> date:
    return datetime.now(UTC).date()


async def complains(http: httpx.AsyncClient, **intake: object) -> Complainant:
    return await Complainant.complains(http, "voorbeeldstad", language="en", intake=intake)


async def acknowledged(case: Complainant) -> str:
    async def ask() -> str | None:
        for letter in (await case.get("/letters"))["letters"]:
            if letter["letter"] == "acknowledgement":
                return letter["text"].replace("\n", " ")
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
            (lambda: {"about": "decision"}, lambda: "within 6 weeks"),
            (
                lambda: {"happenedOn": (today() - timedelta(400)).isoformat()},
                lambda: "more than a year ago",
            ),
            (lambda: {"otherProcedure": True}, lambda: "Another procedure"),
            (lambda: {"handledBefore": True}, lambda: "handled this complaint before"),
        ],
        ids=["objection", "unknown day", "too old", "other procedure", "handled before"],
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
        assert words() in letter

    async def test_may_be_nothing_at_all(self, http: httpx.AsyncClient) -> None:
        case = await complains(http)

        await acknowledged(case)

        assert (await case.get(""))["notices"] == []

    async def test_may_be_that_it_is_not_safe(
        self, http: httpx.AsyncClient, office: Office
    ) -> None:
        case = await complains(http, safety="not_safe")

        async def asked() -> bool | None:
            course = await office.supervisor.get(f"/v1/cases/{case.case_number}")
            return True if course["attention"] == "danger" else None

        await eventually(asked, "nobody was asked to look")
        assert (await case.get(""))["inDanger"] is True

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
        "day", ["9999-01-01", "0001-01-01", "2027-02-29", "gisteren", 20270101, True, ["x"]]
    )
    @pytest.mark.parametrize("language", Language)
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
            ("bsn", "123456782"),
        ],
    )
    async def test_of_another_kind_are_named_too(
        self, http: httpx.AsyncClient, field: str, value: object
    ) -> None:
        body = {**COMPLAINT, "intake": {field: value}}

        response = await http.post("/v1/complaints", json=body, headers=fresh_key())

        assert_problem(response, 400, "invalid-request", f"#/intake/{field}")
