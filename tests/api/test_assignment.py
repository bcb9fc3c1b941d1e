"""Whose case it is: availability, objections, reassigning, handing over, advising."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import or_, select, update

from domain.identifiers import StaffId
from domain.languages import Language
from domain.stages import Stage
from domain.waits import Attention
from launcher.people import Complainant, Json, Office, StaffMember, eventually
from launcher.system import System
from storage.database import Database
from storage.models import OverviewRow, StaffRow
from tests.api.cases_in_hand import Mediated
from tests.api.observing import WHY, assert_problem
from tests.storage.archive import MEDIATOR_1

ALWAYS: Json = {"workingDays": [1, 2, 3, 4, 5], "absences": [], "conflicts": []}
FAR_AWAY = {"firstDay": "2099-01-05", "lastDay": "2099-01-09"}


class Hired:
    """Somebody for one test: never asked by themselves, and gone afterwards."""

    def __init__(self, office: Office, identifier: StaffId, subject: str) -> None:
        self.id = str(identifier)
        self.desk = office.member(subject)


type Hire = Callable[..., Awaitable[Hired]]


@pytest.fixture(scope="module")
def hired(system: System) -> Iterator[list[StaffId]]:
    """Everybody whom a test hires; they leave together, and their cases have noticed it then."""
    people: list[StaffId] = []
    yield people
    asyncio.run(leave(system, people))


async def leave(system: System, people: list[StaffId]) -> None:
    database = Database(system.postgres.url)

    async def noticed() -> bool | None:
        async with database.transaction() as session:
            rows = await session.scalars(
                select(OverviewRow).where(
                    OverviewRow.stage != Stage.CLOSED,
                    or_(OverviewRow.mediator_id.in_(people), OverviewRow.offered_id.in_(people)),
                )
            )
            reason = Attention.MEDIATOR_UNAVAILABLE
            return all(reason in row.details.attentions for row in rows) or None

    try:
        async with database.transaction() as session:
            gone = StaffRow.id.in_(people)
            await session.execute(update(StaffRow).where(gone).values(active=False))
        await eventually(noticed, "the cases of those who left did not notice it", within=60)
    finally:
        await database.close()


@pytest.fixture
def hire(database: Database, office: Office, hired: list[StaffId]) -> Hire:
    async def somebody(*roles: str) -> Hired:
        identifier = uuid4()
        subject = f"hired-{identifier}"
        async with database.transaction() as session:
            session.add(
                StaffRow(
                    id=identifier,
                    subject=subject,
                    name="Iemand Tijdelijk",
                    address=f"{subject}@wederhoor.example",
                    roles=list(roles),
                    language=Language.DUTCH,
                    languages=["nl"],
                    active=True,
                    capacity=0,
                )
            )
        hired.append(StaffId(identifier))
        return Hired(office, StaffId(identifier), subject)

    return somebody


async def put(
    http: httpx.AsyncClient, member: StaffMember, body: Json, path: str = "/v1/my-availability"
) -> httpx.Response:
    return await http.put(path, json=body, headers=member.headers)


async def course(office: Office, number: str) -> Json:
    return await office.supervisor.get(f"/v1/cases/{number}")


async def shows(office: Office, number: str, **expected: object) -> Json:
    async def ask() -> Json | None:
        found = await course(office, number)
        return found if all(found[name] == value for name, value in expected.items()) else None

    return await eventually(ask, f"case {number} never showed {expected}")


async def offered_to(office: Office, number: str, member: Hired) -> None:
    await office.asked(number)
    entry = await office.supervisor.decides(number, "offer_case", mediatorId=member.id)
    assert entry["status"] == "applied"


async def accepted_by(office: Office, number: str, member: Hired) -> None:
    await offered_to(office, number, member)
    entry = await member.desk.decides(number, "accept_case")
    assert entry["status"] == "applied"


class TestMyAvailability:
    async def test_is_kept_as_it_was_said(self, http: httpx.AsyncClient, hire: Hire) -> None:
        member = await hire("mediator")
        said = {
            "workingDays": [5, 1, 1],
            "absences": [FAR_AWAY],
            "conflicts": [{"institutionId": "voorbeeldbank", "kind": "works_there"}],
        }
        response = await put(http, member.desk, said)
        assert response.status_code == 200, response.text
        kept = await member.desk.get("/v1/my-availability")
        assert kept == response.json()
        assert kept["workingDays"] == [1, 5]
        assert kept["absences"] == [FAR_AWAY]
        assert kept["conflicts"] == [
            {"institutionId": "voorbeeldbank", "caseNumber": None, "kind": "works_there"}
        ]
        assert kept["capacity"] == 0  # that is for an administrator to say
        response = await put(http, member.desk, ALWAYS)
        assert response.json()["conflicts"] == response.json()["absences"] == []

    @pytest.mark.parametrize(
        ("flaw", "pointer"),
        [
            ({"workingDays": [8]}, "#/workingDays/0"),
            (
                {"absences": [{"firstDay": "2099-01-09", "lastDay": "2099-01-05"}]},
                "#/absences/0/lastDay",
            ),
            (
                {"conflicts": [{"institutionId": "nergens", "kind": "family"}]},
                "#/conflicts/0/institutionId",
            ),
            ({"conflicts": [{"kind": "family"}]}, "#/conflicts/0/caseNumber"),
            (
                {"conflicts": [{"institutionId": "voorbeeldbank", "kind": "hate"}]},
                "#/conflicts/0/kind",
            ),
            ({"capacity": 3}, "#/capacity"),
        ],
    )
    async def test_is_refused_where_it_cannot_be(
        self, http: httpx.AsyncClient, office: Office, flaw: Json, pointer: str
    ) -> None:
        response = await put(http, office.member("mediator-1"), ALWAYS | flaw)
        assert_problem(response, 400, "invalid-request", pointer)

    async def test_knows_no_case_of_somebody_else(
        self, http: httpx.AsyncClient, hire: Hire, mediated: Mediated
    ) -> None:
        member = await hire("mediator")
        conflict = {"caseNumber": mediated.number, "kind": "family"}
        response = await put(http, member.desk, ALWAYS | {"conflicts": [conflict]})
        assert_problem(response, 400, "invalid-request", "#/conflicts/0/caseNumber")

    async def test_lets_an_offer_lapse_that_it_does_not_suit(
        self, http: httpx.AsyncClient, office: Office, hire: Hire
    ) -> None:
        case = await Complainant.complains(http, "voorbeeldstad")
        member = await hire("mediator")
        await offered_to(office, case.case_number, member)
        conflict = {"caseNumber": case.case_number, "kind": "knows_complainant"}
        response = await put(http, member.desk, ALWAYS | {"conflicts": [conflict]})
        assert response.status_code == 200, response.text

        identifier, _ = await office.asked(case.case_number, other_than=member.id)

        assert identifier != member.id
        kept = await member.desk.get("/v1/my-availability")
        assert [one["caseNumber"] for one in kept["conflicts"]] == [case.case_number]


class TestAnAdministrator:
    async def test_says_which_cases_suit_a_mediator(
        self, http: httpx.AsyncClient, hire: Hire
    ) -> None:
        member, keeper = await hire("mediator"), await hire("administrator")
        path = f"/v1/staff/{member.id}/availability"
        suits = {"institutionKinds": ["police"], "regions": ["zeeland"], "capacity": 4}
        response = await put(http, keeper.desk, ALWAYS | suits | {"absences": [FAR_AWAY]}, path)
        assert response.status_code == 200, response.text
        kept = await member.desk.get("/v1/my-availability")
        assert kept == await keeper.desk.get(path) == response.json()
        assert {name: kept[name] for name in suits} == suits
        assert kept["absences"] == [FAR_AWAY]

    async def test_learns_of_no_case(
        self, http: httpx.AsyncClient, office: Office, hire: Hire
    ) -> None:
        member, keeper = await hire("mediator"), await hire("administrator")
        case = await Complainant.complains(http, "voorbeeldstad")
        await offered_to(office, case.case_number, member)
        path = f"/v1/staff/{member.id}/availability"
        conflict = {"caseNumber": case.case_number, "kind": "family"}
        suits: Json = {"institutionKinds": [], "regions": [], "capacity": 0}
        refused = await put(http, keeper.desk, ALWAYS | suits | {"conflicts": [conflict]}, path)
        assert_problem(refused, 400, "invalid-request", "#/conflicts/0/caseNumber")
        await put(http, member.desk, ALWAYS | {"conflicts": [conflict]})
        assert (await keeper.desk.get(path))["conflicts"] == []
        await put(http, keeper.desk, ALWAYS | suits, path)
        assert len((await member.desk.get("/v1/my-availability"))["conflicts"]) == 1

    async def test_keeps_nobodys_availability_who_does_not_mediate(
        self, http: httpx.AsyncClient, hire: Hire
    ) -> None:
        keeper = await hire("administrator")
        response = await http.get(
            f"/v1/staff/{keeper.id}/availability", headers=keeper.desk.headers
        )
        assert_problem(response, 404, "not-found")


class TestAnObjectionToTheMediator:
    async def test_is_granted_once_and_nobody_of_the_staff_reads_why(
        self, http: httpx.AsyncClient, office: Office, hire: Hire
    ) -> None:
        case = await Complainant.complains(http, "voorbeelddienst")
        first = await hire("mediator")
        assert (await case.get(""))["mayObjectToMediator"] is False
        await accepted_by(office, case.case_number, first)
        await case.reaches("awaiting_consent")
        assert (await case.get(""))["mayObjectToMediator"] is True

        why = {"reason": "Deze persoon ken ik van vroeger."}
        entry = await case.does("mediator-objection", why)

        assert (entry["status"], entry["body"]) == ("applied", {"text": why["reason"]})
        assert (await case.get(""))["mayObjectToMediator"] is False
        letters = (await case.get("/letters"))["letters"]
        assert [one["letter"] for one in letters].count("mediator_changed") == 1
        hidden = await http.get(f"/v1/cases/{case.case_number}", headers=first.desk.headers)
        assert hidden.status_code == 404

        _, second = await office.asked(case.case_number, other_than=first.id)
        await second.decides(case.case_number, "accept_case")
        shown = await second.get(f"/v1/cases/{case.case_number}/entries")
        assert "vroeger" not in str(shown)
        assert "mediator_objection" not in {one["kind"] for one in shown["entries"]}

        refused = await case.does("mediator-objection", why)
        assert (refused["status"], refused["refusal"]) == ("refused", "objected_before")
        assert "toezichthouder" in refused["refusalText"]


class TestASupervisor:
    async def test_takes_a_case_and_offers_it_to_somebody_who_is_named(
        self, http: httpx.AsyncClient, office: Office, hire: Hire
    ) -> None:
        case = await Complainant.complains(http, "voorbeeldstad")
        one, other = await hire("mediator"), await hire("mediator")
        await accepted_by(office, case.case_number, one)

        entry = await office.supervisor.decides(case.case_number, "reassign", mediatorId=other.id)

        assert entry["status"] == "applied"
        await shows(office, case.case_number, mediatorId=None, offeredId=other.id)
        again = await one.desk.get("/v1/cases")
        assert again["cases"] == []

    async def test_gives_a_case_an_adviser_who_sees_its_course_and_nothing_more(
        self, http: httpx.AsyncClient, office: Office, hire: Hire
    ) -> None:
        case = await Complainant.complains(http, "voorbeeldstad")
        mediator, adviser = await hire("mediator"), await hire("adviser")
        path = f"/v1/cases/{case.case_number}"
        assert (await http.get(path, headers=adviser.desk.headers)).status_code == 404
        await accepted_by(office, case.case_number, mediator)

        entry = await office.supervisor.decides(
            case.case_number, "assign_adviser", adviserId=adviser.id
        )

        assert entry["status"] == "applied"
        await shows(office, case.case_number, adviserId=adviser.id)
        entries = await adviser.desk.get(f"{path}/entries")
        assert {one["body"] for one in entries["entries"]} == {None}
        for below in ("attachments", "decisions"):
            body = {"decision": "recuse", **WHY} if below == "decisions" else None
            method = "POST" if body else "GET"
            refused = await http.request(
                method, f"{path}/{below}", json=body, headers=adviser.desk.headers
            )
            assert_problem(refused, 403, "forbidden")

    async def test_cannot_make_somebody_an_adviser_who_is_none(
        self, http: httpx.AsyncClient, office: Office, own: tuple[str, dict[str, str]]
    ) -> None:
        body = {"decision": "assign_adviser", "adviserId": str(MEDIATOR_1), **WHY}
        response = await http.post(
            f"/v1/cases/{own[0]}/decisions", json=body, headers=office.supervisor.headers
        )
        assert_problem(response, 400, "invalid-request", "#/adviserId")


class TestAHandOver:
    @pytest.mark.parametrize("role", ["supervisor", "administrator"])
    async def test_gives_everything_to_others_and_says_how_much(
        self, http: httpx.AsyncClient, office: Office, hire: Hire, role: str
    ) -> None:
        leaver, keeper = await hire("mediator"), await hire(role)
        accepted = await Complainant.complains(http, "voorbeeldstad")
        offered = await Complainant.complains(http, "voorbeeldstad")
        await accepted_by(office, accepted.case_number, leaver)
        await offered_to(office, offered.case_number, leaver)
        await shows(office, offered.case_number, offeredId=leaver.id)

        path = f"/v1/staff/{leaver.id}/hand-over"
        response = await http.post(path, json=WHY, headers=keeper.desk.headers)

        assert response.status_code == 200, response.text
        assert response.json() == {"cases": 1, "offers": 1, "underWay": 0, "locked": 0}
        for case in (accepted, offered):
            identifier, _ = await office.asked(case.case_number, other_than=leaver.id)
            assert identifier != leaver.id
        told = [one["letter"] for one in (await accepted.get("/letters"))["letters"]]
        assert told.count("mediator_changed") == 1
        untold = [one["letter"] for one in (await offered.get("/letters"))["letters"]]
        assert "mediator_changed" not in untold

    async def test_of_nobody_is_refused(self, http: httpx.AsyncClient, office: Office) -> None:
        path = f"/v1/staff/{uuid4()}/hand-over"
        response = await http.post(path, json=WHY, headers=office.supervisor.headers)
        assert_problem(response, 404, "not-found")
