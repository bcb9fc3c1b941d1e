"""Decisions about clocks, danger and grounds: applied, or refused in words."""

from datetime import date, timedelta

import httpx
import pytest

from catalogues.texts import text
from domain.entries import Refusal
from domain.grounds import Ground
from domain.languages import SPOKEN, Language
from domain.waits import Wait
from launcher.people import Complainant, Institution, Json, Office, StaffMember, eventually
from storage.database import Database
from tests.api.cases_in_hand import Mediated
from tests.api.observing import WHY, assert_problem, held
from tests.system.institutions import InstitutionAtItsDesk

OURS = "complainant_consents"
"""A clock that no law sets."""


class Mediation:
    """A case with the two people who bring it on."""

    def __init__(self, http: httpx.AsyncClient, office: Office, case: Mediated) -> None:
        self.number = case.number
        self.complainant = Complainant(http, case.number, case.receipt_code)
        self.mediator: StaffMember = office.member(case.mediator)

    async def decides(self, decision: str, **more: str) -> Json:
        return await self.mediator.decides(self.number, decision, **more)

    async def clock(self, wait: str) -> Json:
        """Return a running clock, once it runs."""

        async def ask() -> Json | None:
            clocks = (await self.complainant.get(""))["clocks"]
            return next((one for one in clocks if one["code"] == wait), None)

        return await eventually(ask, f"no clock {wait} runs in {self.number}")

    async def last_day(self, wait: str) -> date:
        return date.fromisoformat((await self.clock(wait))["lastDay"])


@pytest.fixture
def mediation(http: httpx.AsyncClient, office: Office, fresh: Mediated) -> Mediation:
    """A case of one's own that waits for the institution."""
    return Mediation(http, office, fresh)


@pytest.fixture
async def unconsented(mediation: Mediation) -> Mediation:
    """A case in which a clock runs that no law sets."""
    await mediation.complainant.does("consents", {"consent": False})
    await mediation.complainant.reaches("awaiting_consent", OURS)
    return mediation


class TestGivingMoreTime:
    async def test_shows_in_the_clock_with_its_reason(self, unconsented: Mediation) -> None:
        before = await unconsented.last_day(OURS)
        until = before + timedelta(days=5)

        entry = await unconsented.decides("extend_term", wait=OURS, until=until.isoformat())

        assert (entry["status"], entry["refusal"], entry["refusalText"]) == ("applied", None, None)
        clock = await unconsented.clock(OURS)
        assert (clock["lastDay"], clock["extensions"]) == (until.isoformat(), 1)
        assert len([one for one in clock["why"] if "bemiddelaar" in one]) >= 1

    async def test_is_possible_for_as_long_as_can_be_counted(
        self, http: httpx.AsyncClient, unconsented: Mediation
    ) -> None:
        furthest = await unconsented.last_day(OURS) + timedelta(days=3660)
        for until in (date(2100, 12, 31), furthest + timedelta(days=1)):
            entry = await unconsented.decides("extend_term", wait=OURS, until=until.isoformat())
            assert (entry["status"], entry["refusal"]) == ("refused", "not_allowed")

        entry = await unconsented.decides("extend_term", wait=OURS, until=furthest.isoformat())

        assert entry["status"] == "applied"
        assert await unconsented.last_day(OURS) == furthest
        headers = unconsented.complainant.headers
        picture = await http.get("/v1/my-case/timeline", headers=headers)
        assert picture.status_code == 200

    @pytest.mark.parametrize("days", [0, -1, -400])
    async def test_takes_no_time_away(self, unconsented: Mediation, days: int) -> None:
        before = await unconsented.last_day(OURS)
        until = before + timedelta(days=days)

        entry = await unconsented.decides("extend_term", wait=OURS, until=until.isoformat())

        assert (entry["status"], entry["refusal"]) == ("refused", "not_allowed")
        assert await unconsented.last_day(OURS) == before

    @pytest.mark.parametrize("decision", ["extend_term", "restart_term"])
    async def test_is_not_for_a_term_of_the_law(self, mediation: Mediation, decision: str) -> None:
        before = await mediation.clock("institution_replies")
        later = date.fromisoformat(before["lastDay"]) + timedelta(days=7)
        more = {"until": later.isoformat()} if decision == "extend_term" else {}

        entry = await mediation.decides(decision, wait="institution_replies", **more)

        assert (entry["status"], entry["refusal"]) == ("refused", "statutory_term")
        assert entry["refusalText"] == text(Language.DUTCH, "refusal.statutory_term")
        assert await mediation.clock("institution_replies") == before

    async def test_from_the_beginning_starts_another_round(self, unconsented: Mediation) -> None:
        before = await unconsented.clock(OURS)

        entry = await unconsented.decides("restart_term", wait=OURS)

        assert entry["status"] == "applied"
        after = await unconsented.clock(OURS)
        assert after["round"] == before["round"] + 1
        assert after["since"] > before["since"]

    @pytest.mark.parametrize("wait", sorted(set(Wait) - {Wait.INSTITUTION_REPLIES}))
    async def test_is_not_for_a_clock_that_does_not_run(
        self, http: httpx.AsyncClient, office: Office, mediated: Mediated, wait: Wait
    ) -> None:
        case = Mediation(http, office, mediated)

        entry = await case.decides("extend_term", wait=wait, until="2027-12-31")

        assert (entry["status"], entry["refusal"]) == ("refused", "not_now")

    @pytest.mark.parametrize("language", SPOKEN)
    @pytest.mark.parametrize(
        "until",
        [
            *("9999-12-31", "0001-01-01", "1949-12-31", "2101-01-01", "2027-02-29", "gisteren"),
            *("2027-01-01T00:00:00Z", "1798761600", "", 1798761600, 0, True, ["2027-01-01"]),
        ],
        ids=str,
    )
    async def test_is_until_a_day_that_exists(
        self,
        http: httpx.AsyncClient,
        database: Database,
        mediated: Mediated,
        mediator: dict[str, str],
        until: object,
        language: Language,
    ) -> None:
        before = await held(database)
        body = {"decision": "extend_term", **WHY, "wait": OURS, "until": until}

        response = await http.post(
            f"/v1/cases/{mediated.number}/decisions",
            json=body,
            headers=mediator | {"Accept-Language": language},
        )

        assert_problem(response, 400, "invalid-request", "#/until", language=language)
        assert await held(database) == before


class TestWhatBelongsToADecision:
    @pytest.mark.parametrize(
        ("body", "where"),
        [
            ({"decision": "extend_term", **WHY}, ["#/wait", "#/until"]),
            (
                {"decision": "extend_term", **WHY, "wait": OURS, "until": None},
                ["#/until"],
            ),
            (
                {
                    "decision": "restart_term",
                    **WHY,
                    "wait": OURS,
                    "until": "2027-01-01",
                },
                ["#/until"],
            ),
            ({"decision": "restart_term", **WHY, "wait": "somebody"}, ["#/wait"]),
            (
                {"decision": "accept_case", "wait": OURS, "until": "2027-01-01"},
                ["#/wait", "#/until"],
            ),
            (
                {
                    "decision": "propose_outcome",
                    **WHY,
                    "outcome": "settled",
                    "ground": "slight",
                },
                ["#/ground"],
            ),
            (
                {
                    "decision": "close_case",
                    **WHY,
                    "outcome": "not_settled",
                    "ground": "slight",
                },
                ["#/ground"],
            ),
            (
                {
                    "decision": "close_case",
                    **WHY,
                    "outcome": "inadmissible",
                    "ground": "ugly",
                },
                ["#/ground"],
            ),
            ({"decision": "pause_for_danger", "ground": "slight"}, ["#/ground"]),
            ({"decision": "pause_for_danger", "outcome": "settled"}, ["#/outcome"]),
            ({"decision": "resume", "wait": OURS}, ["#/wait"]),
            ({"decision": "keep_rules", "until": "2027-01-01"}, ["#/until"]),
        ],
        ids=str,
    )
    async def test_is_asked_for_and_nothing_else_is_taken(
        self,
        http: httpx.AsyncClient,
        database: Database,
        mediated: Mediated,
        mediator: dict[str, str],
        body: Json,
        where: list[str],
    ) -> None:
        before = await held(database)

        response = await http.post(
            f"/v1/cases/{mediated.number}/decisions", json=body, headers=mediator
        )

        assert_problem(response, 400, "invalid-request", *where)
        assert await held(database) == before

    @pytest.mark.parametrize(
        ("field", "more", "choices"),
        [
            ("wait", {"decision": "restart_term", **WHY}, list(Wait)),
            (
                "ground",
                {"decision": "declare_inadmissible", **WHY},
                list(Ground),
            ),
        ],
    )
    async def test_is_listed_when_it_is_unknown(
        self,
        http: httpx.AsyncClient,
        mediated: Mediated,
        mediator: dict[str, str],
        field: str,
        more: Json,
        choices: list[str],
    ) -> None:
        response = await http.post(
            f"/v1/cases/{mediated.number}/decisions",
            json={**more, field: "zonnebloem"},
            headers=mediator,
        )

        problem = assert_problem(response, 400, "invalid-request", f"#/{field}")
        for choice in choices:
            assert f"'{choice}'" in problem["errors"][0]["detail"]


class TestPausingForDanger:
    async def test_lets_clocks_stand_still_until_it_is_safe(self, unconsented: Mediation) -> None:
        paused = await unconsented.decides("pause_for_danger")

        assert paused["status"] == "applied"
        clock = await unconsented.clock(OURS)
        assert (clock["paused"], clock["nextAt"]) == (True, None)
        mine = await unconsented.complainant.get("")
        assert mine["inDanger"] is True
        assert mine["waitingFor"]["code"] == OURS

        resumed = await unconsented.decides("resume")

        assert resumed["status"] == "applied"
        assert (await unconsented.clock(OURS))["paused"] is False
        assert (await unconsented.complainant.get(""))["inDanger"] is False
        again = await unconsented.decides("resume")
        assert (again["status"], again["refusal"]) == ("refused", "not_now")


class TestAGround:
    @pytest.mark.parametrize("ground", Ground)
    async def test_is_told_with_the_right_route(
        self, http: httpx.AsyncClient, office: Office, ground: Ground
    ) -> None:
        case = await Complainant.complains(http, "voorbeeldstad", language="en")
        _, mediator = await office.asked(case.case_number)
        await mediator.decides(case.case_number, "accept_case")

        entry = await mediator.decides(case.case_number, "declare_inadmissible", ground=ground)

        assert entry["status"] == "applied"
        mine = await case.reaches("closed")
        assert mine["outcome"]["code"] == "inadmissible"
        assert mine["ground"] == text(Language.ENGLISH, f"ground.{ground}")

        async def closing() -> str | None:
            for letter in (await case.get("/letters"))["letters"]:
                if letter["letter"] == "closing":
                    return " ".join(letter["text"].split())
            return None

        letter = await eventually(closing, "no closing letter")
        assert text(Language.ENGLISH, f"ground.{ground}") in letter
        assert text(Language.ENGLISH, f"ground.{ground}.route") in letter
        late = await mediator.decides(case.case_number, "resume")
        assert (late["status"], late["refusal"]) == ("refused", "closed")


class TestEveryRefusal:
    @pytest.mark.parametrize(
        ("decision", "more", "refusal"),
        [
            ("accept_case", {}, Refusal.ALREADY_DONE),
            ("decline_case", {}, Refusal.ALREADY_DONE),
            ("resume", {}, Refusal.NOT_NOW),
            ("reopen_case", {}, Refusal.NOT_ALLOWED),
            ("close_case", {"outcome": "settled"}, Refusal.OUTCOME_NOT_ALLOWED),
            ("close_case", {"outcome": "inadmissible"}, Refusal.GROUND_MISSING),
            ("propose_outcome", {"outcome": "withdrawn"}, Refusal.OUTCOME_NOT_ALLOWED),
            ("restart_term", {"wait": "institution_replies"}, Refusal.STATUTORY_TERM),
            ("take_step", {}, Refusal.NOTHING_TO_DECIDE),
            ("skip_step", {}, Refusal.NOTHING_TO_DECIDE),
            ("keep_rules", {}, Refusal.NOTHING_TO_DECIDE),
            ("apply_correction", {}, Refusal.NOTHING_TO_DECIDE),
        ],
        ids=str,
    )
    async def test_is_told_in_the_words_of_who_reads(
        self,
        http: httpx.AsyncClient,
        mediated: Mediated,
        mediator: dict[str, str],
        office: Office,
        decision: str,
        more: dict[str, str],
        refusal: Refusal,
    ) -> None:
        entry = await Mediation(http, office, mediated).decides(decision, **more)

        assert (entry["status"], entry["refusal"]) == ("refused", refusal)
        path = f"/v1/cases/{mediated.number}/entries/{entry['number']}"
        for language in SPOKEN:
            headers = mediator | {"Accept-Language": language}
            told = (await http.get(path, headers=headers)).json()
            assert told["refusalText"] == text(language, f"refusal.{refusal}")

    async def test_of_signposting_is_told_to_the_complainant(self, http: httpx.AsyncClient) -> None:
        institutions = (await http.get("/v1/institutions")).json()["institutions"]
        [landlord, *_] = [one["id"] for one in institutions if "landlord" in one["kind"]]
        case = await Complainant.complains(http, landlord)

        entry = await case.does("consents", {"consent": True})

        assert (entry["status"], entry["refusal"]) == ("refused", "signposting_only")
        assert entry["refusalText"] == text(Language.DUTCH, "refusal.signposting_only")
        mine = await case.get("")
        assert mine["consents"] == []
        assert text(Language.DUTCH, "notice.signposting_only") in mine["notices"]

    async def test_of_an_answer_before_contact_is_not_possible(
        self, http: httpx.AsyncClient, office: Office
    ) -> None:
        case = await Complainant.complains(http, "voorbeeldstad")
        _, mediator = await office.asked(case.case_number)
        await mediator.decides(case.case_number, "accept_case")

        entry = await mediator.writes(case.case_number, "Kunt u dit uitleggen?", "institution")

        assert (entry["status"], entry["refusal"]) == ("refused", "no_consent")
        assert entry["refusalText"] == text(Language.DUTCH, "refusal.no_consent")

    async def test_of_more_time_after_the_answer_is_told_to_the_institution(
        self, http: httpx.AsyncClient, fresh: Mediated
    ) -> None:
        institution = Institution(http, f"Zie {fresh.page}")
        await institution.replies("Dit is onze kant.")
        case = Complainant(http, fresh.number, fresh.receipt_code)
        await case.reaches("hearing_both_sides", "mediator_proposes")

        desk = await InstitutionAtItsDesk.opens(http, institution)
        entry = await desk.says("extensions", "Toch meer tijd.")

        assert (entry["status"], entry["refusal"]) == ("refused", "not_now")
        assert entry["refusalText"] == text(Language.DUTCH, "refusal.not_now")
