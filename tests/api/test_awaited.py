"""What the institution is told that is awaited of it: nothing that a letter did not ask."""

import httpx

from launcher.people import Complainant, Json, Office, eventually
from tests.api.answering import addressed_to, awaited_of
from tests.api.cases_in_hand import Mediated

QUESTION = "Klopt de datum?"


async def codes(http: httpx.AsyncClient, fresh: Mediated) -> list[str]:
    return [one["code"] for one in await awaited_of(http, fresh)]


async def asked(http: httpx.AsyncClient, fresh: Mediated) -> list[str]:
    """Return the texts that the institution may read."""
    entries = (await addressed_to(http, fresh))["entries"]
    return [one["body"]["text"] for one in entries if one["body"]]


async def asks(office: Office, fresh: Mediated) -> None:
    """Put a question of the mediator to the institution, and see its clock begin."""
    mediator = office.member(fresh.mediator)
    entry = await mediator.decides(fresh.number, "contact_institution", text=QUESTION)
    assert entry["status"] == "applied", entry

    async def has_begun() -> bool | None:
        case = await mediator.get(f"/v1/cases/{fresh.number}")
        return "institution_answers" in [one["code"] for one in case["clocks"]] or None

    await eventually(has_begun, "the clock of the question begins")


class TestWhatIsAwaited:
    async def test_is_the_answer_to_the_complaint_with_the_day_of_the_case(
        self, http: httpx.AsyncClient, fresh: Mediated, office: Office
    ) -> None:
        [awaited] = await awaited_of(http, fresh)
        case = await office.member(fresh.mediator).get(f"/v1/cases/{fresh.number}")
        [clock] = [one for one in case["clocks"] if one["code"] == awaited["code"]]
        assert (awaited["code"], awaited["passed"]) == ("institution_replies", False)
        assert awaited["lastDay"] == clock["lastDay"]
        assert awaited["why"]
        assert set(awaited["why"]) < set(clock["why"])
        for sentence in clock["why"]:
            if "herinnering" in sentence:
                assert sentence not in awaited["why"]

    async def test_is_the_answer_to_a_question_once_its_letter_has_left(
        self, http: httpx.AsyncClient, fresh: Mediated, office: Office
    ) -> None:
        await asks(office, fresh)

        async def is_told() -> bool | None:
            return "institution_answers" in await codes(http, fresh) or None

        await eventually(is_told, "the institution is told what is awaited")

    async def test_does_not_tell_of_danger_nor_of_what_is_said_in_it(
        self, http: httpx.AsyncClient, fresh: Mediated, office: Office
    ) -> None:
        before = await awaited_of(http, fresh)
        complainant = Complainant(http, fresh.number, fresh.receipt_code)
        await complainant.comes_back()
        await complainant.does("safety", {"safe": False})
        mediator = office.member(fresh.mediator)

        async def in_danger() -> Json | None:
            case = await mediator.get(f"/v1/cases/{fresh.number}")
            return case if case["inDanger"] else None

        await eventually(in_danger, "the case is known to be in danger")
        assert await awaited_of(http, fresh) == before
        await asks(office, fresh)
        assert await awaited_of(http, fresh) == before
        assert QUESTION not in await asked(http, fresh)
        await complainant.does("safety", {"safe": True})

        async def is_asked() -> bool | None:
            return QUESTION in await asked(http, fresh) or None

        await eventually(is_asked, "the institution is asked when the danger is over")
