"""The mediator's questions, replies that came by another way, and closures of their own kind."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import httpx
import pytest

from domain.decision_forms import FORMS, Item
from domain.entries import Decision
from launcher.people import Complainant, Institution, Json, Letterbox, Office
from storage.database import Database
from tests.api.cases_in_hand import Mediated, institution_session_of, mediated_case
from tests.api.observing import WHY, assert_problem, held

QUESTION = "Wanneer was u aan het loket?"
OTHER_QUESTION = "Wie had er dienst?"
FILLED_IN: dict[Item, str] = {
    Item.OUTCOME: "settled",
    Item.GROUND: "too_old",
    Item.WAIT: "mediator_proposes",
    Item.UNTIL: "2027-01-04",
    Item.DAY: "2026-01-05",
    Item.STAGE: "hearing_both_sides",
    Item.ADVISER: "6f1c2f0e-7d1b-4a7e-9a51-0c5a3f6f0001",
    Item.MEDIATOR: "6f1c2f0e-7d1b-4a7e-9a51-0c5a3f6f0001",
    Item.CASE: "babab-babab-x",
    Item.TEXT: "Een vraag.",
    Item.REASON: "Een reden.",
}
"""A value for every item of a form, by its name in the domain."""
WIRE = {Item.MEDIATOR: "mediatorId", Item.ADVISER: "adviserId", Item.CASE: "caseNumber"}


def on_the_wire(item: Item) -> str:
    return WIRE.get(item, item.value)


type Heard = tuple[Complainant, Office, Mediated]


@pytest.fixture
def heard(http: httpx.AsyncClient, office: Office, fresh: Mediated) -> Heard:
    """A case of one's own, whose institution has a letter."""
    return Complainant(http, fresh.number, fresh.receipt_code), office, fresh


async def read_by(complainant: Complainant) -> list[str]:
    """Return every text that a complainant reads in the case."""
    entries = (await complainant.get("/entries"))["entries"]
    return [entry["body"]["text"] for entry in entries if "text" in (entry["body"] or {})]


async def decides(office: Office, case: Mediated, decision: str, **more: str) -> Json:
    return await office.member(case.mediator).decides(case.number, decision, **more)


class TestTheFormOfADecision:
    @pytest.mark.parametrize(
        ("decision", "item"),
        [(decision, item) for decision, form in FORMS.items() for item in sorted(form.needs)],
    )
    async def test_names_each_thing_that_is_missing(
        self,
        http: httpx.AsyncClient,
        database: Database,
        mediated: Mediated,
        mediator: dict[str, str],
        decision: Decision,
        item: Item,
    ) -> None:
        before = await held(database)
        body: Json = {"decision": decision} | {
            on_the_wire(one): FILLED_IN[one] for one in FORMS[decision].needs - {item}
        }
        path = f"/v1/cases/{mediated.number}/decisions"
        response = await http.post(path, json=body, headers=mediator)
        assert_problem(response, 400, "invalid-request", f"#/{on_the_wire(item)}")
        assert await held(database) == before

    @pytest.mark.parametrize(
        ("decision", "item"),
        [
            (decision, item)
            for decision, form in FORMS.items()
            for item in Item
            if not form.takes(item)
        ],
    )
    async def test_names_each_thing_that_does_not_belong_to_it(
        self,
        http: httpx.AsyncClient,
        mediated: Mediated,
        mediator: dict[str, str],
        decision: Decision,
        item: Item,
    ) -> None:
        body: Json = {"decision": decision} | {
            on_the_wire(one): FILLED_IN[one] for one in FORMS[decision].needs | {item}
        }
        path = f"/v1/cases/{mediated.number}/decisions"
        response = await http.post(path, json=body, headers=mediator)
        assert_problem(response, 400, "invalid-request", f"#/{on_the_wire(item)}")


class TestAQuestionToTheComplainant:
    async def test_says_in_the_file_until_when_and_is_answered_by_a_message(
        self, heard: Heard
    ) -> None:
        complainant, office, case = heard
        entry = await decides(office, case, "ask_complainant", text=QUESTION)
        assert entry["status"] == "applied"
        clocks = (await complainant.get(""))["clocks"]
        [clock] = [one for one in clocks if one["code"] == "complainant_answers"]
        assert clock["nextStep"] == "remind"
        assert QUESTION in await read_by(complainant)

        await complainant.does("messages", {"text": "Op maandag."})

        clocks = (await complainant.get(""))["clocks"]
        assert "complainant_answers" not in {one["code"] for one in clocks}

    async def test_says_nothing_to_the_institution(
        self, http: httpx.AsyncClient, heard: Heard
    ) -> None:
        _, office, case = heard
        await decides(office, case, "ask_complainant", text=QUESTION)
        session = await institution_session_of(http, case.link)
        response = await http.get("/v1/institution-case", headers=session)
        assert response.status_code == 200
        assert QUESTION not in response.text


class TestAQuestionToTheInstitution:
    async def test_reaches_it_with_the_last_day_and_a_way_to_answer(
        self, http: httpx.AsyncClient, heard: Heard, letterbox: Letterbox
    ) -> None:
        complainant, office, case = heard
        entry = await decides(office, case, "contact_institution", text=OTHER_QUESTION)
        assert entry["status"] == "applied"
        letter = await letterbox.letter("klachten@voorbeelddienst.example", OTHER_QUESTION)
        await Institution(http, letter["text"]).replies("Wij hebben het nagekeken.")
        clocks = (await complainant.get(""))["clocks"]
        assert "institution_answers" not in {one["code"] for one in clocks}


class TestARecordedReply:
    async def test_is_read_by_both_sides_and_counts_from_its_day(
        self, http: httpx.AsyncClient, heard: Heard
    ) -> None:
        complainant, office, case = heard
        today = date.today().isoformat()  # noqa: DTZ011
        text = "Aan de telefoon zei men: wij bieden excuses aan."
        entry = await decides(office, case, "record_reply", text=text, day=today)
        assert entry["status"] == "applied"
        await complainant.reaches("hearing_both_sides")
        assert text in await read_by(complainant)
        session = await institution_session_of(http, case.link)
        assert text in (await http.get("/v1/institution-case", headers=session)).text

    async def test_of_an_impossible_day_is_refused_in_words_that_help(self, heard: Heard) -> None:
        _, office, case = heard
        day = (date.today() + timedelta(days=3)).isoformat()  # noqa: DTZ011
        entry = await decides(office, case, "record_reply", text="Te vroeg.", day=day)
        assert entry["refusal"] == "day_impossible"
        assert "Kies een dag" in entry["refusalText"]


class TestClosuresOfTheirOwnKind:
    @pytest.mark.parametrize(
        ("decision", "more", "outcome"),
        [
            ("refer", {}, "referred"),
            ("declare_inadmissible", {"ground": "too_old"}, "inadmissible"),
            ("close_case", {"outcome": "not_settled"}, "not_settled"),
        ],
    )
    async def test_close_the_case_with_a_reason_that_the_complainant_reads(
        self, heard: Heard, decision: str, more: dict[str, str], outcome: str
    ) -> None:
        complainant, office, case = heard
        reason = f"Daarom: {decision}."
        await decides(office, case, decision, reason=reason, **more)
        mine = await complainant.reaches("closed")
        assert mine["outcome"]["code"] == outcome
        assert reason in await read_by(complainant)


class TestLinkedCases:
    async def test_show_each_other_to_their_mediator_alone(
        self,
        http: httpx.AsyncClient,
        office: Office,
        token_for: Callable[[str], str],
        letterbox: Letterbox,
    ) -> None:
        one, other = await _of_one_mediator(lambda: mediated_case(http, token_for, letterbox))
        mediator = office.member(one.mediator)
        first = await mediator.decides(one.number, "link_case", caseNumber=other.number)
        again = await mediator.decides(one.number, "link_case", caseNumber=other.number)
        assert (first["status"], again["refusal"]) == ("applied", "already_done")
        for case, linked in ((one, other), (other, one)):
            shown = await mediator.get(f"/v1/cases/{case.number}")
            assert shown["linkedCases"] == [linked.number]

    async def test_are_never_of_two_mediators_and_never_one_and_the_same(
        self,
        http: httpx.AsyncClient,
        mediated: Mediated,
        mediator: dict[str, str],
        submitted: tuple[str, str],
    ) -> None:
        path = f"/v1/cases/{mediated.number}/decisions"
        for number in (submitted[0], mediated.number, "babab-babab-x"):
            body = {"decision": "link_case", "caseNumber": number, **WHY}
            response = await http.post(path, json=body, headers=mediator)
            assert_problem(response, 400, "invalid-request", "#/caseNumber")


async def _of_one_mediator(
    begin: Callable[[], Awaitable[Mediated]],
) -> tuple[Mediated, Mediated]:
    """Return two cases that the same mediator accepted."""
    begun: dict[str, Mediated] = {}
    while True:
        case = await begin()
        if case.mediator in begun:
            return begun[case.mediator], case
        begun[case.mediator] = case
