"""How a complainant follows and steers their own case: dates, safety, consents, looking back."""

from datetime import date, datetime
from xml.etree import ElementTree as ET

import httpx
import pytest

from catalogues.texts import text, written_date
from domain.calendar import end_of
from domain.languages import SPOKEN, Language
from launcher.people import Complainant, Institution, Json, Letterbox, Office, eventually
from tests.api.cases_in_hand import Mediated, institution_session_of, session_of
from tests.api.observing import assert_problem

NL = Language.DUTCH


async def waits_for_consent(
    http: httpx.AsyncClient, office: Office, institution: str
) -> Complainant:
    """Return somebody whose case has a mediator, and no consent yet."""
    case = await Complainant.complains(http, institution)
    _, mediator = await office.asked(case.case_number)
    await mediator.decides(case.case_number, "accept_case")
    await case.reaches("awaiting_consent", "complainant_consents")
    return case


async def shows(case: Complainant, **expected: object) -> Json:
    """Wait until the case says this, and return it."""

    async def ask() -> Json | None:
        mine = await case.get("")
        return mine if all(mine[name] == value for name, value in expected.items()) else None

    return await eventually(ask, f"the case never showed {expected}")


def clock_of(mine: Json, wait: str) -> Json:
    [clock] = [one for one in mine["clocks"] if one["code"] == wait]
    return clock


class TestWhoIsWaitedFor:
    @pytest.mark.parametrize("language", SPOKEN)
    async def test_is_told_with_the_date_of_the_clock_and_its_reasons(
        self, http: httpx.AsyncClient, fresh: Mediated, language: Language
    ) -> None:
        case = Complainant(http, fresh.number, fresh.receipt_code)
        await case.answer(await case.sets("language", {"language": language}))

        mine = await case.get("")

        waiting, clock = mine["waitingFor"], clock_of(mine, "institution_replies")
        day = date.fromisoformat(clock["lastDay"])
        assert waiting["code"] == "institution_replies"
        assert waiting["text"] == clock["text"] == text(language, "wait.institution_replies")
        assert datetime.fromisoformat(waiting["until"]) == end_of(day)
        assert waiting["why"] == " ".join(clock["why"])
        assert written_date(day, language) in waiting["why"]
        assert written_date(day, language) in waiting["ifNobodyActs"]
        assert clock["lastDay"] >= clock["rawLastDay"]
        assert datetime.fromisoformat(clock["nextAt"]) < datetime.fromisoformat(waiting["until"])


class TestTheTimeline:
    @pytest.mark.parametrize("language", SPOKEN)
    async def test_says_in_the_picture_what_it_says_in_words(
        self, http: httpx.AsyncClient, fresh: Mediated, language: Language
    ) -> None:
        case = Complainant(http, fresh.number, fresh.receipt_code)
        await case.answer(await case.sets("language", {"language": language}))
        mine = await case.get("")

        picture = await http.get("/v1/my-case/timeline", headers=case.headers)

        root = ET.fromstring(picture.text)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert language in root.attrib.values()
        said = " ".join("".join(root.itertext()).split())
        assert len(mine["timeline"]) > 1
        for sentence in mine["timeline"]:
            assert " ".join(sentence.split()) in said
        for hidden in (fresh.number, fresh.receipt_code, "Rekening geweigerd", "Anna Voorbeeld"):
            assert hidden not in picture.text

    async def test_of_a_case_is_for_its_mediator_and_the_supervisor(
        self,
        http: httpx.AsyncClient,
        mediated: Mediated,
        mediator: dict[str, str],
        supervisor: dict[str, str],
        stranger: dict[str, str],
        institution: dict[str, str],
    ) -> None:
        path = f"/v1/cases/{mediated.number}/timeline"

        for headers in (mediator, supervisor):
            for language in SPOKEN:
                asked = headers | {"Accept-Language": language}
                picture = await http.get(path, headers=asked)
                assert picture.headers["content-type"] == "image/svg+xml"
                policy = "default-src 'none'; style-src 'unsafe-inline'"
                assert picture.headers["content-security-policy"] == policy
                assert language in ET.fromstring(picture.text).attrib.values()
        assert_problem(await http.get(path, headers=stranger), 404, "not-found")
        for headers in ({}, institution, await session_of(http, mediated.receipt_code)):
            assert_problem(await http.get(path, headers=headers), 401, "unauthenticated")
        nowhere = await http.get("/v1/cases/lusab-babad-r/timeline", headers=supervisor)
        assert_problem(nowhere, 404, "not-found")


class TestSafety:
    async def test_lets_our_own_clocks_stand_still_and_go_on(
        self, http: httpx.AsyncClient, office: Office
    ) -> None:
        case = await waits_for_consent(http, office, "voorbeeldstad")
        before = clock_of(await case.get(""), "complainant_consents")
        assert before["paused"] is False

        entry = await case.does("safety", {"safe": False})

        assert (entry["kind"], entry["status"]) == ("safety", "applied")
        mine = await shows(case, inDanger=True)
        clock = clock_of(mine, "complainant_consents")
        assert (clock["paused"], clock["nextAt"], clock["nextStep"]) == (True, None, None)
        assert text(NL, "why.nothing_while_paused") in clock["why"]
        assert mine["helplines"]
        assert {one["danger"] for one in mine["helplines"]} == {True}
        course = await office.supervisor.get(f"/v1/cases/{case.case_number}")
        assert (course["attention"], course["inDanger"]) == ("danger", True)

        await case.does("safety", {"safe": True})

        mine = await shows(case, inDanger=False)
        after = clock_of(mine, "complainant_consents")
        assert (after["paused"], after["lastDay"]) == (False, before["lastDay"])
        assert mine["helplines"] == []
        course = await office.supervisor.get(f"/v1/cases/{case.case_number}")
        assert (course["attention"], course["inDanger"]) == (None, False)

    async def test_is_never_shown_to_the_institution_and_stops_no_legal_clock(
        self, http: httpx.AsyncClient, fresh: Mediated
    ) -> None:
        case = Complainant(http, fresh.number, fresh.receipt_code)
        institution = await institution_session_of(http, fresh.link)
        before = await http.get("/v1/institution-case", headers=institution)

        entry = await case.does("safety", {"safe": False})

        mine = await shows(case, inDanger=True)
        clock = clock_of(mine, "institution_replies")
        assert (clock["statutory"], clock["paused"]) == (True, False)
        after = await http.get("/v1/institution-case", headers=institution)
        assert after.text == before.text
        path = f"/v1/institution-case/entries/{entry['number']}"
        assert_problem(await http.get(path, headers=institution), 404, "not-found")

    @pytest.mark.parametrize(
        ("body", "where"),
        [
            ({}, "#/safe"),
            ({"safe": None}, "#/safe"),
            ({"safe": "false"}, "#/safe"),
            ({"safe": 0}, "#/safe"),
            ({"safe": True, "text": "x"}, "#/text"),
        ],
    )
    async def test_is_a_plain_yes_or_no(
        self, http: httpx.AsyncClient, mine: dict[str, str], body: Json, where: str
    ) -> None:
        response = await http.post("/v1/my-case/safety", json=body, headers=mine)

        assert_problem(response, 400, "invalid-request", where)


AFTER_THE_CLOSURE = ("feedback", "reopening-requests")


class TestLookingBack:
    async def test_is_for_after_the_closure(self, http: httpx.AsyncClient) -> None:
        case = await Complainant.complains(http, "voorbeeldstad")
        early = await case.does("feedback", {"text": "Nu al?"})
        assert (early["status"], early["refusal"]) == ("refused", "not_now")
        assert early["refusalText"] == text(NL, "refusal.not_now")
        await case.does("withdrawals", {})
        await case.reaches("closed")

        late = await case.does("feedback", {"text": "Ik ben gehoord."})

        assert (late["status"], late["refusal"]) == ("applied", None)
        assert (late["title"], late["body"]) == (
            text(NL, "entry.feedback"),
            {"text": "Ik ben gehoord."},
        )

    @pytest.mark.parametrize("what", AFTER_THE_CLOSURE)
    @pytest.mark.parametrize("words", ["", "  ", "a\x00b", None, 7, "x" * 20_001])
    async def test_has_words_that_can_be_read(
        self, http: httpx.AsyncClient, mine: dict[str, str], what: str, words: object
    ) -> None:
        response = await http.post(f"/v1/my-case/{what}", json={"text": words}, headers=mine)

        assert_problem(response, 400, "invalid-request", "#/text")

    @pytest.mark.parametrize("what", AFTER_THE_CLOSURE)
    async def test_holds_no_receipt_code(
        self, http: httpx.AsyncClient, mine: dict[str, str], submitted: tuple[str, str], what: str
    ) -> None:
        body = {"text": f"Mijn code is {submitted[1]}."}

        response = await http.post(f"/v1/my-case/{what}", json=body, headers=mine)

        assert_problem(response, 400, "invalid-request", "#/text")
        assert submitted[1] not in response.text


class TestTheWayToTheNextBody:
    @pytest.mark.parametrize("accept", [True, False])
    @pytest.mark.parametrize("about", ["referral", "outcome"])
    async def test_is_answered_only_when_it_was_offered(
        self, http: httpx.AsyncClient, mediated: Mediated, about: str, *, accept: bool
    ) -> None:
        case = Complainant(http, mediated.number, mediated.receipt_code)

        entry = await case.does("responses", {"accept": accept, "about": about})

        assert (entry["status"], entry["refusal"]) == ("refused", "not_now")
        assert entry["refusalText"] in {text(language, "refusal.not_now") for language in SPOKEN}

    async def test_is_what_a_question_can_be_about(
        self, http: httpx.AsyncClient, mine: dict[str, str]
    ) -> None:
        for about in ("money", None, ["referral"], ""):
            body = {"accept": True, "about": about}
            response = await http.post("/v1/my-case/responses", json=body, headers=mine)
            assert_problem(response, 400, "invalid-request", "#/about")


class TestConsents:
    async def test_to_contact_alone_send_no_letter_to_the_police(
        self, http: httpx.AsyncClient, office: Office, letterbox: Letterbox
    ) -> None:
        case = await waits_for_consent(http, office, "politie-voorbeeldland")

        await case.does("consents", {"consent": True})

        consents = {one["purpose"]: one for one in (await case.get(""))["consents"]}
        assert {name: (one["needed"], one["given"]) for name, one in consents.items()} == {
            "contact": (True, True),
            "police_copy": (True, False),
            "name": (False, False),
        }
        assert all(one["title"] and one["explanation"] for one in consents.values())
        await case.reaches("awaiting_consent", "complainant_consents")
        course = await office.supervisor.get(f"/v1/cases/{case.case_number}")
        assert (course["consent"], course["contacted"]) == (False, False)
        police = "klachten@politie-voorbeeldland.example"
        assert await letterbox.to(police, case.case_number) == []

        await case.does("consents", {"consent": True, "purpose": "police_copy"})

        await case.reaches("awaiting_institution", "institution_replies")
        await letterbox.letter(police, case.case_number)
        purposes = [one["purpose"] for one in (await case.get(""))["consents"]]
        assert "further_extension" in purposes

        await case.does("consents", {"consent": False, "purpose": "police_copy"})

        mine = await shows(case, consent=False)
        given = {one["purpose"] for one in mine["consents"] if one["given"]}
        assert given == {"contact"}

    @pytest.mark.parametrize(
        ("institution", "needs_name"),
        [("politie-voorbeeldland", True), ("voorbeeldstad", True), ("voorbeeldinstelling", False)],
    )
    async def test_warn_where_a_term_takes_a_name_until_the_name_is_given(
        self, http: httpx.AsyncClient, institution: str, needs_name: bool
    ) -> None:
        case = await Complainant.complains(http, institution, language="en")
        await case.does("consents", {"consent": False, "purpose": "contact"})
        warning = text(Language.ENGLISH, "consent.needs_name")

        async def warned_of() -> set[str]:
            consents = (await case.get(""))["consents"]
            return {one["purpose"] for one in consents if warning in one["warnings"]}

        assert await warned_of() == ({"contact", "name"} if needs_name else set())
        await case.does("consents", {"consent": True, "purpose": "name"})
        assert await warned_of() == set()

    async def test_to_the_name_can_be_taken_back_before_the_letter(
        self, http: httpx.AsyncClient, office: Office, letterbox: Letterbox
    ) -> None:
        case = await waits_for_consent(http, office, "voorbeeldzorg")
        await case.answer(await case.sets("identity", {"name": "Anna Voorbeeld"}))
        await case.does("consents", {"consent": True, "purpose": "name"})
        await case.does("consents", {"consent": False, "purpose": "name"})
        await case.does("consents", {"consent": True})

        letter = await letterbox.letter("klachten@voorbeeldzorg.example", case.case_number)

        words = " ".join(letter["text"].split())
        assert "De indiener geeft u nu geen naam." in words
        assert "Anna Voorbeeld" not in words
        shown = await Institution(http, letter["text"]).reads()
        assert "Anna Voorbeeld" not in str(shown)

    async def test_to_the_name_put_it_into_the_letter(
        self, http: httpx.AsyncClient, office: Office, letterbox: Letterbox
    ) -> None:
        case = await waits_for_consent(http, office, "voorbeeldzorg")
        identity = {"name": "Anna Voorbeeld", "postalAddress": "Straat 1, Voorbeeldstad"}
        await case.answer(await case.sets("identity", identity))
        await case.does("consents", {"consent": True, "purpose": "name"})
        await case.does("consents", {"consent": True})

        letter = await letterbox.letter("klachten@voorbeeldzorg.example", case.case_number)

        words = " ".join(letter["text"].split())
        assert "De klacht is ingediend door Anna Voorbeeld" in words
        assert "geeft u nu geen naam" not in words
