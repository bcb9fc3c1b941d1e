"""Interventions: always with a reason, answered in words, and read by whom they touch."""

from collections.abc import Callable
from datetime import date, timedelta

import httpx
import pytest

from catalogues.texts import text
from domain.entries import DECISIONS_OF, Decision
from domain.languages import Language
from domain.parties import Party
from launcher.people import Complainant, Json, Office, StaffMember
from storage.database import Database
from tests.api.cases_in_hand import Mediated
from tests.api.observing import assert_problem, bearer, held

WHY = "De zaak stond stil."
NEEDS: dict[Decision, Json] = {
    Decision.EXTEND_TERM: {"wait": "complainant_consents", "until": "2090-01-01"},
    Decision.CORRECT_DATE: {"wait": "institution_replies", "day": "2026-01-01"},
    Decision.OVERRIDE_STAGE: {"stage": "hearing_both_sides"},
    Decision.CLOSE_CASE: {"outcome": "not_settled"},
    Decision.OFFER_CASE: {"mediatorId": "6f1c2f0e-7d1b-4a7e-9a51-0c5a3f6f0001"},
    Decision.ASSIGN_ADVISER: {"adviserId": "6f1c2f0e-7d1b-4a7e-9a51-0c5a3f6f0001"},
}


@pytest.fixture
def complainant(http: httpx.AsyncClient, fresh: Mediated) -> Complainant:
    return Complainant(http, fresh.number, fresh.receipt_code)


@pytest.fixture
def overseer(office: Office) -> StaffMember:
    return office.supervisor


async def listed(member: StaffMember, number: str) -> dict[str, Json]:
    case = await member.get(f"/v1/cases/{number}")
    return {one["decision"]: one for one in case["decisionsNow"]}


class TestEveryIntervention:
    @pytest.mark.parametrize("decision", sorted(DECISIONS_OF[Party.SUPERVISOR]))
    @pytest.mark.parametrize("reason", [{}, {"reason": None}, {"reason": " "}])
    async def test_says_why(
        self,
        http: httpx.AsyncClient,
        database: Database,
        mediated: Mediated,
        supervisor: dict[str, str],
        decision: Decision,
        reason: Json,
    ) -> None:
        before = await held(database)

        body = {"decision": decision, **NEEDS.get(decision, {}), **reason}
        path = f"/v1/cases/{mediated.number}/decisions"
        response = await http.post(path, json=body, headers=supervisor)

        assert_problem(response, 400, "invalid-request", "#/reason")
        assert await held(database) == before

    @pytest.mark.parametrize(
        ("body", "where"),
        [
            ({"decision": "correct_date", "wait": "institution_replies"}, "#/day"),
            ({"decision": "correct_date", "day": "2026-01-01"}, "#/wait"),
            ({"decision": "correct_date", **NEEDS[Decision.CORRECT_DATE], "day": 3}, "#/day"),
            ({"decision": "override_stage"}, "#/stage"),
            ({"decision": "override_stage", "stage": "settled"}, "#/stage"),
            ({"decision": "retry_now", "stage": "closed"}, "#/stage"),
            ({"decision": "retry_now", "wait": "institution_replies"}, "#/wait"),
        ],
    )
    async def test_names_the_field_that_is_wrong(
        self,
        http: httpx.AsyncClient,
        database: Database,
        mediated: Mediated,
        supervisor: dict[str, str],
        body: Json,
        where: str,
    ) -> None:
        before = await held(database)

        path = f"/v1/cases/{mediated.number}/decisions"
        response = await http.post(path, json={**body, "reason": WHY}, headers=supervisor)

        assert_problem(response, 400, "invalid-request", where)
        assert await held(database) == before

    @pytest.mark.parametrize(
        "decision", [Decision.RETRY_NOW, Decision.CORRECT_DATE, Decision.OVERRIDE_STAGE]
    )
    async def test_is_not_for_the_mediator(
        self,
        http: httpx.AsyncClient,
        mediated: Mediated,
        mediator: dict[str, str],
        decision: Decision,
    ) -> None:
        body = {"decision": decision, **NEEDS.get(decision, {}), "reason": WHY}
        path = f"/v1/cases/{mediated.number}/decisions"

        response = await http.post(path, json=body, headers=mediator)

        assert_problem(response, 403, "forbidden")


class TestWhatTheComplainantSees:
    async def test_is_what_happened_and_why_where_it_touches_them(
        self, overseer: StaffMember, complainant: Complainant
    ) -> None:
        number = complainant.case_number
        entry = await overseer.decides(
            number, "override_stage", stage="hearing_both_sides", reason=WHY
        )
        assert entry["status"] == "applied"

        await complainant.reaches("hearing_both_sides")
        seen = (await complainant.get("/entries"))["entries"][-1]

        assert (seen["number"], seen["author"]) == (entry["number"], "supervisor")
        assert seen["title"] == text(Language.DUTCH, "decision.override_stage")
        assert seen["body"] == {"text": WHY}

    async def test_is_nothing_of_what_we_do_among_ourselves(
        self, overseer: StaffMember, complainant: Complainant
    ) -> None:
        entry = await overseer.decides(complainant.case_number, "retry_now", reason=WHY)
        assert entry["status"] == "applied"

        entries = (await complainant.get("/entries"))["entries"]

        assert entry["number"] not in {one["number"] for one in entries}
        assert WHY not in str(entries)

    async def test_is_told_to_no_supervisor(
        self, overseer: StaffMember, complainant: Complainant
    ) -> None:
        entry = await overseer.decides(complainant.case_number, "retry_now", reason=WHY)

        assert entry["body"] is None


class TestCorrectingADate:
    async def test_refuses_a_day_that_cannot_be_in_words_that_help(
        self, overseer: StaffMember, complainant: Complainant
    ) -> None:
        number = complainant.case_number
        case = await overseer.get(f"/v1/cases/{number}")
        clock = next(one for one in case["clocks"] if one["code"] == "institution_replies")
        begun = date.fromisoformat(clock["since"][:10])
        days = {
            begun + timedelta(days=400): "day_impossible",
            begun - timedelta(days=400): "day_impossible",
        }

        for day, refusal in days.items():
            entry = await overseer.decides(
                number,
                "correct_date",
                wait="institution_replies",
                day=day.isoformat(),
                reason=WHY,
            )
            assert (entry["status"], entry["refusal"]) == ("refused", refusal)
            assert entry["refusalText"] == text(Language.DUTCH, f"refusal.{refusal}")
        after = await overseer.get(f"/v1/cases/{number}")
        assert after["clocks"] == case["clocks"]


class TestOverridingAStage:
    async def test_gives_no_consent_for_the_complainant(
        self, overseer: StaffMember, complainant: Complainant
    ) -> None:
        number = complainant.case_number
        await complainant.does("consents", {"consent": False})

        for stage in ("awaiting_institution", "hearing_both_sides"):
            entry = await overseer.decides(number, "override_stage", stage=stage, reason=WHY)
            assert (entry["status"], entry["refusal"]) == ("refused", "no_consent")

        assert not (await complainant.get(""))["consent"]


class TestWhatCanBeDecidedNow:
    async def test_is_a_form_for_who_reads_it(
        self, overseer: StaffMember, complainant: Complainant
    ) -> None:
        now = await listed(overseer, complainant.case_number)

        override = now["override_stage"]
        assert override["actingAs"] == "supervisor"
        assert override["needs"] == ["reason", "stage"]
        assert override["stages"] == ["awaiting_consent", "hearing_both_sides"]
        assert override["title"] == text(Language.DUTCH, "decision.override_stage")
        assert override["consequence"] == text(Language.DUTCH, "decision.override_stage.then")
        assert now["pause_for_danger"]["needs"] == ["reason"]
        assert now["close_case"]["may"] == ["ground"]
        assert "resume" not in now
        assert "propose_outcome" not in now

    async def test_is_another_thing_for_the_mediator(self, office: Office, fresh: Mediated) -> None:
        now = await listed(office.member(fresh.mediator), fresh.number)

        assert now["propose_outcome"]["outcomes"] == ["not_settled", "partly_settled", "settled"]
        assert now["pause_for_danger"]["may"] == ["reason"]
        assert not {"retry_now", "override_stage", "correct_date"} & set(now)

    async def test_follows_what_was_decided(
        self, overseer: StaffMember, complainant: Complainant
    ) -> None:
        number = complainant.case_number
        await overseer.decides(number, "pause_for_danger", reason=WHY)
        assert "resume" in await listed(overseer, number)

        await overseer.decides(number, "close_case", outcome="not_settled", reason=WHY)
        await complainant.reaches("closed")

        assert set(await listed(overseer, number)) == {"retry_now", "reopen_case"}

    async def test_ends_with_the_wish_to_be_erased(
        self, overseer: StaffMember, complainant: Complainant
    ) -> None:
        await complainant.does("erasure-requests", {"confirm": True})
        await complainant.reaches("closed")

        assert set(await listed(overseer, complainant.case_number)) == {"retry_now"}

    async def test_is_shown_in_the_readers_language(
        self,
        http: httpx.AsyncClient,
        mediated: Mediated,
        token_for: Callable[[str], str],
    ) -> None:
        headers = bearer(token_for("supervisor-1")) | {"Accept-Language": "en"}
        case = (await http.get(f"/v1/cases/{mediated.number}", headers=headers)).json()

        titles = {one["title"] for one in case["decisionsNow"]}

        assert text(Language.ENGLISH, "decision.retry_now") in titles
