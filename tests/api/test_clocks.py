"""Clocks, consents and decisions about them, as they are seen and moved over the API."""

from datetime import date, timedelta

import httpx
import pytest

from launcher.people import Complainant, Letterbox, Office, eventually
from tests.api.cases_in_hand import Mediated, session_of
from tests.api.observing import WHY, assert_problem


async def decided(office: Office, case: Mediated, decision: str, **more: str) -> dict[str, object]:
    return await office.member(case.mediator).decides(case.number, decision, **more)


class TestTheClocksOfMyCase:
    async def test_say_why_in_the_language_of_the_person(
        self, http: httpx.AsyncClient, fresh: Mediated
    ) -> None:
        case = Complainant(http, fresh.number, fresh.receipt_code)
        [clock] = [
            one for one in (await case.get(""))["clocks"] if one["code"] == "institution_replies"
        ]
        assert "De regels geven hiervoor 6 weken (Awb 9:11)." in clock["why"]
        assert (clock["statutory"], clock["passed"], clock["paused"]) == (True, False, False)
        assert clock["nextStep"] == "remind"

        await case.answer(await case.sets("language", {"language": "en"}))

        [clock] = [
            one for one in (await case.get(""))["clocks"] if one["code"] == "institution_replies"
        ]
        assert "The rules give 6 weeks for this (Awb 9:11)." in clock["why"]

    async def test_are_drawn_as_a_picture_that_loads_nothing(
        self, http: httpx.AsyncClient, fresh: Mediated, office: Office
    ) -> None:
        mine = await session_of(http, fresh.receipt_code)
        staff = office.member(fresh.mediator).headers
        for path, headers in (
            ("/v1/my-case/timeline", mine),
            (f"/v1/cases/{fresh.number}/timeline", staff),
        ):
            response = await http.get(path, headers=headers)
            assert response.status_code == 200
            assert response.headers["content-type"] == "image/svg+xml"
            assert response.headers["content-security-policy"].startswith("default-src 'none'")
            assert response.headers["cache-control"] == "no-store"
            assert response.text.startswith("<svg")
        case = (await http.get("/v1/my-case", headers=mine)).json()
        assert case["timeline"][0].startswith("De zaak begon op")


class TestConsents:
    async def test_of_a_police_case_explain_the_copy_and_need_both(
        self, http: httpx.AsyncClient
    ) -> None:
        case = await Complainant.complains(http, "politie-voorbeeldland")
        await case.reaches("finding_mediator")

        consents = {one["purpose"]: one for one in (await case.get(""))["consents"]}

        assert [name for name, one in consents.items() if one["needed"]] == [
            "contact",
            "police_copy",
        ]
        assert "burgemeester" in consents["police_copy"]["explanation"]
        assert "geen aangifte" in consents["police_copy"]["explanation"]
        await case.does("consents", {"consent": True})
        assert (await case.get(""))["consent"] is False
        await case.does("consents", {"consent": True, "purpose": "police_copy"})
        assert (await case.get(""))["consent"] is True

    async def test_of_a_municipality_do_not_speak_of_the_police(
        self, http: httpx.AsyncClient, fresh: Mediated
    ) -> None:
        case = Complainant(http, fresh.number, fresh.receipt_code)

        purposes = [one["purpose"] for one in (await case.get(""))["consents"]]

        assert "police_copy" not in purposes

    async def test_to_nothing_are_refused(self, http: httpx.AsyncClient, fresh: Mediated) -> None:
        mine = await session_of(http, fresh.receipt_code)

        response = await http.post(
            "/v1/my-case/consents", json={"consent": True, "purpose": "everything"}, headers=mine
        )

        assert_problem(response, 400, "invalid-request", "#/purpose")

    @pytest.mark.parametrize("told", [False, True])
    async def test_decide_whether_the_institution_learns_the_name(
        self, http: httpx.AsyncClient, office: Office, letterbox: Letterbox, told: bool
    ) -> None:
        case = await Complainant.complains(http, "voorbeeldzorg")
        _, mediator = await office.asked(case.case_number)
        await mediator.decides(case.case_number, "accept_case")
        await case.answer(await case.sets("identity", {"name": "Anna Voorbeeld"}))
        if told:
            await case.does("consents", {"consent": True, "purpose": "name"})
        await case.does("consents", {"consent": True})

        letter = await letterbox.letter("klachten@voorbeeldzorg.example", case.case_number)

        assert ("Anna Voorbeeld" in letter["text"]) == told


class TestDecisionsAboutClocks:
    @pytest.mark.parametrize(
        ("body", "where"),
        [
            ({"decision": "extend_term", **WHY, "until": "2027-01-01"}, "#/wait"),
            (
                {"decision": "extend_term", **WHY, "wait": "mediator_proposes"},
                "#/until",
            ),
            ({"decision": "restart_term", **WHY}, "#/wait"),
            ({"decision": "recuse", **WHY, "wait": "mediator_proposes"}, "#/wait"),
            ({"decision": "recuse", **WHY, "until": "2027-01-01"}, "#/until"),
            ({"decision": "recuse", **WHY, "ground": "too_old"}, "#/ground"),
            (
                {
                    "decision": "close_case",
                    **WHY,
                    "outcome": "referred",
                    "ground": "too_old",
                },
                "#/ground",
            ),
        ],
    )
    async def test_have_what_belongs_to_them_and_no_more(
        self,
        http: httpx.AsyncClient,
        mediated: Mediated,
        mediator: dict[str, str],
        body: dict[str, str],
        where: str,
    ) -> None:
        response = await http.post(
            f"/v1/cases/{mediated.number}/decisions", json=body, headers=mediator
        )

        assert_problem(response, 400, "invalid-request", where)

    @pytest.mark.parametrize(
        ("decision", "more", "refusal"),
        [
            ("restart_term", {"wait": "institution_replies"}, "statutory_term"),
            ("take_step", {}, "nothing_to_decide"),
            ("skip_step", {}, "nothing_to_decide"),
            ("apply_correction", {}, "nothing_to_decide"),
            ("keep_rules", {}, "nothing_to_decide"),
            ("resume", {}, "not_now"),
            ("restart_term", {"wait": "complainant_consents"}, "not_now"),
            ("close_case", {"outcome": "inadmissible"}, "ground_missing"),
        ],
    )
    async def test_are_refused_in_words_that_help(
        self,
        mediated: Mediated,
        office: Office,
        decision: str,
        more: dict[str, str],
        refusal: str,
    ) -> None:
        entry = await decided(office, mediated, decision, **more)

        assert (entry["status"], entry["refusal"]) == ("refused", refusal)
        assert entry["refusalText"]

    async def test_move_what_no_law_sets(
        self, http: httpx.AsyncClient, fresh: Mediated, office: Office
    ) -> None:
        case = Complainant(http, fresh.number, fresh.receipt_code)
        await case.does("consents", {"consent": False})
        await case.reaches("awaiting_consent", "complainant_consents")

        async def clock() -> dict[str, object] | None:
            course = await office.supervisor.get(f"/v1/cases/{fresh.number}")
            found = [one for one in course["clocks"] if one["code"] == "complainant_consents"]
            return found[0] if found else None

        before = await eventually(clock, "no clock runs")
        until = date.fromisoformat(str(before["lastDay"])) + timedelta(days=5)
        entry = await decided(
            office,
            fresh,
            "extend_term",
            wait="complainant_consents",
            until=until.isoformat(),
            reason="Iemand is ziek.",
        )

        assert entry["status"] == "applied"
        after = await eventually(clock, "no clock runs")
        assert (after["lastDay"], after["extensions"]) == (until.isoformat(), 1)

    async def test_about_the_route_are_refused_before_it_was_offered(
        self, http: httpx.AsyncClient, fresh: Mediated
    ) -> None:
        case = Complainant(http, fresh.number, fresh.receipt_code)

        entry = await case.does("responses", {"accept": True, "about": "referral"})

        assert (entry["status"], entry["refusal"]) == ("refused", "not_now")
