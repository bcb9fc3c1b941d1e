"""With whom we do not mediate, the pages say so before, at, and after sending, and give advice."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from catalogues.texts import catalogue, text
from domain.languages import Language
from launcher.people import Complainant, Office, StaffMember, eventually
from launcher.system import System
from tests.api.at_their_case import Person, at_their_case, said_on
from tests.api.passing_by import Browser

LANGUAGES = [Language.DUTCH, Language.ENGLISH]
OF_MEDIATION = r"bemiddelaar|beide kanten|voorstel|mediator|both sides|proposal"


@pytest.fixture
async def browser(system: System) -> AsyncIterator[Browser]:
    async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
        yield Browser(http)


@pytest.fixture
async def advised(
    system: System, http: httpx.AsyncClient, office: Office
) -> AsyncIterator[tuple[Person, StaffMember]]:
    """Somebody who complained about a landlord, and whoever was asked to look."""
    institutions = (await http.get("/v1/institutions")).json()["institutions"]
    [landlord, *_] = [one["id"] for one in institutions if one["kind"] == "landlord"]
    case = await Complainant.complains(http, landlord)
    _, mediator = await office.asked(case.case_number)
    async with at_their_case(system, case.case_number, case.receipt_code) as person:
        await case.reaches("finding_mediator", "mediator_accepts")
        yield person, mediator


async def asked_of_a_kind(browser: Browser, language: Language, kind: str) -> httpx.Response:
    """Begin a complaint and choose this kind; return the page that asks for the institution."""
    page = await browser.sends(await browser.opens(f"/{language}/complaint"))
    return await browser.sends(await browser.sends(page, safety="safe"), kind=kind)


async def checked(browser: Browser, page: httpx.Response) -> httpx.Response:
    """Answer what is asked after the kind; return the overview of answers."""
    page = await browser.sends(
        page, institutionId=re.findall('<option value="(.+?)"', page.text)[0]
    )
    for _ in range(3):
        page = await browser.sends(page)
    return await browser.sends(await browser.sends(page, text="Zo ging het.", subject="Huur"))


def course_on(page: httpx.Response, language: Language) -> str:
    """Return what a case says of who is waited for, and of its course."""
    said, words = said_on(page), catalogue(language)
    waiting = said.partition(words["portal.case.waiting"])[2]
    course = said.partition(words["portal.case.course"])[2]
    return (
        waiting.partition(words["portal.start.know"])[0]
        + course.partition(words["portal.case.take_away"])[0]
    )


@pytest.mark.parametrize("language", LANGUAGES)
class TestAComplaintWithAdviceOnly:
    @pytest.mark.parametrize("kind", ["operator", "landlord"])
    async def test_is_told_of_at_every_step_and_on_the_receipt(
        self, browser: Browser, language: Language, kind: str
    ) -> None:
        warned = text(language, "notice.signposting_only")
        page = await asked_of_a_kind(browser, language, kind)
        assert warned in said_on(page)
        assert text(language, "portal.step.institution.help") not in said_on(page)
        page = await checked(browser, page)
        assert page.url.path == f"/{language}/complaint/check"
        assert warned in said_on(page)
        receipt = said_on(await browser.sends(page))
        assert text(language, "portal.complaint.what_next.advice") in receipt
        assert text(language, "portal.complaint.what_next") not in receipt

    async def test_is_told_of_before_the_kind_is_chosen(
        self, browser: Browser, language: Language
    ) -> None:
        page = await browser.sends(await browser.opens(f"/{language}/complaint"))
        page = await browser.sends(page, safety="safe")
        both = [text(language, f"institution_kind.{kind}") for kind in ("landlord", "operator")]
        kinds = ", ".join(both)
        assert text(language, "portal.step.kind.no_mediation", kinds=kinds) in said_on(page)

    async def test_is_not_told_of_where_we_mediate(
        self, browser: Browser, language: Language
    ) -> None:
        page = await asked_of_a_kind(browser, language, "police")
        warned = text(language, "notice.signposting_only")
        assert warned not in said_on(page)
        assert text(language, "portal.step.institution.help") in said_on(page)
        page = await checked(browser, page)
        assert warned not in said_on(page)
        receipt = said_on(await browser.sends(page))
        assert text(language, "portal.complaint.what_next") in receipt

    async def test_is_a_case_in_words_of_advice(
        self, advised: tuple[Person, StaffMember], language: Language
    ) -> None:
        person, mediator = advised
        case, words = person.case, catalogue(language)
        await case.answer(await case.sets("language", {"language": language}))
        page = await person.opens(f"/{language}/case")
        said = course_on(page, language)
        for key in (
            "stage.finding_mediator.advice",
            "stage.hearing_both_sides.advice",
            "stage.outcome_proposed.advice",
            "wait.mediator_accepts.advice",
        ):
            assert words[key] in said_on(page), key
        assert re.findall(OF_MEDIATION, said, re.IGNORECASE) == []
        assert (await case.get(""))["stage"]["code"] == "finding_mediator"
        await mediator.decides(case.case_number, "accept_case")
        await case.reaches("hearing_both_sides", "mediator_proposes")
        page = await person.opens(f"/{language}/case")
        assert words["wait.mediator_proposes.advice"] in said_on(page)
        await mediator.decides(case.case_number, "propose_outcome", outcome="not_settled")
        await case.reaches("outcome_proposed", "complainant_responds")
        page = said_on(await person.opens(f"/{language}/case"))
        assert words["portal.case.proposal.advice"] in page
        assert words["wait.complainant_responds.advice"] in page
        assert words["stage.outcome_proposed"] not in page

    async def test_is_confirmed_in_the_same_words(
        self, http: httpx.AsyncClient, language: Language
    ) -> None:
        institutions = (await http.get("/v1/institutions")).json()["institutions"]
        [operator, *_] = [one for one in institutions if one["kind"] == "operator"]
        case = await Complainant.complains(http, operator["id"], language=language)

        async def written() -> str | None:
            letters = (await case.get("/letters"))["letters"]
            found = [it["text"] for it in letters if it["letter"] == "acknowledgement"]
            return " ".join(found[0].split()) if found else None

        said = await eventually(written, "nothing was confirmed")
        name = operator["name"]
        assert text(language, "letter.acknowledgement.adviser", institution=name) in said
